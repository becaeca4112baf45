//! Everything that Amazon stores and that lasts across restarts. How codes and tokens are issued is in `issue`, where a
//! browser is sent after consent in `redirect`, what became of a grant in `history`.

mod history;
mod issue;
mod redirect;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use self::history::{Change, What};
use crate::{
    accounts::{Account, GrantKey, Partner, SellingPartnerId},
    applications::{Application, Registration},
    journeys::{CallbackUri, Journey, WebsiteForm},
    marketplaces::Central,
    tokens::{AccessToken, Code, Grant, OnReauthorization, RefreshToken},
};

/// Everything that Amazon stores. A member that an older state file does not have begins empty.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Ledger {
    /// By application id.
    pub(crate) applications: BTreeMap<String, Registration>,
    pub(crate) partners: BTreeMap<Account, Partner>,
    pub(crate) grants: BTreeMap<GrantKey, Grant>,
    /// The oldest change of each grant is the first.
    pub(crate) history: BTreeMap<GrantKey, Vec<Change>>,
    /// By `amazon_state`.
    pub(crate) journeys: BTreeMap<String, Journey>,
    /// By the code itself.
    pub(crate) codes: BTreeMap<String, Code>,
    /// By the token itself.
    pub(crate) refresh_tokens: BTreeMap<String, RefreshToken>,
    /// By the token itself, restricted data tokens included.
    pub(crate) access_tokens: BTreeMap<String, AccessToken>,
    pub(crate) website_form: WebsiteForm,
    pub(crate) callback_uri: CallbackUri,
    pub(crate) on_reauthorization: OnReauthorization,
}

impl Ledger {
    /// Registers an application, or updates a registered one.
    pub(crate) fn register(&mut self, application: Application, now: Timestamp) {
        if let Some(registration) = self.applications.get_mut(&application.application_id) {
            registration.update(application);
        } else {
            let id = application.application_id.clone();
            self.applications.insert(id, Registration::new(application, now));
        }
    }

    pub(crate) fn application_of(&self, client_id: &str) -> Option<&Registration> {
        self.applications.values().find(|application| application.client_id == client_id)
    }

    /// Signs a partner in; an unknown partner gets an account.
    pub(crate) fn sign_in(
        &mut self,
        id: SellingPartnerId,
        central: Central,
    ) -> Result<Account, WrongCentral> {
        let account = Account { region: central.region, selling_partner_id: id };
        let partner = self
            .partners
            .entry(account.clone())
            .or_insert_with(|| Partner::first_seen_at(central, &account.selling_partner_id));
        if partner.kind == central.kind { Ok(account) } else { Err(WrongCentral) }
    }

    /// Returns the partners who can sign in at `central`.
    pub(crate) fn partners_of(&self, central: Central) -> impl Iterator<Item = &SellingPartnerId> {
        self.partners
            .iter()
            .filter(move |(account, partner)| {
                account.region == central.region && partner.kind == central.kind
            })
            .map(|(account, _)| &account.selling_partner_id)
    }

    /// Returns the keys of every grant of a partner; nothing if the partner is unknown.
    pub(crate) fn grants_of(&self, id: &SellingPartnerId) -> Option<Vec<GrantKey>> {
        let known = self.partners.keys().any(|account| account.selling_partner_id == *id);
        let own = self.grants.keys().filter(|key| key.account.selling_partner_id == *id);
        known.then(|| own.cloned().collect())
    }

    /// Deletes journeys, codes and access tokens that ended long ago.
    pub(crate) fn prune(&mut self, now: Timestamp) {
        self.journeys.retain(|_, journey| now < journey.ends_at + RETENTION);
        self.codes.retain(|_, code| now < code.ends_at + RETENTION);
        self.access_tokens.retain(|_, token| now < token.ends_at + RETENTION);
    }
}

/// A seller tried to sign in at Vendor Central, or a vendor at Seller Central.
#[derive(Debug)]
pub(crate) struct WrongCentral;

/// How long ended tokens are stored, so that the answer can say that they have ended.
const RETENTION: SignedDuration = SignedDuration::from_hours(1);
