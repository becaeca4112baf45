//! Compares the stores that Amazon lists under a grant's own token with those of its conflicts, and of the token before.

use shared::{
    amazon::marketplace::Store,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{Grant, Status, absorption::is_of_one_account},
    grant_change::{Decision, by_operator::ValidatedToken, by_stores::Listed},
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
        let fingerprint = conflict.fingerprint.clone();
        let accepts = |current: &Grant, validated: &ValidatedToken| {
            Ok(listed.accepted(current, (&fingerprint, validated), marketplaces))
        };
        let permits = |current: &Grant, elsewhere: &Grant| {
            elsewhere.status != Status::Disabled && is_of_one_account(current, elsewhere)
        };
        match self.vending.accept_conflict(&key, &fingerprint, permits, accepts, (&who, clock)).await {
            Err(Error::ReauthorizationRequired) => {
                tracing::warn!(
                    grant.key = %key,
                    "Conflict of grant {key} is the same seller's, but Amazon refuses its token; hint: reject it"
                );
                Ok(())
            }
            // An operator has decided meanwhile.
            Err(Error::UnknownSellingPartner | Error::InvalidRequest { .. }) => Ok(()),
            answer => answer.map(|_| ()),
        }
    }
}
