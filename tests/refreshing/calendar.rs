//! What is refreshed when, and what is reported in the year that an authorization lasts.

use jiff::Timestamp;
use serde_json::json;

use super::number;
use crate::support::world::{World, attribute};

const DAY: u32 = 24 * 3600;

#[tokio::test]
async fn promise_13_a_token_that_is_asked_for_is_warm_whenever_it_is_asked_for() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    for _ in 0..60 {
        world.advance(300).await;
        let refreshed = world.refreshes().await;

        let request = json!({"sellingPartnerId": "A1US", "region": "na", "minValidSeconds": 300});
        let answer = world.fresh().token(&request).await.unwrap();

        assert!(answer["expiresIn"].as_i64().unwrap() >= 300, "{answer}");
        assert_eq!(world.refreshes().await, refreshed, "no caller had to wait for Amazon");
    }
    // Five hours, and a token lasts 45 to 50 minutes and the rest of a tick.
    assert!((5..=7).contains(&world.refreshes().await), "{}", world.refreshes().await);
}

#[tokio::test]
async fn promise_13_a_token_without_requests_is_validated_once_a_day_and_cools_after_the_last_request() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    for _ in 0..48 {
        world.advance(3600).await;
    }
    let cooled = world.refreshes().await;

    for _ in 0..10 * 24 {
        world.advance(3600).await;
    }

    let proofs = world.refreshes().await - cooled;
    assert!((10..=13).contains(&proofs), "{proofs} in ten days");
    assert!((25..=40).contains(&cooled), "{cooled} in the first two days, which began with a request");
}

#[tokio::test]
async fn keep_warm_always_refreshes_without_requests_and_keep_warm_never_only_validates_daily() {
    for (keep_warm, at_least, at_most) in [("always", 70, 100), ("never", 3, 5)] {
        let world = World::with_variables(&[("KEEP_WARM", keep_warm)]).await;
        world.browser().website("US", "seller", "A1US").await;
        for _ in 0..3 * 24 * 2 {
            world.advance(1800).await;
        }
        let refreshes = world.refreshes().await;
        assert!((at_least..=at_most).contains(&refreshes), "{keep_warm}: {refreshes} in three days");
    }
}

#[tokio::test]
async fn a_request_is_noted_a_few_times_a_day_and_no_more() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let mut noted = std::collections::BTreeSet::new();
    for _ in 0..24 * 4 {
        world.advance(900).await;
        world.fresh().token_of("A1US").await.unwrap();
        noted.insert(number(&world.token_row("A1US").await, "last_requested_at"));
    }
    // A caller that fetches a token notes the request without another write.
    assert!(noted.len() <= 26, "{}", noted.len());
    world.stack.aws().reset_calls();
    for _ in 0..3 {
        world.fresh().token_of("A1US").await.unwrap();
    }
    assert!(!world.stack.aws().calls().keys().any(|call| call.contains("UpdateItem")));
}

#[tokio::test]
async fn four_reminders_and_one_overdue_in_a_year_and_a_re_authorization_stops_the_rest() {
    let world = World::attended().await;
    // From then on the client secret is replaced in time.
    world.press_rotate().await;
    world.browser().website("US", "seller", "A1US").await;
    world.browser().website("DE", "seller", "A1DE").await;
    let reminders = async |partner: &str, region: &str| {
        let history = world.history(region, partner).await;
        let yearly = ["AuthorizationExpiring", "AuthorizationOverdue"];
        let reminded = history.iter().filter(|record| yearly.contains(&attribute(record, "event")));
        reminded
            .map(|record| (attribute(record, "event").to_owned(), attribute(record, "at").parse().unwrap()))
            .collect::<Vec<_>>()
    };
    let began = world.stack.clock().now();
    for _ in 0..350 {
        world.advance(DAY).await;
    }
    assert_eq!(reminders("A1US", "na").await.len(), 1);
    let again = world.browser().website("DE", "seller", "A1DE").await;
    assert!(again.is_connected(), "{}", again.body);
    for _ in 350..400 {
        world.advance(DAY).await;
    }

    let day_of = |at: &Timestamp| at.duration_since(began).as_hours() / 24;
    let reminded = reminders("A1US", "na").await;
    let kinds: Vec<_> = reminded.iter().map(|(kind, _)| kind.trim_start_matches("Authorization")).collect();
    assert_eq!(kinds, ["Expiring", "Expiring", "Expiring", "Expiring", "Overdue"]);
    let days: Vec<_> = reminded.iter().map(|(_, at)| day_of(at)).collect();
    assert_eq!(days, [335, 351, 358, 364, 365]);
    assert_eq!(reminders("A1DE", "eu").await.len(), 1, "the new consent began a new year");

    let history = world.history("na", "A1US").await;
    let first = history.iter().find(|record| attribute(record, "event") == "AuthorizationExpiring").unwrap();
    let manage = world.amazon("sellercentral.amazon.com", "/apps/manage");
    assert_eq!(attribute(first, "manage_your_apps_url"), manage);
    let again = attribute(first, "authorize_url");
    assert!(again.starts_with(&world.site("/authorize?marketplace=US&type=seller&application=")), "{again}");
    let consent = world.browser().open(again).await;
    assert!(consent.location().contains("/apps/authorize/consent"), "{}", consent.location());
}

#[tokio::test]
async fn a_grant_of_the_developers_own_has_no_yearly_clock() {
    let world = World::attended().await;
    let wish = json!({"applicationId": world.application(), "sellingPartnerId": "A1OWN", "region": "na", "kind": "seller"});
    let token = world.control("self-authorization", wish).await["refreshToken"].clone();
    let import = json!({"operation": "importGrant", "applicationId": world.application(), "sellingPartnerId": "A1OWN",
        "refreshToken": token, "kind": "self"});
    world.caller().invoke("administration", &import).await.unwrap();
    for _ in 0..20 {
        world.advance(20 * DAY).await;
    }

    assert_eq!(world.events_of("A1OWN").await, ["AuthorizationGranted"]);
    assert!(world.refreshes().await >= 20, "and it is validated all the same");
}
