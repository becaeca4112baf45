//! Accepts a conflict: its token takes the place of the grant's own, once Amazon has accepted it.

use super::Vending;
use crate::{
    aws::AwsError,
    deadline::{Clock, Pauses, retry_until},
    error::{Cause, Error},
    grant::{Grant, GrantKey, Status, absorption::Absorbed},
    grant_change::{
        Decision, Made,
        by_operator::{ValidatedToken, conflict},
    },
    history::actor::Who,
    secret::Fingerprint,
};

impl Vending {
    /// Validates the token of the conflict with this fingerprint, and puts it in place of the grant's own if `decide` says so of
    /// the current row. Where the partner's grant in another region has the same token, that grant becomes a pointer in the
    /// same transaction; `permits` says beforehand whether it may. Returns the grant as it is then.
    ///
    /// # Errors
    /// [`Error::ReauthorizationRequired`] if Amazon refuses the token; then nothing is changed.
    pub async fn accept_conflict(
        &self,
        key: &GrantKey,
        fingerprint: &Fingerprint,
        permits: impl Fn(&Grant, &Grant) -> bool,
        decide: impl Fn(&Grant, &ValidatedToken) -> Result<Decision, Error>,
        (who, clock): (&Who, Clock),
    ) -> Result<Grant, Error> {
        let mut issued = None;
        let made = self.accept(key, fingerprint, permits, decide, (who, clock, &mut issued)).await;
        match (made, issued) {
            (Ok(grant), Some(issued)) if grant.fingerprint != issued => {
                Err(self.report_loss(key, Error::Unavailable(Cause::Contention("grant"))))
            }
            (Err(error), Some(_)) => Err(self.report_loss(key, error)),
            (made, _) => made,
        }
    }

    /// Does it, and puts the fingerprint of the token into `issued` by which Amazon has replaced that of the conflict.
    async fn accept(
        &self,
        key: &GrantKey,
        fingerprint: &Fingerprint,
        permits: impl Fn(&Grant, &Grant) -> bool,
        decide: impl Fn(&Grant, &ValidatedToken) -> Result<Decision, Error>,
        (who, clock, issued): (&Who, Clock, &mut Option<Fingerprint>),
    ) -> Result<Grant, Error> {
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            let current = retry_until(clock.deadline(), || self.grants.find(key)).await?;
            let current = current.filter(|grant| grant.status != Status::Removed);
            let current = current.ok_or(Error::UnknownSellingPartner)?;
            let waiting = conflict(&current, fingerprint)?;
            let mut others = self.grants.in_other_regions(key, clock.deadline()).await?;
            others.retain(|other| other.holds_token_of(waiting, key.region));
            if others.iter().any(|other| !permits(&current, other)) {
                return Ok(current);
            }
            let (sealed, absorbed) = match others.pop() {
                None => (waiting.refresh_token.clone(), None),
                // Amazon may have replaced the token since the conflict was recorded.
                Some(grant) => {
                    let resealed = self.resealed(&grant, key, clock).await?;
                    (resealed.refresh_token, Some(Absorbed { grant, conflicts: resealed.conflicts }))
                }
            };
            let validated = self.validate_sealed(key, &sealed, clock).await?;
            if validated.fingerprint != *fingerprint {
                *issued = Some(validated.fingerprint.clone());
            }
            let decide = |current: Option<&Grant>| match current {
                Some(current) if current.status != Status::Removed => decide(current, &validated),
                _ => Err(Error::UnknownSellingPartner),
            };
            match self.changes.made_absorbing(key, absorbed.as_ref(), decide, who, clock).await? {
                Made::Changed(change) => return Ok(change.grant),
                Made::Stays(Some(current)) => return Ok(*current),
                Made::Stays(None) => return Err(Error::UnknownSellingPartner),
                Made::Refused(_) if pauses.pause(None).await => {}
                Made::Refused(_) => return Err(AwsError::contended().into()),
            }
        }
    }
}
