//! A grant: one partner's authorization of one application in one region. Pure: types and rules, no input or output.

pub mod absorption;
pub mod authorization;
pub mod change;
mod key;
pub mod lookup;
mod record;
pub mod relocation;
pub mod renewal;
pub mod renewal_links;
mod status;
pub mod store;
pub mod stores;
pub mod version;
pub mod view;

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::{key::GrantKey, status::Status};

use crate::{
    amazon::marketplace::{PartnerType, Store},
    aws::sealing::Sealed,
    grant::{relocation::search::Sighting, renewal::Reminder},
    ids::{Account, ApplicationId, Malformed, SellingPartnerId},
    region::Region,
    secret::Fingerprint,
};

/// How long a partner's authorization of a public application lasts (F§3.2).
pub const RENEWAL_AFTER: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The due time of a grant that needs no renewal, for the index that sorts by due time: 9990-01-01.
pub const NO_RENEWAL: Timestamp = Timestamp::constant(253_086_768_000, 0);

/// The due time of a removed grant, which sorts it behind all others in that index: 9995-01-01.
pub const REMOVED: Timestamp = Timestamp::constant(253_244_534_400, 0);

/// The origin of the refresh token.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// A partner consented in a browser. The authorization lasts 365 days.
    Oauth,
    /// The developer authorized its own application in the portal. The authorization does not expire after a year
    /// (F§3.2).
    #[serde(rename = "self")]
    SelfAuthorized,
}

impl FromStr for GrantKind {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "oauth" => Ok(Self::Oauth),
            "self" => Ok(Self::SelfAuthorized),
            _ => Err(Malformed("oauth or self")),
        }
    }
}

/// A grant as stored in its row.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Grant {
    /// The application.
    pub application_id: ApplicationId,
    /// The SP-API region.
    pub region: Region,
    /// The seller or vendor.
    pub selling_partner_id: SellingPartnerId,
    /// Whether its access tokens can be issued.
    pub status: Status,
    /// Rises when the refresh token, the status or the account changes. Every access token names the version for
    /// which it was issued.
    pub version: u64,
    /// A random word, drawn with each version. A version that a restore from a backup undid, and the next one with its
    /// number, differ in it. Rows of earlier releases have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
    /// Rises with every change of the row. It is the condition of the next write and the key of its history record.
    pub revision: u64,
    /// The origin of the refresh token.
    pub kind: GrantKind,
    /// Seller or vendor, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_type: Option<PartnerType>,
    /// Whether the partner consented to the draft.
    pub draft: bool,
    /// The Amazon host at which the partner consented, where it is known. The partner can consent again there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central_host: Option<String>,
    /// The integrator's name for the partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// When the partner last consented.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub authorized_at: Timestamp,
    /// Whether that time is not known. `authorized_at` is then the time of the import, which the consent preceded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub authorized_at_unknown: bool,
    /// When the authorization expires, or [`NO_RENEWAL`] or [`REMOVED`].
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub renewal_due_at: Timestamp,
    /// The seller's stores. An unverified grant has none, and neither has any vendor's.
    #[serde(default)]
    pub stores: Vec<Store>,
    /// The fingerprint of the refresh token.
    pub fingerprint: Fingerprint,
    /// The refresh token; a removed grant has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Sealed>,
    /// Whether the refresher has sealed the refresh token again, under a data key that it shares with other grants.
    #[serde(default)]
    pub resealed: bool,
    /// The last reminder of the coming end of the authorization that was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Reminder>,
    /// The change of the application's roles of which an event has said that this grant was authorized before it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::second::optional"
    )]
    pub outdated_reported: Option<Timestamp>,
    /// Authorizations with this partner's id for which nothing shows that it is the same partner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Whether nothing has shown yet that the region is the partner's: it is the application's default. Rows of earlier
    /// versions lack it; [`Self::is_region_assumed`] decides for them too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_assumed: Option<bool>,
    /// The first answer of SP-API that shows the partner in another region alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sighting: Option<Sighting>,
    /// The region to which the grant was moved. The row is a pointer then: its status is [`Status::Removed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<Region>,
    /// The region from which the grant was moved, where the earlier part of its history is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Region>,
    /// What the grant had before its account brought a token whose stores are not known yet. `stores` are those of this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Superseded>,
}

/// The authorization that another one with the same account replaced before SP-API said which stores the new token has.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Superseded {
    /// When the partner consented to it.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub authorized_at: Timestamp,
    /// Whether that time is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub authorized_at_unknown: bool,
    /// When it expires, or [`NO_RENEWAL`].
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub renewal_due_at: Timestamp,
    /// How the token was obtained.
    pub kind: GrantKind,
    /// The fingerprint of its refresh token.
    pub fingerprint: Fingerprint,
    /// Its refresh token.
    pub refresh_token: Sealed,
}

/// An authorization with this partner's id, for which nothing shows that it is the same partner.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Conflict {
    /// When it arrived.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
    /// The account that the browser's request carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The stores that the new token shows.
    #[serde(default)]
    pub stores: Vec<Store>,
    /// The fingerprint of the new refresh token.
    pub fingerprint: Fingerprint,
    /// The new refresh token.
    pub refresh_token: Sealed,
    /// The region of the partner's other grant that has this token, and becomes a pointer if the conflict is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_in: Option<Region>,
}

impl Grant {
    /// Returns the row that remains of this grant, in its next version: its key, its dates and its history, but no token, no
    /// account and nothing about its stores.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self {
            status: Status::Removed,
            version: self.version + 1,
            account: None,
            central_host: None,
            renewal_due_at: REMOVED,
            stores: Vec::new(),
            refresh_token: None,
            conflicts: Vec::new(),
            region_assumed: None,
            sighting: None,
            superseded: None,
            ..self.clone()
        }
    }

    /// Returns an active grant in its first version. Apart from its token, nothing is known about its partner.
    pub fn authorized(
        key: GrantKey,
        kind: GrantKind,
        fingerprint: Fingerprint,
        refresh_token: Sealed,
        authorized_at: Timestamp,
    ) -> Self {
        Self {
            application_id: key.application_id,
            region: key.region,
            selling_partner_id: key.selling_partner_id,
            status: Status::Active,
            version: 1,
            epoch: None,
            revision: 1,
            kind,
            partner_type: None,
            draft: false,
            central_host: None,
            account: None,
            authorized_at,
            authorized_at_unknown: false,
            renewal_due_at: match kind {
                GrantKind::Oauth => authorized_at.saturating_add(RENEWAL_AFTER).unwrap_or(NO_RENEWAL),
                GrantKind::SelfAuthorized => NO_RENEWAL,
            },
            stores: Vec::new(),
            fingerprint,
            refresh_token: Some(refresh_token),
            resealed: false,
            reminded: None,
            outdated_reported: None,
            conflicts: Vec::new(),
            region_assumed: Some(false),
            sighting: None,
            moved_to: None,
            moved_from: None,
            superseded: None,
        }
    }

    /// Returns whether nothing has shown yet that the grant's region is the partner's.
    pub fn is_region_assumed(&self) -> bool {
        let nothing_shows_it = self.stores.is_empty() && self.central_host.is_none();
        self.status != Status::Removed && self.region_assumed.unwrap_or(nothing_shows_it)
    }

    /// Returns whether the partner authorized the application before its roles changed, so that the grant lacks the new ones
    /// (F§3.1).
    pub fn lacks_roles_of(&self, roles_changed_at: Option<Timestamp>) -> bool {
        self.status != Status::Removed && roles_changed_at.is_some_and(|changed| self.authorized_at < changed)
    }

    /// Returns the key of the grant that took this one's place, if it was moved to another region.
    pub fn points_to(&self) -> Option<GrantKey> {
        let region = self.moved_to.filter(|_| self.status == Status::Removed)?;
        Some(GrantKey { region, ..self.key() })
    }

    /// Returns whether the conflict with this fingerprint waits for a decision.
    pub fn has_conflict(&self, fingerprint: &Fingerprint) -> bool {
        self.conflicts.iter().any(|conflict| conflict.fingerprint == *fingerprint)
    }

    /// Returns the grant's key.
    pub fn key(&self) -> GrantKey {
        GrantKey {
            application_id: self.application_id.clone(),
            region: self.region,
            selling_partner_id: self.selling_partner_id.clone(),
        }
    }

    /// Returns when the authorization expires, if it ever does.
    pub fn lapses_at(&self) -> Option<Timestamp> {
        Some(self.renewal_due_at).filter(|due| *due < NO_RENEWAL)
    }
}
