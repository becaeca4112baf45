//! The emergency commands: they invalidate access tokens, or stop an application. Each is one write, at any number of
//! partners.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    application::Application,
    deadline::Clock,
    error::Error,
    grant::{Grant, GrantKey},
    grant_change::by_operator::invalidated,
    history::{
        Event,
        actor::{Reason, Who},
    },
    ids::{ApplicationId, SellingPartnerId},
    region::Region,
};

use crate::{Administration, operation::OneApplication};

impl Administration {
    /// Stops an application. Environments of the functions hand out its tokens for 65 seconds at most.
    pub(crate) async fn disable_application(
        &self,
        one: OneApplication,
        clock: Clock,
    ) -> Result<Value, Error> {
        self.set_disabled(one, true, Event::ApplicationDisabled, "it was stopped by request", clock).await
    }

    /// Starts an application again. Tokens that are still valid are handed out, unless they were invalidated.
    pub(crate) async fn enable_application(&self, one: OneApplication, clock: Clock) -> Result<Value, Error> {
        self.set_disabled(one, false, Event::ApplicationEnabled, "it was started by request", clock).await
    }

    async fn set_disabled(
        &self,
        one: OneApplication,
        disabled: bool,
        event: Event,
        otherwise: &str,
        clock: Clock,
    ) -> Result<Value, Error> {
        let reason = one.reason.as_ref().map_or(otherwise, Reason::as_str).to_owned();
        let decide = |seen: Option<&Application>| {
            let seen = seen.ok_or(Error::UnknownApplication)?;
            let wanted = Application { disabled, ..seen.clone() };
            Ok((wanted != *seen).then(|| (wanted, event, reason.clone())))
        };
        let application = self.save_application(&one.id, decide, &Who::operator(one.by), clock).await?;
        Ok(self.registered(&application))
    }

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
