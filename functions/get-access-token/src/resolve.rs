//! Which token a request is about. Where it leaves something open, the indexes tell what there is to choose from, and
//! the rows decide.

use jiff::Timestamp;
use shared::{
    application::NotOne,
    error::Error,
    grant::{GrantKey, Status},
    ids::ApplicationId,
    region::Region,
    vending::Wanted,
};

use crate::{
    GetAccessToken,
    request::{TokenRequest, Whose},
};

/// Asks Amazon to replace the client secret; only the rotation may hold such a token.
const ROTATION_SCOPE: &str = "sellingpartnerapi::client_credential:rotation";

/// How many rows are read to find the one grant that is not removed. More would be more than a region each.
const READ_AT_MOST: usize = 10;

impl GetAccessToken {
    pub(crate) async fn resolve(&self, request: &TokenRequest, now: Timestamp) -> Result<Wanted, Error> {
        let region = self.region(request)?;
        let application_id = self.application_id(request, now).await?;
        let key = match &request.of {
            Whose::Scope(scope) => {
                let application = self.applications.find(&application_id, now).await?;
                let application = application.ok_or(Error::UnknownApplication)?;
                if scope == ROTATION_SCOPE || !application.scopes.contains(scope) {
                    return Err(Error::RequestRefused("the scope is not on the application's list"));
                }
                return Ok(Wanted::Scope(application_id, scope.clone()));
            }
            Whose::Partner(partner) => match region {
                Some(region) => GrantKey { application_id, region, selling_partner_id: partner.clone() },
                None => {
                    self.only(self.grants.keys_of_partner(partner).await?, &application_id, region).await?
                }
            },
            Whose::Account(account) => {
                self.only(self.grants.keys_of_account(account).await?, &application_id, region).await?
            }
        };
        Ok(match &request.restricted {
            None => Wanted::Partner(key),
            Some(restricted) => Wanted::Restricted(key, restricted.clone()),
        })
    }

    /// Why there is no grant: perhaps there is no such application. Looked up only then, so that it costs nothing else.
    pub(crate) async fn nobody(&self, request: &TokenRequest, now: Timestamp) -> Error {
        match &request.application_id {
            Some(named) => match self.applications.find(named, now).await {
                Ok(None) => Error::UnknownApplication,
                Ok(Some(_)) => Error::UnknownSellingPartner,
                Err(error) => error.into(),
            },
            None => Error::UnknownSellingPartner,
        }
    }

    async fn application_id(&self, request: &TokenRequest, now: Timestamp) -> Result<ApplicationId, Error> {
        match &request.application_id {
            Some(named) => Ok(named.clone()),
            None => self.applications.only(now).await.map_err(|not_one| match not_one {
                NotOne::Registered(0) => Error::UnknownApplication,
                NotOne::Registered(_) => {
                    Error::invalid("applicationId", "one, since several applications are registered")
                }
                NotOne::Aws(error) => error.into(),
            }),
        }
    }

    /// The one grant among `keys` that fits and is not removed.
    async fn only(
        &self,
        keys: Vec<GrantKey>,
        application_id: &ApplicationId,
        region: Option<Region>,
    ) -> Result<GrantKey, Error> {
        let mut fitting: Vec<_> = keys
            .into_iter()
            .filter(|key| key.application_id == *application_id)
            .filter(|key| region.is_none_or(|region| key.region == region))
            .take(READ_AT_MOST)
            .collect();
        if fitting.len() > 1 {
            let mut standing = Vec::new();
            for key in fitting {
                if self.grants.find(&key).await?.is_some_and(|grant| grant.status != Status::Removed) {
                    standing.push(key);
                }
            }
            fitting = standing;
        }
        let Some(first) = fitting.pop() else {
            return Err(Error::UnknownSellingPartner);
        };
        match fitting.iter().all(|other| other.region == first.region) {
            _ if fitting.is_empty() => Ok(first),
            true => Err(Error::AmbiguousSellingPartner("sellingPartnerId")),
            false => Err(Error::AmbiguousSellingPartner("region")),
        }
    }

    fn region(&self, request: &TokenRequest) -> Result<Option<Region>, Error> {
        let Some(id) = &request.marketplace_id else {
            return Ok(request.region);
        };
        let marketplace = self.amazon.marketplaces().by_id(id);
        let marketplace =
            marketplace.ok_or_else(|| Error::invalid("marketplaceId", "a marketplace of Amazon's"))?;
        match request.region {
            Some(region) if region != marketplace.region => Err(Error::invalid(
                "region",
                format!("{}, which is the marketplace's region", marketplace.region),
            )),
            _ => Ok(Some(marketplace.region)),
        }
    }
}
