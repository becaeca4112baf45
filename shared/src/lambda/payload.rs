//! The payload of an invocation, parsed field by field. An error names the field as the caller wrote it and says what was
//! expected; it never repeats a value, which may be a secret.

use std::{collections::BTreeSet, ops::RangeInclusive, str::FromStr};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{amazon::look_alike::secret_in, error::Error, ids::Malformed};

/// The longest name of a field that an error repeats. Our own names are shorter, our random secrets longer.
const LONGEST_NAME: usize = 20;

/// Parses the fields of one operation.
pub type Parse<O> = fn(&mut Fields) -> Result<O, Error>;

/// Parses a request `{"operation": "listGrants", ...}` as one of the `known` operations, each with its name and its parser.
pub fn operation<O>(payload: &Value, known: &[(&str, Parse<O>)]) -> Result<O, Error> {
    Fields::parse(payload, |fields| {
        let name = fields.must_have(Fields::text, "operation")?;
        let Some((_, parse)) = known.iter().find(|(known, _)| *known == name) else {
            let names: Vec<_> = known.iter().map(|(known, _)| *known).collect();
            return Err(Error::invalid("operation", format!("one of {}", names.join(", "))));
        };
        parse(fields)
    })
}

/// The fields of a request, each taken out once. `null` is a field that is left out, unless a method says otherwise.
/// It may hold secrets, so it has no `Debug`.
pub struct Fields {
    left: Map<String, Value>,
    taken: Vec<&'static str>,
}

impl Fields {
    /// Parses an object with `parse`, which takes out every field that the request may have; a field that is left over is
    /// an error.
    pub fn parse<T>(payload: &Value, parse: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let Value::Object(fields) = payload else {
            return Err(Error::invalid("payload", "a JSON object"));
        };
        let mut fields = Self { left: fields.clone(), taken: Vec::new() };
        let request = parse(&mut fields)?;
        fields.end()?;
        Ok(request)
    }

    /// A field of the form that `T` has.
    pub fn required<T: FromStr<Err = Malformed>>(&mut self, name: &'static str) -> Result<T, Error> {
        self.must_have(Self::optional, name)
    }

    /// The same, or nothing if it is left out.
    pub fn optional<T: FromStr<Err = Malformed>>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        let text = self.text(name)?;
        text.map(|text| text.parse().map_err(|Malformed(expected)| Error::invalid(name, expected)))
            .transpose()
    }

    /// A field that may be set to `null` but not left out.
    pub fn nullable<T: FromStr<Err = Malformed>>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        if self.left.contains_key(name) { self.optional(name) } else { Err(Error::required(name)) }
    }

    /// A field that `take` takes out, and that may not be left out: `fields.must_have(Fields::time, "from")`.
    pub fn must_have<T>(
        &mut self,
        take: impl FnOnce(&mut Self, &'static str) -> Result<Option<T>, Error>,
        name: &'static str,
    ) -> Result<T, Error> {
        take(self, name)?.ok_or_else(|| Error::required(name))
    }

    /// Whether the request sets the field to `null`. The field is still to be taken.
    pub fn is_null(&self, name: &str) -> bool {
        self.left.get(name).is_some_and(Value::is_null)
    }

    /// Any text but a secret of Amazon's: it would be stored, shown and logged.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, Error> {
        let text = self.secret(name)?;
        text.map(|text| without_secret(name, &text).map(|()| text)).transpose()
    }

    /// Any text, of a field that is for a secret.
    pub fn secret(&mut self, name: &'static str) -> Result<Option<String>, Error> {
        self.read(name, "a text", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    /// A list of texts, in any order, none of which is a secret of Amazon's.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<BTreeSet<String>>, Error> {
        let texts: Option<BTreeSet<String>> =
            self.read(name, "a list of texts", |value| serde_json::from_value(value).ok())?;
        texts.iter().flatten().try_for_each(|text| without_secret(name, text))?;
        Ok(texts)
    }

    /// A truth value.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Error> {
        self.read(name, "true or false", |value| value.as_bool())
    }

    /// A whole number within `range`.
    pub fn whole_number<T: TryFrom<i64>>(
        &mut self,
        name: &'static str,
        range: RangeInclusive<i64>,
    ) -> Result<Option<T>, Error> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(name, expected, |value| {
            let number = value.as_i64().filter(|number| range.contains(number))?;
            number.try_into().ok()
        })
    }

    /// A time of RFC 3339.
    pub fn time(&mut self, name: &'static str) -> Result<Option<Timestamp>, Error> {
        let expected = "a time of RFC 3339 such as 2026-11-21T12:00:00Z";
        self.read(name, expected, |value| value.as_str()?.parse().ok())
    }

    /// A value of any form that `read` understands.
    pub fn read<T>(
        &mut self,
        name: &'static str,
        expected: impl std::fmt::Display,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        self.taken.push(name);
        match self.left.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| Error::invalid(name, expected)),
        }
    }

    fn end(self) -> Result<(), Error> {
        let Some(unknown) = self.left.keys().next() else {
            return Ok(());
        };
        // A name that is no plain word may be a secret in the wrong place.
        let is_plain = (1..=LONGEST_NAME).contains(&unknown.len())
            && unknown.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
        let named = if is_plain { format!(" {unknown}") } else { String::new() };
        Err(Error::InvalidRequest {
            field: "payload",
            problem: format!("unknown field{named}; expected only {}", self.taken.join(", ")),
        })
    }
}

/// The error of a field into which a secret was put by mistake.
fn without_secret(name: &'static str, text: &str) -> Result<(), Error> {
    secret_in(text).map_or(Ok(()), |what| {
        Err(Error::invalid(name, format!("a text without a secret, and this one holds {what}")))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        ids::{Account, ApplicationId},
        region::Region,
    };

    const OPERATIONS: [(&str, Parse<()>); 3] = [
        ("dance", |fields| {
            fields.required::<ApplicationId>("applicationId")?;
            fields.optional::<Region>("region")?;
            fields.text("secret")?;
            fields.time("until")?;
            fields.whole_number::<i32>("limit", 1..=100)?;
            fields.texts("scopes")?;
            fields.flag("draft").map(|_| ())
        }),
        ("link", |fields| fields.nullable::<Account>("account").map(|_| ())),
        ("sing", |_| Ok(())),
    ];

    #[test]
    fn a_wrong_field_is_named_and_its_value_is_not_repeated() {
        let dance = |more: Value| {
            let mut payload = json!({"operation": "dance", "applicationId": "amzn1.sp.solution.1"});
            payload.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            payload
        };
        for (payload, said) in [
            (json!([]), "payload: expected a JSON object"),
            (json!({}), "operation: required"),
            (json!({"operation": 7}), "operation: expected a text"),
            (json!({"operation": "hunter2`, expected x"}), "operation: expected one of dance, link, sing"),
            (json!({"operation": "dance"}), "applicationId: required"),
            (dance(json!({"applicationId": null})), "applicationId: required"),
            (
                dance(json!({"applicationId": "hunter2"})),
                "applicationId: expected an application id such as ",
            ),
            (dance(json!({"region": "hunter2"})), "region: expected na, eu or fe"),
            (dance(json!({"secret": {"hunter2": 1}})), "secret: expected a text"),
            (dance(json!({"until": "hunter2"})), "until: expected a time of RFC 3339 such as 20"),
            (dance(json!({"limit": 101})), "limit: expected a whole number from 1 to 100"),
            (dance(json!({"limit": 1.5})), "limit: expected a whole number from 1 to 100"),
            (dance(json!({"limit": i64::MAX})), "limit: expected a whole number from 1 to 100"),
            (dance(json!({"scopes": ["hunter2", 7]})), "scopes: expected a list of texts"),
            (dance(json!({"draft": "hunter2"})), "draft: expected true or false"),
            (
                dance(json!({"colour": "hunter2"})),
                "payload: unknown field colour; expected only operation, app",
            ),
            (
                dance(json!({"hunter2": ""})),
                "payload: unknown field; expected only operation, applicationId, ",
            ),
            (
                dance(json!({"hunter".repeat(4): ""})),
                "payload: unknown field; expected only operation, appli",
            ),
            (
                json!({"operation": "sing", "region": "na"}),
                "payload: unknown field region; expected only operation",
            ),
            (json!({"operation": "link"}), "account: required"),
            (
                json!({"operation": "link", "account": "hunter2 "}),
                "account: expected an account of 1 to 128 ",
            ),
            (
                json!({"operation": "link", "account": "atzr|hunter2"}),
                "account: expected a text without a secret, and this one holds a refresh token",
            ),
            (
                json!({"operation": "dance", "applicationId": "amzn1.sp.solution.1", "scopes": ["a", "x Atza|hunter2"]}),
                "scopes: expected a text without a secret, and this one holds an access token",
            ),
        ] {
            let error = operation(&payload, &OPERATIONS).unwrap_err();

            assert_eq!(error.error_type(), "InvalidRequest");
            assert!(error.to_string().starts_with(said), "{payload}: {error}");
            assert!(!error.to_string().contains("hunter"), "{error}");
        }
    }

    #[test]
    fn null_is_a_field_that_is_left_out() {
        for payload in [
            json!({"operation": "dance", "applicationId": "amzn1.sp.solution.1", "region": null, "limit": null}),
            json!({"operation": "link", "account": null}),
        ] {
            assert!(operation(&payload, &OPERATIONS).is_ok(), "{payload}");
        }
    }
}
