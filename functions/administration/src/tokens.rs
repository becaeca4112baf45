//! Invalidates access tokens: those of a grant, or all of an application. Each is one write, at any number of partners.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    application::Application,
    deadline::Clock,
    error::Error,
    grant::{Grant, GrantKey},
    grant_change::by_operator::invalidated,
    history::{Event, actor::Who},
    ids::{ApplicationId, SellingPartnerId},
    region::Region,
};

use crate::Administration;

impl Administration {
    /// Invalidates the access tokens of one grant, or every access token of the application.
    pub(crate) async fn invalidate_tokens(
        &self,
        application: &ApplicationId,
        grant: Option<(SellingPartnerId, Region)>,
        who: &Who,
        clock: Clock,
    ) -> Result<Value, Error> {
        let Some((selling_partner_id, region)) = grant else {
            return self.invalidate_all_tokens(application, who, clock).await;
        };
        let key = GrantKey { application_id: application.clone(), region, selling_partner_id };
        let key = self.known(&key, clock).await?;
        let decide = |current: &Grant| Ok(invalidated(current));
        self.changes.make_of_existing(&key, decide, who, clock).await?;
        Ok(json!({ "invalidated": 1 }))
    }

    async fn invalidate_all_tokens(
        &self,
        application: &ApplicationId,
        who: &Who,
        clock: Clock,
    ) -> Result<Value, Error> {
        // Rows have the time of a request in whole seconds, so a token of the present second is invalidated too.
        let second = clock.began().as_second() + 1;
        let not_before = Timestamp::from_second(second).map_err(|error| Error::Internal(error.into()))?;
        let decide = |seen: Option<&Application>| {
            let seen = seen.ok_or(Error::UnknownApplication)?;
            let wanted = Application { not_before: seen.not_before.max(Some(not_before)), ..seen.clone() };
            let reason = "an operator had every access token of the application replaced";
            Ok((wanted != *seen).then(|| (wanted, Event::ApplicationTokensInvalidated, reason.to_owned())))
        };
        let application = self.save_application(application, decide, who, clock).await?;
        Ok(self.registered(&application))
    }
}
