//! Resolves a conflict: an operator decides whether a second authorization came from the same partner.

use serde_json::Value;
use shared::{
    deadline::Clock,
    error::Error,
    grant::{Grant, GrantKey},
    grant_change::by_operator::{ValidatedToken, accepted, rejected},
    history::actor::Who,
    secret::Fingerprint,
};

use crate::{Administration, operation::Resolution};

impl Administration {
    pub(crate) async fn resolve_conflict(
        &self,
        key: &GrantKey,
        fingerprint: &Fingerprint,
        resolution: Resolution,
        who: &Who,
        clock: Clock,
    ) -> Result<Value, Error> {
        let grant = match resolution {
            Resolution::Reject => {
                let decide = |current: &Grant| rejected(current, fingerprint);
                self.changes.make_of_existing(key, decide, who, clock).await?
            }
            Resolution::Accept => {
                // The token may be days old, and the grant's current token may still work.
                let accepts =
                    |current: &Grant, validated: &ValidatedToken| accepted(current, fingerprint, validated);
                let permits = |_: &Grant, _: &Grant| true;
                match self.vending.accept_conflict(key, fingerprint, permits, accepts, (who, clock)).await {
                    Err(Error::ReauthorizationRequired) => Err(Error::invalid(
                        "fingerprint",
                        "that of a token which Amazon still accepts; this one can only be rejected",
                    )),
                    answer => answer,
                }?
            }
        };
        Ok(self.answer(&grant))
    }
}
