//! Commits a change together with the pointer that the partner's grant in another region becomes.

use super::{Decision, GrantChanges, Made};
use crate::{
    deadline::Clock,
    error::Error,
    grant::{Grant, GrantKey, absorption::Absorbed, change::Change},
    history::actor::Who,
};

/// The name of the write of the pointer.
const POINTER: &str = "pointer";

impl GrantChanges {
    /// The same as [`Self::made`] for a change by which a grant takes the token of the partner's grant in another region.
    /// [`Made::Refused`] says that this one has changed since it was read.
    pub async fn made_absorbing(
        &self,
        key: &GrantKey,
        absorbed: Option<&Absorbed>,
        decide: impl Fn(Option<&Grant>) -> Result<Decision, Error>,
        who: &Who,
        clock: Clock,
    ) -> Result<Made, Error> {
        let Some(absorbed) = absorbed else {
            return self.made(key, decide, who, clock).await;
        };
        let decide = |current: Option<&Grant>| {
            Ok::<_, Error>(match decide(current)? {
                Decision::Changes(change) => absorbed.left_to(*change).into(),
                Decision::Stays => Decision::Stays,
            })
        };
        let also = |current: Option<&Grant>, change: Option<&Change>| {
            let mut pointer = absorbed.pointer_to(key.region);
            pointer.draw_epoch(None);
            let write = || self.grants.put(&pointer, Some(absorbed.grant.revision)).named(POINTER);
            let watch = self.watch(current, change, clock.began());
            change.map(|_| write()).into_iter().chain(watch).collect()
        };
        let made = self.make_with(key, decide, also, who, clock).await?;
        if let Made::Changed(change) = &made {
            let (from, reason) = (absorbed.grant.key(), &change.reason);
            tracing::info!(grant.key = %key, event = ?change.event, "Grant {from} now points to {key}: {reason}");
        }
        Ok(made)
    }
}
