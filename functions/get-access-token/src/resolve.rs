//! Finds the token that a request concerns: the token of a grant, or of the application itself.

use shared::{
    amazon::scope::did_you_mean,
    client_secret::ROTATION_SCOPE,
    consumer::Reach,
    deadline::{Clock, retry_until},
    error::Error,
    grant::lookup::{Location, Look, MarketplaceMeant, Meant, Whose},
    ids::ApplicationId,
    vending::Wanted,
};

use crate::{GetAccessToken, request::TokenRequest};

impl GetAccessToken {
    /// Returns what the request says of the grant, unless the caller may not have it, whatever the tables hold.
    pub(crate) async fn meant(
        &self,
        request: &TokenRequest,
        whose: &Whose,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Meant, Error> {
        let meant = Meant {
            location: self.location(request)?,
            application_id: self.application_id(request, reach, clock).await?,
            whose: whose.clone(),
            partner_type: request.partner_type,
            even_removed: false,
            reach: reach.clone(),
        };
        meant.check()?;
        let restricted = request.restricted.as_ref();
        reach.allows(|policy| restricted.is_none_or(|restricted| policy.covers_restricted(restricted)))?;
        Ok(meant)
    }

    /// Returns the application's own token for a scope on its list.
    pub(crate) async fn of_scope(
        &self,
        request: &TokenRequest,
        scope: &str,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Wanted, Error> {
        let location = self.location(request)?;
        if location.marketplace.is_some_and(|named| !named.is_known) {
            return Err(MarketplaceMeant::unknown());
        }
        let application_id = self.application_id(request, reach, clock).await?;
        reach.allows(|policy| {
            policy.covers_place(&application_id, location.region) && policy.scopes.covers(&scope.to_owned())
        })?;
        let application = self.applications.registered(&application_id, clock).await?;
        // Only the rotation of client secrets may use a token of that scope.
        if scope == ROTATION_SCOPE || !application.scopes.contains(scope) {
            return Err(match did_you_mean(scope) {
                Some(hint) => Error::invalid("scope", format!("one on the application's list; {hint}")),
                None => Error::RequestRefused("the scope is not on the application's list"),
            });
        }
        Ok(Wanted::Scope(application_id, scope.to_owned()))
    }

    /// Returns the partner's own token, or the restricted one that the request is for.
    pub(crate) async fn of_partner(
        &self,
        request: &TokenRequest,
        meant: &Meant,
        look: Look,
        clock: Clock,
    ) -> Result<Wanted, Error> {
        let key = self.grants.key_meant(meant, look, clock.deadline()).await?;
        Ok(match &request.restricted {
            None => Wanted::Partner(key),
            Some(restricted) => Wanted::Restricted(key, restricted.clone()),
        })
    }

    /// Returns why there is no grant: perhaps the application is not registered. It is looked up only now, so that other
    /// requests do not pay for it.
    pub(crate) async fn no_grant(&self, request: &TokenRequest, meant: &Meant, clock: Clock) -> Error {
        match (meant.not_found(), &request.application_id) {
            (Error::UnknownSellingPartner, Some(named)) => {
                let registered = self.applications.registered(named, clock).await;
                registered.err().unwrap_or(Error::UnknownSellingPartner)
            }
            (reason, _) => reason,
        }
    }

    fn location(&self, request: &TokenRequest) -> Result<Location, Error> {
        Location::of(request.region, request.marketplace_id.clone(), self.amazon.marketplaces())
    }

    async fn application_id(
        &self,
        request: &TokenRequest,
        reach: &Reach,
        clock: Clock,
    ) -> Result<ApplicationId, Error> {
        match reach.application(request.application_id.clone())? {
            Some(named) => Ok(named),
            None => Ok(retry_until(clock.deadline(), || self.applications.only(clock.began())).await?),
        }
    }
}
