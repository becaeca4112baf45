//! Finds the application and the grant that a request concerns.

use jiff::Timestamp;
use shared::{
    deadline::{Deadline, retry_until},
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
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<ApplicationId, Error> {
        match named {
            Some(named) => self.applications.registered(&named, now, deadline).await.map(|_| named),
            None => Ok(retry_until(deadline, || self.applications.only(now)).await?),
        }
    }

    pub(crate) async fn meant(
        &self,
        grant: OneGrant,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Meant, Error> {
        let OneGrant { application_id, whose, region } = grant;
        let application_id = self.application_id(application_id, now, deadline).await?;
        Ok(Meant { application_id, whose, region, even_removed: false })
    }
}
