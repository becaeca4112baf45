//! Parameters that others append to the URLs do not invalidate a request; the functions' own parameters stay strict.

use super::{Midway, PARTNER, Target, encoded, login::from_amazon, wire::get};
use crate::support::{log::Log, world::World};

/// What mailers, browser extensions and proxies append, and what none of them should. The gateway of the local stack refuses further bytes
/// by itself, such as a quotation mark.
const APPENDED: [&[u8]; 19] = [
    b"utm_source=a&utm_source=b",
    b"x={}",
    b"{}=x",
    b"x[]=1&x[]=2",
    b"%zz=1",
    b"x=%zz",
    b"%ff=%ff",
    b"x=%ff",
    b"%",
    b"&&=&=",
    b"x=%00",
    b"\xc3\xa9=\xc3\xa9",
    b"x=\xc3\xa9",
    b"State=x&STATE=y",
    b"state[]=x",
    b"x=y?state=z",
    b"fbclid=IwAR0&gclid=&gclid=1",
    b"x=;state=y",
    b"version%5B%5D=1",
];

#[tokio::test]
async fn what_a_stranger_appends_to_a_callback_or_puts_before_it_spoils_nothing() {
    let world = World::new().await;
    for (number, appended) in APPENDED.iter().enumerate() {
        for before in [false, true] {
            let browser = world.browser();
            let partner = format!("{PARTNER}{number}{before}");
            let callback = browser.website_until_callback("US", "seller", &partner).await;
            let (_, query) = callback.split_once('?').unwrap();
            let whole = if before {
                [b"/callback?", *appended, b"&", query.as_bytes()].concat()
            } else {
                [b"/callback?", query.as_bytes(), b"&", appended].concat()
            };
            let cookie = format!("Cookie: {}\r\n", browser.cookies());

            let answer = get(&world, &whole, &cookie).await;

            let shown = appended.escape_ascii();
            assert!(answer.text.contains("You are connected"), "{shown} {before}: {}", answer.text);
            assert!(world.grant("na", &partner).await.is_some(), "{shown}");
        }
    }
}

#[tokio::test]
async fn an_error_beside_a_code_is_a_strangers_and_loses_no_consent() {
    let world = World::new().await;
    for (number, error) in [
        "error=access_denied",
        "error=x&error_description=y&error_uri=z",
        "error=x&error=y",
        "error=%zz",
        "error=%3Cscript%3E",
        "error=",
    ]
    .into_iter()
    .enumerate()
    {
        for before in [false, true] {
            let browser = world.browser();
            let partner = format!("{PARTNER}{number}{before}");
            let callback = browser.website_until_callback("US", "seller", &partner).await;
            let whole = if before {
                callback.replace("/callback?", &format!("/callback?{error}&"))
            } else {
                format!("{callback}&{error}")
            };
            let answer = browser.open(&whole).await;
            assert!(answer.is_connected(), "{error} {before}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn what_a_stranger_appends_to_the_other_routes_spoils_nothing() {
    let midway = Midway::new().await;
    let world = &midway.world;
    let login = from_amazon(world).to_string();
    let at_login = midway.callback.replace(&world.site(""), "").replace("/callback?", "/login?");
    for appended in APPENDED {
        for (path, leads_to) in [
            (login.as_str(), "/apps/authorize/confirm/"),
            ("/authorize?marketplace=US&type=seller", "/apps/authorize/consent?"),
            (at_login.as_str(), "/callback?"),
        ] {
            let answer = get(world, [path.as_bytes(), b"&", appended].concat(), "").await;

            let shown = appended.escape_ascii();
            assert!(answer.location().contains(leads_to), "{path} {shown}: {}", answer.text);
        }
    }
    let link = world.link("tenant-1").await.replace(&world.site(""), "");
    for appended in APPENDED {
        let answer = get(world, [link.as_bytes(), b"&", appended].concat(), "").await;
        assert!(answer.text.contains("Shop of tenant-1"), "{}: {}", appended.escape_ascii(), answer.text);
    }
    midway.loses_nothing().await;
}

#[tokio::test]
async fn a_long_parameter_of_a_strangers_spoils_nothing_either() {
    let midway = Midway::new().await;
    let long = format!("{}&utm_content={}", midway.callback, "x".repeat(8_500));

    assert!(midway.browser.open(&long).await.is_connected());
}

#[tokio::test]
async fn a_slash_at_the_end_of_a_path_makes_no_difference() {
    let world = World::new().await;
    let browser = world.browser();
    let link = world.link("tenant-1").await.replace("/authorize?", "/authorize/?");
    assert!(browser.open(&link).await.body.contains("Shop of tenant-1"));
    assert_eq!(browser.head(&link).await.status, 200);
    let start = browser.open(&world.site("/authorize/?marketplace=US&type=seller")).await;
    let consent = format!("{}&_as={PARTNER}", start.location());
    let login = browser.follow_until(&consent, "/login?").await.replace("/login?", "/login/?");
    let callback = browser.follow_until(&login, "/callback?").await.replace("/callback?", "/callback/?");

    assert!(browser.open(&callback).await.is_connected());
    let bad = browser.open(&world.site("/login/continue/?request=x")).await;
    assert_eq!(bad.support_code(), Some("BAD_LINK"), "{}", bad.body);
    for nowhere in ["/callback/x", "/login/x/", "/login/continue/x", "/authorize/x?link=y"] {
        let page = browser.open(&world.site(nowhere)).await;
        assert_eq!((page.status.as_u16(), page.support_code()), (404, Some("NOT_FOUND")), "{nowhere}");
    }
}

#[tokio::test]
async fn what_belongs_to_the_login_uri_is_named_at_the_callback_and_can_go_on() {
    let log = Log::captured();
    let midway = Midway::new().await;
    let world = &midway.world;
    let login = from_amazon(world).with("selling_partner_id", "A1MIXEDUP");
    let browser = world.browser();
    for path in [login.replace("/login?", "/callback?"), login.replace("/login?", "/callback/?")] {
        let page = browser.open(&world.site(&path)).await;

        assert_eq!(page.support_code(), Some("MISDIRECTED"), "{}", page.body);
        for named in ["Login URI", "Redirect URI", "Example Application"] {
            assert!(page.body.contains(named), "{named}: {}", page.body);
        }
        let on = browser.open(&world.site(&page.choice("Continue to Amazon"))).await;
        assert!(on.location().contains("/apps/authorize/confirm/"), "{}", on.body);
    }
    let lines = log.lines_with("A1MIXEDUP");
    let line = lines.iter().find(|line| line["fields"]["code"] == "MISDIRECTED").unwrap().to_string();
    for named in
        ["mixed up at Amazon", "hint: register", "/callback as OAuth Redirect URI", world.application()]
    {
        assert!(line.contains(named), "{named}: {line}");
    }
    let none = browser.open(&world.site("/callback?amazon_state=x")).await;
    assert_eq!(none.support_code(), Some("MISDIRECTED"));
    midway.loses_nothing().await;
}

#[tokio::test]
async fn what_belongs_to_the_callback_goes_there_from_the_login_uri() {
    let world = World::new().await;
    let browser = world.browser();
    for query in ["state=x&selling_partner_id=A1", "error=access_denied&state=x", "spapi_oauth_code=x"] {
        let sent_on = browser.open(&world.site(&format!("/login?{query}"))).await;
        assert_eq!(sent_on.location(), world.site(&format!("/callback?{query}")));
    }
}

#[tokio::test]
async fn the_log_says_which_parameter_is_wrong_and_why_and_never_its_value() {
    let log = Log::captured();
    let midway = Midway::new().await;
    let callback = midway.callback_query();
    let request = callback.get("state").split_once('.').unwrap().0.to_owned();
    let code = callback.get("spapi_oauth_code").to_owned();
    let login = from_amazon(&midway.world);
    let state = callback.get("state").to_owned();
    let uri = encoded("https://sellercentral.amazon.xyz/apps/authorize/confirm/amzn1.sp.solution.1");
    for (path, parameter, why) in [
        (callback.without("spapi_oauth_code").to_string(), "spapi_oauth_code", "is missing or empty"),
        (callback.with("selling_partner_id", "A%231"), "selling_partner_id", "is not as expected"),
        (callback.with("state", &format!("{state}&state={state}")), "state", "occurs twice"),
        (callback.with("spapi_oauth_code", "%zz"), "spapi_oauth_code", "is not percent-encoded UTF-8"),
        (login.with("amazon_state", &"a".repeat(7000)), "amazon_state", "is longer than"),
        (login.with("amazon_callback_uri", &uri), "amazon_callback_uri", "an address of Amazon's"),
        ("/authorize?marketplace=XX&type=seller".to_owned(), "marketplace", "is not as expected"),
        ("/authorize?link=nonsense".to_owned(), "link", "is not as expected"),
        (format!("/login/continue?request={request}"), "proof", "is missing or empty"),
    ] {
        let before = log.lines_with("Browser stopped").len();
        midway.browser.open(&midway.world.site(&path)).await;

        let lines = log.lines_with("Browser stopped").split_off(before);
        let about = |line: &&serde_json::Value| line["fields"]["parameter"] == parameter;
        let line = lines.iter().filter(about).map(ToString::to_string).find(|line| line.contains(why));
        let line = line.unwrap_or_else(|| panic!("{path}: {lines:?}"));
        assert!(line.contains("hint: "), "{line}");
        assert!(!line.contains(&code) && !line.contains("nonsense"), "{line}");
    }
    let of_journey = log.lines_with(&request);
    let line = of_journey.iter().find(|line| line["fields"]["parameter"] == "spapi_oauth_code").unwrap();
    assert_eq!(line["fields"]["application.id"], midway.world.application());
    assert_eq!(line["fields"]["partner.id"], PARTNER);
    assert!(
        !log.lines_with("sellercentral.amazon.xyz").is_empty(),
        "a host that may be a new one of Amazon's"
    );
    midway.loses_nothing().await;
}

#[tokio::test]
async fn a_callback_uri_without_a_host_asks_where_to_return_and_never_guesses() {
    let world = World::new().await;
    let path = encoded(&format!("/apps/authorize/confirm/{}", world.application()));
    let login = from_amazon(&world).with("amazon_callback_uri", &path);
    let browser = world.browser();

    let asked = browser.open(&world.site(&login)).await;

    assert!(asked.status.is_success(), "{}", asked.body);
    assert_eq!(asked.location(), "");
    for (country, host) in [("Germany", "vendorcentral.amazon.de"), ("Japan", "sellercentral.amazon.co.jp")] {
        let on = browser.open(&world.site(&asked.site(&format!("{country} – {host}")))).await;
        let confirm = world.amazon(host, &format!("/apps/authorize/confirm/{}?", world.application()));
        assert!(on.location().starts_with(&confirm), "{}", on.location());
        assert!(on.location().contains("amazon_state=AMAZONSTATE%3D%3D&version=beta"), "{}", on.location());
    }
    let target = Target::parse("/login", login.split_once('?').unwrap().1);
    for host in ["evil.example", "amazon.com", "sellercentral.amazon.com.evil.example", "%00", "a&central=b"]
    {
        let page = browser.open(&world.site(&format!("{target}&central={host}"))).await;
        assert_eq!(page.support_code(), Some("BAD_LINK"), "{host}");
    }
    let odd = Target::parse("/login", from_amazon(&world).to_string().split_once('?').unwrap().1);
    let on = browser.open(&world.site(&format!("{odd}&central=vendorcentral.amazon.de"))).await;
    assert!(
        on.location().starts_with(&world.amazon("sellercentral.amazon.com", "/")),
        "Amazon's own host wins"
    );
}
