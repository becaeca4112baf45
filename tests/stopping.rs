//! Promise 18: one write stops every access token of an application, and one more starts it again.

use serde_json::{Value, json};

use crate::support::{
    caller::Failure,
    crowd::crowd_id,
    environments::{Environment, all_heard, at_once, error_type, one_token, token},
    world::{World, attribute},
};

const TICK: u32 = 300;

fn requests() -> [Value; 3] {
    let resources = json!([{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]);
    [
        json!({"sellingPartnerId": "A1US", "region": "na"}),
        json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": resources}),
        json!({"scope": "sellingpartnerapi::notifications"}),
    ]
}

/// The token of each request, which is the same one in every environment.
async fn tokens_of(environments: &[Environment]) -> Vec<String> {
    let mut tokens = Vec::new();
    for request in requests() {
        tokens.push(one_token(&at_once(environments, &request).await));
    }
    tokens
}

impl World {
    async fn of_application(&self, operation: &str, more: Value) -> Result<Value, Failure> {
        let mut request = json!({"operation": operation, "applicationId": self.application(), "by": "olga"});
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        self.caller().invoke("administration", &request).await
    }

    async fn events_of_application(&self) -> Vec<String> {
        let records = self.history_of(self.application()).await;
        records.iter().map(|record| attribute(record, "event").to_owned()).collect()
    }
}

#[tokio::test]
async fn promise_18_a_disabled_application_stops_everywhere_within_65_seconds_and_starts_with_one_write() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environments = world.environments(10);
    let before = tokens_of(&environments).await;
    let grant = world.grant("na", "A1US").await.unwrap();
    let calls = world.calls().await;

    let answer = world.of_application("disableApplication", json!({"reason": "a leak"})).await.unwrap();

    assert_eq!(answer["application"]["disabled"], true);
    for request in requests() {
        let outcome = world.fresh().token(&request).await;
        assert_eq!(error_type(&outcome), "ApplicationDisabled", "an environment without cached tokens");
    }
    world.advance(65).await;
    for request in requests() {
        all_heard(&at_once(&environments, &request).await, "ApplicationDisabled");
    }
    assert_eq!(world.calls().await, calls, "Amazon is not asked");
    assert_eq!(world.grant("na", "A1US").await.unwrap(), grant, "no grant is written");

    let started = world.of_application("enableApplication", json!({})).await.unwrap();

    assert_eq!(started["application"]["disabled"], false);
    world.advance(65).await;
    for (request, before) in requests().iter().zip(before) {
        assert_eq!(one_token(&at_once(&environments, request).await), before, "a token that is still valid");
    }
    assert_eq!(world.calls().await, calls);
    assert_eq!(world.events_of_application().await, ["ApplicationDisabled", "ApplicationEnabled"]);
}

#[tokio::test]
async fn promise_18_an_application_that_is_disabled_or_enabled_twice_has_one_record() {
    let world = World::new().await;
    for operation in [
        "enableApplication",
        "disableApplication",
        "disableApplication",
        "enableApplication",
        "enableApplication",
    ] {
        world.of_application(operation, json!({})).await.unwrap();
    }
    assert_eq!(world.events_of_application().await, ["ApplicationDisabled", "ApplicationEnabled"]);

    let record = &world.history_of(world.application()).await[0];
    assert_eq!((attribute(record, "by"), attribute(record, "reason")), ("olga", "it was stopped by request"));
}

#[tokio::test]
async fn promise_18_one_write_invalidates_the_tokens_of_an_application_and_each_is_fetched_once() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environments = world.environments(10);
    let before = tokens_of(&environments).await;
    let grant = world.grant("na", "A1US").await.unwrap();
    world.control("reset", json!({})).await;

    let answer = world.of_application("invalidateTokens", json!({})).await.unwrap();

    assert!(answer["application"]["notBefore"].is_string(), "{answer}");
    assert_eq!(world.grant("na", "A1US").await.unwrap(), grant, "no grant is written");
    world.advance(65).await;
    for (request, before) in requests().iter().zip(before) {
        assert_ne!(one_token(&at_once(&environments, request).await), before);
    }
    let scope = world.calls().await["token"]["client_credentials"].as_u64();
    assert_eq!((world.refreshes().await, world.restricted_calls().await, scope), (1, 1, Some(1)));
    assert_eq!(world.events_of_application().await, ["ApplicationTokensInvalidated"]);
}

#[tokio::test]
async fn promise_18_a_token_in_flight_while_all_are_invalidated_is_not_handed_out_from_the_tables() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    world.fault("token", "latency", json!({"milliseconds": 1000, "times": 1})).await;
    let invalidating = async {
        world.until_refreshes(1).await;
        world.of_application("invalidateTokens", json!({})).await.unwrap();
    };

    let (first, ()) = tokio::join!(environment.token_of("A1US"), invalidating);
    world.advance(2).await;
    let next = world.fresh().token_of("A1US").await;

    assert_ne!(token(&first), token(&next));
    world.advance(65).await;
    assert_eq!(token(&environment.token_of("A1US").await), token(&next));
}

#[tokio::test]
async fn promise_18_the_refresher_leaves_the_tokens_of_a_disabled_application_and_warms_them_afterwards() {
    let world = World::attended().await;
    world.crowd(32).await;
    world.advance(TICK).await;
    for number in 0..32 {
        world.fresh().token_of(&crowd_id(number)).await.unwrap();
    }
    world.of_application("disableApplication", json!({})).await.unwrap();
    world.control("reset", json!({})).await;

    for _ in 0..24 {
        world.advance(TICK).await;
    }

    assert_eq!(world.refreshes().await, 0, "in two hours");
    let lag = world.measured("DueLag", ("Function", "token-refresher")).unwrap();
    assert!(lag.latest < i64::from(2 * TICK), "what an operator stops is no delay");

    world.of_application("enableApplication", json!({})).await.unwrap();
    // Each once, and some of them again, in their slots.
    let mut before = [0; 32];
    for _ in 0..3 {
        world.advance(TICK).await;
        let calls = world.calls().await;
        for (number, before) in before.iter_mut().enumerate() {
            let calls = calls["tokenByPartner"][crowd_id(number)].as_u64().unwrap_or_default();
            assert!(calls <= *before + 1, "{} was refreshed twice in a run", crowd_id(number));
            *before = calls;
        }
    }
    let refreshed = world.refreshes().await;
    assert!(before.iter().all(|calls| (1..=2).contains(calls)) && refreshed < 32 + 16, "{before:?}");
    for number in 0..32 {
        world.fresh().token_of(&crowd_id(number)).await.unwrap();
    }
    assert_eq!(world.refreshes().await, refreshed, "and all are warm");
}

#[tokio::test]
async fn promise_18_a_partner_who_consents_meanwhile_is_connected_and_gets_tokens_afterwards() {
    let world = World::new().await;
    world.of_application("disableApplication", json!({})).await.unwrap();

    assert!(world.browser().website("US", "seller", "A1US").await.is_connected());

    let own = &requests()[0];
    assert_eq!(error_type(&world.fresh().token(own).await), "ApplicationDisabled");
    world.of_application("enableApplication", json!({})).await.unwrap();
    world.fresh().token(own).await.unwrap();
    assert_eq!(world.refreshes().await, 0, "the token of the exchange is handed out");
}

#[tokio::test]
async fn promise_18_a_change_of_the_settings_at_the_same_time_starts_nothing() {
    let world = World::new().await;
    for round in 0..8 {
        let name = format!("Name {round}");
        let (updated, disabled) = tokio::join!(
            world.of_application("updateApplication", json!({"name": name})),
            world.of_application("disableApplication", json!({})),
        );
        updated.unwrap();
        disabled.unwrap();

        let now = world.of_application("updateApplication", json!({})).await.unwrap();
        assert_eq!(
            (&now["application"]["name"], &now["application"]["disabled"]),
            (&json!(name), &json!(true))
        );
        world.of_application("enableApplication", json!({})).await.unwrap();
    }
}

#[tokio::test]
async fn promise_18_the_client_secret_of_a_disabled_application_is_rotated() {
    let world = World::attended().await;
    world.cold_seller("A1US").await;
    world.of_application("disableApplication", json!({})).await.unwrap();
    world.press_rotate().await;
    world.advance(TICK).await;

    assert!(world.events_of_application().await.contains(&"ClientSecretRotated".to_owned()));
}

#[tokio::test]
async fn an_emergency_command_for_an_unknown_application_says_so() {
    let world = World::new().await;
    for operation in ["disableApplication", "enableApplication", "invalidateTokens"] {
        let unknown = json!({"applicationId": "amzn1.sp.solution.unknown"});
        assert_eq!(
            world.of_application(operation, unknown).await.unwrap_err().error_type,
            "UnknownApplication"
        );
        let cursor = world.of_application(operation, json!({"cursor": "c1"})).await.unwrap_err();
        assert_eq!(cursor.error_type, "InvalidRequest");
    }
}
