//! The operations: the name of each, its fields, and how they are parsed. `applicationId` may be left out while only
//! one application is registered.

use jiff::{SignedDuration, Timestamp};
use shared::{
    amazon::marketplace::PartnerType,
    consumer::May,
    error::Error,
    grant::{Status, lookup::Whose},
    history::actor::{By, Reason},
    ids::{Account, ApplicationId, LanguageTag, MarketplaceId, RequestId, SellingPartnerId},
    journey::{
        link::{Label, VALID_AT_MOST, VALID_FOR},
        request::ResultHandle,
    },
    lambda::payload::{Fields, Parse},
    region::Region,
};

/// The number of grants or records on a page if the request has no `limit`.
const USUAL_PAGE: i32 = 50;

/// The highest `limit`: the number of rows that DynamoDB reads in one batch.
const LARGEST_PAGE: i64 = 100;

pub(crate) const OPERATIONS: [(&str, Parse<Operation>); 11] = [
    ("listApplications", |_| Ok(Operation::ListApplications)),
    ("listGrants", |fields| ListGrants::parse(fields).map(Operation::ListGrants)),
    ("getGrant", |fields| OneGrant::parse(fields).map(Operation::GetGrant)),
    ("getHistory", |fields| GetHistory::parse(fields).map(Operation::GetHistory)),
    ("disableGrant", |fields| Reasoned::parse(fields).map(Operation::DisableGrant)),
    ("removeGrant", |fields| Reasoned::parse(fields).map(Operation::RemoveGrant)),
    ("createAuthorizationLink", |fields| CreateLink::parse(fields).map(Operation::CreateAuthorizationLink)),
    ("requestRenewal", |fields| RequestRenewal::parse(fields).map(Operation::RequestRenewal)),
    ("describeSignIn", |fields| fields.required("request").map(Operation::DescribeSignIn)),
    ("completeSignIn", |fields| {
        Ok(Operation::CompleteSignIn(fields.required("request")?, fields.required("account")?))
    }),
    ("completeAuthorization", |fields| {
        let (result, account) = (fields.required("result")?, fields.required("account")?);
        Ok(Operation::CompleteAuthorization(CompleteAuthorization { result, account }))
    }),
];

/// A request, parsed.
#[derive(Debug)]
pub(crate) enum Operation {
    /// Lists every registered application.
    ListApplications,
    /// Lists a page of an application's grants. Removed grants are listed only if their status is requested.
    ListGrants(ListGrants),
    /// Returns one grant.
    GetGrant(OneGrant),
    /// Lists a page of the history of a grant, or of the application itself, newest first.
    GetHistory(GetHistory),
    /// Stops handing out the tokens of one grant.
    DisableGrant(Reasoned),
    /// Deletes the refresh token of one grant.
    RemoveGrant(Reasoned),
    /// Makes a link with which a user of the integrator authorizes.
    CreateAuthorizationLink(CreateLink),
    /// Makes a link with which a partner authorizes again.
    RequestRenewal(RequestRenewal),
    /// Returns what the integrator's sign-in page may show of the request.
    DescribeSignIn(RequestId),
    /// Reports the account that has signed in for the request.
    CompleteSignIn(RequestId, Account),
    /// Links a grant to the account of the user who came back.
    CompleteAuthorization(CompleteAuthorization),
}

impl Operation {
    /// Returns what a consumer must be allowed to do.
    pub(crate) fn needs(&self) -> May {
        match self {
            Self::ListApplications | Self::ListGrants(_) | Self::GetGrant(_) | Self::GetHistory(_) => {
                May::Read
            }
            Self::DisableGrant(_) => May::Disable,
            Self::RemoveGrant(_) => May::Remove,
            Self::CreateAuthorizationLink(_)
            | Self::RequestRenewal(_)
            | Self::DescribeSignIn(_)
            | Self::CompleteSignIn(..)
            | Self::CompleteAuthorization(_) => May::Link,
        }
    }
}

/// The filters, and the cursor of the page.
#[derive(Debug)]
pub(crate) struct ListGrants {
    pub(crate) application_id: Option<ApplicationId>,
    pub(crate) account: Option<Account>,
    pub(crate) selling_partner_id: Option<SellingPartnerId>,
    pub(crate) status: Option<Status>,
    pub(crate) region: Option<Region>,
    pub(crate) renewal_due_before: Option<Timestamp>,
    pub(crate) authorized_before: Option<Timestamp>,
    pub(crate) outdated: Option<bool>,
    pub(crate) region_assumed: Option<bool>,
    pub(crate) limit: i32,
    pub(crate) cursor: Option<String>,
}

impl ListGrants {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self {
            application_id: fields.optional("applicationId")?,
            account: fields.optional("account")?,
            selling_partner_id: fields.optional("sellingPartnerId")?,
            status: fields.optional("status")?,
            region: fields.optional("region")?,
            renewal_due_before: fields.time("renewalDueBefore")?,
            authorized_before: fields.time("authorizedBefore")?,
            outdated: fields.flag("outdated")?,
            region_assumed: fields.flag("regionAssumed")?,
            limit: limit(fields)?,
            cursor: fields.text("cursor")?,
        })
    }
}

/// The grant or the application, and the cursor of the page.
#[derive(Debug)]
pub(crate) struct GetHistory {
    pub(crate) application_id: Option<ApplicationId>,
    pub(crate) grant: Option<OneGrant>,
    pub(crate) limit: i32,
    pub(crate) cursor: Option<String>,
}

impl GetHistory {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        let application_id: Option<ApplicationId> = fields.optional("applicationId")?;
        Ok(Self {
            grant: OneGrant::maybe(fields, application_id.clone())?,
            application_id,
            limit: limit(fields)?,
            cursor: fields.text("cursor")?,
        })
    }
}

/// A grant, found by its partner or account.
#[derive(Debug)]
pub(crate) struct OneGrant {
    pub(crate) application_id: Option<ApplicationId>,
    pub(crate) whose: Whose,
    pub(crate) region: Option<Region>,
    pub(crate) marketplace_id: Option<MarketplaceId>,
    pub(crate) partner_type: Option<PartnerType>,
}

impl OneGrant {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        let application_id = fields.optional("applicationId")?;
        let grant = Self::maybe(fields, application_id)?;
        grant.ok_or_else(|| Error::invalid("sellingPartnerId", "one of sellingPartnerId or account"))
    }

    /// The grant of this application, if the request names a partner or an account.
    fn maybe(fields: &mut Fields, application_id: Option<ApplicationId>) -> Result<Option<Self>, Error> {
        let whose = Whose::of(fields.optional("sellingPartnerId")?, fields.optional("account")?)?;
        let region = fields.optional("region")?;
        let marketplace_id = fields.optional("marketplaceId")?;
        let partner_type = fields.optional("partnerType")?;
        let Some(whose) = whose else {
            let narrowing = [
                ("region", region.is_some()),
                ("marketplaceId", marketplace_id.is_some()),
                ("partnerType", partner_type.is_some()),
            ];
            return match narrowing.into_iter().find(|(_, given)| *given) {
                Some((field, _)) => Err(Error::invalid(field, "none without sellingPartnerId or account")),
                None => Ok(None),
            };
        };
        Ok(Some(Self { application_id, whose, region, marketplace_id, partner_type }))
    }
}

/// A grant, with the reason for the change.
#[derive(Debug)]
pub(crate) struct Reasoned {
    pub(crate) grant: OneGrant,
    pub(crate) reason: Option<Reason>,
    pub(crate) by: Option<By>,
}

impl Reasoned {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        let (reason, by) = (fields.optional("reason")?, fields.optional("by")?);
        Ok(Self { grant: OneGrant::parse(fields)?, reason, by })
    }
}

/// The contents of a link, and the marketplace or region of the consent.
#[derive(Debug)]
pub(crate) struct CreateLink {
    pub(crate) application_id: Option<ApplicationId>,
    pub(crate) account: Account,
    pub(crate) label: Label,
    pub(crate) partner_type: PartnerType,
    pub(crate) marketplace: Option<String>,
    pub(crate) region: Option<Region>,
    pub(crate) return_url: Option<String>,
    pub(crate) valid_for: SignedDuration,
    pub(crate) language: Option<LanguageTag>,
    pub(crate) by: Option<By>,
}

impl CreateLink {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        let valid_seconds = fields.whole_number("validSeconds", 1..=VALID_AT_MOST.as_secs())?;
        Ok(Self {
            application_id: fields.optional("applicationId")?,
            account: fields.required("account")?,
            label: fields.required("label")?,
            partner_type: fields.optional("type")?.unwrap_or(PartnerType::Seller),
            marketplace: fields.text("marketplace")?,
            region: fields.optional("region")?,
            return_url: fields.text("returnUrl")?,
            valid_for: valid_seconds.map_or(VALID_FOR, SignedDuration::from_secs),
            language: fields.optional("language")?,
            by: fields.optional("by")?,
        })
    }
}

/// The grant that is to be renewed, and the contents of the link.
#[derive(Debug)]
pub(crate) struct RequestRenewal {
    pub(crate) grant: OneGrant,
    pub(crate) label: Option<Label>,
    pub(crate) return_url: Option<String>,
    pub(crate) language: Option<LanguageTag>,
    pub(crate) by: Option<By>,
}

impl RequestRenewal {
    fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self {
            label: fields.optional("label")?,
            return_url: fields.text("returnUrl")?,
            language: fields.optional("language")?,
            by: fields.optional("by")?,
            grant: OneGrant::parse(fields)?,
        })
    }
}

/// The result of a journey, and the account of the user who came back from Amazon.
#[derive(Debug)]
pub(crate) struct CompleteAuthorization {
    pub(crate) result: ResultHandle,
    pub(crate) account: Account,
}

fn limit(fields: &mut Fields) -> Result<i32, Error> {
    Ok(fields.whole_number("limit", 1..=LARGEST_PAGE)?.unwrap_or(USUAL_PAGE))
}
