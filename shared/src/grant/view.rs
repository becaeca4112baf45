//! Grants as operators and integrators see them: everything except the token.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    amazon::{
        Amazon,
        marketplace::{Marketplaces, PartnerType, Store},
    },
    application::Application,
    grant::{
        Conflict, Grant, GrantKind, Status,
        renewal_links::{manage_your_apps_url, may_renew},
    },
    ids::{Account, ApplicationId, MarketplaceId, SellingPartnerId},
    region::Region,
    secret::Fingerprint,
};

/// A grant in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the JSON")]
pub struct GrantView {
    application_id: ApplicationId,
    region: Region,
    selling_partner_id: SellingPartnerId,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_type: Option<PartnerType>,
    status: &'static str,
    kind: GrantKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
    draft: bool,
    verified: bool,
    region_assumed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<Region>,
    authorized_at: Timestamp,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    authorized_at_unknown: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal_due_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    roles_outdated: bool,
    stores: Vec<StoreView>,
    version: u64,
    revision: u64,
    fingerprint: Fingerprint,
    conflicts: Vec<ConflictView>,
    actions: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manage_your_apps_url: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StoreView {
    marketplace_id: MarketplaceId,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    name: String,
    participating: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ConflictView {
    fingerprint: Fingerprint,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
    stores: Vec<StoreView>,
    differs: Vec<String>,
}

impl GrantView {
    /// Returns the view of `grant`.
    pub fn of(grant: &Grant, amazon: &Amazon) -> Self {
        let marketplaces = amazon.marketplaces();
        Self {
            application_id: grant.application_id.clone(),
            region: grant.region,
            selling_partner_id: grant.selling_partner_id.clone(),
            partner_type: grant.partner_type,
            status: grant.status.as_str(),
            kind: grant.kind,
            account: grant.account.clone(),
            draft: grant.draft,
            verified: !grant.stores.is_empty(),
            region_assumed: grant.is_region_assumed(),
            moved_to: grant.moved_to,
            moved_from: grant.moved_from,
            authorized_at: whole_second(grant.authorized_at),
            authorized_at_unknown: grant.authorized_at_unknown,
            renewal_due_at: grant.lapses_at().map(whole_second),
            roles_outdated: false,
            stores: stores(&grant.stores, marketplaces),
            version: grant.version,
            revision: grant.revision,
            fingerprint: grant.fingerprint.clone(),
            conflicts: grant
                .conflicts
                .iter()
                .map(|conflict| conflict_view(conflict, grant, marketplaces))
                .collect(),
            actions: actions(grant),
            manage_your_apps_url: manage_your_apps_url(grant, amazon),
        }
    }

    /// Returns the view that says whether the grant was authorized before the application's roles changed.
    #[must_use]
    pub fn with_roles_of(self, grant: &Grant, application: &Application) -> Self {
        Self { roles_outdated: grant.lacks_roles_of(application.roles_changed_at), ..self }
    }
}

/// Returns a time as the row will store it.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Returns the names of the actions that are possible in the grant's current state.
fn actions(grant: &Grant) -> Vec<&'static str> {
    let (can_disable, can_enable) = match grant.status {
        Status::Active => (true, false),
        Status::ReauthorizationRequired => (true, true),
        Status::Disabled => (false, true),
        Status::Removed => return Vec::new(),
    };
    [
        ("disable", can_disable),
        ("enable", can_enable),
        ("remove", true),
        ("renew", may_renew(grant)),
        ("linkAccount", true),
        ("resolveConflict", !grant.conflicts.is_empty()),
    ]
    .into_iter()
    .filter_map(|(action, possible)| possible.then_some(action))
    .collect()
}

fn stores(stores: &[Store], marketplaces: &Marketplaces) -> Vec<StoreView> {
    let view = |store: &Store| StoreView {
        marketplace_id: store.marketplace_id.clone(),
        country: marketplaces.by_id(&store.marketplace_id).map(|marketplace| marketplace.country.clone()),
        name: store.name.clone(),
        participating: store.participating,
    };
    stores.iter().map(view).collect()
}

fn conflict_view(conflict: &Conflict, grant: &Grant, marketplaces: &Marketplaces) -> ConflictView {
    ConflictView {
        fingerprint: conflict.fingerprint.clone(),
        at: whole_second(conflict.at),
        account: conflict.account.clone(),
        stores: stores(&conflict.stores, marketplaces),
        differs: differences(conflict, grant, marketplaces),
    }
}

/// Returns what an operator compares before deciding to whom the token belongs, in sentences.
fn differences(conflict: &Conflict, grant: &Grant, marketplaces: &Marketplaces) -> Vec<String> {
    let mut differs = Vec::new();
    match (&grant.account, &conflict.account) {
        (Some(had), Some(carried)) if had != carried => {
            differs.push(format!("other account: had {had}, carried {carried}, whose it is if accepted"));
        }
        (Some(had), None) => {
            differs.push(format!(
                "no account: had {had}, carried none; if accepted, it is {had}'s all the same"
            ));
        }
        (None, Some(carried)) => differs.push(format!("new account: had none, carried {carried}")),
        (Some(_), Some(_)) | (None, None) => {}
    }
    if grant.stores.is_empty() {
        differs.push("the grant has no stores to compare with".to_owned());
        return differs;
    }
    if conflict.stores.is_empty() {
        differs.push("Amazon did not say which stores the new token has".to_owned());
        return differs;
    }
    let country = |id: &MarketplaceId| {
        marketplaces.by_id(id).map_or_else(|| id.to_string(), |marketplace| marketplace.country.clone())
    };
    let in_conflict = |id: &MarketplaceId| conflict.stores.iter().find(|store| store.marketplace_id == *id);
    for had in &grant.stores {
        let country = country(&had.marketplace_id);
        match in_conflict(&had.marketplace_id) {
            Some(shows) if shows.name != had.name => {
                differs
                    .push(format!("store names differ in {country}: had {}, shows {}", had.name, shows.name));
            }
            Some(_) => {}
            None => differs.push(format!("no store in {country}: had {}", had.name)),
        }
    }
    let is_new = |store: &&Store| grant.stores.iter().all(|had| had.marketplace_id != store.marketplace_id);
    for new in conflict.stores.iter().filter(is_new) {
        differs.push(format!("new store in {}: shows {}", country(&new.marketplace_id), new.name));
    }
    differs
}
