//! A failing Amazon, a failing AWS, and answers that make no sense: one call, the right failure, and nothing lost.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{
    environments::{all_heard, at_once, error_type, one_token, token},
    slow_motion::in_slow_motion,
    world::{World, attribute},
};

fn of_a1us() -> Value {
    json!({"sellingPartnerId": "A1US", "region": "na"})
}

#[tokio::test]
async fn promise_8_a_hundred_environments_and_a_failing_amazon_are_one_call() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environments = world.environments(100);
    for (fault, more, heard, pause) in [
        ("http_error", json!({"status": 500}), "AmazonUnavailable", 5),
        ("html", json!({}), "AmazonUnavailable", 5),
        ("throttle", json!({}), "AmazonThrottled", 5),
        ("throttle", json!({"retryAfter": 300}), "AmazonThrottled", 301),
        ("html", json!({"retryAfter": 120}), "AmazonUnavailable", 121),
        ("reset", json!({}), "AmazonUnavailable", 5),
        // Amazon issued a token each time.
        ("truncated", json!({}), "AmazonUnavailable", 61),
        ("partial", json!({}), "AmazonUnavailable", 61),
        ("empty", json!({}), "AmazonUnavailable", 61),
        ("oversized", json!({}), "AmazonUnavailable", 61),
        ("redirect", json!({}), "AmazonUnavailable", 5),
        // A client secret that was refused is left alone for a minute.
        ("ok_error", json!({}), "ApplicationCredentialsRejected", 61),
    ] {
        world.control("reset", json!({})).await;
        let before = world.grant("na", "A1US").await;
        world.fault("token", fault, more.clone()).await;

        let outcomes = in_slow_motion(at_once(&environments, &of_a1us())).await;

        all_heard(&outcomes, heard);
        assert_eq!(world.refreshes().await, 1, "{fault} {more}");
        assert_eq!(world.grant("na", "A1US").await, before, "{fault}: the grant is as it was");
        world.fault("token", "none", json!({})).await;
        if pause > 5 {
            world.advance(pause - 31).await;
            let early = world.fresh().token_of("A1US").await;
            assert_eq!(error_type(&early), heard, "{fault} {more}");
            assert_eq!(world.refreshes().await, 1, "{fault} {more}: Amazon is left alone");
            world.advance(31).await;
        } else {
            world.advance(pause).await;
        }
        let after = world.fresh().token_of("A1US").await;
        assert!(after.is_ok(), "{fault} {more}: {after:?}");
        assert_eq!(world.refreshes().await, 2);
        world.advance(3600).await;
    }
}

#[tokio::test]
async fn promise_8_thirty_environments_and_an_amazon_that_hangs_are_one_call() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environments = world.environments(30);
    let before = world.grant("na", "A1US").await;
    world.fault("token", "hang", json!({})).await;

    let asked_at = Instant::now();
    let outcomes = at_once(&environments, &of_a1us()).await;

    all_heard(&outcomes, "AmazonUnavailable");
    assert_eq!(world.refreshes().await, 1, "those who waited do not hang one after the other");
    assert!(asked_at.elapsed() < Duration::from_secs(12), "{:?}", asked_at.elapsed());
    assert_eq!(world.grant("na", "A1US").await, before);
    world.fault("token", "none", json!({})).await;
    world.advance(5).await;
    world.fresh().token_of("A1US").await.unwrap();
}

#[tokio::test]
async fn promise_9_a_token_that_amazon_issues_for_ninety_seconds_is_cached_for_ninety_seconds() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.control("tokens", json!({"expiresIn": 90})).await;
    let ask = async |seconds: u32| {
        let request = json!({"sellingPartnerId": "A1US", "region": "na", "minValidSeconds": seconds});
        let outcome = world.fresh().token(&request).await;
        assert!((80..=90).contains(&outcome.as_ref().unwrap()["expiresIn"].as_i64().unwrap()));
        token(&outcome)
    };

    let first = ask(60).await;
    assert_eq!(ask(60).await, first);
    assert_eq!(ask(300).await, first, "Amazon gives no longer one");
    assert_eq!(world.refreshes().await, 1);
    world.advance(61).await;
    let second = ask(300).await;
    assert_ne!(second, first, "thirty seconds are less than the caller needs");
    assert_eq!(ask(60).await, second);
    world.advance(91).await;
    assert_ne!(ask(0).await, second);
    assert_eq!(world.refreshes().await, 3);
}

#[tokio::test]
async fn promise_8_one_call_serves_all_who_wait_whatever_the_lifetime_is() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    for (lifetime, least_life) in
        [(1, 60), (9, 60), (30, 60), (59, 60), (61, 60), (45, 0), (120, 300), (900, 3300), (3000, 3300)]
    {
        world.advance(3601).await;
        world.control("reset", json!({})).await;
        world.control("tokens", json!({"expiresIn": lifetime})).await;
        let request = json!({"sellingPartnerId": "A1US", "region": "na", "minValidSeconds": least_life});

        let outcomes = in_slow_motion(at_once(&world.environments(30), &request)).await;

        let shared = one_token(&outcomes);
        assert_eq!(token(&world.fresh().token(&request).await), shared, "{lifetime} {least_life}");
        assert_eq!(world.refreshes().await, 1, "{lifetime} {least_life}");
        world.advance(62).await;
        world.fresh().token(&request).await.unwrap();
        assert!(world.refreshes().await <= 2, "{lifetime} {least_life}");
    }
}

#[tokio::test]
async fn promise_8_tokens_with_an_odd_lifetime_are_shared_for_ten_minutes() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let request = json!({"sellingPartnerId": "A1US", "region": "na"});
    for lifetime in [
        json!(null),
        json!("soon"),
        json!(""),
        json!(-5),
        json!(0),
        json!(0.2),
        json!(1e12),
        json!([3600]),
        json!({}),
        json!(true),
        json!(86_401),
    ] {
        world.advance(3601).await;
        world.control("reset", json!({})).await;
        world.control("tokens", json!({"expiresIn": lifetime})).await;

        let outcomes = at_once(&world.environments(20), &request).await;

        let shared = one_token(&outcomes);
        assert_eq!(world.refreshes().await, 1, "{lifetime}");
        let left = outcomes[0].as_ref().unwrap()["expiresIn"].as_i64().unwrap();
        assert!((590..=600).contains(&left), "{lifetime}: {left}");
        world.advance(500).await;
        assert_eq!(token(&world.fresh().token(&request).await), shared, "{lifetime}");
        world.advance(60).await;
        assert_ne!(token(&world.fresh().token(&request).await), shared, "{lifetime}");
        assert_eq!(world.refreshes().await, 2, "{lifetime}");
    }
    for hour in [json!("3600"), json!(3600.0), json!("3600.0")] {
        world.advance(3601).await;
        world.control("tokens", json!({"expiresIn": hour})).await;
        let left = world.fresh().token(&request).await.unwrap()["expiresIn"].as_i64().unwrap();
        assert!((3500..=3600).contains(&left), "{hour}: {left}");
    }
}

#[tokio::test]
async fn a_restricted_token_with_an_odd_lifetime_is_shared_too() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    for (number, body) in [
        json!({"restrictedDataToken": "Atz.sprdt|1"}),
        json!({"restrictedDataToken": "Atz.sprdt|2", "expiresIn": "soon"}),
        json!({"restrictedDataToken": "Atz.sprdt|3", "expiresIn": 0}),
    ]
    .into_iter()
    .enumerate()
    {
        world.fault("sp-api", "body", json!({"body": body.to_string()})).await;
        let request = json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": [
            {"method": "GET", "path": format!("/orders/v0/orders/{number}"), "dataElements": ["buyerInfo"]}]});
        let before = world.restricted_calls().await;

        one_token(&at_once(&world.environments(10), &request).await);

        assert_eq!(world.restricted_calls().await, before + 1, "{body}");
    }
}

#[tokio::test]
async fn a_token_in_memory_is_served_for_its_minute_whatever_fails_at_aws() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    let kept = token(&environment.token_of("A1US").await);
    for endpoint in ["dynamodb", "kms", "secretsmanager"] {
        for fault in ["throttle", "http_error", "reset"] {
            world.fault(endpoint, fault, json!({})).await;
            assert_eq!(token(&environment.token_of("A1US").await), kept, "{endpoint} {fault}");
        }
    }
    world.advance(50).await;
    assert_eq!(token(&environment.token_of("A1US").await), kept);
}

#[tokio::test]
async fn a_token_in_memory_that_the_tables_confirm_needs_no_kms() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    let kept = token(&environment.token_of("A1US").await);
    world.fault("kms", "http_error", json!({})).await;
    world.advance(61).await;

    assert_eq!(token(&environment.token_of("A1US").await), kept);
}

#[tokio::test]
async fn a_throttled_dynamodb_is_waited_for_as_long_as_the_caller_can() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let mut named = of_a1us();
    named["applicationId"] = json!(world.application());
    world.fault("dynamodb", "throttle", json!({"times": 5})).await;
    world.fresh().token(&named).await.unwrap();

    world.advance(61).await;
    world.control("reset", json!({})).await;
    for fault in ["throttle", "http_error", "hang"] {
        world.fault("dynamodb", fault, json!({})).await;
        let (environment, asked_at) = (world.fresh(), Instant::now());
        let outcome = environment.token_within(&of_a1us(), Duration::from_secs(2)).await;
        assert_eq!(error_type(&outcome), "AmazonUnavailable", "{fault}");
        assert!(asked_at.elapsed() < Duration::from_secs(4), "{fault}: {:?}", asked_at.elapsed());
    }
    world.fault("dynamodb", "none", json!({})).await;
    world.fresh().token_of("A1US").await.unwrap();
    assert_eq!(world.refreshes().await, 0, "the token was there all the time");
}

#[tokio::test]
async fn where_kms_fails_nothing_is_asked_of_amazon_and_no_lease_is_left_behind() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.fault("kms", "http_error", json!({})).await;

    let outcome = world.fresh().token_of("A1US").await;

    assert_eq!(error_type(&outcome), "AmazonUnavailable");
    assert_eq!(world.refreshes().await, 0);
    assert!(!world.token_row("A1US").await.contains_key("lease"));
    world.fault("kms", "none", json!({})).await;
    let asked_at = Instant::now();
    world.fresh().token_of("A1US").await.unwrap();
    assert!(asked_at.elapsed() < Duration::from_secs(3), "{:?}", asked_at.elapsed());
}

#[tokio::test]
async fn a_new_token_that_cannot_be_stored_serves_its_caller_and_delays_no_other() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    // Keys to seal with last an hour, so it needs a new one.
    let environment = world.fresh();
    environment.token_of("A1US").await.unwrap();
    world.advance(3601).await;
    world.fault("kms", "http_error", json!({"operation": "GenerateDataKey"})).await;

    let outcome = environment.token_of("A1US").await;

    token(&outcome);
    world.fault("kms", "none", json!({})).await;
    let asked_at = Instant::now();
    world.fresh().token_of("A1US").await.unwrap();
    assert!(asked_at.elapsed() < Duration::from_secs(3), "{:?}", asked_at.elapsed());
}

#[tokio::test]
async fn a_dynamodb_that_fails_while_amazon_answers_costs_the_caller_no_token() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    environment.token_of("A1US").await.unwrap();
    world.advance(3601).await;
    world.control("reset", json!({})).await;
    world.fault("token", "latency", json!({"milliseconds": 1000, "times": 1})).await;
    let breaking = async {
        world.until_refreshes(1).await;
        world.fault("dynamodb", "throttle", json!({})).await;
    };

    let (outcome, ()) = tokio::join!(environment.token_of("A1US"), breaking);

    token(&outcome);
    world.fault("dynamodb", "none", json!({})).await;
    world.advance(9).await;
    world.fresh().token_of("A1US").await.expect("its lease ends");
    let grant = world.grant("na", "A1US").await.unwrap();
    assert_eq!((attribute(&grant, "version"), attribute(&grant, "status")), ("1", "active"));
}
