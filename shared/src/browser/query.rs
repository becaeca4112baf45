//! The query string of a browser's request. It is untrusted until parsed.
//!
//! It is read from `rawQueryString` alone. API Gateway's parsed form joins repeated parameters with commas, so that
//! two values would look like one.
//!
//! A parameter is checked when it is read by its name. So a parameter of a stranger, which a mailer, a browser extension or a
//! proxy appended, may be repeated or undecodable: nothing reads it.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use percent_encoding::percent_decode_str;

use crate::ids::Malformed;

/// The longest value, in bytes as sent. Amazon's own state is the longest, with 4,096 bytes.
const LONGEST: usize = 6 * 1024;

/// The parameters of a query string, as sent.
pub struct Query<'r> {
    parameters: Vec<(String, Value<'r>)>,
}

/// The value of a parameter, as sent.
#[derive(Clone, Copy)]
pub struct Value<'r>(&'r str);

/// A parameter that is not as it should be. It names the parameter and never repeats its value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BadParameter {
    /// The name of the parameter.
    pub name: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a parameter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// It is not there, or is empty.
    Missing,
    /// It occurs twice.
    Repeated,
    /// Its value is longer than 6 KiB.
    TooLong,
    /// Its value is not percent-encoded UTF-8, or holds bytes that no URL may hold.
    Garbled,
    /// Its value is not what is written here.
    Not(&'static str),
}

impl<'r> Query<'r> {
    /// Splits a raw query string, without its question mark. A part whose name cannot be decoded is ignored.
    pub fn parse(raw: &'r str) -> Self {
        let parts = raw.split('&').filter(|part| !part.is_empty());
        let parameters = parts.filter_map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Some((Value(name).decoded().ok()?, Value(value)))
        });
        Self { parameters: parameters.collect() }
    }

    /// Returns the parameter, unless it is missing or empty.
    ///
    /// # Errors
    /// If it occurs twice, or is too long.
    pub fn find(&self, name: &'static str) -> Result<Option<Value<'r>>, BadParameter> {
        let mut found = self.parameters.iter().filter(|(known, _)| known == name).map(|(_, value)| *value);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(BadParameter { name, problem: Problem::Repeated }),
            (Some(value), None) if value.0.len() > LONGEST => {
                Err(BadParameter { name, problem: Problem::TooLong })
            }
            (value, _) => Ok(value.filter(|value| !value.0.is_empty())),
        }
    }

    /// Returns the parameter as text, decoded once.
    ///
    /// # Errors
    /// If it occurs twice, is too long, or cannot be decoded.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, BadParameter> {
        let decoded = self.find(name)?.map(Value::decoded).transpose();
        decoded.map_err(|problem| BadParameter { name, problem })
    }

    /// Returns the parameter, decoded and parsed.
    ///
    /// # Errors
    /// If it is there and not what it should be.
    pub fn optional<T: FromStr<Err = Malformed>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, BadParameter> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|Malformed(expected)| BadParameter::not(name, expected))
    }

    /// Like [`Self::optional`], but the parameter must be there.
    ///
    /// # Errors
    /// If it is missing, or not what it should be.
    pub fn required<T: FromStr<Err = Malformed>>(&self, name: &'static str) -> Result<T, BadParameter> {
        self.optional(name)?.ok_or(BadParameter::missing(name))
    }

    /// Returns whether the parameter is present, even if it is empty or repeated.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }
}

impl<'r> Value<'r> {
    /// Returns exactly what was sent, percent-encoding included.
    pub fn raw(self) -> &'r str {
        self.0
    }

    /// Returns the value, percent-decoded once. A `+` stays a `+`.
    ///
    /// # Errors
    /// If it is not percent-encoded UTF-8, or holds control characters or bytes that no URL may hold.
    pub fn decoded(self) -> Result<String, Problem> {
        let may_be_in_a_url = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{}#".contains(&b);
        let stray = |rest: &str| {
            !rest.as_bytes().first_chunk::<2>().is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
        };
        if !self.0.bytes().all(may_be_in_a_url) || self.0.split('%').skip(1).any(stray) {
            return Err(Problem::Garbled);
        }
        let text = percent_decode_str(self.0).decode_utf8().map_err(|_| Problem::Garbled)?;
        if text.chars().any(char::is_control) {
            return Err(Problem::Garbled);
        }
        Ok(text.into_owned())
    }
}

impl BadParameter {
    /// The parameter is not there, or is empty.
    pub fn missing(name: &'static str) -> Self {
        Self { name, problem: Problem::Missing }
    }

    /// The value is not what was `expected`.
    pub fn not(name: &'static str, expected: &'static str) -> Self {
        Self { name, problem: Problem::Not(expected) }
    }
}

impl Display for BadParameter {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match self.problem {
            Problem::Missing => write!(out, "parameter {name} is missing or empty"),
            Problem::Repeated => write!(out, "parameter {name} occurs twice"),
            Problem::TooLong => write!(out, "parameter {name} is longer than {LONGEST} bytes"),
            Problem::Garbled => write!(out, "parameter {name} is not percent-encoded UTF-8"),
            Problem::Not(expected) => write!(out, "parameter {name} is not as expected: {expected}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(query: &str, name: &'static str) -> Option<Problem> {
        Query::parse(query).text(name).err().map(|bad| bad.problem)
    }

    #[test]
    fn a_repeated_parameter_is_refused_however_it_is_spelt() {
        for query in ["state=a&state=b", "state=a&st%61te=b", "state=a&state", "state=&state=a"] {
            assert_eq!(problem(query, "state"), Some(Problem::Repeated), "{query}");
        }
    }

    #[test]
    fn a_parameter_that_is_not_read_does_not_invalidate_the_others() {
        let long = format!("state=a&x={}", "b".repeat(LONGEST + 1));
        for query in [
            "state=a&x=1&x=2",
            "x=%zz&state=a",
            "state=a&%zz=1&%zz=2",
            "state=a&%ff",
            "state=a&x=%ff",
            "state=a&x={}",
            "state=a&{}=x",
            "state=a&é=é",
            "state=a&=&=",
            "state=a&?state=b",
            "state=a&State=b",
            &long,
        ] {
            assert_eq!(Query::parse(query).text("state").unwrap().as_deref(), Some("a"), "{query}");
        }
    }

    #[test]
    fn a_value_is_kept_byte_for_byte_and_decoded_once() {
        let query = Query::parse("amazon_state=a%2Bb%3D%3d+c%252F&x=");

        let state = query.find("amazon_state").unwrap().unwrap();
        assert_eq!(state.raw(), "a%2Bb%3D%3d+c%252F");
        assert_eq!(state.decoded().unwrap(), "a+b==+c%2F");
        assert!(query.find("x").unwrap().is_none());
        assert!(query.has("x") && !query.has("y"));
    }

    #[test]
    fn what_no_url_may_hold_is_refused() {
        for raw in
            ["a=%zz", "a=%", "a=%4", "a=%ff", "a=%00", "a=%0d%0aSet-Cookie:x", "a=\"", "a=é", "a=b c", "a=\\"]
        {
            assert_eq!(problem(raw, "a"), Some(Problem::Garbled), "{raw}");
        }
        assert_eq!(problem(&format!("a={}", "b".repeat(LONGEST + 1)), "a"), Some(Problem::TooLong));
    }

    #[test]
    fn a_bad_parameter_is_named_and_its_value_is_not_repeated() {
        let query = Query::parse("request=secret&proof=%&x=1&x=1");

        let bad = |name| query.required::<crate::ids::RequestId>(name).unwrap_err().to_string();
        assert!(bad("request").starts_with("parameter request is not as expected: "), "{}", bad("request"));
        assert!(!bad("request").contains("secret"));
        assert_eq!(bad("proof"), "parameter proof is not percent-encoded UTF-8");
        assert_eq!(bad("state"), "parameter state is missing or empty");
        assert_eq!(bad("x"), "parameter x occurs twice");
    }
}
