//! Finds the application and the grant that a request concerns.

use shared::{
    amazon::marketplace::Marketplaces,
    consumer::Reach,
    deadline::{Clock, retry_until},
    error::Error,
    grant::lookup::{Location, Meant},
    ids::ApplicationId,
};

use crate::{Authorizations, operation::OneGrant};

impl Authorizations {
    /// Returns the application that a request names, or the only registered one.
    pub(crate) async fn application_id(
        &self,
        named: Option<ApplicationId>,
        reach: &Reach,
        clock: Clock,
    ) -> Result<ApplicationId, Error> {
        match reach.application(named)? {
            Some(named) => self.applications.registered(&named, clock).await.map(|_| named),
            None => Ok(retry_until(clock.deadline(), || self.applications.only(clock.began())).await?),
        }
    }

    pub(crate) async fn meant(&self, grant: OneGrant, reach: &Reach, clock: Clock) -> Result<Meant, Error> {
        let application_id = self.application_id(grant.application_id.clone(), reach, clock).await?;
        grant.of_application(application_id, reach, self.amazon.marketplaces())
    }
}

impl OneGrant {
    /// Returns what the request says of the grant, which was given to this application.
    pub(crate) fn of_application(
        self,
        application_id: ApplicationId,
        reach: &Reach,
        marketplaces: &Marketplaces,
    ) -> Result<Meant, Error> {
        Ok(Meant {
            application_id,
            whose: self.whose,
            location: Location::of(self.region, self.marketplace_id, marketplaces)?,
            partner_type: self.partner_type,
            even_removed: false,
            reach: reach.clone(),
        })
    }
}
