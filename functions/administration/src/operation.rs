//! The operations: the name of each, its fields, and how they are parsed.

mod consumer;
mod settings;

use std::str::FromStr;

use jiff::Timestamp;
use shared::{
    amazon::marketplace::PartnerType,
    error::Error,
    grant::{GrantKey, GrantKind},
    history::{
        Record,
        actor::{By, Reason},
    },
    ids::{Account, ApplicationId, ConsumerName, Malformed, MarketplaceId, SellingPartnerId},
    lambda::payload::{Fields, Parse},
    region::Region,
    secret::{ClientSecret, Fingerprint, RefreshToken},
};

pub(crate) use self::{
    consumer::PutConsumer,
    settings::{RegisterApplication, UpdateApplication, Wish},
};
use crate::{
    pasted,
    reconcile::Reconcile,
    replay::Wanted,
    restore::{RestoreRows, record::record_of},
};

pub(crate) const OPERATIONS: [(&str, Parse<Operation>); 24] = [
    ("registerApplication", |fields| RegisterApplication::parse(fields).map(Operation::RegisterApplication)),
    ("updateApplication", |fields| UpdateApplication::parse(fields).map(Operation::UpdateApplication)),
    ("examine", |fields| Ok(Operation::Examine { application_id: fields.required("applicationId")? })),
    ("setClientSecret", |fields| {
        Ok(Operation::SetClientSecret {
            application_id: fields.required("applicationId")?,
            secret: pasted::client_secret(&fields.must_have(Fields::secret, "secret")?)?,
            expires_at: fields.time("expiresAt")?,
            by: fields.optional("by")?,
        })
    }),
    ("rotateClientSecret", |fields| {
        Ok(Operation::RotateClientSecret {
            application_id: fields.required("applicationId")?,
            insists: fields.flag("insist")?.unwrap_or_default(),
            by: fields.optional("by")?,
        })
    }),
    ("disableApplication", |fields| OneApplication::parse(fields).map(Operation::DisableApplication)),
    ("enableApplication", |fields| OneApplication::parse(fields).map(Operation::EnableApplication)),
    ("invalidateTokens", |fields| {
        Ok(Operation::InvalidateTokens {
            application_id: fields.required("applicationId")?,
            grant: optional_grant(fields)?,
            by: fields.optional("by")?,
        })
    }),
    ("importGrant", |fields| ImportGrant::parse(fields).map(Operation::ImportGrant)),
    ("disableGrant", |fields| OneGrant::parse(fields).map(Operation::DisableGrant)),
    ("enableGrant", |fields| OneGrant::parse(fields).map(Operation::EnableGrant)),
    ("removeGrant", |fields| OneGrant::parse(fields).map(Operation::RemoveGrant)),
    ("eraseGrant", |fields| OneGrant::parse(fields).map(Operation::EraseGrant)),
    ("setRegion", |fields| {
        let (one, to) = (OneGrant::parse(fields)?, fields.required("toRegion")?);
        Ok(Operation::SetRegion(one, to))
    }),
    ("resolveConflict", |fields| {
        Ok(Operation::ResolveConflict {
            key: key(fields)?,
            fingerprint: fields.required("fingerprint")?,
            resolution: fields.required("resolution")?,
            by: fields.optional("by")?,
        })
    }),
    ("linkAccount", |fields| {
        let (key, account) = (key(fields)?, fields.nullable("account")?);
        Ok(Operation::LinkAccount { key, account, by: fields.optional("by")? })
    }),
    ("reconcile", |fields| {
        Ok(Operation::Reconcile(Reconcile {
            application_id: fields.required("applicationId")?,
            since: fields.must_have(Fields::time, "since")?,
            dry_run: fields.flag("dryRun")?.unwrap_or_default(),
            cursor: fields.text("cursor")?,
            by: fields.optional("by")?,
        }))
    }),
    ("restoreRows", |fields| {
        RestoreRows::parse(fields).map(|request| Operation::RestoreRows(Box::new(request)))
    }),
    ("restoreRecord", |fields| {
        let record =
            fields.read("record", "the detail of an event of this bus", |detail| record_of(&detail))?;
        record
            .map(|record| Operation::RestoreRecord(Box::new(record)))
            .ok_or_else(|| Error::required("record"))
    }),
    ("putConsumer", |fields| {
        PutConsumer::parse(fields).map(|request| Operation::PutConsumer(Box::new(request)))
    }),
    ("listConsumers", |_| Ok(Operation::ListConsumers)),
    ("getConsumer", |fields| fields.required("consumer").map(Operation::GetConsumer)),
    ("removeConsumer", |fields| {
        Ok(Operation::RemoveConsumer(fields.required("consumer")?, fields.optional("by")?))
    }),
    ("replayEvents", |fields| {
        Ok(Operation::ReplayEvents {
            application_id: fields.required("applicationId")?,
            wanted: Wanted {
                grant: optional_grant(fields)?,
                from: fields.must_have(Fields::time, "from")?,
                until: fields.must_have(Fields::time, "until")?,
            },
            cursor: fields.text("cursor")?,
        })
    }),
];

/// A request, parsed.
pub(crate) enum Operation {
    /// Registers an application that exists at Amazon.
    RegisterApplication(RegisterApplication),
    /// Changes the settings of an application.
    UpdateApplication(UpdateApplication),
    /// Checks one application for common faults.
    Examine { application_id: ApplicationId },
    /// Stores a client secret that was copied from Amazon's developer console, once Amazon has accepted it.
    SetClientSecret {
        application_id: ApplicationId,
        secret: ClientSecret,
        expires_at: Option<Timestamp>,
        by: Option<By>,
    },
    /// Asks Amazon for a new client secret now. One that may be lost is asked for only if the operator insists.
    RotateClientSecret { application_id: ApplicationId, insists: bool, by: Option<By> },
    /// Stops handing out and refreshing the access tokens of an application.
    DisableApplication(OneApplication),
    /// Hands out and refreshes the access tokens of an application again.
    EnableApplication(OneApplication),
    /// Invalidates the access tokens of one grant, or every access token of an application.
    InvalidateTokens {
        application_id: ApplicationId,
        grant: Option<(SellingPartnerId, Region)>,
        by: Option<By>,
    },
    /// Stores a refresh token that came from elsewhere, once Amazon has accepted it.
    ImportGrant(ImportGrant),
    /// Stops handing out the tokens of a grant.
    DisableGrant(OneGrant),
    /// Hands out the tokens of a grant again, once Amazon has accepted its refresh token.
    EnableGrant(OneGrant),
    /// Deletes a grant's refresh token.
    RemoveGrant(OneGrant),
    /// Deletes everything about a grant, its history included.
    EraseGrant(OneGrant),
    /// Confirms the region of a grant, or moves the grant to another region.
    SetRegion(OneGrant, Region),
    /// Accepts or rejects a second authorization whose partner could not be verified.
    ResolveConflict { key: GrantKey, fingerprint: Fingerprint, resolution: Resolution, by: Option<By> },
    /// Sets or clears the integrator's name for a grant's partner.
    LinkAccount { key: GrantKey, account: Option<Account>, by: Option<By> },
    /// Does again what the history says and the rows of grants have forgotten, after a restore from a backup.
    Reconcile(Reconcile),
    /// Puts rows back from the copy of a table.
    RestoreRows(Box<RestoreRows>),
    /// Puts a record of the history back from its event.
    RestoreRecord(Box<Record>),
    /// Gives a consumer a policy in place of the one that it has.
    PutConsumer(Box<PutConsumer>),
    /// Lists the consumers with their policies.
    ListConsumers,
    /// Returns one consumer and the latest records of its history.
    GetConsumer(ConsumerName),
    /// Removes a consumer, whose alias then gets nothing.
    RemoveConsumer(ConsumerName, Option<By>),
    /// Sends the events of a span of history again: of one grant, or of the application and all its grants.
    ReplayEvents { application_id: ApplicationId, wanted: Wanted, cursor: Option<String> },
}

/// A grant by its key, with the reason for the change.
pub(crate) struct OneGrant {
    pub(crate) key: GrantKey,
    pub(crate) reason: Option<Reason>,
    pub(crate) by: Option<By>,
}

impl OneGrant {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self { key: key(fields)?, reason: fields.optional("reason")?, by: fields.optional("by")? })
    }
}

/// An application by its id, with the reason for the change.
pub(crate) struct OneApplication {
    pub(crate) id: ApplicationId,
    pub(crate) reason: Option<Reason>,
    pub(crate) by: Option<By>,
}

impl OneApplication {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self {
            id: fields.required("applicationId")?,
            reason: fields.optional("reason")?,
            by: fields.optional("by")?,
        })
    }
}

/// A refresh token that came from elsewhere, and the grant to which it belongs.
pub(crate) struct ImportGrant {
    pub(crate) application_id: ApplicationId,
    pub(crate) selling_partner_id: SellingPartnerId,
    pub(crate) refresh_token: RefreshToken,
    pub(crate) kind: GrantKind,
    pub(crate) authorized_at: Option<ConsentTime>,
    pub(crate) region: Option<Region>,
    /// The partner's home marketplace, which is in one region.
    pub(crate) marketplace_id: Option<MarketplaceId>,
    pub(crate) partner_type: Option<PartnerType>,
    pub(crate) account: Option<Account>,
    pub(crate) by: Option<By>,
}

impl ImportGrant {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self {
            application_id: fields.required("applicationId")?,
            selling_partner_id: fields.required("sellingPartnerId")?,
            refresh_token: pasted::refresh_token(&fields.must_have(Fields::secret, "refreshToken")?)?,
            kind: fields.required("kind")?,
            authorized_at: fields.read(
                "authorizedAt",
                "a time of RFC 3339 such as 2026-11-21T12:00:00Z, or unknown",
                |value| ConsentTime::of(value.as_str()?),
            )?,
            region: fields.optional("region")?,
            marketplace_id: fields.optional("marketplaceId")?,
            partner_type: fields.optional("partnerType")?,
            account: fields.optional("account")?,
            by: fields.optional("by")?,
        })
    }
}

/// When a partner consented, as far as an operator knows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ConsentTime {
    /// At this time.
    At(Timestamp),
    /// At a time before the import.
    Unknown,
}

impl ConsentTime {
    fn of(text: &str) -> Option<Self> {
        if text == "unknown" { Some(Self::Unknown) } else { text.parse().ok().map(Self::At) }
    }
}

/// How an operator resolves a conflict.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resolution {
    /// The token belongs to the same partner.
    Accept,
    /// The token belongs to another partner.
    Reject,
}

impl FromStr for Resolution {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "accept" => Ok(Self::Accept),
            "reject" => Ok(Self::Reject),
            _ => Err(Malformed("accept or reject")),
        }
    }
}

fn key(fields: &mut Fields) -> Result<GrantKey, Error> {
    Ok(GrantKey {
        application_id: fields.required("applicationId")?,
        region: fields.required("region")?,
        selling_partner_id: fields.required("sellingPartnerId")?,
    })
}

/// Returns the grant that a request names, if it names one.
fn optional_grant(fields: &mut Fields) -> Result<Option<(SellingPartnerId, Region)>, Error> {
    match (fields.optional("sellingPartnerId")?, fields.optional("region")?) {
        (Some(partner), Some(region)) => Ok(Some((partner, region))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::invalid("region", "the grant's, together with sellingPartnerId")),
        (None, Some(_)) => Err(Error::invalid("sellingPartnerId", "the grant's, together with region")),
    }
}
