//! Reads the pipe from the history's stream to the event bus: its filter and its input template.
//!
//! It supports what this template uses: patterns of plain values, and placeholders for a whole value.

use serde_json::{Map, Value};
use thiserror::Error;

use crate::template::{TEMPLATE, resources};

/// The template's pipe.
#[derive(Debug)]
pub(crate) struct Pipe {
    /// The table whose stream the pipe reads.
    pub(crate) table: String,
    /// The bus of its events.
    pub(crate) bus: String,
    /// A record passes if any pattern matches it.
    patterns: Vec<Value>,
    source: String,
    detail_type: Path,
    detail: Vec<Piece>,
}

/// An event for the bus.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Entry {
    pub(crate) source: String,
    pub(crate) detail_type: String,
    pub(crate) detail: Map<String, Value>,
}

/// Why the template's pipe could not be read.
#[derive(Debug, Error)]
pub enum PipeError {
    /// The template could not be read.
    #[error("could not read the pipe of infra/template.yaml: {0}")]
    Template(String),
    /// The pipe has a property that the local stack does not support.
    #[error("the pipe of infra/template.yaml has an unsupported {0}")]
    Property(&'static str),
}

/// A record that passes the filter but lacks a member of the event.
#[derive(Debug, Error)]
#[error("the record has no usable {0}")]
pub(crate) struct Misfit(String);

/// The path to a value in a record, such as `dynamodb`, `NewImage`, `id`, `S`.
type Path = Vec<String>;

#[derive(Debug)]
enum Piece {
    Text(String),
    Value(Path),
}

/// The template's pipe.
pub(crate) fn pipe() -> Result<Pipe, PipeError> {
    read(TEMPLATE)
}

impl Pipe {
    /// Returns the event of a record, or `None` if the filter drops the record.
    pub(crate) fn entry(&self, record: &Value) -> Option<Result<Entry, Misfit>> {
        let passes = self.patterns.iter().any(|pattern| matches(pattern, record));
        passes.then(|| self.transformed(record))
    }

    fn transformed(&self, record: &Value) -> Result<Entry, Misfit> {
        let misfit = |path: &Path| Misfit(path.join("."));
        let detail_type = at(record, &self.detail_type).and_then(Value::as_str);
        let mut detail = String::new();
        for piece in &self.detail {
            match piece {
                Piece::Text(text) => detail.push_str(text),
                Piece::Value(path) => {
                    detail.push_str(&at(record, path).ok_or_else(|| misfit(path))?.to_string());
                }
            }
        }
        Ok(Entry {
            source: self.source.clone(),
            detail_type: detail_type.ok_or_else(|| misfit(&self.detail_type))?.to_owned(),
            detail: serde_json::from_str(&detail).map_err(|_| Misfit("object".to_owned()))?,
        })
    }
}

fn read(template: &str) -> Result<Pipe, PipeError> {
    let of_kind = |kind: &str| resources(template, kind).map_err(PipeError::Template);
    let (tables, buses) = (of_kind("AWS::DynamoDB::Table")?, of_kind("AWS::Events::EventBus")?);
    let pipes = of_kind("AWS::Pipes::Pipe")?;
    let [(_, pipe)] = pipes.as_slice() else {
        return Err(PipeError::Template(format!("expected one pipe, found {}", pipes.len())));
    };
    let under = |path: &[&'static str]| {
        let name = path.last().copied().unwrap_or_default();
        let found = path.iter().try_fold(pipe, |value, member| value.get(*member));
        found.ok_or(PipeError::Property(name))
    };
    let text = |path: &[&'static str]| {
        under(path)?.as_str().ok_or(PipeError::Property(path.last().copied().unwrap_or_default()))
    };
    let filters = under(&["SourceParameters", "FilterCriteria", "Filters"])?;
    let patterns = filters.as_sequence().into_iter().flatten().map(|filter| {
        let pattern = filter.get("Pattern").and_then(yaml_serde::Value::as_str);
        let pattern = pattern.and_then(|pattern| serde_json::from_str(pattern).ok());
        pattern.filter(is_plain).ok_or(PipeError::Property("Pattern"))
    });
    let target = |member| ["TargetParameters", "EventBridgeEventBusParameters", member];
    let bus_name = |bus: &yaml_serde::Value| bus.get("Name")?.as_str().map(str::to_owned);
    let table_name = |table: &yaml_serde::Value| table.get("TableName")?.as_str().map(str::to_owned);
    Ok(Pipe {
        table: attribute_of(&tables, under(&["Source"])?, "StreamArn")
            .and_then(table_name)
            .ok_or(PipeError::Property("Source"))?,
        bus: attribute_of(&buses, under(&["Target"])?, "Arn")
            .and_then(bus_name)
            .ok_or(PipeError::Property("Target"))?,
        patterns: patterns.collect::<Result<_, _>>()?,
        source: text(&target("Source"))?.to_owned(),
        detail_type: path(text(&target("DetailType"))?).ok_or(PipeError::Property("DetailType"))?,
        detail: pieces(text(&["TargetParameters", "InputTemplate"])?)
            .ok_or(PipeError::Property("InputTemplate"))?,
    })
}

/// Returns the resource whose `attribute` a `!GetAtt` names.
fn attribute_of<'r>(
    resources: &'r [(String, yaml_serde::Value)],
    asked: &yaml_serde::Value,
    attribute: &str,
) -> Option<&'r yaml_serde::Value> {
    let yaml_serde::Value::Tagged(asked) = asked else { return None };
    let asked = (asked.tag == "GetAtt").then_some(&asked.value)?.as_str()?;
    let name = asked.strip_suffix(attribute)?.strip_suffix('.')?;
    resources.iter().find(|(id, _)| id == name).map(|(_, properties)| properties)
}

fn path(text: &str) -> Option<Path> {
    let members: Path = text.strip_prefix("$.")?.split('.').map(str::to_owned).collect();
    let plain = |member: &String| {
        !member.is_empty() && member.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    members.iter().all(plain).then_some(members)
}

/// Splits an input template at its placeholders. None of them may be within quotation marks, where EventBridge does not escape
/// what it inserts.
fn pieces(template: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut marks = 0;
    let mut rest = template;
    while let Some((text, behind)) = rest.split_once('<') {
        let (placeholder, behind) = behind.split_once('>')?;
        marks += text.matches('"').count();
        if marks % 2 != 0 {
            return None;
        }
        pieces.extend([Piece::Text(text.to_owned()), Piece::Value(path(placeholder)?)]);
        rest = behind;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Some(pieces)
}

/// Returns whether a pattern has only members and lists of plain values, and no other operators.
fn is_plain(pattern: &Value) -> bool {
    match pattern {
        Value::Object(members) => members.values().all(is_plain),
        Value::Array(values) => values.iter().all(|value| !value.is_object() && !value.is_array()),
        _ => false,
    }
}

/// Returns whether every member of the record has one of the values of the pattern.
fn matches(pattern: &Value, record: &Value) -> bool {
    match pattern {
        Value::Object(members) => members.iter().all(|(name, inner)| matches(inner, &record[name])),
        Value::Array(values) => values.contains(record),
        _ => false,
    }
}

fn at<'v>(record: &'v Value, path: &Path) -> Option<&'v Value> {
    path.iter().try_fold(record, |value, member| value.get(member))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ONE: &str = r#"
Resources:
  History:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: history}
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: what-happened}
  Pipe:
    Type: AWS::Pipes::Pipe
    Properties:
      Source: !GetAtt History.StreamArn
      SourceParameters:
        FilterCriteria: {Filters: [{Pattern: '{"eventName": ["INSERT"]}'}]}
      Target: !GetAtt Bus.Arn
      TargetParameters:
        EventBridgeEventBusParameters: {DetailType: $.new.event.S, Source: me}
        InputTemplate: '{"id": <$.new.id.S>, "revision": <$.new.revision.N>}'
"#;

    #[test]
    fn a_record_becomes_the_event_of_the_template() {
        let pipe = read(ONE).unwrap();
        let new = json!({"event": {"S": "Happened"}, "id": {"S": "a \"b\" \\ <c>"}, "revision": {"N": "7"}});

        let entry = pipe.entry(&json!({"eventName": "INSERT", "new": new})).unwrap().unwrap();

        assert_eq!((pipe.table.as_str(), pipe.bus.as_str()), ("history", "what-happened"));
        assert_eq!((entry.source.as_str(), entry.detail_type.as_str()), ("me", "Happened"));
        assert_eq!(Value::Object(entry.detail), json!({"id": "a \"b\" \\ <c>", "revision": "7"}));
    }

    #[test]
    fn a_filtered_record_makes_no_event_and_a_missing_member_is_named() {
        let pipe = read(ONE).unwrap();

        for held_back in ["MODIFY", "REMOVE"] {
            assert!(pipe.entry(&json!({"eventName": held_back})).is_none());
        }
        let incomplete =
            json!({"eventName": "INSERT", "new": {"event": {"S": "Happened"}, "id": {"S": "a"}}});
        let misfit = pipe.entry(&incomplete).unwrap().unwrap_err();
        assert!(misfit.to_string().contains("new.revision.N"), "{misfit}");
    }

    #[test]
    fn an_unsupported_property_is_named() {
        for (was, is, named) in [
            ("!GetAtt History.StreamArn", "!GetAtt History.Arn", "Source"),
            ("!GetAtt Bus.Arn", "!Ref Bus", "Target"),
            (r#"["INSERT"]"#, r#"[{"prefix": "I"}]"#, "Pattern"),
            ("$.new.event.S", "Happened", "DetailType"),
            ("<$.new.id.S>", "\"<$.new.id.S>\"", "InputTemplate"),
            ("<$.new.id.S>", "<aws.pipes.event.ingestion-time>", "InputTemplate"),
        ] {
            let error = read(&ONE.replace(was, is)).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn the_deployments_pipe_connects_the_history_to_the_bus_of_the_functions() {
        let pipe = pipe().unwrap();

        assert_eq!(pipe.table, "spapi-auth-history");
        assert_eq!(pipe.bus, crate::environment::EVENT_BUS);
        assert_eq!(pipe.source, shared::event_bus::SOURCE);
    }
}
