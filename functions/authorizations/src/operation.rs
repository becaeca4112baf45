//! What may be asked, as JSON.

use jiff::Timestamp;
use serde::Deserialize;
use shared::{
    grant::Status,
    history::actor::{By, Reason},
    ids::{Account, ApplicationId, SellingPartnerId},
    region::Region,
};

/// A request, tagged by its `operation`. `applicationId` may be left out while one application is registered.
#[derive(Debug, Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Operation {
    /// Every registered application.
    ListApplications {},
    /// A page of an application's grants; removed ones only where their status is asked for.
    ListGrants(ListGrants),
    /// One grant.
    GetGrant {
        application_id: Option<ApplicationId>,
        selling_partner_id: Option<SellingPartnerId>,
        account: Option<Account>,
        region: Option<Region>,
    },
    /// A page of the history of a grant, or of the application itself, newest first.
    GetHistory(GetHistory),
    /// Stops handing out the tokens of one grant.
    DisableGrant {
        application_id: Option<ApplicationId>,
        selling_partner_id: Option<SellingPartnerId>,
        account: Option<Account>,
        region: Option<Region>,
        reason: Option<Reason>,
        by: Option<By>,
    },
}

/// Which grants, and from where on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ListGrants {
    pub(crate) application_id: Option<ApplicationId>,
    pub(crate) account: Option<Account>,
    pub(crate) selling_partner_id: Option<SellingPartnerId>,
    pub(crate) status: Option<Status>,
    pub(crate) region: Option<Region>,
    pub(crate) renewal_due_before: Option<Timestamp>,
    pub(crate) limit: Option<u32>,
    pub(crate) cursor: Option<String>,
}

/// Whose history, and from where on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GetHistory {
    pub(crate) application_id: Option<ApplicationId>,
    pub(crate) selling_partner_id: Option<SellingPartnerId>,
    pub(crate) region: Option<Region>,
    pub(crate) limit: Option<u32>,
    pub(crate) cursor: Option<String>,
}
