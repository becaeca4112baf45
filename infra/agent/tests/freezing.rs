//! A frozen agent: its clocks stand still or jump, its connections are dead, and then it is asked.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;
use reqwest::Client;
use serde_json::Value;

use crate::support::{
    fake::{Answers, FakeLambda},
    here::{Here, KEY, client},
    process::Process,
};

/// The tokens that fifty callers get, all within four seconds: none waits for the end of a dead call.
async fn fifty(port: u16) -> Vec<String> {
    let (http, asked_at) = (client(), Instant::now());
    let answers = join_all((0..50).map(|_| token(&http, port))).await;
    assert!(asked_at.elapsed() < Duration::from_secs(4), "{:?}", asked_at.elapsed());
    answers
}

async fn token(http: &Client, port: u16) -> String {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "na:A3FH"), ("client_secret", KEY)];
    let answer =
        http.post(format!("http://127.0.0.1:{port}/auth/o2/token")).form(&fields).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.unwrap();
    assert!(answer["expires_in"].as_i64().unwrap() > 0, "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Only the wall clock moves, as after a freeze that stops the monotonic clock.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_freeze_of_two_hours_with_a_flight_fifty_callers_get_new_tokens() {
    let here = Arc::new(Here::start().await);
    assert_eq!(here.refresh("na:A3FH").await.0, 200);
    here.advance(3500);
    here.lambda.answers(Answers::Silence);
    let waiting = tokio::spawn({
        let here = Arc::clone(&here);
        async move { here.refresh("na:A3FH").await }
    });
    here.lambda.until(2).await;

    here.advance(7200);
    here.lambda.answers(Answers::Token(3600));

    assert!(fifty(here.port).await.iter().all(|token| token == "Atza|3"));
    assert_eq!(waiting.await.unwrap().1["access_token"], "Atza|3", "who waited joins the new flight");
    assert_eq!(here.lambda.count(), 3);
}

/// The other side has closed it meanwhile, and this side has not heard of that.
#[tokio::test]
async fn a_connection_that_was_not_used_for_five_seconds_of_the_wall_clock_is_not_used_again() {
    let here = Here::start().await;
    for (partner, seconds_before, connections) in
        [("A1", 0, 1), ("A2", 2, 1), ("A3", 6, 2), ("A4", 7200, 3), ("A5", -60, 4)]
    {
        here.advance(seconds_before);
        assert_eq!(here.refresh(partner).await.0, 200);
        assert_eq!(here.lambda.connections(), connections, "{partner}, {seconds_before} s later");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_stopped_for_longer_than_a_token_lives_hands_out_good_tokens() {
    let lambda = FakeLambda::start().await;
    lambda.answers(Answers::Token(5));
    let agent = Process::start(&lambda, |_| {}).await;
    assert_eq!(token(&client(), agent.port).await, "Atza|1");

    agent.signal("STOP").await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    agent.signal("CONT").await;

    assert!(fifty(agent.port).await.iter().all(|token| token != "Atza|1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_stopped_with_a_flight_makes_another() {
    let lambda = FakeLambda::start().await;
    lambda.answers(Answers::Silence);
    let agent = Process::start(&lambda, |_| {}).await;
    let port = agent.port;
    let waiting = tokio::spawn(async move { token(&client(), port).await });
    lambda.until(1).await;

    agent.signal("STOP").await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    lambda.answers(Answers::Token(3600));
    agent.signal("CONT").await;

    assert!(fifty(port).await.iter().all(|token| token == "Atza|2"));
    assert_eq!(waiting.await.unwrap(), "Atza|2");
    assert_eq!(lambda.count(), 2);
}
