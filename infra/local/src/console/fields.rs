//! What a browser sends, in an address or a form, and the addresses of pages.

use std::collections::BTreeMap;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Number, Value, json};
use url::form_urlencoded;

/// Fields by name. One that is empty is as good as none, and of several of one name the last counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    pub(super) fn of(encoded: &[u8]) -> Self {
        let fields = form_urlencoded::parse(encoded)
            .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty());
        Self(fields.collect())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The field as JSON: a number where it is one and `null` without it.
    pub(super) fn number(&self, name: &str) -> Value {
        let text = self.text(name);
        let number =
            |text: &str| serde_json::from_str::<Number>(text).map_or_else(|_| json!(text), Value::Number);
        text.map_or(Value::Null, number)
    }

    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// The address `path` with these fields and `more`.
    pub(super) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.0).extend_pairs(more);
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// A page that is being looked at.
#[derive(Debug)]
pub(super) struct Visit {
    path: String,
    /// What its address asks for.
    pub(super) fields: Fields,
    /// The name of what the browser's last order came to.
    pub(super) notice: Option<String>,
}

impl Visit {
    pub(super) fn of(uri: &Uri) -> Self {
        let mut fields = Fields::of(uri.query().unwrap_or_default().as_bytes());
        let notice = fields.take("notice");
        Self { path: uri.path().to_owned(), fields, notice }
    }

    /// The address of the page, and with `more` in it.
    pub(super) fn address(&self, more: &[(&str, &str)]) -> String {
        self.fields.address(&self.path, more)
    }

    /// The same page asked for without one of the fields.
    pub(super) fn without(&self, name: &str) -> Self {
        let mut fields = self.fields.clone();
        fields.take(name);
        Self { path: self.path.clone(), fields, notice: None }
    }

    /// The address of the page without what else it asks for.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// The address of an application's page.
pub(super) fn application_path(application: &str) -> String {
    format!("/console/applications/{}", segment(application))
}

/// The address of the list of an application's grants.
pub(super) fn grants_path(application: &str) -> String {
    format!("{}/grants", application_path(application))
}

/// The address of a grant's page.
pub(super) fn grant_path(application: &str, region: &str, partner: &str) -> String {
    format!("{}/{}/{}", grants_path(application), segment(region), segment(partner))
}

/// The page that a form names to go back to, if it is one of the console's.
pub(super) fn page_to_go_back_to(form: &Fields) -> Option<&str> {
    form.text("back").filter(|path| {
        let is_ours = *path == "/" || path.starts_with("/?") || path.starts_with("/console/");
        is_ours && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    })
}

/// A text as one part of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_the_console_alone() {
        let back = |to: &str| {
            let query = Fields::default().address("", &[("back", to)]);
            page_to_go_back_to(&Fields::of(query.trim_start_matches('?').as_bytes())).map(str::to_owned)
        };
        for ours in ["/", "/?application=a", "/console/faults", "/console/events?after=3"] {
            assert_eq!(back(ours).as_deref(), Some(ours));
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
    fn what_stands_in_an_address_stays_one_part_of_it() {
        assert_eq!(grant_path("a/b", "n?", "<x>"), "/console/applications/a%2Fb/grants/n%3F/%3Cx%3E");
        assert_eq!(application_path("amzn1.sp.solution.1-2"), "/console/applications/amzn1.sp.solution.1-2");
    }
}
