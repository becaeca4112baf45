//! Alarms and graphs ask for metrics as the functions write them: a misspelt dimension would never raise an alarm.

use std::{collections::BTreeMap, fs};

use shared::{aws::metrics::Metric, grant::Status};

/// The dimension of each metric, by name.
fn written() -> BTreeMap<&'static str, &'static str> {
    let application = || "amzn1.sp.solution.1".parse().unwrap();
    let metrics = [
        Metric::Internal,
        Metric::ApplicationCredentialsRejected,
        Metric::LwaCalls,
        Metric::LwaFailures,
        Metric::LwaLatency,
        Metric::CacheHits,
        Metric::CacheMisses,
        Metric::TokensRefreshed,
        Metric::RefreshFailed("Throttled"),
        Metric::DueLag,
        Metric::GrantsSeen(Status::Active.as_str()),
        Metric::GrantsNeedingAttention(application()),
        Metric::RefusalsDisbelieved,
        Metric::DaysToNearestRenewal(application()),
        Metric::ClientSecretDaysLeft(application()),
        Metric::RotationDidNotCome(application()),
    ];
    metrics
        .iter()
        .map(|metric| {
            let (name, _, (dimension, _)) = metric.described();
            (name, dimension)
        })
        .collect()
}

/// What stands between two marks, wherever they stand.
fn between<'t>(text: &'t str, before: &'t str, after: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split_once(after).map(|(found, _)| found))
}

#[test]
fn every_alarm_and_graph_asks_for_a_metric_as_the_functions_write_it() {
    let template =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/template.yaml")).unwrap();
    let written = written();
    let alarms = between(&template, "'SELECT ", "\")'").map(|query| {
        let name = query.split('"').nth(1).unwrap();
        let dimension = query.split("SCHEMA(\"spapi-auth\", \"").nth(1).unwrap();
        (name, dimension)
    });
    let graphs = between(&template, "SEARCH('{spapi-auth,", "\\\"'").map(|search| {
        let (dimension, name) = search.split_once("} MetricName=\\\"").unwrap();
        (name, dimension)
    });
    let asked: Vec<_> = alarms.chain(graphs).collect();
    for (name, dimension) in &asked {
        assert_eq!(written.get(name), Some(dimension), "{name} of {dimension}");
    }
    for alarming in [
        "Internal",
        "ApplicationCredentialsRejected",
        "RefusalsDisbelieved",
        "ClientSecretDaysLeft",
        "RotationDidNotCome",
        "GrantsNeedingAttention",
        "DueLag",
        "LwaFailures",
    ] {
        assert!(asked.iter().any(|(name, _)| *name == alarming), "nobody asks for {alarming}");
    }
}
