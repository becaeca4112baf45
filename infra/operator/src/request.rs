//! What is sent to a function: an operation and its fields.

use serde_json::{Map, Value};

/// The payload of one invocation. It may hold a secret, so it has no `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Request(Map<String, Value>);

impl Request {
    /// A request of a function that does several things.
    pub(crate) fn new(operation: &str) -> Self {
        Self::default().with("operation", operation)
    }

    /// The same with a field.
    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    /// The same with a field, if there is a value for it.
    pub(crate) fn maybe(self, field: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    /// The bytes that travel.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        Value::Object(self.0).to_string().into_bytes()
    }
}
