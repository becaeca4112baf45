//! CloudWatch: `GetMetricData`, of what the functions measured, by the hour.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use winterbaume_core::MockResponse;

use crate::{aws::service, environment::STACK, metrics::CloudWatch};

/// The operation, in the JSON protocol.
pub(super) const GET_METRIC_DATA: &str = "GraniteServiceVersion20100801.GetMetricData";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetMetricData {
    metric_data_queries: Vec<Query>,
    /// Seconds since 1970.
    start_time: f64,
    end_time: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    id: String,
    metric_stat: MetricStat,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MetricStat {
    metric: Metric,
    period: u32,
    stat: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    namespace: String,
    #[serde(rename = "MetricName")]
    name: String,
    dimensions: Vec<Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension {
    name: String,
    value: String,
}

/// Answers the operation. As in CloudWatch, a metric that nothing has written has no values, and is no error.
pub(super) fn answer(cloud_watch: &CloudWatch, now: Timestamp, body: &Bytes) -> MockResponse {
    let request: GetMetricData = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(error) => return service::error(400, "SerializationException", &error.to_string()),
    };
    if request.metric_data_queries.iter().any(|query| query.metric_stat.period != 3600) {
        return service::error(
            400,
            "InvalidParameterValue",
            "The local stack has metrics by the hour (3600)",
        );
    }
    cloud_watch.collect(now);
    let results: Vec<Value> =
        request.metric_data_queries.iter().map(|query| result(cloud_watch, query, &request)).collect();
    MockResponse::json(200, json!({ "MetricDataResults": results, "Messages": [] }).to_string())
}

fn result(cloud_watch: &CloudWatch, query: &Query, request: &GetMetricData) -> Value {
    let MetricStat { metric, stat, .. } = &query.metric_stat;
    let dimensions: BTreeMap<_, _> =
        metric.dimensions.iter().map(|of| (of.name.clone(), of.value.clone())).collect();
    let hours =
        if metric.namespace == STACK { cloud_watch.hours(&metric.name, &dimensions) } else { Vec::new() };
    let (mut timestamps, mut values) = (Vec::new(), Vec::new());
    // The newest is the first, unless the request says otherwise.
    for (second, statistic) in hours.into_iter().rev() {
        let value = match stat.as_str() {
            "Sum" => json!(statistic.sum),
            "SampleCount" => json!(statistic.samples),
            "Minimum" => json!(statistic.minimum),
            "Maximum" => json!(statistic.maximum),
            _ => continue,
        };
        if (request.start_time..request.end_time).contains(&second) {
            timestamps.push(second);
            values.push(value);
        }
    }
    json!({
        "Id": query.id, "Label": metric.name, "StatusCode": "Complete", "Timestamps": timestamps, "Values": values,
    })
}
