//! Compares the stores that Amazon lists under a grant's own token with those of its conflicts, and of the token before.

use shared::{
    amazon::marketplace::Store,
    deadline::{Clock, retry_until},
    error::{Cause, Error},
    grant::Grant,
    grant_change::{Decision, by_stores::Listed},
    history::actor::Who,
};

use crate::TokenRefresher;

impl TokenRefresher {
    /// Takes the stores that are listed under the token of `tried` for the grant, and accepts a conflict whose token has the same
    /// ones. A conflict whose token Amazon refuses stays for an operator.
    pub(crate) async fn settle(&self, tried: &Grant, stores: &[Store], clock: Clock) -> Result<(), Error> {
        let (key, who) = (tried.key(), Who::schedule());
        let marketplaces = self.amazon.marketplaces();
        let listed = Listed { fingerprint: &tried.fingerprint, stores };
        let decide = |grant: Option<&Grant>| {
            Ok(grant.map_or(Decision::Stays, |grant| listed.known_at_last(grant, marketplaces)))
        };
        self.changes.make(&key, decide, &who, clock).await?;

        let current = retry_until(clock.deadline(), || self.grants.find(&key)).await?;
        let Some(conflict) = current.as_ref().and_then(|grant| listed.settle(grant, marketplaces)) else {
            return Ok(());
        };
        let validated = match self.vending.validate_sealed(&key, &conflict.refresh_token, clock).await {
            Err(Error::ReauthorizationRequired) => {
                tracing::warn!(
                    grant.key = %key,
                    "Conflict of grant {key} is the same seller's, but Amazon refuses its token; hint: reject it"
                );
                return Ok(());
            }
            answer => answer?,
        };
        let accepted = (&conflict.fingerprint, &validated);
        let decide = |grant: Option<&Grant>| {
            Ok(grant.map_or(Decision::Stays, |grant| listed.accepted(grant, accepted, marketplaces)))
        };
        let made = self.changes.make(&key, decide, &who, clock).await;
        if validated.fingerprint == conflict.fingerprint {
            return made.map(|_| ());
        }
        // Amazon has replaced the token of the conflict.
        match made {
            Ok(grant) if grant.as_ref().is_some_and(|grant| grant.fingerprint == validated.fingerprint) => {
                Ok(())
            }
            Ok(_) => Err(self.vending.report_loss(&key, Error::Unavailable(Cause::Contention("grant")))),
            Err(error) => Err(self.vending.report_loss(&key, error)),
        }
    }
}
