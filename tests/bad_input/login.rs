//! `GET /login`, each of its parameters but the callback URI, which has a file of its own.

use super::{Midway, Target, encoded, wire::get};
use crate::support::world::World;

/// What Amazon sends to the Login URI.
pub(super) fn from_amazon(world: &World) -> Target {
    let path = format!("/apps/authorize/confirm/{}", world.application());
    let callback_uri = encoded(&world.amazon("sellercentral.amazon.com", &path));
    Target::parse(
        "/login",
        &format!(
            "amazon_callback_uri={callback_uri}&amazon_state=AMAZONSTATE%3D%3D&selling_partner_id=A1OTHER&version=beta"
        ),
    )
}

#[tokio::test]
async fn a_bad_parameter_gets_a_page_and_loses_nothing() {
    let midway = Midway::new().await;
    let login = from_amazon(&midway.world);

    for name in ["amazon_callback_uri", "amazon_state", "selling_partner_id"] {
        for path in login.malformed_or_missing(name) {
            midway.refused(&path, "BAD_LINK").await;
        }
    }
    for path in login.malformed_variants("version") {
        midway.refused(&path, "BAD_LINK").await;
    }
    let (long_state, long_id, long_version) = ("a".repeat(4097), "A".repeat(65), "b".repeat(33));
    for (name, value) in [
        ("amazon_state", long_state.as_str()),
        ("selling_partner_id", long_id.as_str()),
        ("selling_partner_id", "A%2F1"),
        ("selling_partner_id", "A%231"),
        ("selling_partner_id", "%20A1"),
        ("selling_partner_id", "A1+"),
        ("selling_partner_id", "A1,A2"),
        ("selling_partner_id", "%3Cscript%3E"),
        ("selling_partner_id", "%C3%84"),
        ("version", long_version.as_str()),
        ("version", "beta%20"),
        ("version", "beta%26state%3Dx"),
        ("version", "beta;x"),
        ("version", "../beta"),
    ] {
        midway.refused(&login.with(name, value), "BAD_LINK").await;
    }
    midway.refused("/login", "BAD_LINK").await;
    midway.refused("/login?", "BAD_LINK").await;
    midway.refused("/login?&&=&", "BAD_LINK").await;

    midway.loses_nothing().await;
}

#[tokio::test]
async fn amazon_state_goes_back_byte_for_byte() {
    let world = World::new().await;
    let login = from_amazon(&world);
    let longest = "%2B".repeat(1365);
    for state in [
        "a%2Bb%2fc%2Fd",
        "a%3d%3D",
        "a=b==",
        "100%25",
        "%2525",
        "a+b++",
        "a/b?c/",
        "%61%7E~",
        "a'b(c)*!",
        "a;b,c:d@e$[f]",
        "a|b",
        "%E2%9C%93%20",
        "redirect_uri=http://evil.example",
        longest.as_str(),
    ] {
        let answer = get(&world, &login.with("amazon_state", state), "").await;

        assert_eq!(answer.status, 302, "{state}");
        assert_eq!(answer.raw_location_parameter("amazon_state"), Some(state));
    }
}

#[tokio::test]
async fn an_amazon_state_with_bytes_that_no_url_may_hold_is_refused_or_goes_back_unchanged() {
    let world = World::new().await;
    let login = from_amazon(&world);
    let mut changed = Vec::new();
    for state in ["a\"b", "a<b", "a>b", "a\\b", "a^b", "a`b", "a{b", "a}b", "aéb"] {
        let answer = get(&world, &login.with("amazon_state", state), "").await;

        let unchanged = answer.raw_location_parameter("amazon_state") == Some(state);
        if !(400..500).contains(&answer.status) && !unchanged {
            changed.push((state, answer.location().to_owned()));
        }
    }
    assert_eq!(changed, []);
}

#[tokio::test]
async fn version_is_carried_as_received() {
    let world = World::new().await;
    let login = from_amazon(&world);
    for version in ["beta", "BETA", "v1.2_rc-3", "0"] {
        let answer = get(&world, &login.with("version", version), "").await;
        assert_eq!(answer.raw_location_parameter("version"), Some(version));
    }
    for none in [login.without("version").to_string(), login.with("version", "")] {
        let answer = get(&world, &none, "").await;
        assert_eq!(answer.status, 302);
        assert_eq!(answer.raw_location_parameter("version"), None);
    }
}

#[tokio::test]
async fn a_callback_at_the_login_uri_is_forwarded_and_completes() {
    let midway = Midway::new().await;
    let at_login = midway.callback.replace("/callback?", "/login?");

    let passed_on = midway.browser.open(&at_login).await;

    assert_eq!(passed_on.location(), midway.callback);
    midway.loses_nothing().await;
}

#[tokio::test]
async fn a_callback_at_the_login_uri_is_forwarded_only_to_the_own_callback() {
    let world = World::new().await;
    let callback = world.site("/callback?");
    for query in [
        "spapi_oauth_code=x&redirect_uri=http://evil.example",
        "spapi_oauth_code=@evil.example",
        "spapi_oauth_code=x&amazon_callback_uri=",
        "spapi_oauth_code=%0d%0aLocation:%20http://evil.example",
        "spapi_oauth_code=//evil.example/..",
    ] {
        let answer = get(&world, &format!("/login?{query}"), "").await;

        assert_eq!(answer.location(), format!("{callback}{query}"));
    }
}
