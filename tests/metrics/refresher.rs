//! What the refresher measures.

use serde_json::json;

use super::DAY;
use crate::support::world::World;

const REFRESHER: (&str, &str) = ("Function", "token-refresher");

impl World {
    async fn revoke_at_amazon(&self, partner: &str) {
        self.control(&format!("partner/{partner}/revoke"), json!({})).await;
    }

    async fn until_midnight(&self) {
        let second_of_day = self.stack.clock().now().as_second().rem_euclid(i64::from(DAY));
        self.advance(DAY - u32::try_from(second_of_day).unwrap()).await;
    }
}

#[tokio::test]
async fn a_run_reports_how_many_it_refreshed_and_how_late_it_was() {
    let world = World::attended().await;
    for partner in ["A1US", "A2US"] {
        world.connect(partner).await;
        world.caller().token_of(partner, "na").await.unwrap();
    }
    world.advance(300).await;
    assert_eq!(world.lwa_calls(REFRESHER), 0);
    assert_eq!(world.measured("DueLag", REFRESHER).unwrap().maximum, 0, "nothing was due");

    // No run happened for two hours.
    world.advance(2 * 3600).await;

    assert_eq!(world.lwa_calls(REFRESHER), 2);
    let lag = world.measured("DueLag", REFRESHER).unwrap();
    assert_eq!(lag.unit, "Seconds");
    assert!((3600..7200).contains(&lag.maximum), "{lag:?}");
}

#[tokio::test]
async fn the_grants_seen_in_a_day_are_all_grants_including_those_kept_warm() {
    let world = World::attended().await;
    for partner in ["A1WARM", "A2US", "A3US"] {
        world.connect(partner).await;
    }
    world.until_midnight().await;
    let half_hours = async |count: u32| {
        for _ in 0..count {
            world.caller().token_of("A1WARM", "na").await.unwrap();
            world.advance(1800).await;
        }
    };
    // Until half an hour before midnight, and four days from there.
    half_hours(2 * 48 - 1).await;
    let before = world.counted("GrantsSeen", ("Status", "active"));
    half_hours(4 * 48).await;

    assert_eq!(world.counted("GrantsSeen", ("Status", "active")) - before, 4 * 3);
    assert!(world.lwa_calls(REFRESHER) > 80, "one is kept warm");
}

#[tokio::test]
async fn grants_that_amazon_refuses_need_attention_every_day_and_disabled_ones_are_seen() {
    let world = World::attended().await;
    for partner in ["A1US", "A2US", "A3US"] {
        world.connect(partner).await;
    }
    world.revoke_at_amazon("A1US").await;
    let disable = json!({"operation": "disableGrant", "applicationId": world.application(),
        "sellingPartnerId": "A2US", "region": "na"});
    world.caller().invoke("administration", &disable).await.unwrap();
    for _ in 0..48 {
        world.advance(3600).await;
    }
    let application = ("Application", world.application());
    let asks = ("Status", "reauthorizationRequired");
    assert!(world.counted("RefreshFailed", ("Class", "GrantRefused")) >= 2);
    assert!(world.counted("GrantsSeen", ("Status", "disabled")) >= 1);
    let before = world.counted("GrantsNeedingAttention", application);
    assert!(before >= 1);

    world.advance(DAY).await;
    world.advance(DAY).await;

    assert!(world.counted("GrantsNeedingAttention", application) > before);
    assert_eq!(world.counted("GrantsNeedingAttention", application), world.counted("GrantsSeen", asks));
    assert_eq!(world.counted("RefusalsDisbelieved", REFRESHER), 0);
}

#[tokio::test]
async fn refusals_that_are_not_believed_are_reported_once() {
    let world = World::attended().await;
    for number in 0..12 {
        world.connect(&format!("A{number}")).await;
        world.revoke_at_amazon(&format!("A{number}")).await;
    }

    world.advance(DAY).await;
    world.advance(900).await;

    assert_eq!(world.counted("RefusalsDisbelieved", REFRESHER), 1);
    assert_eq!(world.counted("GrantsNeedingAttention", ("Application", world.application())), 0);
}

#[tokio::test]
async fn a_client_secret_that_amazon_refuses_is_counted_also_without_a_request_for_a_token() {
    let world = World::attended().await;
    world.connect("A1US").await;
    world.fault("token", "invalid_client", json!({})).await;

    world.advance(3600).await;

    assert_eq!(world.counted("ApplicationCredentialsRejected", REFRESHER), 1);
    assert_eq!(world.counted("RefreshFailed", ("Class", "CredentialsRefused")), 1);
    assert_eq!(world.counted("Internal", REFRESHER), 0);
}

#[tokio::test]
async fn an_amazon_that_is_down_is_reported_by_the_class_of_failure() {
    let world = World::attended().await;
    world.connect("A1US").await;
    world.fault("token", "http_error", json!({"status": 503})).await;

    world.advance(DAY).await;

    assert!(world.counted("RefreshFailed", ("Class", "Unavailable")) >= 1);
    assert_eq!(world.counted("LwaFailures", REFRESHER), world.lwa_calls(REFRESHER));
}

#[tokio::test]
async fn the_nearest_renewal_is_that_of_an_active_authorization_and_passes_zero() {
    let world = World::attended().await;
    let application = ("Application", world.application());
    world.connect("A1US").await;
    world.advance(10 * DAY).await;
    world.connect("A2US").await;
    world.advance(DAY).await;
    assert!(world.measured("DaysToNearestRenewal", application).is_none(), "none is near");

    // And a minute, so that a part of the day has passed however fast this goes.
    world.advance(340 * DAY + 60).await;
    let days = |world: &World| world.measured("DaysToNearestRenewal", application).unwrap().latest;
    assert_eq!(days(&world), 13, "365 - 351, of which a part of a day has passed");

    let disable = json!({"operation": "disableGrant", "applicationId": world.application(),
        "sellingPartnerId": "A1US", "region": "na"});
    world.caller().invoke("administration", &disable).await.unwrap();
    world.advance(DAY).await;
    assert_eq!(days(&world), 22, "a disabled one is not waited for");
}
