//! Erases everything that is stored about one grant: its row, its access token and its history. An event says so first, because its
//! receivers have to erase it too.

use serde_json::{Value, json};
use shared::{
    deadline::{Clock, retry_until},
    error::{Cause, Error},
    grant::{Grant, GrantKey, Status},
    grant_change::{Decision, by_operator::erased},
    history::{
        Event,
        actor::{Reason, Who},
    },
};

use crate::{Administration, operation::OneGrant};

impl Administration {
    /// Erases a grant. Sent again after an interruption, it goes on; with nothing left, it erases nothing.
    pub(crate) async fn erase_grant(&self, one: OneGrant, clock: Clock) -> Result<Value, Error> {
        self.application(&one.key.application_id, clock).await?;
        let who = Who::operator(one.by);
        let records = self.erase(&one.key, one.reason.as_ref(), &who, clock).await?;
        Ok(json!({ "erased": records.is_some(), "records": records.unwrap_or_default() }))
    }

    /// Returns the number of records that were deleted, or nothing if nothing was stored.
    pub(crate) async fn erase(
        &self,
        key: &GrantKey,
        reason: Option<&Reason>,
        who: &Who,
        clock: Clock,
    ) -> Result<Option<u64>, Error> {
        // First: whatever is restored from now on does not bring the grant back.
        self.erasures.remember(key, clock.began(), clock).await?;
        let subject = key.to_string();
        let newest = || self.history.page(&subject, true, None, 1);
        // A record of another release is deleted with the others.
        let (newest, is_readable) = match retry_until(clock.deadline(), newest).await {
            Ok((newest, _)) => (newest.into_iter().next(), true),
            Err(error) => match Error::from(error) {
                error @ Error::Unavailable(_) => return Err(error),
                _ => (None, false),
            },
        };
        // An earlier attempt has said so already, and may have deleted every record.
        let is_reported = newest.as_ref().is_some_and(|newest| newest.event == Event::AuthorizationErased);
        let is_reported = is_reported || (is_readable && newest.is_none());
        let decide = |current: Option<&Grant>| match current {
            Some(current) if !is_reported || current.status != Status::Removed => Ok(erased(current, reason)),
            _ => Ok(Decision::Stays),
        };
        let (revision, is_known) = match self.changes.make(key, decide, who, clock).await {
            Ok(grant) => (grant.map(|grant| grant.revision), true),
            Err(error @ Error::Unavailable(_)) => return Err(error),
            // A row that this release cannot read is deleted without an event.
            Err(_) => (None, false),
        };
        let up_to = revision.or_else(|| newest.map(|newest| newest.revision));
        let records =
            self.erasures.delete_history(key, up_to.unwrap_or(u64::from(u32::MAX)), clock.deadline()).await?;
        if !self.erasures.delete_row(key, revision, clock.deadline()).await? {
            return Err(Error::Unavailable(Cause::Contention("grant")));
        }
        let was_stored = revision.is_some() || records > 0 || !is_known;
        if was_stored {
            tracing::info!(records, "Erased a grant with its history");
        }
        Ok(was_stored.then_some(records))
    }
}
