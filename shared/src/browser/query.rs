//! The query string of a browser's request. It is untrusted until parsed.
//!
//! It is read from `rawQueryString` alone. API Gateway's parsed form joins repeated parameters with commas, so that
//! two values would look like one.

use percent_encoding::percent_decode_str;

/// The maximum length. Requests from Amazon and from this service are much shorter.
const LONGEST: usize = 8 * 1024;

/// The parameters of a query string. Each occurs once.
pub struct Query<'r> {
    parameters: Vec<(String, Value<'r>)>,
}

/// The value of a parameter, as sent.
#[derive(Clone, Copy)]
pub struct Value<'r>(&'r str);

/// Why a query string is malformed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MalformedQuery {
    /// It is longer than 8 KiB.
    TooLong,
    /// A parameter occurs twice.
    Repeated,
    /// It is not percent-encoded UTF-8.
    Garbled,
}

impl<'r> Query<'r> {
    /// Parses a raw query string, without its question mark.
    ///
    /// # Errors
    /// If it is too long, names a parameter twice, or holds bytes that no URL may hold.
    pub fn parse(raw: &'r str) -> Result<Self, MalformedQuery> {
        if raw.len() > LONGEST {
            return Err(MalformedQuery::TooLong);
        }
        if !raw.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{}#".contains(&b)) {
            return Err(MalformedQuery::Garbled);
        }
        let mut parameters: Vec<(String, Value<'r>)> = Vec::new();
        for part in raw.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = Value(name).decoded()?;
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(MalformedQuery::Repeated);
            }
            parameters.push((name, Value(value)));
        }
        Ok(Self { parameters })
    }

    /// Returns the parameter, unless it is missing or empty.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Value<'r>> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| *value).filter(|value| !value.0.is_empty())
    }
}

impl Query<'_> {
    /// Returns whether the parameter is present, even if it is empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }
}

impl<'r> Value<'r> {
    /// Returns exactly what was sent, percent-encoding included.
    #[must_use]
    pub fn raw(self) -> &'r str {
        self.0
    }

    /// Returns the value, percent-decoded once. A `+` stays a `+`.
    ///
    /// # Errors
    /// If it is not percent-encoded UTF-8, or holds control characters.
    pub fn decoded(self) -> Result<String, MalformedQuery> {
        let stray = |rest: &str| {
            !rest.as_bytes().first_chunk::<2>().is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
        };
        if self.0.split('%').skip(1).any(stray) {
            return Err(MalformedQuery::Garbled);
        }
        let text = percent_decode_str(self.0).decode_utf8().map_err(|_| MalformedQuery::Garbled)?;
        if text.chars().any(char::is_control) {
            return Err(MalformedQuery::Garbled);
        }
        Ok(text.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_parameter_is_refused_however_it_is_spelt() {
        assert_eq!(Query::parse("state=a&state=b").err(), Some(MalformedQuery::Repeated));
        assert_eq!(Query::parse("state=a&st%61te=b").err(), Some(MalformedQuery::Repeated));
    }

    #[test]
    fn a_value_is_kept_byte_for_byte_and_decoded_once() {
        let query = Query::parse("amazon_state=a%2Bb%3D%3d+c%252F&x=").unwrap();

        let state = query.find("amazon_state").unwrap();
        assert_eq!(state.raw(), "a%2Bb%3D%3d+c%252F");
        assert_eq!(state.decoded().unwrap(), "a+b==+c%2F");
        assert!(query.find("x").is_none());
    }

    #[test]
    fn what_no_url_may_hold_is_refused() {
        for raw in
            ["a=%zz", "a=%", "a=%4", "a=%ff", "a=%00", "a=%0d%0aSet-Cookie:x", "a=\"", "a=é", "a=b c", "a=\\"]
        {
            let read =
                Query::parse(raw).and_then(|query| query.find("a").map(super::Value::decoded).transpose());
            assert_eq!(read.err(), Some(MalformedQuery::Garbled), "{raw}");
        }
        assert_eq!(Query::parse(&"a".repeat(8193)).err(), Some(MalformedQuery::TooLong));
    }
}
