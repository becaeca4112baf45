//! Puts a grant back.

use shared::{
    aws::{copies::Row, transaction::Commit},
    deadline::{Clock, Pauses, retry_until},
    error::{Cause, Error},
    grant::Grant,
    grant_change::reconciliation::compared,
    history::actor::Who,
};

use super::{
    Outcome, RestoreRows, Restored,
    rows::{Current, Fate, fate},
};
use crate::Administration;

impl Administration {
    /// Decides on the current row, and again if another write came first.
    pub(super) async fn restore_grant(
        &self,
        row: &Row,
        request: &RestoreRows,
        who: &Who,
        clock: Clock,
    ) -> Result<Outcome, Error> {
        let Some(copy) = row.read::<Grant>() else {
            return Ok(Outcome::Left("this release cannot read the copy's row".into()));
        };
        let (key, mut pauses) = (copy.key(), Pauses::until(clock.deadline()));
        loop {
            let find = || self.copies.current(self.tables.name(Restored::Grants), "grant_key", row);
            let seen = retry_until(clock.deadline(), find).await?;
            if seen.as_ref() == Some(row) {
                return Ok(Outcome::Stays);
            }
            let is_erased =
                self.erasures.erased_at(&key, clock).await?.is_some_and(|at| at >= request.moment);
            if seen.is_none() && is_erased {
                return Ok(Outcome::Stays);
            }
            let records = match self.records_since(&key.to_string(), request.moment, clock).await {
                Ok(records) => records,
                Err(error @ Error::Unavailable(_)) => return Err(error),
                Err(_) => return Ok(Outcome::Left("this release cannot read its history".into())),
            };
            let read = seen.as_ref().map(Row::read::<Grant>);
            let current = match &read {
                None => Current::Missing,
                Some(None) => Current::Unreadable,
                Some(Some(grant)) => Current::Grant(grant),
            };
            let mut grant = match fate(&copy, current, &records, request.replace) {
                Fate::Stays => return Ok(Outcome::Stays),
                Fate::Left(because) => return Ok(Outcome::Left(because.into())),
                Fate::PutBack(_) if request.dry_run => return Ok(Outcome::PutBack),
                Fate::PutBack(grant) => *grant,
            };
            grant.draw_epoch(Some(&copy));
            let newest = records.last().map_or(0, |record| record.revision);
            let but = if compared(&grant, &records).stays_disabled {
                "; it was enabled since, and stays disabled until an operator enables it"
            } else {
                ", as its history has it"
            };
            let reason = format!("its row was put back from the backup of {}{but}", request.moment);
            let put = self.changes.put_back(grant, seen.as_ref(), newest, reason, who, clock).await?;
            match put {
                Commit::Made => return Ok(Outcome::PutBack),
                Commit::Changed | Commit::Refused(_) if pauses.pause(None).await => {}
                Commit::Changed | Commit::Refused(_) => {
                    return Err(Error::Unavailable(Cause::Contention("grant")));
                }
            }
        }
    }
}
