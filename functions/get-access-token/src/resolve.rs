//! Finds the token that a request concerns: the token of a grant, or of the application itself.

use shared::{
    amazon::scope::did_you_mean,
    client_secret::ROTATION_SCOPE,
    deadline::{Clock, retry_until},
    error::Error,
    grant::lookup::Meant,
    ids::ApplicationId,
    region::Region,
    vending::Wanted,
};

use crate::{
    GetAccessToken,
    request::{Owner, TokenRequest},
};

impl GetAccessToken {
    pub(crate) async fn resolve(&self, request: &TokenRequest, clock: Clock) -> Result<Wanted, Error> {
        let region = self.region(request)?;
        let application_id = self.application_id(request, clock).await?;
        let key = match &request.owner {
            Owner::Application(scope) => {
                let application = self.applications.registered(&application_id, clock).await?;
                // Only the rotation of client secrets may use a token of that scope.
                if scope == ROTATION_SCOPE || !application.scopes.contains(scope) {
                    return Err(match did_you_mean(scope) {
                        Some(hint) => {
                            Error::invalid("scope", format!("one on the application's list; {hint}"))
                        }
                        None => Error::RequestRefused("the scope is not on the application's list"),
                    });
                }
                return Ok(Wanted::Scope(application_id, scope.clone()));
            }
            Owner::Partner(whose) => {
                let whose = whose.clone();
                let meant = Meant { application_id, whose, region, even_removed: false };
                self.grants.key_meant(&meant, clock.deadline()).await?
            }
        };
        Ok(match &request.restricted {
            None => Wanted::Partner(key),
            Some(restricted) => Wanted::Restricted(key, restricted.clone()),
        })
    }

    /// Returns why there is no grant: perhaps the application is not registered. It is looked up only now, so that other
    /// requests do not pay for it.
    pub(crate) async fn no_grant(&self, request: &TokenRequest, clock: Clock) -> Error {
        let Some(named) = &request.application_id else {
            return Error::UnknownSellingPartner;
        };
        let registered = self.applications.registered(named, clock).await;
        registered.err().unwrap_or(Error::UnknownSellingPartner)
    }

    async fn application_id(&self, request: &TokenRequest, clock: Clock) -> Result<ApplicationId, Error> {
        match &request.application_id {
            Some(named) => Ok(named.clone()),
            None => Ok(retry_until(clock.deadline(), || self.applications.only(clock.began())).await?),
        }
    }

    fn region(&self, request: &TokenRequest) -> Result<Option<Region>, Error> {
        let Some(id) = &request.marketplace_id else {
            return Ok(request.region);
        };
        let marketplace = self.amazon.marketplaces().by_id(id);
        let marketplace = marketplace
            .ok_or_else(|| Error::invalid("marketplaceId", "the id of a marketplace of Amazon"))?;
        match request.region {
            Some(region) if region != marketplace.region => Err(Error::invalid(
                "region",
                format!("{}, which is the marketplace's region", marketplace.region),
            )),
            _ => Ok(Some(marketplace.region)),
        }
    }
}
