//! Which application and which grant a request is about. The indexes tell what there is to choose from, and the rows
//! decide.

use jiff::Timestamp;
use shared::{
    application::NotOne,
    deadline::{Deadline, patiently},
    error::Error,
    grant::{Grant, GrantKey, Status},
    ids::{Account, ApplicationId, SellingPartnerId},
    region::Region,
};

use crate::Authorizations;

/// More than this fit no request: a partner or account has a grant for each region, and few partners an account.
const READ_AT_MOST: usize = 100;

/// Whose grant a request is about.
#[derive(Debug)]
pub(crate) enum Whose {
    /// The partner's with Amazon's id of it.
    Partner(SellingPartnerId),
    /// The partner's with the integrator's own name for it.
    Account(Account),
}

impl Whose {
    /// Either, and not both.
    pub(crate) fn of(partner: Option<SellingPartnerId>, account: Option<Account>) -> Result<Self, Error> {
        match (partner, account) {
            (Some(partner), None) => Ok(Self::Partner(partner)),
            (None, Some(account)) => Ok(Self::Account(account)),
            (None, None) => Err(Error::invalid("sellingPartnerId", "it, or account")),
            (Some(_), Some(_)) => Err(Error::invalid("account", "either it or sellingPartnerId, not both")),
        }
    }

    /// Whether this is the grant of whoever was named.
    pub(crate) fn fits(&self, grant: &Grant) -> bool {
        match self {
            Self::Partner(partner) => grant.selling_partner_id == *partner,
            Self::Account(account) => grant.account.as_ref() == Some(account),
        }
    }
}

impl Authorizations {
    /// The application that a request names, or the only one.
    pub(crate) async fn application_id(
        &self,
        named: Option<ApplicationId>,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<ApplicationId, Error> {
        match named {
            Some(named) => {
                let found = patiently(deadline, || self.applications.find(&named, now)).await?;
                found.map(|_| named).ok_or(Error::UnknownApplication)
            }
            None => self.applications.only(now).await.map_err(|not_one| match not_one {
                NotOne::Registered(0) => Error::UnknownApplication,
                NotOne::Registered(_) => {
                    Error::invalid("applicationId", "one, since several applications are registered")
                }
                NotOne::Aws(error) => error.into(),
            }),
        }
    }

    /// The one grant that fits and is not removed.
    pub(crate) async fn find(
        &self,
        application_id: &ApplicationId,
        whose: &Whose,
        region: Option<Region>,
        deadline: Deadline,
    ) -> Result<Grant, Error> {
        let mut standing = self.fitting(application_id, whose, region, deadline).await?;
        standing.retain(|grant| grant.status != Status::Removed);
        only(standing)
    }

    /// The key of the one grant of this partner, whether it is removed or not.
    pub(crate) async fn key_of_any(
        &self,
        application_id: &ApplicationId,
        partner: SellingPartnerId,
        region: Option<Region>,
        deadline: Deadline,
    ) -> Result<GrantKey, Error> {
        let fitting = self.fitting(application_id, &Whose::Partner(partner), region, deadline).await?;
        only(fitting).map(|grant| grant.key())
    }

    async fn fitting(
        &self,
        application_id: &ApplicationId,
        whose: &Whose,
        region: Option<Region>,
        deadline: Deadline,
    ) -> Result<Vec<Grant>, Error> {
        let mut keys = match (whose, region) {
            (Whose::Partner(partner), Some(region)) => vec![GrantKey {
                application_id: application_id.clone(),
                region,
                selling_partner_id: partner.clone(),
            }],
            (Whose::Partner(partner), None) => {
                patiently(deadline, || self.grants.keys_of_partner(partner)).await?
            }
            (Whose::Account(account), _) => {
                patiently(deadline, || self.grants.keys_of_account(account)).await?
            }
        };
        keys.retain(|key| key.application_id == *application_id);
        keys.retain(|key| region.is_none_or(|region| key.region == region));
        keys.truncate(READ_AT_MOST);
        let mut grants = self.grants.read(&keys, deadline).await?;
        grants.retain(|grant| whose.fits(grant));
        Ok(grants)
    }
}

fn only(mut fitting: Vec<Grant>) -> Result<Grant, Error> {
    let Some(first) = fitting.pop() else {
        return Err(Error::UnknownSellingPartner);
    };
    match fitting.iter().all(|other| other.region == first.region) {
        _ if fitting.is_empty() => Ok(first),
        true => Err(Error::AmbiguousSellingPartner("sellingPartnerId")),
        false => Err(Error::AmbiguousSellingPartner("region")),
    }
}
