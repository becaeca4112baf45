//! The parts of the functions' answers that the pages need. As for any other client, the JSON is the contract: these types are not
//! those that the functions serialize.

use jiff::Timestamp;
use serde::Deserialize;
use shared::{
    grant::GrantKey,
    ids::{ApplicationId, SellingPartnerId},
    region::Region,
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Application {
    #[serde(rename = "applicationId")]
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) name: String,
    pub(super) draft: bool,
    pub(super) vendors_need_beta: bool,
    pub(super) default_region: String,
    pub(super) scopes: Vec<String>,
    pub(super) sign_in_url: Option<String>,
    pub(super) return_urls: Vec<String>,
    pub(super) disabled: bool,
    pub(super) not_before: Option<Timestamp>,
    pub(super) company: Option<String>,
    pub(super) support_url: Option<String>,
    pub(super) home_url: Option<String>,
    pub(super) language: Option<String>,
    pub(super) logo: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the JSON")]
pub(super) struct Grant {
    pub(super) application_id: ApplicationId,
    pub(super) region: Region,
    pub(super) selling_partner_id: SellingPartnerId,
    pub(super) partner_type: Option<String>,
    pub(super) status: String,
    pub(super) kind: String,
    pub(super) account: Option<String>,
    pub(super) draft: bool,
    pub(super) verified: bool,
    #[serde(default)]
    pub(super) region_assumed: bool,
    pub(super) moved_to: Option<Region>,
    pub(super) authorized_at: Timestamp,
    #[serde(default)]
    pub(super) authorized_at_unknown: bool,
    pub(super) renewal_due_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) roles_outdated: bool,
    pub(super) stores: Vec<Store>,
    pub(super) version: u64,
    pub(super) fingerprint: String,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) actions: Vec<String>,
    pub(super) manage_your_apps_url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Store {
    pub(super) marketplace_id: String,
    pub(super) country: Option<String>,
    pub(super) name: String,
    pub(super) participating: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Conflict {
    pub(super) fingerprint: String,
    pub(super) at: Timestamp,
    pub(super) account: Option<String>,
    pub(super) stores: Vec<Store>,
    pub(super) differs: Vec<String>,
}

/// A record of the history.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) at: Timestamp,
    pub(super) event: String,
    pub(super) actor: String,
    pub(super) by: String,
    pub(super) reason: String,
    pub(super) account: String,
    pub(super) fingerprint: String,
}

impl Grant {
    pub(super) fn key(&self) -> GrantKey {
        GrantKey {
            application_id: self.application_id.clone(),
            region: self.region,
            selling_partner_id: self.selling_partner_id.clone(),
        }
    }

    pub(super) fn can(&self, action: &str) -> bool {
        self.actions.iter().any(|possible| possible == action)
    }
}
