//! The functions' answers, as far as tables show them. What else is in an answer goes to machines untouched.

use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::failure::Failure;

/// The part of `answer` called `field`, as what it should be.
pub(crate) fn part<T: DeserializeOwned>(answer: &Value, field: &str) -> Result<T, Failure> {
    understood(answer.get(field).unwrap_or(&Value::Null))
}

/// The part of `answer` called `field` as it came; nothing if it did not come.
pub(crate) fn taken(answer: &mut Value, field: &str) -> Value {
    answer.get_mut(field).map(Value::take).unwrap_or_default()
}

/// The value as what it should be.
pub(crate) fn understood<T: DeserializeOwned>(value: &Value) -> Result<T, Failure> {
    T::deserialize(value).map_err(|_| Failure::NotUnderstood("the function".to_owned()))
}

/// An application as it is registered.
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
}

/// What a partner gave an application in a region.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
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
    pub(crate) authorized_at: String,
    pub(crate) renewal_due_at: Option<String>,
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

/// An authorization kept beside a grant, because it may be somebody else's.
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

/// Something that happened.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) at: String,
    pub(crate) event: String,
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
    /// Its status, and what else a person must know at a glance.
    pub(crate) fn standing(&self) -> String {
        let status = match self.status.as_str() {
            "reauthorizationRequired" => "needs reauthorization",
            other => other,
        };
        let mut standing = status.to_owned();
        // Of one that is removed there is nothing left to verify.
        if !self.verified && self.status != "removed" {
            standing += ", unverified";
        }
        if !self.conflicts.is_empty() {
            standing += ", conflict";
        }
        standing
    }

    /// Where it sells: country codes, or marketplace ids where no code is known.
    pub(crate) fn countries(&self) -> String {
        let participating = self.stores.iter().filter(|store| store.participating);
        let codes = participating.map(|store| store.country.as_deref().unwrap_or(&store.marketplace_id));
        codes.collect::<Vec<_>>().join(" ")
    }

    /// The name of its first store.
    pub(crate) fn store(&self) -> String {
        self.stores.first().map(|store| shortened(&store.name)).unwrap_or_default()
    }
}

impl Store {
    /// The store in a line.
    pub(crate) fn described(&self) -> String {
        let country = self.country.as_deref().unwrap_or("?");
        let note = if self.participating { "" } else { ", not participating" };
        format!("{} ({country}, {}{note})", self.name, self.marketplace_id)
    }
}

/// An RFC 3339 time to the second.
pub(crate) fn second(time: &str) -> String {
    time.parse::<Timestamp>()
        .map_or_else(|_| time.to_owned(), |moment| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The day of an RFC 3339 time in UTC.
pub(crate) fn day(time: &str) -> String {
    time.get(..10).unwrap_or(time).to_owned()
}

/// As much of a name as a table has room for.
fn shortened(name: &str) -> String {
    const ROOM: usize = 28;
    if name.chars().count() <= ROOM {
        return name.to_owned();
    }
    name.chars().take(ROOM - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_leaves_room_for_others() {
        assert_eq!(shortened("店店"), "店店");
        assert_eq!(shortened(&"x".repeat(500)).chars().count(), 28);
    }

    #[test]
    fn a_time_of_another_form_is_shown_whole() {
        assert_eq!(day("2026-11-21T10:00:00Z"), "2026-11-21");
        assert_eq!(day("soon"), "soon");
        assert_eq!(second("2026-11-21T10:00:00.123456789Z"), "2026-11-21T10:00:00Z");
        assert_eq!(second("soon"), "soon");
        assert_eq!(day("éééééééééé"), "ééééé");
    }
}
