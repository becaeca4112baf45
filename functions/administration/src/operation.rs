//! What operators may ask, as JSON.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use shared::{
    amazon::marketplace::PartnerType,
    grant::GrantKind,
    history::actor::{By, Reason},
    ids::{Account, ApplicationId, ClientId, SellingPartnerId},
    region::Region,
    secret::{ClientSecret, Fingerprint, RefreshToken},
};

/// A request, tagged by its `operation`.
#[derive(Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Operation {
    /// Makes an application known that is registered at Amazon.
    RegisterApplication(RegisterApplication),
    /// Changes what is known of an application.
    UpdateApplication(UpdateApplication),
    /// Finds what goes wrong in real life, for one application.
    Examine { application_id: ApplicationId },
    /// Stores a client secret that was copied from Amazon's portal, once Amazon has accepted it.
    SetClientSecret {
        application_id: ApplicationId,
        secret: ClientSecret,
        expires_at: Option<Timestamp>,
        by: Option<By>,
    },
    /// Asks Amazon for a new client secret now.
    RotateClientSecret { application_id: ApplicationId, by: Option<By> },
    /// Has the access tokens of one grant, or of all grants of an application a page at a time, minted anew.
    InvalidateTokens {
        application_id: ApplicationId,
        selling_partner_id: Option<SellingPartnerId>,
        region: Option<Region>,
        cursor: Option<String>,
        by: Option<By>,
    },
    /// Stores a refresh token that was made elsewhere, once Amazon has accepted it.
    ImportGrant(ImportGrant),
    /// Stops handing out the tokens of a grant.
    DisableGrant(OneGrant),
    /// Hands out the tokens of a grant again, once Amazon has accepted its refresh token.
    EnableGrant(OneGrant),
    /// Throws a grant's refresh token away.
    RemoveGrant(OneGrant),
    /// Decides whose an authorization was that could not be told from somebody else's.
    ResolveConflict {
        application_id: ApplicationId,
        selling_partner_id: SellingPartnerId,
        region: Region,
        fingerprint: Fingerprint,
        resolution: Resolution,
        by: Option<By>,
    },
    /// Sets or clears the integrator's name for a grant's partner.
    LinkAccount {
        application_id: ApplicationId,
        selling_partner_id: SellingPartnerId,
        region: Region,
        #[serde(deserialize_with = "even_null")]
        account: Option<Account>,
        by: Option<By>,
    },
    /// Sends the events of a span of history again: of one grant, or of the application and all its grants.
    ReplayEvents {
        application_id: ApplicationId,
        selling_partner_id: Option<SellingPartnerId>,
        region: Option<Region>,
        from: Timestamp,
        until: Timestamp,
        cursor: Option<String>,
    },
}

/// A grant by its key, and why something is done to it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OneGrant {
    pub(crate) application_id: ApplicationId,
    pub(crate) selling_partner_id: SellingPartnerId,
    pub(crate) region: Region,
    pub(crate) reason: Option<Reason>,
    pub(crate) by: Option<By>,
}

/// An application as it is to be known.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RegisterApplication {
    pub(crate) application_id: ApplicationId,
    pub(crate) client_id: ClientId,
    pub(crate) name: String,
    pub(crate) draft: bool,
    #[serde(default)]
    pub(crate) vendors_need_beta: Option<bool>,
    pub(crate) default_region: Region,
    pub(crate) scopes: Option<BTreeSet<String>>,
    pub(crate) sign_in_url: Option<String>,
    pub(crate) return_urls: Option<BTreeSet<String>>,
    pub(crate) by: Option<By>,
}

/// What is to change of an application; what is left out stays.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UpdateApplication {
    pub(crate) application_id: ApplicationId,
    pub(crate) name: Option<String>,
    pub(crate) draft: Option<bool>,
    pub(crate) vendors_need_beta: Option<bool>,
    pub(crate) default_region: Option<Region>,
    pub(crate) scopes: Option<BTreeSet<String>>,
    /// `null` clears it.
    #[serde(default)]
    pub(crate) sign_in_url: Wish,
    pub(crate) return_urls: Option<BTreeSet<String>>,
    pub(crate) by: Option<By>,
}

/// A refresh token that was made elsewhere, and what is known of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ImportGrant {
    pub(crate) application_id: ApplicationId,
    pub(crate) selling_partner_id: SellingPartnerId,
    pub(crate) refresh_token: RefreshToken,
    pub(crate) kind: GrantKind,
    pub(crate) authorized_at: Option<Timestamp>,
    pub(crate) region: Option<Region>,
    pub(crate) partner_type: Option<PartnerType>,
    pub(crate) account: Option<Account>,
    pub(crate) by: Option<By>,
}

/// What becomes of a conflict.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Resolution {
    /// The token is the same partner's.
    Accept,
    /// The token is somebody else's.
    Reject,
}

/// The field must be there, and may be null.
fn even_null<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Account>, D::Error> {
    Option::deserialize(from)
}

/// What is to become of something that need not be there: to leave the field out says nothing, and null is a wish too.
#[derive(Clone, Debug, Default)]
pub(crate) enum Wish {
    /// It stays as it is.
    #[default]
    Stays,
    /// It goes.
    Cleared,
    /// It becomes this.
    Set(String),
}

impl Wish {
    /// What becomes of `present`.
    pub(crate) fn applied_to(&self, present: Option<&String>) -> Option<String> {
        match self {
            Self::Stays => present.cloned(),
            Self::Cleared => None,
            Self::Set(text) => Some(text.clone()),
        }
    }
}

impl<'de> Deserialize<'de> for Wish {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(from)?.map_or(Self::Cleared, Self::Set))
    }
}
