//! The fields of a request, each taken out once; an error names the field and never repeats its value.

use std::str::FromStr;

use serde_json::{Map, Value};
use shared::{error::Error, ids::Malformed};

/// What is left of a request.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of an object, but for its operation.
    pub(crate) fn of(payload: &Value) -> Option<Self> {
        let mut fields = payload.as_object()?.clone();
        fields.remove("operation");
        Some(Self(fields))
    }

    /// A text of the form that `T` has, which must be there.
    pub(crate) fn required<T: FromStr<Err = Malformed>>(&mut self, name: &'static str) -> Result<T, Error> {
        match self.optional(name)? {
            Some(value) => Ok(value),
            None => Err(Error::invalid(name, "a value; it is missing")),
        }
    }

    /// The same, or nothing if it is missing or null.
    pub(crate) fn optional<T: FromStr<Err = Malformed>>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, Error> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(Malformed(expected)) => Err(Error::invalid(name, expected)),
            },
            Some(_) => Err(Error::invalid(name, "a text")),
        }
    }

    /// Any text, or nothing.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Error> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Error::invalid(name, "a text")),
        }
    }

    /// A whole number from 1 to `most`, or nothing.
    pub(crate) fn seconds(&mut self, name: &'static str, most: i64) -> Result<Option<i64>, Error> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_i64() {
                Some(seconds) if (1..=most).contains(&seconds) => Ok(Some(seconds)),
                _ => Err(Error::invalid(name, format!("a whole number of seconds from 1 to {most}"))),
            },
        }
    }

    /// Nothing is left over.
    pub(crate) fn end(self) -> Result<(), Error> {
        // The name is not repeated: what stands in the wrong place may be a secret.
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid("payload", "the fields of this operation and no others"))
        }
    }
}
