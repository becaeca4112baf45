//! The field `arrival`, with which the form of Amazon's sites brings an arrival back: it comes from a browser, and opens nothing that a
//! direct arrival does not open.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Midway, Target, encoded, hostile_uris::hostile_uris, login::from_amazon, wire::get};
use crate::support::{linking::SIGN_IN_URL, world::World};

const CENTRAL: &str = "central=sellercentral.amazon.com";

/// What the form sends if its field holds `query`.
fn packed(query: impl AsRef<[u8]>) -> String {
    format!("/login?arrival={}&{CENTRAL}", URL_SAFE_NO_PAD.encode(query))
}

fn query_of(path: &str) -> &str {
    path.split_once('?').unwrap().1
}

/// What Amazon sends if it names no host.
fn without_host(world: &World) -> Target {
    let path = encoded(&format!("/apps/authorize/confirm/{}", world.application()));
    Target::parse("/login", query_of(&from_amazon(world).with("amazon_callback_uri", &path)))
}

#[tokio::test]
async fn an_amazon_state_goes_through_the_form_byte_for_byte() {
    let world = World::new().await;
    let browser = world.browser();
    let longest = "%2B".repeat(1365);
    for state in
        ["a%2Bb%2fc%2Fd%3d%3D", "a=b==", "100%25%2525", "a+b++", "a*b(c)!;,:@$[f]|?~", longest.as_str()]
    {
        let asked = browser.open(&world.site(&without_host(&world).with("amazon_state", state))).await;

        let answer = get(&world, &asked.site("Germany – vendorcentral.amazon.de"), "").await;

        assert_eq!(answer.status, 302, "{state}");
        assert_eq!(answer.raw_location_parameter("amazon_state"), Some(state));
        assert_eq!(answer.raw_location_parameter("version"), Some("beta"));
        assert!(
            answer
                .location()
                .starts_with(&world.amazon("vendorcentral.amazon.de", "/apps/authorize/confirm/"))
        );
    }
}

#[tokio::test]
async fn promise_2_what_is_refused_on_a_direct_arrival_is_refused_in_the_form() {
    let midway = Midway::new().await;
    let world = &midway.world;
    let login = from_amazon(world);
    let path = format!("/apps/authorize/confirm/{}", world.application());
    for uri in hostile_uris(&world.amazon("sellercentral.amazon.com", &path)) {
        let code = if uri.chars().any(char::is_control) { "BAD_LINK" } else { "NOT_AMAZON" };
        let hostile = login.with("amazon_callback_uri", &encoded(&uri));
        midway.refused(&packed(query_of(&hostile)), code).await;
    }
    for name in ["amazon_callback_uri", "amazon_state", "selling_partner_id"] {
        // A longer one is refused by API Gateway.
        let variants = without_host(world).malformed_or_missing(name);
        for malformed in variants.iter().filter(|path| path.len() < 7000) {
            midway.refused(&packed(query_of(malformed)), "BAD_LINK").await;
        }
    }
    let unregistered = encoded("/apps/authorize/confirm/amzn1.sp.solution.1");
    let unregistered = login.with("amazon_callback_uri", &unregistered);
    midway.refused(&packed(query_of(&unregistered)), "UNKNOWN_APPLICATION").await;
    midway.loses_nothing().await;
}

#[tokio::test]
async fn a_field_that_holds_no_query_is_refused_and_loses_nothing() {
    let midway = Midway::new().await;
    let good = without_host(&midway.world).to_string();
    let good = query_of(&good);
    let (packed_good, longer) = (packed(good), "A".repeat(7000));
    let word = packed_good.split(['=', '&']).nth(1).unwrap();
    let in_body = ["\r\nSet-Cookie: x=y", "\n", "\0", " ", "#x", "\u{e9}", "\u{2028}"];
    for hostile in in_body {
        midway.refused(&packed(format!("{good}{hostile}")), "BAD_LINK").await;
        // Without the arrival, a query of the callback would be sent on.
        midway.refused(&packed(format!("state=x{hostile}")), "BAD_LINK").await;
    }
    midway.refused(&packed([good.as_bytes(), b"&x=\xff"].concat()), "BAD_LINK").await;
    for field in [
        "",
        "%",
        "A",
        "a b",
        "//evil.example",
        "https://evil.example/",
        longer.as_str(),
        &format!("{word}=="),
        &format!("{word}&arrival={word}"),
        &format!("{word}&{CENTRAL}"),
        // An arrival in an arrival is a parameter that nothing reads.
        &URL_SAFE_NO_PAD.encode(query_of(&packed_good)),
    ] {
        midway.refused(&format!("/login?arrival={field}&{CENTRAL}"), "BAD_LINK").await;
    }
    for central in
        ["evil.example", "sellercentral.amazon.com.evil.example", "%0d%0a", "x@sellercentral.amazon.com"]
    {
        midway.refused(&packed_good.replace("sellercentral.amazon.com", central), "BAD_LINK").await;
    }
    // Two answers to one question.
    midway.refused(&packed(format!("{good}&{CENTRAL}")), "BAD_LINK").await;
    midway.loses_nothing().await;
}

#[tokio::test]
async fn parameters_beside_the_field_do_not_count_and_without_a_choice_the_page_asks_again() {
    let world = World::new().await;
    let browser = world.browser();
    let good = without_host(&world).to_string();
    let sent = packed(query_of(&good));

    let on =
        browser.open(&world.site(&format!("{sent}&amazon_state=other&selling_partner_id=A9&x=1&x=1"))).await;
    assert!(on.location().contains("amazon_state=AMAZONSTATE%3D%3D"), "{}", on.location());

    for unchosen in [sent.replace(&format!("&{CENTRAL}"), ""), sent.replace(CENTRAL, "central=")] {
        let asked = browser.open(&world.site(&unchosen)).await;
        assert_eq!(asked.status, 200, "{}", asked.body);
        let policy = asked.headers["content-security-policy"].to_str().unwrap();
        let amazon = format!("form-action 'self' http://*.localhost:{};", world.stack.ports().amazon);
        assert!(policy.contains(&amazon), "{policy}");
        assert!(
            browser.open(&world.site(&asked.site("Japan – sellercentral.amazon.co.jp"))).await.status == 302
        );
    }
}

#[tokio::test]
async fn the_form_may_lead_to_the_sign_in_of_the_integrator() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();

    let asked = browser.open(&world.site(&without_host(&world).to_string())).await;
    let on = browser.open(&world.site(&asked.site("Germany – vendorcentral.amazon.de"))).await;

    let policy = asked.headers["content-security-policy"].to_str().unwrap();
    let form_action = policy.split("; ").find(|directive| directive.starts_with("form-action")).unwrap();
    assert!(form_action.ends_with(" https://app.example.com"), "{policy}");
    assert!(on.location().starts_with(&format!("{SIGN_IN_URL}?request=")), "{}", on.location());
}
