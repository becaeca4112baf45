//! Finds the application and the grant that a request concerns.

use shared::{
    deadline::{Clock, retry_until},
    error::Error,
    grant::lookup::Meant,
    ids::ApplicationId,
};

use crate::{Authorizations, operation::OneGrant};

impl Authorizations {
    /// Returns the application that a request names, or the only registered one.
    pub(crate) async fn application_id(
        &self,
        named: Option<ApplicationId>,
        clock: Clock,
    ) -> Result<ApplicationId, Error> {
        match named {
            Some(named) => self.applications.registered(&named, clock).await.map(|_| named),
            None => Ok(retry_until(clock.deadline(), || self.applications.only(clock.began())).await?),
        }
    }

    pub(crate) async fn meant(&self, grant: OneGrant, clock: Clock) -> Result<Meant, Error> {
        let OneGrant { application_id, whose, region } = grant;
        let application_id = self.application_id(application_id, clock).await?;
        Ok(Meant { application_id, whose, region, even_removed: false })
    }
}
