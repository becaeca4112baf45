//! What a partner gave an application in a region, and what may happen to it. Pure: a decision and its reason.

pub mod authorization;
pub mod change;
pub mod lookup;
mod record;
pub mod renewal;
pub mod renewal_links;
pub mod store;
pub mod view;

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    amazon::marketplace::{PartnerType, Store},
    aws::sealing::{Owner, Purpose, Sealed},
    grant::renewal::Reminder,
    ids::{Account, ApplicationId, Malformed, SellingPartnerId},
    region::Region,
    secret::Fingerprint,
};

/// How long a partner's authorization of a public application lasts (F§3.2).
pub const RENEWAL_AFTER: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Stands for a renewal that never comes, in the index that is sorted by it: 9990-01-01.
pub const NO_RENEWAL: Timestamp = Timestamp::constant(253_086_768_000, 0);

/// Where a removed grant stands in the index that is sorted by renewal, behind all others: 9995-01-01.
pub const REMOVED: Timestamp = Timestamp::constant(253_244_534_400, 0);

/// The key of a grant; nothing less is unique (F§1.8).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct GrantKey {
    /// Which application.
    pub application_id: ApplicationId,
    /// Where.
    pub region: Region,
    /// Who.
    pub selling_partner_id: SellingPartnerId,
}

impl GrantKey {
    /// The owner under which the grant's refresh token is sealed.
    #[must_use]
    pub fn refresh_token_owner(&self) -> Owner {
        Owner::new(Purpose::RefreshToken, self)
    }
}

impl fmt::Display for GrantKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}#{}", self.application_id, self.region, self.selling_partner_id)
    }
}

impl FromStr for GrantKey {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('#');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(application), Some(region), Some(partner), None) => Ok(Self {
                application_id: application.parse()?,
                region: region.parse()?,
                selling_partner_id: partner.parse()?,
            }),
            _ => Err(Malformed("application#region#partner")),
        }
    }
}

/// Whether a grant mints tokens, and if not, whose turn it is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Mints access tokens.
    Active,
    /// Amazon refuses it: the partner's turn.
    ReauthorizationRequired,
    /// We refuse it: the operator's or integrator's turn.
    Disabled,
    /// Gone but for its version, so that a version never starts again.
    Removed,
}

impl Status {
    /// The status as it is spelt everywhere: in rows, requests, answers and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReauthorizationRequired => "reauthorizationRequired",
            Self::Disabled => "disabled",
            Self::Removed => "removed",
        }
    }
}

impl FromStr for Status {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        [Self::Active, Self::ReauthorizationRequired, Self::Disabled, Self::Removed]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(Malformed("active, reauthorizationRequired, disabled or removed"))
    }
}

/// How the refresh token came to be.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// A partner consented in a browser: 365 days.
    Oauth,
    /// The developer authorized its own application in the portal: no yearly clock (F§3.2).
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

/// A grant as it stands in its row.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Grant {
    /// Which application.
    pub application_id: ApplicationId,
    /// Where.
    pub region: Region,
    /// Who.
    pub selling_partner_id: SellingPartnerId,
    /// Whether it mints tokens.
    pub status: Status,
    /// Rises whenever refresh token, status or account changes; every access token carries the one it was minted under.
    pub version: u64,
    /// Rises with every change of the row; the condition of the next write, and the key of its history record.
    pub revision: u64,
    /// Where the refresh token came from.
    pub kind: GrantKind,
    /// Seller or vendor, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_type: Option<PartnerType>,
    /// Whether the partner consented to the draft.
    pub draft: bool,
    /// Amazon's host at which the partner consented, where it is known: there it can do so again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central_host: Option<String>,
    /// The integrator's name for the partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// When the partner last consented.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub authorized_at: Timestamp,
    /// When the authorization lapses, or [`NO_RENEWAL`] or [`REMOVED`].
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub renewal_due_at: Timestamp,
    /// The seller's stores; none while the grant is unverified, as every vendor's is.
    #[serde(default)]
    pub stores: Vec<Store>,
    /// What the refresh token looks like from outside.
    pub fingerprint: Fingerprint,
    /// The refresh token; a removed grant has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Sealed>,
    /// Whether the refresher has sealed it anew, under a data key that serves many grants.
    #[serde(default)]
    pub resealed: bool,
    /// How near its end the authorization was when somebody was last told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Reminder>,
    /// Tokens that came for this partner without proof that it is the same one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// An authorization that could not be told from somebody else's.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Conflict {
    /// When it came.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
    /// The account that the browser's request carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The stores that the new token shows.
    #[serde(default)]
    pub stores: Vec<Store>,
    /// What the new refresh token looks like from outside.
    pub fingerprint: Fingerprint,
    /// The new refresh token.
    pub refresh_token: Sealed,
}

impl Grant {
    /// Returns an active grant in its first version. Beyond its token, nothing is known of its partner.
    #[must_use]
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
            revision: 1,
            kind,
            partner_type: None,
            draft: false,
            central_host: None,
            account: None,
            authorized_at,
            renewal_due_at: match kind {
                GrantKind::Oauth => authorized_at.saturating_add(RENEWAL_AFTER).unwrap_or(NO_RENEWAL),
                GrantKind::SelfAuthorized => NO_RENEWAL,
            },
            stores: Vec::new(),
            fingerprint,
            refresh_token: Some(refresh_token),
            resealed: false,
            reminded: None,
            conflicts: Vec::new(),
        }
    }

    /// The grant's key.
    #[must_use]
    pub fn key(&self) -> GrantKey {
        GrantKey {
            application_id: self.application_id.clone(),
            region: self.region,
            selling_partner_id: self.selling_partner_id.clone(),
        }
    }

    /// When the authorization lapses, if it ever does.
    #[must_use]
    pub fn lapses_at(&self) -> Option<Timestamp> {
        Some(self.renewal_due_at).filter(|due| *due < NO_RENEWAL)
    }
}
