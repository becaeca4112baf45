use serde_json::{Value, json};

use super::*;

type Lines = Arc<Mutex<Vec<Value>>>;

fn read() -> (Metrics, Lines) {
    let lines = Lines::default();
    let written = Arc::clone(&lines);
    let metrics = Metrics::written_by("spapi-auth", move |line| {
        assert!(!line.contains('\n'));
        written.lock().unwrap().push(serde_json::from_str(line).unwrap());
    });
    (metrics, lines)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millisecond((1_800_000_000 + second) * 1000 + 7).unwrap()
}

fn taken(lines: &Lines) -> Vec<Value> {
    mem::take(&mut *lines.lock().unwrap())
}

#[test]
fn an_invocation_is_one_line_with_a_directive_for_each_dimension() {
    let (metrics, lines) = read();
    {
        let _invocation = metrics.invocation("token-refresher", at(0));
        metrics.count(Metric::LwaFailures);
        metrics.add(Metric::LwaFailures, 2);
        metrics.record(Metric::LwaLatency, 90);
        metrics.record(Metric::LwaLatency, 110);
        metrics.count(Metric::GrantsSeen("disabled"));
        assert!(taken(&lines).is_empty(), "nothing before the end");
    }

    let expected = json!({
        "_aws": {"Timestamp": 1_800_000_000_007_i64, "CloudWatchMetrics": [
            {"Namespace": "spapi-auth", "Dimensions": [["Function"]], "Metrics": [
                {"Name": "LwaFailures", "Unit": "Count"}, {"Name": "LwaLatency", "Unit": "Milliseconds"}]},
            {"Namespace": "spapi-auth", "Dimensions": [["Status"]], "Metrics": [
                {"Name": "GrantsSeen", "Unit": "Count"}]},
        ]},
        "Function": "token-refresher", "Status": "disabled",
        "LwaFailures": 3, "LwaLatency": [90, 110], "GrantsSeen": 1,
    });
    assert_eq!(taken(&lines), [expected]);
    drop(metrics.invocation("token-refresher", at(1)));
    assert!(taken(&lines).is_empty(), "what was written is not written again");
}

#[test]
fn a_dimension_with_two_values_makes_a_second_line_of_that_alone() {
    let (metrics, lines) = read();
    metrics.add(Metric::RefreshFailed("GrantRefused"), 3);
    metrics.add(Metric::RefreshFailed("Throttled"), 5);
    metrics.count(Metric::LastingRefusals);

    metrics.write("token-refresher", at(0));

    let lines = taken(&lines);
    let summary =
        |line: &Value| (line["Class"].clone(), line["RefreshFailed"].clone(), line["Function"].clone());
    assert_eq!(summary(&lines[0]), (json!("GrantRefused"), json!(3), json!("token-refresher")));
    assert_eq!(summary(&lines[1]), (json!("Throttled"), json!(5), Value::Null));
    assert_eq!(lines.len(), 2);
}

#[test]
fn of_more_than_a_hundred_values_each_is_written() {
    let (metrics, lines) = read();
    for value in 0..250 {
        metrics.record(Metric::LwaLatency, value);
    }
    metrics.count(Metric::Internal);

    metrics.write("token-refresher", at(0));

    let lines = taken(&lines);
    let values = lines.iter().map(|line| line["LwaLatency"].as_array().unwrap());
    assert_eq!(values.clone().map(Vec::len).collect::<Vec<_>>(), [100, 100, 50]);
    assert!(values.flatten().map(|value| value.as_i64().unwrap()).eq(0..250));
    assert!(lines.iter().all(|line| line["Function"] == "token-refresher"), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line["Internal"] == 1).count(), 1);
}

#[test]
fn hits_alone_wait_for_a_minute_and_everything_else_takes_them_along() {
    let (metrics, lines) = read();
    let hit_at = |second| {
        let _invocation = metrics.invocation("get-access-token", at(second));
        metrics.count(Metric::CacheHits);
    };

    hit_at(0);
    assert_eq!(
        taken(&lines)[0]["CacheHits"],
        1,
        "the first at once, or a seldom used function would tell nothing"
    );
    for second in 1..60 {
        hit_at(second);
    }
    assert!(taken(&lines).is_empty());
    hit_at(60);
    assert_eq!(taken(&lines)[0]["CacheHits"], 60);
    hit_at(61);
    metrics.count(Metric::CacheMisses);
    metrics.write("get-access-token", at(61));
    assert_eq!(taken(&lines)[0]["CacheHits"], 1);
    // A clock that was set back holds nothing up.
    hit_at(0);
    assert_eq!(taken(&lines).len(), 1);
}

#[tokio::test]
async fn a_panic_is_written_and_counts_as_an_internal_error() {
    let (metrics, lines) = read();
    let panics = tokio::spawn(async move {
        let _invocation = metrics.invocation("login-uri", at(0));
        metrics.count(Metric::LwaFailures);
        tokio::task::yield_now().await;
        panic!("on purpose");
    });

    assert!(panics.await.unwrap_err().is_panic());
    let line = taken(&lines).remove(0);
    assert_eq!((line["Internal"].clone(), line["LwaFailures"].clone()), (json!(1), json!(1)));
}

#[test]
fn a_day_that_has_begun_is_not_whole() {
    let day = 24 * 3600;
    assert_eq!(whole_days(at(0), at(30 * day)), 30);
    assert_eq!(whole_days(at(0), at(30 * day - 1)), 29);
    assert_eq!(whole_days(at(0), at(-1)), -1);
}
