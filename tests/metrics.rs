//! What CloudWatch receives: every metric through the front door, and every line as the embedded metric format wants it.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use local::metrics::Statistic;
use serde_json::{Value, json};

use crate::support::world::World;

mod format;
mod refresher;
mod rotation;

const DAY: u32 = 24 * 3600;

impl World {
    /// A metric of one thing, if it was ever measured.
    pub(crate) fn measured(&self, metric: &str, (dimension, value): (&str, &str)) -> Option<Statistic> {
        let is_it = |statistic: &Statistic| {
            statistic.metric == metric
                && statistic.dimensions.iter().eq([(&dimension.to_owned(), &value.to_owned())])
        };
        self.stack.metrics().into_iter().find(is_it)
    }

    /// How often something was counted.
    pub(crate) fn counted(&self, metric: &str, of: (&str, &str)) -> u64 {
        self.measured(metric, of).map_or(0, |statistic| u64::try_from(statistic.sum).unwrap())
    }

    /// How often a function called Login with Amazon.
    pub(crate) fn lwa_calls(&self, of: (&str, &str)) -> u64 {
        self.measured("LwaLatency", of).map_or(0, |calls| calls.samples)
    }

    pub(crate) async fn connect(&self, partner: &str) {
        assert!(self.browser().website("US", "seller", partner).await.is_connected());
    }
}

const GET: (&str, &str) = ("Function", "get-access-token");
const CALLBACK: (&str, &str) = ("Function", "code-exchange");
const LOGIN: (&str, &str) = ("Function", "login-uri");

#[tokio::test]
async fn tokens_are_counted_as_cached_or_fetched_and_calls_to_amazon_are_timed() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    assert_eq!(world.lwa_calls(CALLBACK), 1, "the exchange of the code");
    world.fault("token", "latency", json!({"milliseconds": 300, "times": 1})).await;
    let caller = world.caller();

    caller.token_of("A1US", "na").await.unwrap();
    assert_eq!((world.counted("CacheMisses", GET), world.counted("CacheHits", GET)), (1, 0));
    for _ in 0..5 {
        caller.token_of("A1US", "na").await.unwrap();
    }
    world.advance(61).await;
    caller.token_of("A1US", "na").await.unwrap();

    assert_eq!((world.counted("CacheMisses", GET), world.counted("CacheHits", GET)), (1, 6));
    assert_eq!((world.lwa_calls(GET), world.counted("LwaFailures", GET)), (1, 0));
    let latency = world.measured("LwaLatency", GET).unwrap();
    assert_eq!((latency.unit.as_str(), latency.samples), ("Milliseconds", 1));
    assert!((300..5000).contains(&latency.sum), "{latency:?}");
}

#[tokio::test]
async fn a_restricted_token_is_one_token_fetched_whatever_it_is_bought_with() {
    let world = World::new().await;
    world.connect("A1US").await;
    let request = json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": [
        {"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]});

    world.caller().token(&request).await.unwrap();

    assert_eq!((world.counted("CacheMisses", GET), world.counted("CacheHits", GET)), (1, 0));
}

#[tokio::test]
async fn an_amazon_that_does_not_answer_counts_as_its_failure_and_one_that_refuses_does_not() {
    for (fault, more) in
        [("http_error", json!({"status": 503})), ("throttle", json!({})), ("html", json!({}))]
    {
        let world = World::new().await;
        world.cold_seller("A1US").await;
        world.fault("token", fault, more).await;

        world.caller().token_of("A1US", "na").await.unwrap_err();

        let calls = world.lwa_calls(GET);
        assert!(calls >= 1);
        assert_eq!(world.counted("LwaFailures", GET), calls, "{fault}");
        assert_eq!((world.counted("CacheMisses", GET), world.counted("CacheHits", GET)), (0, 0));
    }
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.control("partner/A1US/revoke", json!({})).await;
    world.caller().token_of("A1US", "na").await.unwrap_err();
    assert_eq!((world.lwa_calls(GET), world.counted("LwaFailures", GET)), (1, 0));
    assert_eq!(world.counted("Internal", GET), 0, "nor is it an internal error");
}

#[tokio::test]
async fn a_refused_client_secret_is_counted_by_each_function_that_meets_it() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", "A2US").await;
    world.fault("token", "invalid_client", json!({})).await;

    let failure = world.caller().token_of("A1US", "na").await.unwrap_err();
    assert_eq!(failure.error_type, "ApplicationCredentialsRejected");
    assert_eq!(world.counted("ApplicationCredentialsRejected", GET), 1);

    assert_eq!(browser.open(&callback).await.support_code(), Some("APPLICATION_REFUSED"));
    assert_eq!(world.counted("ApplicationCredentialsRejected", CALLBACK), 1);

    assert_eq!((world.counted("Internal", GET), world.counted("Internal", CALLBACK)), (0, 0));
}

#[tokio::test]
async fn an_internal_error_is_counted_by_the_function_that_answers() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let secret = format!("spapi-auth/{}", world.application());
    let client = aws_sdk_secretsmanager::Client::new(&world.stack.sdk_config());
    client.put_secret_value().secret_id(secret).secret_string("garbage").send().await.unwrap();
    let application = AttributeValue::S("amzn1.sp.solution.broken".to_owned());
    let tables = aws_sdk_dynamodb::Client::new(&world.stack.sdk_config());
    let broken = tables.put_item().table_name("spapi-auth-applications").item("application_id", application);
    broken.send().await.unwrap();

    assert_eq!(world.caller().token_of("A1US", "na").await.unwrap_err().error_type, "Internal");
    assert_eq!(world.counted("Internal", GET), 1);

    let url = world.site("/authorize?marketplace=US&type=seller&application=amzn1.sp.solution.broken");
    assert_eq!(world.browser().open(&url).await.support_code(), Some("INTERNAL"));
    assert_eq!(world.counted("Internal", LOGIN), 1);

    assert_eq!(world.caller().refusal(&json!({})).await, "InvalidRequest");
    assert_eq!(
        world.browser().open(&world.site("/authorize?marketplace=XX")).await.support_code(),
        Some("BAD_LINK")
    );
    assert_eq!((world.counted("Internal", GET), world.counted("Internal", LOGIN)), (1, 1));
}

#[tokio::test]
async fn the_control_call_returns_what_was_measured() {
    let world = World::new().await;
    world.connect("A1US").await;

    let url = format!("http://127.0.0.1:{}/_control/metrics", world.stack.ports().amazon);
    let measured: Vec<Value> = world.http().get(url).send().await.unwrap().json().await.unwrap();

    let calls = measured.iter().find(|metric| metric["metric"] == "LwaLatency").unwrap();
    let took = &calls["sum"];
    assert!(took.as_i64().is_some_and(|took| took >= 0), "{calls}");
    assert_eq!(
        *calls,
        json!({"metric": "LwaLatency", "dimensions": {"Function": "code-exchange"}, "unit": "Milliseconds",
            "sum": took, "samples": 1, "minimum": took, "maximum": took, "latest": took})
    );
}

#[tokio::test]
async fn an_invocation_is_one_line_at_most_with_the_time_that_it_was_given_and_also_if_it_fails() {
    let world = World::new().await;
    world.advance(90 * DAY).await;
    world.connect("A1US").await;
    world.advance(3600).await;
    let new_lines = |before: usize| {
        let lines = world.stack.metric_lines();
        let lines = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["Function"] == GET.1).skip(before).collect::<Vec<_>>()
    };
    let before = new_lines(0).len();
    let at = world.stack.clock().now();

    world.caller().token_of("A1US", "na").await.unwrap();

    let lines = new_lines(before);
    assert_eq!(lines.len(), 1);
    let written = Timestamp::from_millisecond(lines[0]["_aws"]["Timestamp"].as_i64().unwrap()).unwrap();
    assert!((0..10).contains(&written.duration_since(at).as_secs()), "{written} {at}");
    world.advance(3600).await;
    world.fault("token", "html", json!({})).await;
    world.caller().token_of("A1US", "na").await.unwrap_err();
    let lines = new_lines(before + 1);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["LwaFailures"], lines[0]["LwaLatency"].as_array().map_or(1, Vec::len));
    for _ in 0..10 {
        world.caller().token(&json!({})).await.unwrap_err();
    }
    assert_eq!(new_lines(before + 2).len(), 0, "what counts nothing writes nothing");
}
