//! Stands for CloudWatch: it reads the functions' lines in the embedded metric format and sums up each metric, since the start and
//! for each hour.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use console::{Day, HOURS, Measure, Series};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::aws::metrics::Metrics;

use crate::{environment::STACK, locked::Locked};

/// The number of lines that are stored.
const LINES: usize = 1000;

/// One metric with one set of dimensions, since the start of the stack or in one hour.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statistic {
    /// The name.
    pub metric: String,
    /// The dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// The unit, as CloudWatch names it.
    pub unit: String,
    /// The sum of all values.
    pub sum: i64,
    /// The number of values.
    pub samples: u64,
    /// The smallest value.
    pub minimum: i64,
    /// The largest value.
    pub maximum: i64,
    /// The last value.
    pub latest: i64,
}

/// The metrics of all functions. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct CloudWatch {
    received: Arc<Locked<Received>>,
    /// By the names of the functions.
    functions: Arc<Locked<BTreeMap<&'static str, Metrics>>>,
}

#[derive(Debug, Default)]
struct Received {
    since_start: Statistics,
    /// The latest hours in which something was measured, by their number since 1970.
    hours: BTreeMap<i64, Statistics>,
    lines: VecDeque<String>,
}

/// By name and dimensions.
type Statistics = BTreeMap<(String, BTreeMap<String, String>), Statistic>;

impl CloudWatch {
    /// Returns the metrics of this function, which write their lines here.
    pub(crate) fn metrics_of(&self, function: &'static str) -> Metrics {
        let new = || {
            let received = Arc::clone(&self.received);
            Metrics::written_by(STACK, move |line| received.lock().receive(line))
        };
        self.functions.lock().entry(function).or_insert_with(new).clone()
    }

    /// Has the functions write what waits to be written, as measured at `now`.
    pub(crate) fn collect(&self, now: Timestamp) {
        for (function, metrics) in self.functions.lock().iter() {
            metrics.write_all(function, now);
        }
    }

    /// Every metric up to `now`, by name.
    pub(crate) fn statistics(&self, now: Timestamp) -> Vec<Statistic> {
        self.collect(now);
        self.received.lock().since_start.values().cloned().collect()
    }

    /// What was measured in the 24 hours up to `now`.
    pub(crate) fn last_day(&self, now: Timestamp) -> Day {
        self.collect(now);
        self.received.lock().day(now)
    }

    /// What was measured of a metric with these dimensions in each of the latest hours: when the hour began, in seconds since 1970, and the sums.
    pub(crate) fn hours(&self, metric: &str, dimensions: &BTreeMap<String, String>) -> Vec<(f64, Statistic)> {
        let key = (metric.to_owned(), dimensions.clone());
        let received = self.received.lock();
        let hours = received.hours.iter().filter_map(|(hour, statistics)| {
            let began = f64::from(i32::try_from(*hour).ok()?) * 3600.0;
            Some((began, statistics.get(&key)?.clone()))
        });
        hours.collect()
    }

    /// The latest 1,000 lines, oldest first.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.received.lock().lines.iter().cloned().collect()
    }
}

impl Received {
    fn receive(&mut self, line: &str) {
        if self.lines.len() == LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line.to_owned());
        if self.add_line(line).is_none() {
            tracing::error!(line, "A line is not in the embedded metric format");
        }
    }

    /// Adds the values of a line. Returns `None` if the line does not follow the format.
    fn add_line(&mut self, line: &str) -> Option<()> {
        let root: Map<String, Value> = serde_json::from_str(line).ok()?;
        let metadata = Metadata::deserialize(root.get("_aws")?).ok()?;
        let hour = metadata.timestamp.div_euclid(HOUR_MILLIS);
        for Directive { dimensions, metrics } in &metadata.cloud_watch_metrics {
            for dimensions in dimensions {
                let of =
                    dimensions.iter().map(|name| Some((name.clone(), root.get(name)?.as_str()?.to_owned())));
                let of: BTreeMap<_, _> = of.collect::<Option<_>>()?;
                for definition in metrics {
                    let values = match root.get(&definition.name)? {
                        Value::Array(values) => {
                            values.iter().map(Value::as_i64).collect::<Option<Vec<_>>>()?
                        }
                        value => vec![value.as_i64()?],
                    };
                    for value in values {
                        add(&mut self.since_start, definition, &of, value);
                        add(self.hours.entry(hour).or_default(), definition, &of, value);
                    }
                }
            }
        }
        while self.hours.len() > HOURS {
            self.hours.pop_first();
        }
        Some(())
    }

    /// What was measured in the 24 hours up to `now`.
    fn day(&self, now: Timestamp) -> Day {
        let mut day = Day::until(now);
        for (hour, statistics) in &self.hours {
            let at = Timestamp::from_millisecond(hour * HOUR_MILLIS).unwrap_or_default();
            for statistic in statistics.values() {
                let function = statistic.dimensions.get("Function").map_or("", String::as_str);
                let is_of = |series: &Series| {
                    series.metric() == statistic.metric && series.functions().contains(&function)
                };
                for series in Series::ALL.into_iter().filter(is_of) {
                    day.add(series, at, statistic.measured(series.measure()));
                }
            }
        }
        day
    }
}

impl Statistic {
    fn measured(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Sum => u64::try_from(self.sum).unwrap_or_default(),
            Measure::Samples => self.samples,
            Measure::Maximum => u64::try_from(self.maximum).unwrap_or_default(),
        }
    }
}

fn add(statistics: &mut Statistics, definition: &Definition, of: &BTreeMap<String, String>, value: i64) {
    let nothing = || Statistic {
        metric: definition.name.clone(),
        dimensions: of.clone(),
        unit: definition.unit.clone(),
        sum: 0,
        samples: 0,
        minimum: value,
        maximum: value,
        latest: value,
    };
    let statistic = statistics.entry((definition.name.clone(), of.clone())).or_insert_with(nothing);
    statistic.sum += value;
    statistic.samples += 1;
    statistic.minimum = statistic.minimum.min(value);
    statistic.maximum = statistic.maximum.max(value);
    statistic.latest = value;
}

const HOUR_MILLIS: i64 = 3600 * 1000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    /// In milliseconds since 1970.
    timestamp: i64,
    cloud_watch_metrics: Vec<Directive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    dimensions: Vec<Vec<String>>,
    metrics: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: String,
    unit: String,
}

#[cfg(test)]
mod tests;
