//! Alarms and graphs ask for metrics as the functions write them: a misspelt dimension would never raise an alarm. `infra/README.md`
//! describes every alarm and every metric.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use console::Series;
use shared::{aws::metrics::Metric, grant::Status};

use super::{
    deployment::{Deployment, source},
    permissions::granted,
};

/// The dimension of each metric, by name.
fn written() -> BTreeMap<&'static str, &'static str> {
    let application = || "amzn1.sp.solution.1".parse().unwrap();
    let metrics = [
        Metric::Internal,
        Metric::ApplicationCredentialsRejected,
        Metric::LwaFailures,
        Metric::LwaLatency,
        Metric::CacheHits,
        Metric::CacheMisses,
        Metric::RefreshFailed("Throttled"),
        Metric::DueLag,
        Metric::GrantsSeen(Status::Active.as_str()),
        Metric::GrantsNeedingAttention(application()),
        Metric::RefusalsDisbelieved,
        Metric::LastingRefusals,
        Metric::GrantsRepaired,
        Metric::GrantsUnreadable,
        Metric::CodesRefused(application()),
        Metric::CodesHeldBack(application()),
        Metric::RefreshTokensLost,
        Metric::DaysToNearestRenewal(application()),
        Metric::ClientSecretDaysLeft(application()),
        Metric::ClientSecretDaysLate(application()),
        Metric::ClientSecretExpiryDoubted(application()),
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

/// The texts between two marks, at every position.
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
        let dimension = query.split("SCHEMA(\"${Stack}\", \"").nth(1).unwrap();
        (name, dimension)
    });
    // CloudWatch wants quotes around a namespace with a hyphen (its chapter "search expression syntax").
    let graphs = between(&template, "SEARCH('", "\\\"'").map(|search| {
        let search =
            search.strip_prefix("{\\\"${Stack}\\\",").unwrap_or_else(|| panic!("without quotes: {search}"));
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
        "ClientSecretDaysLate",
        "RotationDidNotCome",
        "GrantsNeedingAttention",
        "DueLag",
        "LwaFailures",
    ] {
        assert!(asked.iter().any(|(name, _)| *name == alarming), "no graph or alarm asks for {alarming}");
    }
}

#[test]
fn the_console_asks_for_metrics_as_the_functions_write_them_and_of_all_that_call_amazon() {
    for series in Series::ALL {
        assert_eq!(written().get(series.metric()), Some(&"Function"), "{series:?}");
    }
    let kebab = |id: &str| {
        id.chars().enumerate().fold(String::new(), |name, (place, letter)| {
            let hyphen = if letter.is_uppercase() && place > 0 { "-" } else { "" };
            name + hyphen + &letter.to_lowercase().to_string()
        })
    };
    // Login with Amazon is called with a client secret.
    let callers: BTreeSet<_> = granted()
        .into_iter()
        .filter(|(_, action, _)| action == "secretsmanager:GetSecretValue")
        .map(|(function, ..)| kebab(&function))
        .collect();
    let asked: BTreeSet<_> = Series::Calls.functions().iter().map(ToString::to_string).collect();
    assert_eq!(asked, callers);
}

/// The names in backticks in the first column of a chapter's table.
fn described<'t>(readme: &'t str, chapter: &str) -> BTreeSet<&'t str> {
    let (_, text) = readme.split_once(&format!("\n## {chapter}\n")).unwrap();
    let chapter = text.split("\n## ").next().unwrap_or_default();
    let rows = chapter.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    rows.flat_map(|names| names.split('`').step_by(2)).filter(|name| !name.is_empty()).collect()
}

#[test]
fn the_readme_describes_every_alarm_and_every_metric() {
    let readme = source("infra/README.md");
    let alarms = Deployment::read().of_type("AWS::CloudWatch::Alarm");

    let alarms: BTreeSet<_> = alarms.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(described(&readme, "Alarms"), alarms, "left is the README, right the template");
    let metrics: BTreeSet<_> = written().into_keys().collect();
    assert_eq!(described(&readme, "Metrics"), metrics, "left is the README, right the code");
}
