//! Promise 8: however many environments ask for one token at the same time, Amazon is asked once.

use std::time::{Duration, Instant};

use futures::future::join_all;
use jiff::SignedDuration;
use local::seed::NewApplication;
use serde_json::{Value, json};
use shared::region::Region;

use crate::support::{
    environments::{Environment, at_once, error_type, one_token, token},
    slow_motion::in_slow_motion,
    world::World,
};

const NOTIFICATIONS: &str = "sellingpartnerapi::notifications";

fn of_a1us() -> Value {
    json!({"sellingPartnerId": "A1US", "region": "na"})
}

#[tokio::test]
async fn promise_8_five_hundred_environments_that_ask_for_one_cold_token_cost_one_call() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environments = world.environments(500);

    for askers in [50, 500] {
        world.advance(3600).await;
        world.control("reset", json!({})).await;

        one_token(&in_slow_motion(at_once(&environments[..askers], &of_a1us())).await);

        assert_eq!(world.refreshes().await, 1, "{askers} askers");
    }
}

#[tokio::test]
async fn promise_8_fifty_environments_that_ask_for_one_scope_cost_one_call() {
    let world = World::new().await;
    let environments = world.environments(50);

    let outcomes = in_slow_motion(at_once(&environments, &json!({"scope": NOTIFICATIONS}))).await;

    assert!(one_token(&outcomes).starts_with("Atc|"));
    assert_eq!(world.client_credentials().await, 1);
}

#[tokio::test]
async fn promise_8_fifty_environments_that_ask_for_one_restricted_token_cost_one_call_of_each_kind() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let mut request = of_a1us();
    request["restrictedResources"] = json!([{"method": "GET", "path": "/orders/v0/orders"}]);

    let outcomes = in_slow_motion(at_once(&world.environments(50), &request)).await;

    assert!(one_token(&outcomes).starts_with("Atz.sprdt|"));
    assert_eq!((world.refreshes().await, world.restricted_calls().await), (1, 1));
}

#[tokio::test]
async fn promise_8_twenty_five_partners_asked_in_four_rounds_cost_twenty_five_calls() {
    let world = World::new().await;
    let partners: Vec<_> = (0..25).map(|number| format!("A{number}")).collect();
    for partner in &partners {
        assert!(world.browser().website("US", "seller", partner).await.is_connected());
    }
    world.advance(3600).await;

    for _ in 0..4 {
        let round = partners.iter().map(async |partner| world.fresh().token_of(partner).await);
        for outcome in join_all(round).await {
            outcome.unwrap();
        }
    }

    assert_eq!(world.refreshes().await, 25);
}

#[tokio::test]
async fn promise_8_two_scopes_asked_in_ten_rounds_cost_two_calls() {
    let world = World::new().await;
    let scopes = [NOTIFICATIONS, "sellingpartnerapi::shipments:track"];
    let application = "amzn1.sp.solution.22222222-2222-4333-8444-555555555555";
    let new = NewApplication {
        application_id: application.to_owned(),
        name: "Two scopes".to_owned(),
        draft: false,
        default_region: Region::Na,
        scopes: scopes.map(ToOwned::to_owned).into(),
    };
    world.stack.register(new).await.unwrap();

    let mut tokens = std::collections::BTreeSet::new();
    for _ in 0..10 {
        for scope in scopes {
            let request = json!({"scope": scope, "applicationId": application});
            tokens.insert(token(&world.fresh().token(&request).await));
        }
    }

    assert_eq!(tokens.len(), 2, "a token of one scope does not serve another");
    assert_eq!(world.client_credentials().await, 2);
}

#[tokio::test]
async fn promise_8_a_holder_that_dies_delays_the_others_by_its_lease_and_no_more() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environments = world.environments(20);
    world.fault("token", "hang", json!({"times": 1})).await;
    let (doomed, asked_at) = (world.fresh(), Instant::now());
    tokio::select! {
        outcome = doomed.token_of("A1US") => panic!("{outcome:?}"),
        () = world.until_refreshes(1) => {}
    }

    let died_at = Instant::now();
    let outcomes = at_once(&environments, &of_a1us()).await;

    one_token(&outcomes);
    assert_eq!(world.refreshes().await, 2, "one of those who waited takes over");
    // The lease was taken between the two moments. A second one would end 16 seconds after it.
    let (most, least) = (asked_at.elapsed(), died_at.elapsed());
    assert!(most > Duration::from_secs(6) && least < Duration::from_secs(15), "{least:?} to {most:?}");
}

/// An environment whose request is in flight while its lease ends: by the clock of the other, it has ended.
async fn overtaken(world: &World, holder: &Environment, other: &Environment) -> [Result<Value, String>; 2] {
    let overtaking = async {
        world.until_refreshes(1).await;
        other.token_ahead(&of_a1us(), SignedDuration::from_secs(9)).await
    };
    let (late, newer) = tokio::join!(holder.token_of("A1US"), overtaking);
    [late, newer].map(|outcome| match outcome {
        Ok(answer) => Ok(answer["accessToken"].clone()),
        Err(failure) => Err(failure.error_type),
    })
}

#[tokio::test]
async fn promise_8_a_late_holder_overwrites_nothing_and_serves_its_own_caller() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.fault("token", "latency", json!({"milliseconds": 3000, "times": 1})).await;
    let (holder, other) = (world.fresh(), world.fresh());

    let [late, newer] = overtaken(&world, &holder, &other).await.map(Result::unwrap);

    assert_ne!(late, newer);
    assert_eq!(world.refreshes().await, 2);
    for environment in [&world.fresh(), &holder, &other] {
        assert_eq!(token(&environment.token_of("A1US").await), newer, "the newer token stays cached");
    }
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn promise_8_a_late_holder_that_fails_leaves_no_note_over_a_newer_token() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.fault("token", "hang", json!({"times": 1})).await;
    let (holder, other) = (world.fresh(), world.fresh());

    let [late, newer] = overtaken(&world, &holder, &other).await;

    assert_eq!(late.unwrap_err(), "AmazonUnavailable");
    let row = world.token_row("A1US").await;
    assert!(!row.contains_key("failure") && !row.contains_key("lease"), "{:?}", row.keys());
    assert_eq!(token(&world.fresh().token_of("A1US").await), newer.unwrap());
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn a_caller_with_little_time_is_answered_in_time_that_it_should_try_again() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.fault("token", "latency", json!({"milliseconds": 3000, "times": 1})).await;
    let (holder, hurried) = (world.fresh(), world.fresh());
    let hurrying = async {
        world.until_refreshes(1).await;
        let asked_at = Instant::now();
        let outcome = hurried.token_within(&of_a1us(), Duration::from_secs(1)).await;
        (outcome, asked_at.elapsed())
    };

    let (held, (outcome, waited)) = tokio::join!(holder.token_of("A1US"), hurrying);

    assert!(held.is_ok());
    assert_eq!(error_type(&outcome), "AmazonUnavailable");
    assert!(waited < Duration::from_millis(2500), "{waited:?}");
    assert_eq!(world.refreshes().await, 1);
}
