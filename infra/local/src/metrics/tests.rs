use jiff::SignedDuration;
use shared::aws::metrics::Metric;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The day that has these values, each in its hour.
fn day(now: Timestamp, values: &[(Series, Timestamp, u64)]) -> Day {
    let mut day = Day::until(now);
    for (series, at, value) in values {
        day.add(*series, *at, *value);
    }
    day
}

#[test]
fn what_functions_measure_is_in_its_hour_over_all_functions() {
    let cloud_watch = CloudWatch::default();
    let (vending, refresher) =
        (cloud_watch.metrics_of("get-access-token"), cloud_watch.metrics_of("token-refresher"));
    let (before, now) = (at("2026-11-22T12:59:59Z"), at("2026-11-22T13:00:00Z"));

    vending.count(Metric::CacheMisses);
    vending.record(Metric::LwaLatency, 90);
    vending.write("get-access-token", before);
    refresher.record(Metric::LwaLatency, 300);
    refresher.record(Metric::LwaLatency, 110);
    refresher.write("token-refresher", before);
    vending.count(Metric::CacheHits);
    vending.write_all("get-access-token", now);

    let expected = day(
        now,
        &[
            (Series::Fetched, before, 1),
            (Series::Refreshed, before, 2),
            (Series::Calls, before, 3),
            (Series::Milliseconds, before, 500),
            (Series::Longest, before, 300),
            (Series::Stored, now, 1),
        ],
    );
    assert_eq!(cloud_watch.last_day(now), expected);
}

#[test]
fn hits_that_wait_to_be_written_are_counted_when_somebody_looks() {
    let cloud_watch = CloudWatch::default();
    let metrics = cloud_watch.metrics_of("get-access-token");
    let now = at("2026-11-22T13:00:00Z");
    for second in 0..3 {
        metrics.count(Metric::CacheHits);
        metrics.write("get-access-token", now + SignedDuration::from_secs(second));
    }

    assert_eq!(cloud_watch.last_day(now), day(now, &[(Series::Stored, now, 3)]));
}

#[test]
fn only_the_hours_of_a_day_are_stored() {
    let cloud_watch = CloudWatch::default();
    let metrics = cloud_watch.metrics_of("get-access-token");
    let mut now = at("2026-11-22T13:00:00Z");
    for _ in 0..100 {
        now += SignedDuration::from_hours(1);
        metrics.count(Metric::CacheMisses);
        metrics.write("get-access-token", now);
    }

    assert_eq!(cloud_watch.received.lock().hours.len(), HOURS);
    let hours: Vec<_> =
        (0..24).map(|back| (Series::Fetched, now - SignedDuration::from_hours(back), 1)).collect();
    assert_eq!(cloud_watch.last_day(now), day(now, &hours));
    assert_eq!(cloud_watch.statistics(now)[0].sum, 100, "the sum since the start has them all");
}
