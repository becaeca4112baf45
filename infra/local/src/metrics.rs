//! Stands for CloudWatch: it reads the functions' lines in the embedded metric format and sums up each metric.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::aws::metrics::Metrics;

use crate::{environment::STACK, locked::Locked};

/// The number of lines that are stored.
const LINES: usize = 1000;

/// One metric with one set of dimensions, since the start of the stack.
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
pub struct CloudWatch(Arc<Locked<Received>>);

#[derive(Debug, Default)]
struct Received {
    /// By name and dimensions.
    statistics: BTreeMap<(String, BTreeMap<String, String>), Statistic>,
    lines: VecDeque<String>,
}

impl CloudWatch {
    /// Returns metrics that write their lines here.
    pub(crate) fn metrics(&self) -> Metrics {
        let received = self.clone();
        Metrics::written_by(STACK, move |line| received.receive(line))
    }

    /// Every metric, by name.
    pub fn statistics(&self) -> Vec<Statistic> {
        self.0.lock().statistics.values().cloned().collect()
    }

    /// The latest 1,000 lines, oldest first.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().lines.iter().cloned().collect()
    }

    fn receive(&self, line: &str) {
        let mut received = self.0.lock();
        if received.lines.len() == LINES {
            received.lines.pop_front();
        }
        received.lines.push_back(line.to_owned());
        if received.add_line(line).is_none() {
            tracing::error!(line, "A line is not in the embedded metric format");
        }
    }
}

impl Received {
    /// Adds the values of a line. Returns `None` if the line does not follow the format.
    fn add_line(&mut self, line: &str) -> Option<()> {
        let root: Map<String, Value> = serde_json::from_str(line).ok()?;
        let metadata = Metadata::deserialize(root.get("_aws")?).ok()?;
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
                        self.add(definition, &of, value);
                    }
                }
            }
        }
        Some(())
    }

    fn add(&mut self, definition: &Definition, of: &BTreeMap<String, String>, value: i64) {
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
        let statistic = self.statistics.entry((definition.name.clone(), of.clone())).or_insert_with(nothing);
        statistic.sum += value;
        statistic.samples += 1;
        statistic.minimum = statistic.minimum.min(value);
        statistic.maximum = statistic.maximum.max(value);
        statistic.latest = value;
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
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
