//! Resolves a conflict: an operator decides whether a second authorization came from the same partner.

use jiff::Timestamp;
use serde_json::Value;
use shared::{
    deadline::{Deadline, retry_until},
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
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let grant = match resolution {
            Resolution::Reject => {
                let decide = |standing: &Grant| rejected(standing, fingerprint);
                self.changes.make_of_standing(key, decide, who, now, deadline).await?
            }
            Resolution::Accept => {
                let standing = retry_until(deadline, || self.grants.find(key)).await?;
                let standing = standing.filter(|grant| grant.status != Status::Removed);
                let standing = standing.ok_or(Error::UnknownSellingPartner)?;
                let sealed = &conflict(&standing, fingerprint)?.refresh_token;
                // The token may be days old, and the grant's current token may still work.
                let proved = match self.vending.prove_sealed(key, sealed, now, deadline).await {
                    Err(Error::ReauthorizationRequired) => Err(Error::invalid(
                        "fingerprint",
                        "that of a token which Amazon still accepts; this one can only be rejected",
                    )),
                    answer => answer,
                }?;
                let decide = |standing: &Grant| accepted(standing, fingerprint, &proved);
                self.changes.make_of_standing(key, decide, who, now, deadline).await?
            }
        };
        Ok(self.answer(&grant))
    }
}
