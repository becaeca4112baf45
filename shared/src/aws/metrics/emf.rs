//! The embedded metric format. Pure.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Series, Values};

/// The dimensions. A metric has one of them.
const DIMENSIONS: [&str; 4] = ["Function", "Application", "Class", "Status"];

/// A line of EMF. There is more than one only if a dimension has several values, because a line has one value of
/// each.
pub(super) fn lines(namespace: &str, function: &str, now: Timestamp, series: &[Series]) -> Vec<String> {
    let mut documents: Vec<Document<'_>> = Vec::new();
    for dimension in DIMENSIONS {
        let mut by_value: Vec<(&str, Vec<&Series>)> = Vec::new();
        for series in series {
            let (.., (of, value)) = series.metric.described();
            if of != dimension {
                continue;
            }
            match by_value.iter_mut().find(|(known, _)| *known == value) {
                Some((_, all)) => all.push(series),
                None => by_value.push((value, vec![series])),
            }
        }
        for (number, (value, series)) in by_value.into_iter().enumerate() {
            if documents.len() == number {
                documents.push(Document::default());
            }
            documents[number].add(dimension, if dimension == "Function" { function } else { value }, &series);
        }
    }
    documents.into_iter().map(|document| document.into_line(namespace, now)).collect()
}

#[derive(Default)]
struct Document<'s> {
    directives: Vec<(&'s str, Vec<Value>)>,
    members: Vec<(&'s str, Value)>,
}

impl<'s> Document<'s> {
    fn add(&mut self, dimension: &'s str, value: &str, series: &[&'s Series]) {
        let mut metrics = Vec::new();
        self.members.push((dimension, json!(value)));
        for Series { metric, values } in series {
            let (name, unit, _) = metric.described();
            metrics.push(json!({"Name": name, "Unit": unit}));
            self.members.push((name, member(values)));
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

fn member(values: &Values) -> Value {
    match values {
        Values::Sum(sum) => json!(sum),
        Values::Each { values, .. } => match values[..] {
            [value] => json!(value),
            _ => json!(values),
        },
    }
}
