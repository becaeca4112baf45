//! Restricted data tokens are asked for at the pace that Amazon allows to one application and partner, however many environments ask:
//! one a second, ten at once (F§6). The simulated Amazon refuses what is more.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use futures::future::join_all;
use serde_json::{Value, json};
use shared::aws::transaction::{number, text};

use super::{order, restricted};
use crate::support::{
    environments::{Outcome, error_type, token},
    slow_motion::in_slow_motion,
    world::World,
};

fn of(partner: &str, number: usize) -> Value {
    let mut request = restricted(&json!([order(&number.to_string())]));
    request["sellingPartnerId"] = json!(partner);
    request
}

/// The number in "try again in 3 s".
fn seconds_to_wait(outcome: &Outcome) -> u32 {
    assert_eq!(error_type(outcome), "AmazonThrottled");
    let message = outcome.as_ref().unwrap_err().error_message.clone();
    let (_, rest) = message.split_once("try again in ").unwrap_or_else(|| panic!("{message}"));
    rest.split_once(" s").unwrap_or_else(|| panic!("{message}")).0.parse().unwrap()
}

#[tokio::test]
async fn thirty_restricted_tokens_that_thirty_environments_ask_for_at_once_are_no_more_than_amazon_allows() {
    let world = World::new().await;
    for partner in ["A1US", "A2US"] {
        world.cold_seller(partner).await;
        world.fresh().token_of(partner).await.unwrap();
    }
    let environments = world.environments(30);
    let requests: Vec<_> = (0..30).map(|number| of("A1US", number)).collect();

    let crowd = environments.iter().zip(&requests).map(|(environment, request)| environment.token(request));
    let other = world.fresh();
    let others = (0..5).map(|number| of("A2US", number)).collect::<Vec<_>>();
    let asked =
        async { tokio::join!(join_all(crowd), join_all(others.iter().map(|request| other.token(request)))) };
    let began = std::time::Instant::now();
    let (outcomes, others) = in_slow_motion(asked).await;
    let took = began.elapsed();

    for outcome in &others {
        token(outcome);
    }
    let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(served >= 10, "{served} were served, of which two waited");
    assert!(served as u64 <= 10 + took.as_secs(), "{served} were served in {took:?}");
    assert_eq!(world.restricted_calls().await, served as u64 + 5, "Amazon refused none");
    let late = outcomes.iter().position(Result::is_err).unwrap();
    let wait = seconds_to_wait(&outcomes[late]);
    assert!((1..=10).contains(&wait), "{wait} s");

    world.advance(wait).await;
    token(&environments[late].token(&requests[late]).await);
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn a_refusal_of_amazon_makes_all_environments_wait_as_long_as_it_says_and_no_other_partner() {
    let world = World::new().await;
    for partner in ["A1US", "A2US"] {
        world.cold_seller(partner).await;
        world.fresh().token_of(partner).await.unwrap();
    }
    world.fault("sp-api", "throttle", json!({"retryAfter": 30})).await;
    assert_eq!(seconds_to_wait(&world.fresh().token(&of("A1US", 0)).await), 30);
    world.fault("sp-api", "none", json!({})).await;

    let other = world.fresh().token(&of("A1US", 1)).await;
    assert!((20..=30).contains(&seconds_to_wait(&other)), "{other:?}");
    assert_eq!(world.restricted_calls().await, 1, "Amazon was not asked for another token either");
    token(&world.fresh().token(&of("A2US", 1)).await);

    world.advance(31).await;
    token(&world.fresh().token(&of("A1US", 1)).await);
    token(&world.fresh().token(&of("A1US", 0)).await);
}

#[tokio::test]
async fn the_rate_that_an_answer_of_amazon_names_holds_from_then_on_for_all_environments() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let key = format!("turns#{}#na#A1US", world.application());
    let row = [("token_key", text(&key)), ("full_at_ms", number(0)), ("interval_ms", number(60_000))];
    let put = Client::new(&world.stack.sdk_config()).put_item().table_name("spapi-auth-access-tokens");
    let row = row.map(|(name, value)| (name.to_owned(), value)).into();
    put.set_item(Some(row)).send().await.unwrap();

    // The simulated Amazon names its rate of one a second.
    token(&world.fresh().token(&of("A1US", 0)).await);

    let row = world.row("spapi-auth-access-tokens", ("token_key", &key)).await.unwrap();
    assert_eq!(row["interval_ms"], number(1000));
}

#[tokio::test]
async fn who_has_no_time_to_wait_for_a_turn_is_answered_in_time() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    environment.token_of("A1US").await.unwrap();
    let requests: Vec<_> = (0..30).map(|number| of("A1US", number)).collect();
    let limit = Duration::from_millis(1900);

    let hurried = async {
        let began = tokio::time::Instant::now();
        let asked = requests.iter().map(|request| environment.token_within(request, limit));
        (join_all(asked).await, began.elapsed())
    };
    let (outcomes, took) = in_slow_motion(hurried).await;

    assert!(took < limit, "{took:?}");
    let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!((8..30).contains(&served), "{served} were served");
    for refused in outcomes.iter().filter(|outcome| outcome.is_err()) {
        assert!(seconds_to_wait(refused) > 0);
    }
}
