//! Resolves a conflict: an operator decides whether a second authorization came from the same partner.

use serde_json::Value;
use shared::{
    deadline::{Clock, retry_until},
    error::Error,
    grant::{Grant, GrantKey, Status},
    grant_change::by_operator::{accepted, conflict, rejected},
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
                let current = retry_until(clock.deadline(), || self.grants.find(key)).await?;
                let current = current.filter(|grant| grant.status != Status::Removed);
                let current = current.ok_or(Error::UnknownSellingPartner)?;
                let sealed = &conflict(&current, fingerprint)?.refresh_token;
                // The token may be days old, and the grant's current token may still work.
                let validated = match self.vending.validate_sealed(key, sealed, clock).await {
                    Err(Error::ReauthorizationRequired) => Err(Error::invalid(
                        "fingerprint",
                        "that of a token which Amazon still accepts; this one can only be rejected",
                    )),
                    answer => answer,
                }?;
                let decide = |current: &Grant| accepted(current, fingerprint, &validated);
                let made = self.changes.make_of_existing(key, decide, who, clock).await;
                // Amazon may have replaced the token of the conflict.
                let is_replaced = validated.fingerprint != *fingerprint;
                made.map_err(|error| if is_replaced { self.vending.report_loss(key, error) } else { error })?
            }
        };
        Ok(self.answer(&grant))
    }
}
