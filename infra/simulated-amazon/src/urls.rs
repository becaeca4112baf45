//! URLs on this machine, and the parameters of URLs and forms, read strictly: no duplicates, no broken escapes.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Parameters by name, percent-decoded once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads the query of a URL. A second question mark in it is an error (F§1.3).
    pub(crate) fn of_query(query: Option<&str>) -> Result<Self, Malformed> {
        let query = query.unwrap_or_default();
        if query.contains('?') {
            return Err(Malformed::QuestionMark);
        }
        Self::of_form(query)
    }

    /// Reads a form, in which a plus is a space.
    pub(crate) fn of_form(form: &str) -> Result<Self, Malformed> {
        let mut parameters = BTreeMap::new();
        for pair in form.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name)?;
            if parameters.insert(name.clone(), decode(value)?).is_some() {
                return Err(Malformed::Duplicate(name));
            }
        }
        Ok(Self(parameters))
    }

    /// Returns the value of this name, which may be empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns the value of this name unless it is missing or empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.value(name).filter(|value| !value.is_empty())
    }

    /// Sets the value of this name unless there is one that is not empty.
    pub(crate) fn fill_in(&mut self, name: &str, value: String) {
        if self.filled(name).is_none() {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Returns names and values in the order of the names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl From<BTreeMap<String, String>> for Parameters {
    fn from(parameters: BTreeMap<String, String>) -> Self {
        Self(parameters)
    }
}

/// Why a text is not a list of parameters.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("a percent sign does not begin a UTF-8 escape")]
    Escape,
    #[error("the parameter {0} occurs twice")]
    Duplicate(String),
    #[error("the URL has a second question mark")]
    QuestionMark,
}

/// Appends parameters to a registered URI, which it leaves unchanged byte for byte.
pub(crate) fn with_parameters(uri: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = uri.to_owned();
    let mut separator = if uri.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        url.push(separator);
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(value, ESCAPED));
        separator = '&';
    }
    url
}

/// Returns the URL of one of Amazon's hosts on this machine.
pub(crate) fn local_url(official_host: &str, port: u16, path: &str) -> String {
    format!("http://{official_host}.localhost:{port}{path}")
}

/// Every character but the unreserved ones of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn decode(text: &str) -> Result<String, Malformed> {
    let is_escape = |after: &str| after.get(..2).is_some_and(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
    if !text.split('%').skip(1).all(is_escape) {
        return Err(Malformed::Escape);
    }
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8().map(String::from).map_err(|_| Malformed::Escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_broken_escapes_and_second_question_marks_are_refused() {
        let refused = |query| Parameters::of_query(Some(query)).unwrap_err();

        assert_eq!(refused("a=1&a=2"), Malformed::Duplicate("a".to_owned()));
        assert_eq!(refused("a=%4"), Malformed::Escape);
        assert_eq!(refused("a=%FF"), Malformed::Escape);
        assert_eq!(refused("a=1?b=2"), Malformed::QuestionMark);
    }

    #[test]
    fn parameters_that_are_added_to_a_uri_are_read_back_unchanged() {
        let url = with_parameters("https://x.example/?tenant=1", &[("state", "a+b/c==&d é")]);

        let parameters = Parameters::of_query(url.split_once('?').map(|(_, query)| query)).unwrap();

        assert_eq!(parameters.value("tenant"), Some("1"));
        assert_eq!(parameters.value("state"), Some("a+b/c==&d é"));
    }
}
