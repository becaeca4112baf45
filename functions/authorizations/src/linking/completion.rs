//! The end of a journey with a return URL: the integrator says which of its users came back.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    aws::transaction::Ending,
    deadline::{Deadline, Pauses, patiently},
    error::{Cause, Error},
    grant::{GrantKey, authorization::Change, view::GrantView},
    grant_change::{completion::Completion, watch_what_works_anew},
    history::{Record, actor::Actor},
    journey::request::NotCompleted,
    secret::random_word,
};

use super::Linking;
use crate::operation::CompleteAuthorization;

/// The position of the write that appends to the history.
const HISTORY: usize = 2;

impl Linking {
    /// Grant, history and the end of the result are one transaction. A wrong account changes nothing and uses nothing up.
    pub(crate) async fn complete_authorization(
        &self,
        request: CompleteAuthorization,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let CompleteAuthorization { result, account } = request;
        let mut pauses = Pauses::until(deadline);
        let mut skipped_revisions = 0;
        loop {
            let progress = patiently(deadline, || self.requests.finished(&result)).await?;
            let progress = progress.ok_or_else(|| refused(NotCompleted::Unknown))?;
            let finished = progress.completed_with(&result.secret, now).map_err(refused)?;
            let key = GrantKey {
                application_id: finished.request.application_id.clone(),
                region: finished.brought.region,
                selling_partner_id: finished.partner.clone(),
            };
            let standing = patiently(deadline, || self.grants.find(&key)).await?;
            let seen = standing.as_ref().map(|grant| grant.revision);
            let completion =
                finished.completed_by(&account, standing.as_ref()).map_err(Error::RequestRefused)?;
            let mut writes = vec![self.requests.complete(&result, now)];
            let grant = match (completion, standing.clone()) {
                (Completion::Changes(change), _) => {
                    let Change { mut grant, event, reason } = *change;
                    grant.revision += skipped_revisions;
                    let record =
                        Record::of(&grant, event, Actor::Integrator, reason, &grant.fingerprint, now);
                    writes.extend([self.grants.put(&grant, seen), record.append(&self.history_table)]);
                    writes.extend(watch_what_works_anew(&self.tokens_table, standing.as_ref(), &grant, now));
                    grant
                }
                (Completion::Stands, Some(grant)) => grant,
                (Completion::Stands, None) => return Err(refused(NotCompleted::Unknown)),
            };
            // The same writes under the same token: asked again after a lost answer, they are made once.
            let token = random_word();
            match patiently(deadline, || self.transactions.commit(&writes, &token)).await? {
                Ending::Committed => {
                    tracing::info!(grant.key = %key, "Authorization of grant {key} completed by the integrator");
                    return Ok(json!({ "grant": GrantView::of(&grant, &self.amazon) }));
                }
                // The history is ahead of the grant, as after a restored backup: go past it.
                Ending::Refused(at) if at == [HISTORY] => skipped_revisions += 1,
                // Result or grant changed under our hands: look again and decide anew.
                Ending::Refused(_) | Ending::Conflicted => {
                    if !pauses.pause(None).await {
                        return Err(Error::Unavailable(Cause::Contention("grant")));
                    }
                }
            }
        }
    }
}

fn refused(reason: NotCompleted) -> Error {
    Error::RequestRefused(match reason {
        NotCompleted::Unknown => "no authorization waits to be completed with this result",
        NotCompleted::Used => "this result has completed its authorization before",
        NotCompleted::Expired => "this result is older than five minutes; the user needs a new link",
    })
}
