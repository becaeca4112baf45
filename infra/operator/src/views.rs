//! The fields of the functions' answers that tables show. `--json` prints an answer with all its fields.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::failure::Failure;

/// The field `name` of `answer`, parsed.
pub(crate) fn field<T: DeserializeOwned>(answer: &Value, name: &str) -> Result<T, Failure> {
    parse(answer.get(name).unwrap_or(&Value::Null), name)
}

/// Takes the field `name` out of `answer`; null where it is missing.
pub(crate) fn take(answer: &mut Value, name: &str) -> Value {
    answer.get_mut(name).map(Value::take).unwrap_or_default()
}

/// Parses `value`, which is called `name` in the answer.
pub(crate) fn parse<T: DeserializeOwned>(value: &Value, name: &str) -> Result<T, Failure> {
    T::deserialize(value).map_err(|_| not_understood(name))
}

/// The failure of an answer whose field `name` cannot be parsed.
pub(crate) fn not_understood(name: &str) -> Failure {
    Failure::NotUnderstood(format!("its `{name}` is missing or has another form"))
}

/// A registered application.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Application {
    #[serde(rename = "applicationId")]
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) name: String,
    pub(crate) draft: bool,
    #[serde(default)]
    pub(crate) vendors_need_beta: bool,
    pub(crate) default_region: String,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    pub(crate) sign_in_url: Option<String>,
    #[serde(default)]
    pub(crate) return_urls: Vec<String>,
    #[serde(default)]
    pub(crate) disabled: bool,
    pub(crate) not_before: Option<String>,
    pub(crate) roles_changed_at: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) support_url: Option<String>,
    pub(crate) home_url: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) logo: Option<String>,
}

/// A partner's authorization of an application in a region.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the JSON")]
pub(crate) struct Grant {
    pub(crate) application_id: String,
    pub(crate) region: String,
    pub(crate) selling_partner_id: String,
    pub(crate) partner_type: Option<String>,
    pub(crate) status: String,
    pub(crate) kind: String,
    pub(crate) account: Option<String>,
    #[serde(default)]
    pub(crate) draft: bool,
    pub(crate) verified: bool,
    #[serde(default)]
    pub(crate) region_assumed: bool,
    pub(crate) moved_to: Option<String>,
    pub(crate) authorized_at: String,
    #[serde(default)]
    pub(crate) authorized_at_unknown: bool,
    pub(crate) renewal_due_at: Option<String>,
    #[serde(default)]
    pub(crate) roles_outdated: bool,
    #[serde(default)]
    pub(crate) stores: Vec<Store>,
    pub(crate) version: u64,
    pub(crate) fingerprint: Option<String>,
    #[serde(default)]
    pub(crate) conflicts: Vec<Conflict>,
    #[serde(default)]
    pub(crate) actions: Vec<String>,
    pub(crate) manage_your_apps_url: Option<String>,
}

/// One store of a partner.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Store {
    pub(crate) marketplace_id: String,
    pub(crate) country: Option<String>,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) participating: bool,
}

/// An authorization that is stored beside a grant, because it may be another partner's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conflict {
    pub(crate) fingerprint: String,
    pub(crate) at: String,
    pub(crate) account: Option<String>,
    #[serde(default)]
    pub(crate) stores: Vec<Value>,
    #[serde(default)]
    pub(crate) differs: Vec<String>,
}

/// A record of the history.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) at: String,
    pub(crate) event: String,
    #[serde(default)]
    pub(crate) revision: u64,
    pub(crate) actor: String,
    #[serde(default)]
    pub(crate) by: String,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) account: String,
    #[serde(default)]
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) selling_partner_id: String,
}

impl Grant {
    /// The status, followed by `unverified`, `region assumed`, `roles outdated`, `moved` and `conflict` where they apply.
    pub(crate) fn status_and_notes(&self) -> String {
        let mut text = self.status.clone();
        // A removed grant has no token that could be verified.
        if !self.verified && self.status != "removed" {
            text += ", unverified";
        }
        if self.region_assumed {
            text += ", region assumed";
        }
        if self.roles_outdated {
            text += ", roles outdated";
        }
        if let Some(region) = &self.moved_to {
            let _ = write!(text, ", moved to {region}");
        }
        if !self.conflicts.is_empty() {
            text += ", conflict";
        }
        text
    }

    /// The date of the consent, or `unknown`.
    pub(crate) fn authorized_on(&self) -> String {
        if self.authorized_at_unknown { "unknown".to_owned() } else { day(&self.authorized_at) }
    }

    /// The countries in which the partner sells, or the marketplace id where the country is unknown.
    pub(crate) fn countries(&self) -> String {
        let participating = self.stores.iter().filter(|store| store.participating);
        let codes = participating.map(|store| store.country.as_deref().unwrap_or(&store.marketplace_id));
        codes.collect::<Vec<_>>().join(" ")
    }

    /// The name of the first store.
    pub(crate) fn store(&self) -> String {
        self.stores.first().map(|store| shortened(&store.name)).unwrap_or_default()
    }
}

impl Store {
    /// The name, country and marketplace id of the store.
    pub(crate) fn described(&self) -> String {
        let country = self.country.as_deref().unwrap_or("?");
        let note = if self.participating { "" } else { ", not participating" };
        format!("{} ({country}, {}{note})", self.name, self.marketplace_id)
    }
}

/// An RFC 3339 time without fractions of a second, in UTC. Another text is returned unchanged.
pub(crate) fn second(time: &str) -> String {
    time.parse::<Timestamp>()
        .map_or_else(|_| time.to_owned(), |moment| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The date of an RFC 3339 time in UTC.
pub(crate) fn day(time: &str) -> String {
    time.get(..10).unwrap_or(time).to_owned()
}

/// A name, cut to the width of a table's column.
fn shortened(name: &str) -> String {
    const WIDTH: usize = 28;
    if name.chars().count() <= WIDTH {
        return name.to_owned();
    }
    name.chars().take(WIDTH - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(shortened("店店"), "店店");
        assert_eq!(shortened(&"x".repeat(500)).chars().count(), 28);
    }

    #[test]
    fn a_time_of_another_form_is_shown_unchanged() {
        assert_eq!(day("2026-11-21T10:00:00Z"), "2026-11-21");
        assert_eq!(day("soon"), "soon");
        assert_eq!(second("2026-11-21T10:00:00.123456789Z"), "2026-11-21T10:00:00Z");
        assert_eq!(second("soon"), "soon");
        assert_eq!(day("éééééééééé"), "ééééé");
    }
}
