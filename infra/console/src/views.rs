//! The parts of the functions' answers that the pages need. As for any other client, the JSON is the contract: these types are not
//! those that the functions serialize.

use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use crate::{fields::grant_path, moment::day};

/// A registered application.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The id at Amazon.
    #[serde(rename = "applicationId")]
    pub id: String,
    pub(crate) client_id: String,
    /// The name that partners see.
    pub name: String,
    pub(crate) draft: bool,
    pub(crate) vendors_need_beta: bool,
    pub(crate) default_region: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) sign_in_url: Option<String>,
    pub(crate) return_urls: Vec<String>,
    pub(crate) disabled: bool,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) roles_changed_at: Option<Timestamp>,
    pub(crate) company: Option<String>,
    pub(crate) support_url: Option<String>,
    pub(crate) home_url: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) logo: Option<String>,
}

/// What a partner gave an application in a region.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the JSON")]
pub struct Grant {
    /// The application.
    pub application_id: String,
    /// `na`, `eu` or `fe`.
    pub region: String,
    /// The seller or vendor.
    pub selling_partner_id: String,
    pub(crate) partner_type: Option<String>,
    pub(crate) status: String,
    pub(crate) kind: String,
    pub(crate) account: Option<String>,
    pub(crate) draft: bool,
    pub(crate) verified: bool,
    #[serde(default)]
    pub(crate) region_assumed: bool,
    pub(crate) moved_to: Option<String>,
    pub(crate) authorized_at: Timestamp,
    #[serde(default)]
    pub(crate) authorized_at_unknown: bool,
    pub(crate) renewal_due_at: Option<Timestamp>,
    #[serde(default)]
    pub(crate) roles_outdated: bool,
    pub(crate) stores: Vec<Store>,
    /// The number of the grant's last change, against which tokens are held.
    pub version: u64,
    pub(crate) fingerprint: String,
    pub(crate) conflicts: Vec<Conflict>,
    pub(crate) actions: Vec<String>,
    /// The page at Amazon at which the partner renews or ends the grant.
    pub manage_your_apps_url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Store {
    pub(crate) marketplace_id: String,
    pub(crate) country: Option<String>,
    pub(crate) name: String,
    pub(crate) participating: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conflict {
    pub(crate) fingerprint: String,
    pub(crate) at: Timestamp,
    pub(crate) account: Option<String>,
    pub(crate) stores: Vec<Store>,
    pub(crate) differs: Vec<String>,
}

/// A record of the history.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) at: Timestamp,
    pub(crate) event: String,
    pub(crate) actor: String,
    pub(crate) by: String,
    pub(crate) reason: String,
    pub(crate) account: String,
    pub(crate) fingerprint: String,
}

impl Application {
    /// Whether it is stopped, and whether Amazon has published it.
    pub(crate) fn state(&self) -> &'static str {
        match (self.disabled, self.draft) {
            (true, true) => "disabled, draft",
            (true, false) => "disabled, published",
            (false, true) => "draft",
            (false, false) => "published",
        }
    }
}

impl Grant {
    /// Whether the grant may be changed in this way now.
    pub(crate) fn can(&self, action: &str) -> bool {
        self.actions.iter().any(|possible| possible == action)
    }

    /// The date of the consent, if it is known.
    pub(crate) fn authorization_date(&self, now: Timestamp) -> Markup {
        if self.authorized_at_unknown {
            html! { "unknown" }
        } else {
            day(self.authorized_at, now)
        }
    }

    /// The address of the grant's page.
    pub(crate) fn path(&self) -> String {
        grant_path(&self.application_id, &self.region, &self.selling_partner_id)
    }
}
