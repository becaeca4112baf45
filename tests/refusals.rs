//! Promises 10 and 11: what Amazon refuses costs one call, and touches the one grant that it is about.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    environments::{Environment, Outcome, all_heard, at_once, error_type, one_token, token},
    slow_motion::in_slow_motion,
    world::{World, attribute},
};

fn of_a1us() -> Value {
    json!({"sellingPartnerId": "A1US", "region": "na"})
}

async fn revoke(world: &World, partner: &str) {
    world.control(&format!("partner/{partner}/revoke"), json!({})).await;
}

async fn restore(world: &World, partner: &str) {
    world.control(&format!("partner/{partner}/restore"), json!({})).await;
}

async fn one_after_the_other(environments: &[Environment]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for environment in environments {
        outcomes.push(environment.token_of("A1US").await);
    }
    outcomes
}

#[tokio::test]
async fn promise_10_a_dead_grant_asked_for_twenty_times_costs_one_call_and_one_probe_an_hour() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    revoke(&world, "A1US").await;

    all_heard(&one_after_the_other(&world.environments(20)).await, "ReauthorizationRequired");
    assert_eq!(world.refreshes().await, 1);
    world.advance(3500).await;
    all_heard(&one_after_the_other(&world.environments(3)).await, "ReauthorizationRequired");
    assert_eq!(world.refreshes().await, 1);

    world.advance(101).await;
    let environments = world.environments(20);
    all_heard(&in_slow_motion(at_once(&environments, &of_a1us())).await, "ReauthorizationRequired");
    assert_eq!(world.refreshes().await, 2, "one probe");

    restore(&world, "A1US").await;
    world.advance(3601).await;
    one_token(&in_slow_motion(at_once(&environments, &of_a1us())).await);
    assert_eq!(world.refreshes().await, 3);
}

#[tokio::test]
async fn promise_10_a_new_authorization_ends_the_refusal_immediately() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    revoke(&world, "A1US").await;
    assert_eq!(error_type(&environment.token_of("A1US").await), "ReauthorizationRequired");

    assert!(world.browser().website("US", "seller", "A1US").await.is_connected());

    one_token(&[environment.token_of("A1US").await, world.fresh().token_of("A1US").await]);
    world.advance(3600).await;
    assert!(environment.token_of("A1US").await.is_ok());
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn promise_11_a_refused_grant_is_left_as_it_was_and_so_are_all_others() {
    let world = World::new().await;
    assert!(world.browser().website("US", "seller", "A1OTHER").await.is_connected());
    world.cold_seller("A1US").await;
    let before = [world.grant("na", "A1US").await, world.grant("na", "A1OTHER").await];
    revoke(&world, "A1US").await;
    let environment = world.fresh();

    assert_eq!(error_type(&environment.token_of("A1US").await), "ReauthorizationRequired");

    assert!(environment.token_of("A1OTHER").await.is_ok());
    assert_eq!([world.grant("na", "A1US").await, world.grant("na", "A1OTHER").await], before);
    assert_eq!(world.history("na", "A1US").await.len(), 1, "nothing happened but the first authorization");
}

#[tokio::test]
async fn promise_11_an_authorization_that_lands_during_a_refused_refresh_leaves_the_grant_active() {
    for kept_apart in [false, true] {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        world.control("old-tokens", json!({"onReauthorization": "kill"})).await;
        revoke(&world, "A1US").await;
        world.fault("token", "latency", json!({"milliseconds": 4000, "times": 1})).await;
        let (holder, waiter, request) = (world.fresh(), world.fresh(), of_a1us());
        let authorizing = async {
            world.until_refreshes(1).await;
            if kept_apart {
                restore(&world, "A1US").await;
            }
            assert!(world.browser().website("US", "seller", "A1US").await.is_connected());
        };
        let waiting = async {
            world.until_refreshes(1).await;
            waiter.token(&request).await
        };

        let (refused, late, ()) = tokio::join!(holder.token(&request), waiting, authorizing);

        one_token(&[refused, late, world.fresh().token_of("A1US").await]);
        let grant = world.grant("na", "A1US").await.unwrap();
        assert_eq!((attribute(&grant, "status"), attribute(&grant, "version")), ("active", "2"));
        assert_eq!(world.refreshes().await, 1, "the authorization brought a token along");
    }
}

#[tokio::test]
async fn promise_11_an_authorization_that_lands_before_the_lease_is_taken_is_the_one_that_counts() {
    for old_tokens in ["keep", "kill"] {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        world.control("old-tokens", json!({"onReauthorization": old_tokens})).await;
        let environment = world.fresh();
        let mut request = of_a1us();
        request["applicationId"] = json!(world.application());
        let arrived = |operation: &str| {
            world.stack.aws().calls().iter().any(|(name, count)| name.ends_with(operation) && *count > 0)
        };
        world.stack.aws().reset_calls();
        let mut asking = std::pin::pin!(environment.token(&request));
        while !arrived("BatchGetItem") {
            assert!(futures::poll!(&mut asking).is_pending());
            tokio::task::yield_now().await;
        }
        // It has read the rows; its wish for the lease is held up on the way.
        world.fault("dynamodb", "latency", json!({"milliseconds": 4000, "times": 1})).await;
        let authorizing = async {
            while !arrived("UpdateItem") {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert!(world.browser().website("US", "seller", "A1US").await.is_connected());
        };

        let (asked, ()) = tokio::join!(asking, authorizing);

        token(&asked);
        let calls = world.refreshes().await;
        token(&world.fresh().token(&request).await);
        assert_eq!(world.refreshes().await, calls, "{old_tokens}: the token that it brought is still there");
    }
}

#[tokio::test]
async fn another_refresh_token_in_the_answer_is_stored_before_it_is_used() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    let environments = world.environments(50);
    for round in 1..=2 {
        let before = world.grant("na", "A1US").await.unwrap();

        one_token(&in_slow_motion(at_once(&environments, &of_a1us())).await);

        let after = world.grant("na", "A1US").await.unwrap();
        let number = |row, name| attribute(row, name).parse::<u64>().unwrap();
        assert_ne!(attribute(&before, "fingerprint"), attribute(&after, "fingerprint"));
        assert_eq!(number(&after, "version"), number(&before, "version") + 1);
        assert_eq!(number(&after, "revision"), number(&before, "revision") + 1);
        assert_eq!(attribute(&after, "status"), "active");
        let history = world.history("na", "A1US").await;
        assert_eq!(history.len(), 1 + round);
        assert_eq!(attribute(&history[round], "event"), "RefreshTokenReplaced");
        assert_eq!(attribute(&history[round], "fingerprint"), attribute(&after, "fingerprint"));
        assert_eq!(world.refreshes().await, round as u64);
        world.advance(3600).await;
    }
}

#[tokio::test]
async fn another_refresh_token_survives_an_aws_that_fails_when_it_comes() {
    for (endpoint, fault) in [("dynamodb", "throttle"), ("dynamodb", "reset"), ("kms", "http_error")] {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        world.control("tokens", json!({"onRefresh": "replace"})).await;
        world.fault("token", "latency", json!({"milliseconds": 500, "times": 1})).await;
        let environment = world.fresh();
        let breaking = async {
            world.until_refreshes(1).await;
            world.fault(endpoint, fault, json!({"times": 5})).await;
        };

        let (outcome, ()) = tokio::join!(environment.token_of("A1US"), breaking);

        token(&outcome);
        assert_eq!(
            attribute(&world.grant("na", "A1US").await.unwrap(), "version"),
            "2",
            "{endpoint} {fault}"
        );
        world.advance(3600).await;
        assert!(world.fresh().token_of("A1US").await.is_ok(), "{endpoint} {fault}: the new one works");
    }
}

#[tokio::test]
async fn a_token_that_sp_api_rejected_is_replaced_once_and_at_most_once_a_minute() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environments = world.environments(20);
    let rejecting = |token: &str| {
        let hash = shared::secret::Fingerprint::of(token);
        json!({"sellingPartnerId": "A1US", "region": "na", "rejectedToken": hash.as_str()})
    };
    let first = one_token(&in_slow_motion(at_once(&environments, &of_a1us())).await);

    assert_eq!(
        token(&environments[0].token(&rejecting(&first)).await),
        first,
        "it is too new to be replaced"
    );
    assert_eq!(token(&environments[1].token(&rejecting("Atza|unknown")).await), first);
    assert_eq!(world.refreshes().await, 1);

    world.advance(61).await;
    assert_eq!(token(&environments[2].token(&rejecting("Atza|unknown")).await), first);
    let second = one_token(&in_slow_motion(at_once(&environments, &rejecting(&first))).await);
    assert_ne!(second, first);
    assert_eq!(world.refreshes().await, 2, "however many say so");

    for environment in &environments[..3] {
        assert_eq!(token(&environment.token(&rejecting(&first)).await), second);
        assert_eq!(token(&environment.token(&rejecting(&second)).await), second);
        assert_eq!(token(&environment.token_of("A1US").await), second);
    }
    assert_eq!(world.refreshes().await, 2);
}
