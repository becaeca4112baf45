//! The payload of an invocation: an operation and its fields.

use serde_json::{Map, Value};

/// The payload of one invocation. It has no `Debug`, because it may contain a secret.
#[derive(Clone, Default)]
pub(crate) struct Request(Map<String, Value>);

impl Request {
    /// A request for `operation`, to a function that has several.
    pub(crate) fn new(operation: &str) -> Self {
        Self::default().with("operation", operation)
    }

    /// A request of these fields.
    pub(crate) fn of(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    /// The request with a field added.
    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    /// The request with a field added, if it has a value.
    pub(crate) fn maybe(self, field: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    /// The request with the fields of `more`.
    pub(crate) fn and(mut self, more: &Self) -> Self {
        self.0.extend(more.0.clone());
        self
    }

    /// The text of a field.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str()
    }

    /// The payload as JSON.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        Value::Object(self.0).to_string().into_bytes()
    }
}
