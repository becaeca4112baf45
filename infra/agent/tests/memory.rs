//! Which tokens are handed out from memory, and which failures a token survives.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{
    fake::Answers,
    here::{Here, KEY},
};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_callers_of_one_cold_token_cost_one_invocation() {
    let here = std::sync::Arc::new(Here::start().await);
    here.lambda.takes(Duration::from_millis(300));

    let callers: Vec<_> = (0..200)
        .map(|_| {
            let here = std::sync::Arc::clone(&here);
            tokio::spawn(async move { here.refresh("na:A3FH").await })
        })
        .collect();
    for caller in callers {
        let (status, answer) = caller.await.unwrap();
        assert_eq!((status.as_u16(), answer["access_token"].as_str()), (200, Some("Atza|1")));
    }

    assert_eq!(here.lambda.count(), 1);
}

/// The caller looks at the clock, and the invocation that it could join ends before it looks at the memory.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_arrives_just_after_the_look_at_the_clock_is_not_fetched_again() {
    let here = std::sync::Arc::new(Here::start().await);
    here.lambda.takes(Duration::from_millis(150));
    let first = tokio::spawn({
        let here = std::sync::Arc::clone(&here);
        async move { here.refresh("A1").await }
    });
    here.lambda.until(1).await;

    here.delay_after_the_next_look(400);
    assert_eq!(here.refresh("A1").await.1["access_token"], "Atza|1");
    assert_eq!(first.await.unwrap().1["access_token"], "Atza|1");
    assert_eq!(here.lambda.count(), 1);
}

#[tokio::test]
async fn a_token_is_confirmed_after_its_interval_and_replaced_before_its_end() {
    let here = Here::start().await;
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(here.refresh("A1").await.1["access_token"].clone());
        here.advance(600);
    }
    assert_eq!(tokens, ["Atza|1", "Atza|1", "Atza|2", "Atza|2"]);

    // A token of ten minutes has less than the six minutes that an SDK may use it, after five.
    here.lambda.answers(Answers::Token(600));
    assert_eq!(here.refresh("A2").await.1["expires_in"], 300);
    here.advance(200);
    assert_eq!(here.refresh("A2").await.1["access_token"], "Atza|3");
    here.advance(100);
    assert_eq!(here.refresh("A2").await.1["access_token"], "Atza|4");
}

#[tokio::test]
async fn a_token_with_a_short_life_says_so() {
    let here = Here::start().await;
    here.lambda.answers(Answers::Token(120));
    let life = here.refresh("A1").await.1["expires_in"].as_i64().unwrap();
    assert!((90..=120).contains(&life), "{life}");
}

#[tokio::test]
async fn get_returns_the_answer_of_the_function_with_the_real_life() {
    let here = Here::start().await;
    let query =
        "account=a%26b&region=na&minValidSeconds=100&operation=getOrders&dataElements=buyerInfo,buyerTaxInfo";
    let life = here.get(query).await.1["expiresIn"].as_i64().unwrap();
    assert!((3570..=3600).contains(&life), "{life}");
    here.advance(800);
    let (status, answer) = here.get(query).await;
    assert_eq!(status, 200);
    let life = answer["expiresIn"].as_i64().unwrap();
    assert!((2770..=2800).contains(&life), "{life}");
    assert_eq!(
        (answer["applicationId"].as_str(), answer["region"].as_str()),
        (Some("amzn1.sp.solution.1"), Some("na"))
    );
    let expected = json!({"account": "a&b", "region": "na", "minValidSeconds": 100, "operation": "getOrders",
        "dataElements": ["buyerInfo", "buyerTaxInfo"], "_function": "get-access-token:orders"});
    assert_eq!(here.lambda.invocations(), [expected]);
}

#[tokio::test]
async fn a_rejected_token_and_a_wish_for_a_newer_one_reach_the_function() {
    let here = Here::start().await;
    here.get("sellingPartnerId=A1").await;
    // printf 'Atza|1' | sha256sum
    let rejected =
        "sellingPartnerId=A1&rejectedToken=783cf7e9bc4a471b64de4a5143e88b52a5a0bc29237b723d629957590442ac14";
    assert_eq!(here.get(rejected).await.1["accessToken"], "Atza|2");
    assert_eq!(here.get(rejected).await.1["accessToken"], "Atza|2", "it is another by now");
    assert_eq!(here.get("sellingPartnerId=A1").await.1["accessToken"], "Atza|2");
    for _ in 0..2 {
        here.get("sellingPartnerId=A1&mintedAfter=2026-01-01T00:00:00Z").await;
    }
    assert_eq!(here.lambda.count(), 4);
}

#[tokio::test]
async fn what_says_nothing_about_the_grant_lets_a_good_token_be_handed_out() {
    let here = Here::start().await;
    here.refresh("A1").await;
    here.advance(901);
    for answers in [
        Answers::Function("AmazonThrottled"),
        Answers::Function("AmazonUnavailable"),
        Answers::Function("Internal"),
        Answers::Lambda(429, "TooManyRequestsException"),
        Answers::Lambda(500, "ServiceException"),
        Answers::Lambda(503, "ServiceUnavailableException"),
        Answers::Silence,
    ] {
        here.lambda.answers(answers);
        let before = here.lambda.count();
        let asked_at = Instant::now();
        let (status, answer) = here.refresh("A1").await;
        assert_eq!((status.as_u16(), answer["access_token"].as_str()), (200, Some("Atza|1")));
        assert_eq!(here.lambda.count(), before + 1, "it is asked first, and once");
        assert!(asked_at.elapsed() < Duration::from_secs(10));
    }
    here.lambda.answers(Answers::Function("AmazonUnavailable"));
    here.advance(2690);
    let (status, answer) = here.refresh("A1").await;
    assert_eq!(
        (status.as_u16(), answer["error"].as_str()),
        (503, Some("temporarily_unavailable")),
        "it has ended"
    );
}

#[tokio::test]
async fn every_other_failure_drops_the_token_immediately() {
    for answers in [
        Answers::Lambda(403, "AccessDeniedException"),
        Answers::Lambda(404, "ResourceNotFoundException"),
        Answers::Lambda(403, "ExpiredTokenException"),
        Answers::Function("AuthorizationDisabled"),
        Answers::Function("ReauthorizationRequired"),
        Answers::Function("RequestRefused"),
        Answers::Function("Runtime.ExitError"),
    ] {
        let here = Here::start().await;
        here.refresh("A1").await;
        here.advance(901);
        here.lambda.answers(answers);
        assert!(here.refresh("A1").await.0.as_u16() >= 400);
        here.lambda.answers(Answers::Function("Internal"));
        assert_eq!(here.refresh("A1").await.0, 500, "no token is left to be handed out");
    }
}

#[tokio::test]
async fn a_transient_failure_is_retried_where_no_token_is_there() {
    let here = Here::start().await;
    here.lambda.answers(Answers::Function("AmazonUnavailable"));
    let (answer, ()) = tokio::join!(here.refresh("A1"), async {
        here.lambda.until(1).await;
        here.lambda.answers(Answers::Token(3600));
    });
    assert_eq!((answer.0.as_u16(), here.lambda.count()), (200, 2));

    here.lambda.answers(Answers::Function("AmazonThrottled"));
    let asked_at = Instant::now();
    assert_eq!(here.refresh("A2").await.0, 503);
    assert!((Duration::from_secs(2)..Duration::from_secs(10)).contains(&asked_at.elapsed()));
}

#[tokio::test]
async fn a_caller_that_leaves_does_not_end_the_invocation() {
    let here = Here::start().await;
    here.lambda.takes(Duration::from_millis(400));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "A1"), ("client_secret", KEY)];
    assert!(here.post().form(&fields).timeout(Duration::from_millis(100)).send().await.is_err());
    assert_eq!(here.refresh("A1").await.0, 200);
    assert_eq!(here.lambda.count(), 1);
}
