//! The embedded metric format. Pure.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Series, Values};

/// The dimensions. A metric has one of them.
const DIMENSIONS: [&str; 4] = ["Function", "Application", "Class", "Status"];

/// EMF accepts 100 values of one metric in a line.
const MOST_VALUES: usize = 100;

/// A line of EMF. There is more than one only if a dimension has several values, or a metric more than 100: a line has one value of each
/// dimension, and one member of each name.
pub(super) fn lines(namespace: &str, function: &str, now: Timestamp, series: &[Series]) -> Vec<String> {
    let mut documents: Vec<Document<'_>> = Vec::new();
    for dimension in DIMENSIONS {
        let mut lines: Vec<Line<'_>> = Vec::new();
        for series in series {
            let (name, unit, (of, value)) = series.metric.described();
            if of != dimension {
                continue;
            }
            let value = if dimension == "Function" { function } else { value };
            for (part, member) in members(&series.values).into_iter().enumerate() {
                let same = |line: &&mut Line<'_>| line.value == value && line.part == part;
                match lines.iter_mut().find(same) {
                    Some(line) => line.metrics.push((name, unit, member)),
                    None => lines.push(Line { value, part, metrics: vec![(name, unit, member)] }),
                }
            }
        }
        for (number, line) in lines.into_iter().enumerate() {
            if documents.len() == number {
                documents.push(Document::default());
            }
            documents[number].add(dimension, line);
        }
    }
    documents.into_iter().map(|document| document.into_line(namespace, now)).collect()
}

/// The metrics of one value of a dimension: their names, units and values.
struct Line<'s> {
    value: &'s str,
    part: usize,
    metrics: Vec<(&'static str, &'static str, Value)>,
}

#[derive(Default)]
struct Document<'s> {
    directives: Vec<(&'s str, Vec<Value>)>,
    members: Vec<(&'s str, Value)>,
}

impl<'s> Document<'s> {
    fn add(&mut self, dimension: &'s str, line: Line<'s>) {
        let mut metrics = Vec::new();
        self.members.push((dimension, json!(line.value)));
        for (name, unit, member) in line.metrics {
            metrics.push(json!({"Name": name, "Unit": unit}));
            self.members.push((name, member));
        }
        self.directives.push((dimension, metrics));
    }

    fn into_line(self, namespace: &str, now: Timestamp) -> String {
        let directive = |(dimension, metrics)| json!({"Namespace": namespace, "Dimensions": [[dimension]], "Metrics": metrics});
        let directives: Vec<Value> = self.directives.into_iter().map(directive).collect();
        let members = self.members.into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut root: Map<_, _> = members.collect();
        let about = json!({"Timestamp": now.as_millisecond(), "CloudWatchMetrics": directives});
        root.insert("_aws".to_owned(), about);
        Value::Object(root).to_string()
    }
}

/// Returns what the lines have of a metric: mostly one value, or one list.
fn members(values: &Values) -> Vec<Value> {
    match values {
        Values::Sum(sum) => vec![json!(sum)],
        Values::Each(values) => {
            let parts = values.chunks(MOST_VALUES);
            parts.map(|part| if let [value] = part { json!(value) } else { json!(part) }).collect()
        }
    }
}
