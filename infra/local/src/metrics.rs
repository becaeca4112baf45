//! What CloudWatch makes of the functions' metrics: their lines are read as it reads them, and each metric is summed up.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::metrics::Metrics;

use crate::locked::Locked;

/// How many lines are kept for a look at them.
const LINES: usize = 1000;

/// One metric of one thing, since the stack was started.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statistic {
    /// Its name.
    pub metric: String,
    /// What it is of.
    pub dimensions: BTreeMap<String, String>,
    /// What it is in, as CloudWatch calls it.
    pub unit: String,
    /// All values together.
    pub sum: i64,
    /// How many values there were.
    pub samples: u64,
    /// The smallest.
    pub minimum: i64,
    /// The largest.
    pub maximum: i64,
    /// The last.
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
    /// Metrics whose lines come here.
    pub(crate) fn metrics(&self) -> Metrics {
        let received = self.clone();
        Metrics::written_by(move |line| received.receive(line))
    }

    /// Every metric, by name.
    #[must_use]
    pub fn statistics(&self) -> Vec<Statistic> {
        self.0.lock().statistics.values().cloned().collect()
    }

    /// The latest 1,000 lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().lines.iter().cloned().collect()
    }

    fn receive(&self, line: &str) {
        let mut received = self.0.lock();
        if received.lines.len() == LINES {
            received.lines.pop_front();
        }
        received.lines.push_back(line.to_owned());
        if received.take_in(line).is_none() {
            tracing::error!(line, "CloudWatch would find no metrics in this line");
        }
    }
}

impl Received {
    /// Nothing if the line is not as the format wants it.
    fn take_in(&mut self, line: &str) -> Option<()> {
        let root: Map<String, Value> = serde_json::from_str(line).ok()?;
        let about = About::deserialize(root.get("_aws")?).ok()?;
        for Directive { dimensions, metrics } in &about.cloud_watch_metrics {
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
struct About {
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
