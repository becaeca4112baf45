//! The fields of an address or a form, and the addresses of the pages.

use std::collections::BTreeMap;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Number, Value, json};

/// Fields by name. An empty field counts as absent. Of several fields with one name, the last counts.
#[derive(Clone, Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Decodes a query or a form.
    pub fn of(encoded: &[u8]) -> Self {
        let fields = form_urlencoded::parse(encoded)
            .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty());
        Self(fields.collect())
    }

    /// These fields, without the empty ones.
    pub(crate) fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// Returns the text of a field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns the text of a field for a form that is shown again: nothing if it holds a secret of Amazon's, which is for another field.
    pub(crate) fn shown(&self, name: &str) -> Option<&str> {
        const SECRETS: [&str; 6] = ["atzr|", "atza|", "atc|", "atz.sprdt|", "amzn1.oa2-cs.", "amzn.mws."];
        self.text(name).filter(|text| {
            let text = text.to_ascii_lowercase();
            !SECRETS.iter().any(|mark| text.contains(mark))
        })
    }

    /// Returns the field as JSON: a number if it is one, else a string, or `null` if the field is absent.
    pub fn number(&self, name: &str) -> Value {
        let text = self.text(name);
        let number =
            |text: &str| serde_json::from_str::<Number>(text).map_or_else(|_| json!(text), Value::Number);
        text.map_or(Value::Null, number)
    }

    /// All fields.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Removes a field and returns it.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Returns the address `path` with these fields and `more`.
    pub fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.0).extend_pairs(more);
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// A request for a page.
#[derive(Debug)]
pub struct Visit {
    path: String,
    /// The fields of the address, without the notice.
    pub fields: Fields,
    /// The name of the notice about the browser's last command.
    pub(crate) notice: Option<String>,
}

impl Visit {
    /// The visit to this address.
    pub fn of(uri: &Uri) -> Self {
        let mut fields = Fields::of(uri.query().unwrap_or_default().as_bytes());
        let notice = fields.take("notice");
        Self { path: uri.path().to_owned(), fields, notice }
    }

    /// The address of the page, with `more` added.
    pub fn address(&self, more: &[(&str, &str)]) -> String {
        self.fields.address(&self.path, more)
    }

    /// Returns a visit to the same page without one of the fields.
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut fields = self.fields.clone();
        fields.take(name);
        Self { path: self.path.clone(), fields, notice: None }
    }

    /// The address of the page without its fields.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// The address of an application's page.
pub fn application_path(application: &str) -> String {
    format!("/console/applications/{}", segment(application))
}

/// The address of the list of an application's grants.
pub(crate) fn grants_path(application: &str) -> String {
    format!("{}/grants", application_path(application))
}

/// The address of a grant's page.
pub fn grant_path(application: &str, region: &str, partner: &str) -> String {
    format!("{}/{}/{}", grants_path(application), segment(region), segment(partner))
}

/// Returns the page to which a form asks to return, if it is a page of the console.
pub(crate) fn return_path(form: &Fields) -> Option<&str> {
    form.text("back").filter(|path| {
        let is_own = *path == "/" || path.starts_with("/?") || path.starts_with("/console/");
        is_own && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    })
}

/// Encodes a text as one segment of a path.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_field_for_another_text_is_not_shown_again() {
        let form = Fields::of(b"account=tenant-42&label=x+ATZR%7CIwEB&name=amzn1.oa2-cs.v1.a&by=amzn.mws.a");
        assert_eq!(
            ["account", "label", "name", "by"].map(|name| form.shown(name)),
            [Some("tenant-42"), None, None, None]
        );
    }

    #[test]
    fn a_form_returns_only_to_the_console() {
        let back = |to: &str| {
            let query = Fields::default().address("", &[("back", to)]);
            return_path(&Fields::of(query.trim_start_matches('?').as_bytes())).map(str::to_owned)
        };
        for own in ["/", "/?application=a", "/console/faults", "/console/events?after=3"] {
            assert_eq!(back(own).as_deref(), Some(own));
        }
        for other in [
            "",
            "//evil.example",
            "/\\evil.example",
            "http://evil.example",
            "/login",
            "/console/a\nb",
            "/console/é",
        ] {
            assert_eq!(back(other), None, "{other}");
        }
    }

    #[test]
    fn a_segment_stays_one_part_of_a_path() {
        assert_eq!(grant_path("a/b", "n?", "<x>"), "/console/applications/a%2Fb/grants/n%3F/%3Cx%3E");
        assert_eq!(application_path("amzn1.sp.solution.1-2"), "/console/applications/amzn1.sp.solution.1-2");
    }
}
