//! Finds the token that a request concerns: the token of a grant, or of the application itself.

use shared::{
    amazon::scope::did_you_mean,
    client_secret::ROTATION_SCOPE,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{Grant, GrantKey, lookup::Meant},
    ids::{ApplicationId, MarketplaceId},
    region::Region,
    vending::Wanted,
};

use crate::{
    GetAccessToken,
    request::{Owner, TokenRequest},
};

impl GetAccessToken {
    /// `named` is the region that the request names, or the one to which the grant was moved from there.
    pub(crate) async fn resolve(
        &self,
        request: &TokenRequest,
        named: Option<Region>,
        clock: Clock,
    ) -> Result<Wanted, Error> {
        let region = self.region(request, named)?;
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
                match &request.marketplace_id {
                    Some(id) if self.amazon.marketplaces().by_id(id).is_none() => {
                        self.key_that_lists(id, &meant, clock).await?
                    }
                    _ => self.grants.key_meant(&meant, clock.deadline()).await?,
                }
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

    /// Returns the region to which the grant was moved from the one that the request names, if it was.
    pub(crate) async fn region_moved_to(
        &self,
        request: &TokenRequest,
        clock: Clock,
    ) -> Result<Option<Region>, Error> {
        let Owner::Partner(whose) = &request.owner else { return Ok(None) };
        let Some(region) = self.region(request, request.region)? else { return Ok(None) };
        let application_id = self.application_id(request, clock).await?;
        let meant = Meant { application_id, whose: whose.clone(), region: Some(region), even_removed: false };
        Ok(self.grants.region_moved_to(&meant, clock.deadline()).await?)
    }

    /// Finds the grant of a marketplace that is not in the table: its stores must list it, as they do where Amazon has
    /// opened the marketplace since.
    async fn key_that_lists(
        &self,
        id: &MarketplaceId,
        meant: &Meant,
        clock: Clock,
    ) -> Result<GrantKey, Error> {
        let lists = |grant: &Grant| grant.stores.iter().any(|store| store.marketplace_id == *id);
        match self.grants.meant(meant, clock.deadline()).await {
            Ok(grant) if lists(&grant) => Ok(grant.key()),
            Ok(_) | Err(Error::UnknownSellingPartner) => Err(unknown_marketplace()),
            Err(error) => Err(error),
        }
    }

    /// Returns the region that decides which grant is meant. A marketplace outside the table decides nothing.
    fn region(&self, request: &TokenRequest, named: Option<Region>) -> Result<Option<Region>, Error> {
        let Some(id) = &request.marketplace_id else {
            return Ok(named);
        };
        let Some(marketplace) = self.amazon.marketplaces().by_id(id) else {
            return match request.owner {
                Owner::Partner(_) => Ok(named),
                Owner::Application(_) => Err(unknown_marketplace()),
            };
        };
        match request.region {
            Some(region) if region != marketplace.region => Err(Error::invalid(
                "region",
                format!("{}, which is the marketplace's region", marketplace.region),
            )),
            // The grant was moved from the marketplace's region.
            _ if named != request.region => Ok(named),
            _ => Ok(Some(marketplace.region)),
        }
    }
}

fn unknown_marketplace() -> Error {
    Error::invalid("marketplaceId", "the id of a marketplace of Amazon, or of one of the grant's stores")
}
