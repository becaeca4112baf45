//! What goes on after an upgrade, through the front door.

use super::*;
use crate::support::{
    environments::{error_type, token},
    operator::{events, operate},
    world::attribute,
};

const DAY: u32 = 24 * 3600;

/// Everything that an upgrade may not disturb.
pub(super) async fn goes_on(world: &World, example: &Example, version: &str) {
    for asked_then in &example.answers {
        let answer = asked(world, &asked_then.function, &asked_then.request).await;
        has_all(&answer, &asked_then.answer, &format!("{version}: {}", asked_then.request));
    }
    browsers_end_what_they_began(world, example).await;
    services_get_new_tokens(world).await;
    operators_change_grants(world).await;
    the_client_secret_is_rotated(world).await;
    days_pass(world).await;
}

/// A journey that was in flight, and a link that was sent.
async fn browsers_end_what_they_began(world: &World, example: &Example) {
    let (ports, (host, page)) = (world.stack.ports(), &example.consent);
    let page = moved(page, PORTS, [ports.gateway, ports.amazon]);
    let consent = format!("{}&_as=A1JOURNEY", world.amazon(host, &page));
    assert!(browser(world, example).follow(&consent).await.is_connected());
    assert_eq!(world.account_of("A1JOURNEY").await.as_deref(), Some("tenant-journey"));
    let page = world.browser().authorize_with(&world.site(&example.link), "A1BYLINK").await;
    assert!(page.is_connected(), "{}", page.body);
    assert_eq!(world.account_of("A1BYLINK").await.as_deref(), Some("tenant-open"));
}

/// The stored tokens end: every refresh token is opened, and Amazon accepts it. A consumer gets what its policy names.
async fn services_get_new_tokens(world: &World) {
    world.advance(4000).await;
    for (partner, region) in [
        ("A1ACTIVE", "na"),
        ("A1CONFLICT", "na"),
        ("A1LAPSING", "na"),
        ("A1LINKED", "na"),
        ("A1MOVED", "na"),
        ("A1SIGHTED", "na"),
        ("VDE01", "eu"),
    ] {
        let answer = world.caller().token_of(partner, region).await.unwrap();
        assert!(answer["expiresIn"].as_i64().unwrap() > 3000, "{partner}: {answer}");
    }
    let orders = world.fresh().by("orders");
    token(&orders.token_of("A1ACTIVE").await);
    token(&orders.token_of("A1LINKED").await);
    assert_eq!(error_type(&orders.token_of("A1CONFLICT").await), "RequestRefused");
}

async fn operators_change_grants(world: &World) {
    operate(world, "enableGrant", "A1DISABLED", json!({})).await.unwrap();
    let shown = json!({"operation": "getGrant", "sellingPartnerId": "A1CONFLICT"});
    let shown = world.caller().invoke("authorizations", &shown).await.unwrap();
    let accept =
        json!({"fingerprint": shown["grant"]["conflicts"][0]["fingerprint"], "resolution": "accept"});
    operate(world, "resolveConflict", "A1CONFLICT", accept).await.unwrap();
    assert!(world.browser().website("US", "seller", "A1REFUSED").await.is_connected());
    assert!(world.browser().website("US", "seller", "A1REMOVED").await.is_connected());
    assert!(world.browser().website("US", "seller", "A1ERASED").await.is_connected());
    for partner in ["A1CONFLICT", "A1DISABLED", "A1ERASED", "A1REFUSED", "A1REMOVED"] {
        token(&world.fresh().token_of(partner).await);
    }
    let renewed = ["AuthorizationGranted", "AuthorizationDisabled", "AuthorizationEnabled"];
    assert_eq!(events(world, "A1DISABLED").await, renewed);
    for (operation, expected) in [("disableApplication", "ApplicationDisabled"), ("enableApplication", "")] {
        let brake = json!({"operation": operation, "applicationId": world.application()});
        world.caller().invoke("administration", &brake).await.unwrap();
        let outcome = world.fresh().token(&json!({"scope": "sellingpartnerapi::notifications"})).await;
        assert_eq!(outcome.map_or_else(|failure| failure.error_type, |_| String::new()), expected);
    }
}

/// The queue has proved itself under the earlier version.
async fn the_client_secret_is_rotated(world: &World) {
    let before = world.current_secret().await;
    let rotate = json!({"operation": "rotateClientSecret", "applicationId": world.application()});
    world.caller().invoke("administration", &rotate).await.unwrap();
    world.advance(300).await;
    assert_ne!(world.current_secret().await["clientSecret"], before["clientSecret"]);
    let history = world.application_history().await;
    assert_eq!(attribute(history.last().unwrap(), "event"), "ClientSecretRotated");
    assert!(world.caller().token_of("A1REFUSED", "na").await.is_ok());
}

/// The daily sweep reads every grant, and the second answer of SP-API moves the one that was seen elsewhere.
async fn days_pass(world: &World) {
    world.advance(DAY).await;
    world.advance(DAY).await;
    assert_eq!(world.caller().token_of("A1SIGHTED", "na").await.unwrap()["region"], "eu");
    assert!(!world.grant("na", "A1LINKED").await.unwrap().contains_key("superseded"));
    let metrics = world.stack.metrics();
    let unread = ["GrantsUnreadable", "GrantsRepaired", "Internal"];
    let found = metrics.iter().find(|metric| unread.contains(&metric.metric.as_str()) && metric.sum > 0);
    assert!(found.is_none(), "{found:?}");
}
