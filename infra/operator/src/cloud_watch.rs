//! What the functions measured, from CloudWatch: the request for a day, and how its answer is read.
//!
//! It is one operation, so it goes over the HTTP client and the signatures of the AWS crates that are here anyway. `aws-sdk-cloudwatch` would
//! bring ten more crates and have every other AWS crate of the workspace built with one more feature.

use console::{Day, Measure, Series};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{failure::Failure, functions::Functions};

mod call;

/// Reads the 24 hours up to `now`.
pub(crate) async fn last_day(functions: &Functions, now: Timestamp) -> Result<Day, Failure> {
    let day = Day::until(now);
    let answer = call::get_metric_data(functions.config(), &request(functions.prefix(), &day)).await?;
    read(answer, day)
}

/// What is asked for: each series, of each function that writes its metric.
fn wanted() -> impl Iterator<Item = (Series, &'static str)> {
    Series::ALL
        .into_iter()
        .flat_map(|series| series.functions().iter().map(move |function| (series, *function)))
}

/// The input of `GetMetricData`. An id is the place in [`wanted`].
fn request(prefix: &str, day: &Day) -> Value {
    let namespace = prefix.strip_suffix('-').unwrap_or(prefix);
    let query = |(place, (series, function)): (usize, (Series, &str))| {
        let statistic = match series.measure() {
            Measure::Sum => "Sum",
            Measure::Samples => "SampleCount",
            Measure::Maximum => "Maximum",
        };
        json!({
            "Id": format!("m{place}"),
            "MetricStat": {
                "Metric": {
                    "Namespace": namespace,
                    "MetricName": series.metric(),
                    "Dimensions": [{ "Name": "Function", "Value": function }],
                },
                "Period": 3600,
                "Stat": statistic,
            },
        })
    };
    json!({
        "MetricDataQueries": wanted().enumerate().map(query).collect::<Vec<_>>(),
        "StartTime": day.from().as_second(),
        "EndTime": day.end().as_second(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    metric_data_results: Vec<Points>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Points {
    id: String,
    status_code: String,
    /// Seconds since 1970.
    timestamps: Vec<f64>,
    values: Vec<f64>,
}

/// Adds an answer of `GetMetricData` to a day without values.
fn read(answer: Value, mut day: Day) -> Result<Day, Failure> {
    let not_understood = |what: String| Failure::NotUnderstood(format!("CloudWatch: {what}"));
    let answer: Answer = serde_json::from_value(answer).map_err(|error| not_understood(error.to_string()))?;
    let wanted: Vec<_> = wanted().collect();
    for Points { id, status_code, timestamps, values } in answer.metric_data_results {
        if status_code != "Complete" {
            return Err(not_understood(format!("{status_code} in place of all values")));
        }
        let place = id.strip_prefix('m').and_then(|place| place.parse::<usize>().ok());
        let Some((series, _)) = place.and_then(|place| wanted.get(place)) else {
            return Err(not_understood(format!("the id {id} is not one of the request")));
        };
        for (at, value) in timestamps.into_iter().zip(values) {
            let at = i64::try_from(whole(at)).ok().and_then(|second| Timestamp::from_second(second).ok());
            day.add(*series, at.ok_or_else(|| not_understood(format!("a time of {id}")))?, whole(value));
        }
    }
    Ok(day)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts, milliseconds and seconds since 1970 are far from either end"
)]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[cfg(test)]
mod tests;
