//! The custom metrics that a healthy stack sends, and the alarms, as CloudWatch bills them.
//!
//! A metric costs for each hour in which it is sent, an alarm for each metric that it watches, and an alarm that asks by a query for each
//! metric that the query finds.

use local::seed::FIRST_APPLICATION;
use shared::{aws::metrics::Metric, ids::ApplicationId};

use super::{HOURS, Use};
use crate::prices::{Unit, cost};

const TEMPLATE: &str = include_str!("../../../template.yaml");

/// Returns the cost of the metrics.
pub(super) fn metrics(of: &Use) -> f64 {
    cost(Unit::Metric, every().iter().map(|metric| sent(metric, of)).sum())
}

/// Returns the cost of the alarms.
pub(super) fn alarms(of: &Use) -> f64 {
    let watched = each_alarm().map(|alarm| match queried(alarm) {
        names if names.is_empty() => f64::from(listed(alarm)),
        names => names.iter().map(|name| found(name, of)).sum(),
    });
    cost(Unit::Alarm, watched.sum())
}

/// Returns what more the alarms would cost if a query that finds less than one metric cost as much as one that finds one.
pub(super) fn empty_queries(of: &Use) -> f64 {
    let missing = each_alarm().flat_map(queried).map(|name| (1.0 - found(name, of)).max(0.0));
    cost(Unit::Alarm, missing.sum())
}

/// Returns how many series of a metric a healthy stack with one application sends, each counted by the share of hours in which it does.
/// Trouble sends none.
fn sent(metric: &Metric, of: &Use) -> f64 {
    let a_day = if of.partners > 0.0 { 1.0 / 24.0 } else { 0.0 };
    match metric {
        // Every run of a shard, and every hour of the rotation.
        Metric::DueLag | Metric::ClientSecretDaysLeft(_) => 1.0,
        // Of the refresher, of requests that wait for Amazon, and of the exchange of codes.
        Metric::LwaLatency => {
            hours_with(of.refreshed()) + hours_with(of.fetched_on_demand()) + hours_with(of.authorized())
        }
        Metric::CacheHits => hours_with(of.vended()),
        Metric::CacheMisses => hours_with(of.fetched_on_demand()),
        // Tokens that are warm count in the first hour of a day, and the others when their daily check comes.
        Metric::GrantsSeen(_) => hours_with((of.partners - of.in_use()) * HOURS / 24.0).max(a_day),
        Metric::DaysToNearestRenewal(_) => a_day,
        Metric::Internal
        | Metric::ApplicationCredentialsRejected
        | Metric::LwaFailures
        | Metric::RefreshFailed(_)
        | Metric::GrantsNeedingAttention(_)
        | Metric::RefusalsDisbelieved
        | Metric::LastingRefusals
        | Metric::GrantsRepaired
        | Metric::GrantsUnreadable
        | Metric::CodesRefused(_)
        | Metric::CodesHeldBack(_)
        | Metric::RefreshTokensLost
        | Metric::ClientSecretDaysLate(_)
        | Metric::ClientSecretExpiryDoubted(_)
        | Metric::RotationDidNotCome(_) => 0.0,
    }
}

/// The metrics of a healthy stack.
fn every() -> [Metric; 7] {
    let application = || FIRST_APPLICATION.parse::<ApplicationId>().expect("the id of an application");
    [
        Metric::DueLag,
        Metric::ClientSecretDaysLeft(application()),
        Metric::LwaLatency,
        Metric::CacheHits,
        Metric::CacheMisses,
        Metric::GrantsSeen("active"),
        Metric::DaysToNearestRenewal(application()),
    ]
}

/// The share of hours in which something happens that happens so often a month, at any time.
fn hours_with(a_month: f64) -> f64 {
    1.0 - (-a_month / HOURS).exp()
}

/// How many series a query for a metric of this name finds on average.
fn found(name: &str, of: &Use) -> f64 {
    every().iter().filter(|metric| metric.described().0 == name).map(|metric| sent(metric, of)).sum()
}

/// The text of each alarm in the template.
fn each_alarm() -> impl Iterator<Item = &'static str> {
    // The resources of the template are two blanks deep, and what belongs to them is deeper.
    TEMPLATE.split("Type: AWS::CloudWatch::Alarm\n").skip(1).map(|text| {
        let end = text.find("\n\n").unwrap_or(text.len());
        &text[..end]
    })
}

/// The names of the metrics for which an alarm asks by queries.
fn queried(alarm: &'static str) -> Vec<&'static str> {
    alarm.split("'SELECT ").skip(1).filter_map(|query| query.split('"').nth(1)).collect()
}

/// How many metrics an alarm lists.
fn listed(alarm: &str) -> u8 {
    alarm.matches("MetricName: ").map(|_| 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alarm_of_the_template_watches_a_metric_and_two_watch_several() {
        let watched = |alarm| queried(alarm).len() + usize::from(listed(alarm));
        let several: Vec<_> = each_alarm().map(watched).collect();
        assert_eq!(several.len(), TEMPLATE.matches("Type: AWS::CloudWatch::Alarm").count());
        assert!(several.iter().all(|watched| *watched >= 1), "{several:?}");
        let functions = TEMPLATE.matches("Type: AWS::Serverless::Function\n").count();
        let mut more: Vec<_> = several.into_iter().filter(|watched| *watched > 1).collect();
        more.sort_unstable();
        assert_eq!(
            more,
            [2, functions],
            "calls to Amazon and their failures; the throttles of each function"
        );
    }

    #[test]
    fn a_metric_that_is_sent_all_the_time_costs_for_all_hours_and_one_of_once_a_day_for_one_in_24() {
        assert!(hours_with(1e6) > 0.999);
        let a_day = hours_with(30.4) * 24.0;
        assert!((0.9..1.0).contains(&a_day), "{a_day}");
        assert!(hours_with(0.0).abs() < f64::EPSILON);
    }
}
