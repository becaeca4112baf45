//! Disabling, enabling and removing grants.

use serde_json::Value;
use shared::{
    deadline::{Clock, Pauses, retry_until},
    error::{Cause, Error},
    grant::{Grant, Status},
    grant_change::by_operator::{disabled, enabled, refused, removed},
    history::actor::Who,
};

use crate::{Administration, operation::OneGrant};

impl Administration {
    pub(crate) async fn disable_grant(&self, one: OneGrant, clock: Clock) -> Result<Value, Error> {
        let (key, who) = (self.known(&one.key, clock).await?, Who::operator(one.by));
        let decide = |current: &Grant| Ok(disabled(current, one.reason.as_ref()));
        let grant = self.changes.make_of_existing(&key, decide, &who, clock).await?;
        Ok(self.answer(&grant))
    }

    /// Enables the grant after Amazon has validated its refresh token. If Amazon refuses the token, the partner must authorize
    /// again. If Amazon does not answer, nothing changes.
    pub(crate) async fn enable_grant(&self, one: OneGrant, clock: Clock) -> Result<Value, Error> {
        let (key, who) = (self.known(&one.key, clock).await?, Who::operator(one.by));
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            let current = retry_until(clock.deadline(), || self.grants.find(&key)).await?;
            let current = current.filter(|grant| grant.status != Status::Removed);
            let tried = current.ok_or(Error::UnknownSellingPartner)?;
            if tried.status == Status::Active {
                return Ok(self.answer(&tried));
            }
            let stands = match self.vending.validate(&tried, clock).await {
                Ok(validated) => {
                    let decide = |current: &Grant| Ok(enabled(current, &validated, one.reason.as_ref()));
                    let stands = self.changes.make_of_existing(&key, decide, &who, clock).await?;
                    if stands.status == Status::Active {
                        return Ok(self.answer(&stands));
                    }
                    stands
                }
                Err(Error::ReauthorizationRequired) => {
                    let decide = |current: &Grant| {
                        let renewal_links = self.renewal_pages.links(current);
                        Ok(refused(current, &tried.fingerprint).with_renewal_links(renewal_links))
                    };
                    self.changes.make_of_existing(&key, decide, &who, clock).await?
                }
                Err(error) => return Err(error),
            };
            if stands.status == Status::ReauthorizationRequired && stands.fingerprint == tried.fingerprint {
                return Err(Error::ReauthorizationRequired);
            }
            // The grant has changed meanwhile, by an authorization or an operator: validate its current token.
            if !pauses.pause(None).await {
                return Err(Error::Unavailable(Cause::Contention("grant")));
            }
        }
    }

    pub(crate) async fn remove_grant(&self, one: OneGrant, clock: Clock) -> Result<Value, Error> {
        let (key, who) = (self.known(&one.key, clock).await?, Who::operator(one.by));
        let decide = |current: Option<&Grant>| match current {
            Some(current) => Ok(removed(current, one.reason.as_ref())),
            None => Err(Error::UnknownSellingPartner),
        };
        let grant = self.changes.make(&key, decide, &who, clock).await?;
        grant.map(|grant| self.answer(&grant)).ok_or(Error::UnknownSellingPartner)
    }
}
