//! Puts a grant back from the copy of a backup.

use super::GrantChanges;
use crate::{
    aws::{AwsError, copies::Row, transaction::Commit},
    deadline::Clock,
    grant::{Grant, change::Change},
    history::{Event, Record, actor::Who},
};

impl GrantChanges {
    /// Puts `grant` in place of the row `seen`, or where none existed, and records why; the refresher checks it if it is active. Its
    /// revision is above that of the row, of the copy and of the `newest` record, so that nobody who counts them drops the event.
    pub async fn put_back(
        &self,
        grant: Grant,
        seen: Option<&Row>,
        newest: u64,
        reason: String,
        who: &Who,
        clock: Clock,
    ) -> Result<Commit, AwsError> {
        let stored = seen.and_then(|seen| seen.text("revision").parse().ok()).unwrap_or_default();
        let counted = grant.revision.max(newest).max(stored);
        let mut change = Change::new(grant, Event::GrantRepaired, reason);
        let watch = self.watch(None, Some(&change), clock.began());
        let numbered = |revision| {
            change.grant.revision = revision;
            let mut writes = vec![self.grants.put_back(&change.grant, seen)];
            writes.extend(watch.clone());
            (writes, Some(Record::of(&change, who, clock.began())))
        };
        self.recorder.commit(counted, numbered, clock.deadline()).await
    }
}
