//! Cookies of other sites beside the functions' own, and cookies that only resemble it.

use shared::secret::random_word;

use super::{Midway, encoded, login::from_amazon, wire::get};

#[tokio::test]
async fn the_cookie_is_found_beside_any_others_and_nothing_else_is_taken_for_it() {
    let midway = Midway::new().await;
    let ours = midway.cookies.clone();
    let (_, value) = ours.split_once('=').unwrap();
    let (id, journeys) = value.split_once('.').unwrap();
    // Only a recognized browser gets the answer that the partner is another. Neither redeems anything.
    let callback = midway.callback_query().with("selling_partner_id", "A1OTHER");
    let many: Vec<_> = (0..200).map(|n| format!("name{n}=value{n}")).collect();
    let (many, long) = (many.join("; "), "v".repeat(8192));
    let word = random_word();
    let ours_is_found = [
        format!("{ours}; {many}"),
        format!("{many}; {ours}"),
        format!("{many}\r\nCookie: {ours}"),
        format!("long={long}; {ours}"),
        format!("{ours};long={long}"),
        format!(";;=;x;=y;; ;{ours};"),
        format!("a=\"b; c\"; {ours}"),
        format!("spapi-auth-2={word}; xspapi-auth={word}; SPAPI-AUTH={word}; {ours}"),
        format!("theme=gr\u{f6}\u{df}e; {ours}"),
        format!("{ours}; n=\u{1f600}"),
    ];
    let unrecognized = [
        "spapi-auth".to_owned(),
        "spapi-auth=".to_owned(),
        "spapi-auth=;".to_owned(),
        "=;=;;=".to_owned(),
        ";".repeat(4000),
        format!("spapi-auth={long}"),
        format!("spapi-auth={word}"),
        format!("spapi-auth={id}.x"),
        format!("spapi-auth={id}."),
        format!("spapi-auth={id}.{journeys}."),
        format!("spapi-auth={id}{}", format!(".{word}").repeat(9)),
        format!("spapi-auth=\"{value}\""),
        format!("spapi-auth=%{value}"),
        format!("Spapi-Auth={value}"),
        format!("__Host-spapi-auth={value}"),
        format!("spapi-auth={id}\u{e9}"),
        format!("{ours}; {ours}"),
        format!("{ours}; spapi-auth={word}"),
        format!("spapi-auth={word}; {ours}"),
        format!("spapi-auth={word}\r\nCookie: {ours}"),
    ];
    let mut wrong = Vec::new();
    for (lines, code) in ours_is_found
        .iter()
        .map(|lines| (lines, "OTHER_PARTNER"))
        .chain(unrecognized.iter().map(|lines| (lines, "OTHER_BROWSER")))
    {
        let answer = get(&midway.world, &callback, format!("Cookie: {lines}\r\n")).await;
        if answer.status != 403 || answer.support_code() != Some(code) {
            let came = (answer.status, answer.support_code().map(ToOwned::to_owned));
            wrong.push((lines.chars().take(80).collect::<String>(), code, came));
        }
    }
    assert_eq!(wrong, []);
    midway.loses_nothing().await;
}

#[tokio::test]
async fn no_cookie_keeps_a_partner_from_beginning() {
    let midway = Midway::new().await;
    let world = &midway.world;
    let (id, other) = (random_word(), random_word());
    let path = encoded(&format!("/apps/authorize/confirm/{}", world.application()));
    let relative =
        from_amazon(world).with("amazon_callback_uri", &format!("{path}&central=sellercentral.amazon.com"));
    let absolute = from_amazon(world).to_string();
    let mut wrong = Vec::new();
    for cookie in [
        "spapi-auth=".to_owned(),
        format!("spapi-auth={id}; spapi-auth={other}"),
        format!("spapi-auth={id}.{other}"),
        // A request named twice.
        format!("spapi-auth={id}.{other}.{other}"),
        format!("spapi-auth={id}{}", format!(".{other}").repeat(8)),
        format!("spapi-auth={id}{}", format!(".{other}").repeat(9)),
        format!("{}.{}", midway.cookies, midway.cookies.rsplit('.').next().unwrap()),
        format!("spapi-auth={}", "v".repeat(8192)),
        "\u{1f600}=\u{1f600}".to_owned(),
    ] {
        for target in [&relative, &absolute, "/authorize?marketplace=US&type=seller"] {
            let answer = get(world, target, format!("Cookie: {cookie}\r\n")).await;
            let fresh = answer.header("set-cookie").unwrap_or_default();
            if answer.status != 302 || !fresh.starts_with("spapi-auth=") {
                let path = target.split('&').next().unwrap_or_default().to_owned();
                wrong.push((cookie.chars().take(80).collect::<String>(), path, answer.status));
            }
        }
    }
    assert_eq!(wrong, []);
    midway.loses_nothing().await;
}
