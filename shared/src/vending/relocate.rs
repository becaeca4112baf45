//! Moves a grant to another region: its tokens are sealed for its old key and have to be sealed again.

use jiff::Timestamp;

use super::Vending;
use crate::{
    amazon::marketplace::Store,
    aws::{AwsError, sealing::Sealed, transaction::Commit},
    deadline::{Clock, Pauses, retry_until},
    error::Error,
    grant::{
        Conflict, Grant, GrantKey, Status,
        absorption::Absorbed,
        relocation::{Evidence, Resealed, disputed, is_taken, moved},
    },
    grant_change::{Decision, Made},
    history::actor::Who,
    region::Region,
};

/// What came of a move.
#[derive(Debug)]
pub enum Relocated {
    /// The grant was moved; this is its new row.
    Moved(Box<Grant>),
    /// The partner already has a grant in the other region, and nothing changed.
    Taken,
    /// There is nothing to move any more.
    Stays,
}

impl Vending {
    /// Moves the grant of this key to the region `to`, if `decide` still says so of its current row, and if there is no
    /// grant in that region.
    pub async fn relocate(
        &self,
        key: &GrantKey,
        to: Region,
        decide: impl Fn(&Grant) -> Option<Evidence>,
        last_requested_at: Option<Timestamp>,
        (who, clock): (&Who, Clock),
    ) -> Result<Relocated, Error> {
        let new_key = GrantKey { region: to, ..key.clone() };
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            let current = retry_until(clock.deadline(), || self.grants.find(key)).await?;
            let Some(current) = current.filter(|grant| grant.status != Status::Removed) else {
                return Ok(Relocated::Stays);
            };
            let Some(evidence) = decide(&current) else {
                return Ok(Relocated::Stays);
            };
            let target = retry_until(clock.deadline(), || self.grants.find(&new_key)).await?;
            let tokens = self.resealed(&current, &new_key, clock).await?;
            if is_taken(target.as_ref()) {
                let absorbed = Absorbed { grant: current, conflicts: tokens.conflicts };
                match self.merge(&absorbed, &new_key, (who, clock)).await? {
                    Made::Changed(change) => return Ok(Relocated::Moved(Box::new(change.grant))),
                    Made::Stays(_) => return Ok(Relocated::Taken),
                    Made::Refused(_) if pauses.pause(None).await => continue,
                    Made::Refused(_) => return Err(AwsError::contended().into()),
                }
            }
            let moved = moved(&current, to, target.as_ref(), tokens, evidence);
            let seen = (current.revision, target.map(|target| target.revision));
            let reason = moved.change.reason.clone();
            let (committed, grant) =
                self.changes.relocate(moved, seen, last_requested_at, who, clock).await?;
            match committed {
                Commit::Made => {
                    tracing::info!(grant.key = %new_key, "Grant {key} moved to {to}: {reason}");
                    return Ok(Relocated::Moved(Box::new(grant)));
                }
                Commit::Changed | Commit::Refused(_) if pauses.pause(None).await => {}
                Commit::Changed | Commit::Refused(_) => return Err(AwsError::contended().into()),
            }
        }
    }

    /// Makes the grant `absorbed` a pointer to the partner's grant `to`, if that one has the same token.
    async fn merge(
        &self,
        absorbed: &Absorbed,
        to: &GrantKey,
        (who, clock): (&Who, Clock),
    ) -> Result<Made, Error> {
        let decide = |target: Option<&Grant>| {
            let target = target.filter(|target| is_taken(Some(target)));
            let change = target.and_then(|target| absorbed.merged_into(target));
            Ok(change.map_or(Decision::Stays, Decision::from))
        };
        self.changes.made_absorbing(to, Some(absorbed), decide, who, clock).await
    }

    /// Records the token of a grant as a conflict of the partner's grant in the region `to`, where SP-API lists these
    /// `stores`. Both grants stay as they are.
    pub async fn dispute(
        &self,
        grant: &Grant,
        to: Region,
        stores: &[Store],
        who: &Who,
        clock: Clock,
    ) -> Result<(), Error> {
        let new_key = GrantKey { region: to, ..grant.key() };
        let Some(sealed) = &grant.refresh_token else { return Ok(()) };
        let token = self.sealed_for(&grant.key(), &new_key, sealed, clock).await?;
        let decide = |target: Option<&Grant>| {
            let target = target.filter(|target| is_taken(Some(target)));
            let change = target
                .and_then(|target| disputed(grant, target, token.clone(), stores.to_vec(), clock.began()));
            Ok(change.map_or(Decision::Stays, Decision::from))
        };
        self.changes.make(&new_key, decide, who, clock).await.map(|_| ())
    }

    pub(super) async fn resealed(
        &self,
        grant: &Grant,
        to: &GrantKey,
        clock: Clock,
    ) -> Result<Resealed, Error> {
        let from = grant.key();
        let sealed = grant.refresh_token.as_ref().ok_or(Error::UnknownSellingPartner)?;
        let refresh_token = self.sealed_for(&from, to, sealed, clock).await?;
        let mut conflicts = Vec::with_capacity(grant.conflicts.len());
        for conflict in &grant.conflicts {
            let refresh_token = self.sealed_for(&from, to, &conflict.refresh_token, clock).await?;
            conflicts.push(Conflict { refresh_token, ..conflict.clone() });
        }
        Ok(Resealed { refresh_token, conflicts })
    }

    async fn sealed_for(
        &self,
        from: &GrantKey,
        to: &GrantKey,
        sealed: &Sealed,
        clock: Clock,
    ) -> Result<Sealed, Error> {
        let token = self.refresh_token_of(from, Some(sealed), clock.began()).await?;
        Ok(self.seal_refresh_token(to, &token, clock).await?.refresh_token)
    }
}
