use console::HOURS;

use super::*;

fn now() -> Timestamp {
    "2026-11-22T13:30:00Z".parse().unwrap()
}

/// The id under which a series of a function is asked for.
fn id(series: Series, function: &str) -> String {
    format!("m{}", wanted().position(|known| known == (series, function)).unwrap())
}

#[test]
fn the_request_is_for_24_whole_hours_of_every_series_and_function() {
    let asked = request("spapi-auth-staging-", &Day::until(now()));

    assert_eq!(asked["StartTime"], 1_795_269_600, "2026-11-21T14:00:00Z");
    assert_eq!(asked["EndTime"], 1_795_269_600 + 24 * 3600);
    let queries = asked["MetricDataQueries"].as_array().unwrap();
    assert_eq!(queries.len(), 3 + 3 * 5);
    assert_eq!(
        queries
            .iter()
            .map(|query| query["Id"].as_str().unwrap())
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        18
    );
    let longest = id(Series::Longest, "code-exchange");
    let query = queries.iter().find(|query| query["Id"] == longest.as_str()).unwrap();
    assert_eq!(
        *query,
        json!({"Id": longest, "MetricStat": {
            "Metric": {"Namespace": "spapi-auth-staging", "MetricName": "LwaLatency",
                "Dimensions": [{"Name": "Function", "Value": "code-exchange"}]},
            "Period": 3600, "Stat": "Maximum"}})
    );
}

/// The answer's form, with these points of each id: seconds after the beginning of the day, and values.
fn answer(points: &[(String, &[(i64, f64)])]) -> Value {
    let from = Day::until(now()).from().as_second();
    let results = points.iter().map(|(id, points)| {
        json!({"Id": id, "Label": "LwaLatency code-exchange", "StatusCode": "Complete",
            "Timestamps": points.iter().map(|(second, _)| from + second).collect::<Vec<_>>(),
            "Values": points.iter().map(|(_, value)| value).collect::<Vec<_>>()})
    });
    json!({"MetricDataResults": results.collect::<Vec<_>>(), "Messages": []})
}

#[test]
fn an_answer_is_added_up_over_functions_by_the_hour() {
    let last = 23 * 3600;
    let answer = answer(&[
        (id(Series::Stored, "get-access-token"), &[(last, 120.0), (0, 7.0)]),
        (id(Series::Calls, "code-exchange"), &[(last, 2.0)]),
        (id(Series::Calls, "token-refresher"), &[(last, 3.0)]),
        (id(Series::Longest, "code-exchange"), &[(last, 250.0)]),
        (id(Series::Longest, "token-refresher"), &[(last, 900.0)]),
        (id(Series::Refreshed, "token-refresher"), &[]),
    ]);

    let day = read(answer, Day::until(now())).unwrap();

    let mut expected = Day::until(now());
    expected.add(Series::Stored, now(), 120);
    expected.add(Series::Stored, expected.from(), 7);
    expected.add(Series::Calls, now(), 5);
    expected.add(Series::Longest, now(), 900);
    assert_eq!(day, expected);
}

#[test]
fn an_answer_that_is_not_whole_or_not_the_requests_is_no_day() {
    let whole = answer(&[(id(Series::Stored, "get-access-token"), &[(0, 7.0)])]);
    let mut partial = whole.clone();
    partial["MetricDataResults"][0]["StatusCode"] = json!("PartialData");
    let mut other = whole.clone();
    other["MetricDataResults"][0]["Id"] = json!("m99");
    for (answer, says) in
        [(partial, "PartialData"), (other, "m99"), (json!({}), "MetricDataResults"), (Value::Null, "Answer")]
    {
        let error = read(answer, Day::until(now())).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert!(read(whole, Day::until(now())).is_ok());
    assert_eq!(HOURS, 24);
}
