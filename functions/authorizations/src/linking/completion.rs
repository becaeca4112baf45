//! Completes a journey with a return URL: the integrator names the account of the user who came back.

use serde_json::{Value, json};
use shared::{
    consumer::Reach,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{Grant, GrantKey, change::Change, view::GrantView},
    grant_change::Made,
    history::actor::Who,
    journey::request::NotCompleted,
};

use super::Linking;
use crate::operation::CompleteAuthorization;

impl Linking {
    /// Writes grant, history and the use of the result in one transaction. A wrong account changes nothing, and the result stays
    /// valid.
    pub(crate) async fn complete_authorization(
        &self,
        request: CompleteAuthorization,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        let CompleteAuthorization { result, account } = request;
        reach.allows(|policy| policy.accounts.covers(Some(&account)))?;
        let progress = retry_until(clock.deadline(), || self.requests.finished(&result)).await?;
        let progress = progress.ok_or_else(|| refused(NotCompleted::Unknown))?;
        let finished = progress.completed_with(&result.secret, clock.began()).map_err(refused)?;
        let key = GrantKey {
            application_id: finished.request.application_id.clone(),
            region: finished.brought.region,
            selling_partner_id: finished.partner.clone(),
        };
        let key = self.grants.current_key(&key, clock.deadline()).await?;
        reach.allows(|policy| policy.covers_place(&key.application_id, Some(key.region)))?;
        let decide = |current: Option<&Grant>| {
            let decision = finished.completed_by(&account, current, self.amazon.marketplaces());
            decision.map_err(Error::RequestRefused)
        };
        let also = |current: Option<&Grant>, change: Option<&Change>| {
            let complete = self.requests.complete(&result, clock.began()).named("complete");
            [complete].into_iter().chain(self.changes.watch(current, change, clock.began())).collect()
        };
        let who = Who::integrator(None);
        let grant = match self.changes.make_with(&key, decide, also, &who, clock).await? {
            Made::Changed(change) => change.grant,
            Made::Stays(Some(grant)) => *grant,
            Made::Stays(None) => return Err(refused(NotCompleted::Unknown)),
            // Another request has used the result since it was read.
            Made::Refused(_) => return Err(refused(NotCompleted::Used)),
        };
        tracing::info!(grant.key = %key, "Authorization of grant {key} completed by the integrator");
        Ok(json!({ "grant": GrantView::of(&grant, &self.amazon) }))
    }
}

fn refused(reason: NotCompleted) -> Error {
    Error::RequestRefused(match reason {
        NotCompleted::Unknown => "no authorization waits to be completed with this result",
        NotCompleted::Used => "this result was already used to complete its authorization",
        NotCompleted::Expired => "this result is older than five minutes; the user needs a new link",
    })
}
