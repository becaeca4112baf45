//! Disabling, enabling and removing grants.

use jiff::Timestamp;
use serde_json::Value;
use shared::{
    deadline::{Deadline, Pauses, retry_until},
    error::{Cause, Error},
    grant::{Grant, Status},
    grant_change::by_operator::{disabled, enabled, refused, removed},
    history::actor::Who,
};

use crate::{Administration, operation::OneGrant};

impl Administration {
    pub(crate) async fn disable_grant(
        &self,
        one: OneGrant,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let (key, who) = (one.key, Who::operator(one.by));
        self.known(&key, now, deadline).await?;
        let decide = |standing: &Grant| Ok(disabled(standing, one.reason.as_ref()));
        let grant = self.changes.make_of_standing(&key, decide, &who, now, deadline).await?;
        Ok(self.answer(&grant))
    }

    /// Enables the grant after Amazon has validated its refresh token. If Amazon refuses the token, the partner must authorize
    /// again. If Amazon does not answer, nothing changes.
    pub(crate) async fn enable_grant(
        &self,
        one: OneGrant,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let (key, who) = (one.key, Who::operator(one.by));
        self.known(&key, now, deadline).await?;
        let mut pauses = Pauses::until(deadline);
        loop {
            let standing = retry_until(deadline, || self.grants.find(&key)).await?;
            let standing = standing.filter(|grant| grant.status != Status::Removed);
            let tried = standing.ok_or(Error::UnknownSellingPartner)?;
            if tried.status == Status::Active {
                return Ok(self.answer(&tried));
            }
            let stands = match self.vending.prove(&tried, now, deadline).await {
                Ok(proved) => {
                    let decide = |standing: &Grant| Ok(enabled(standing, &proved, one.reason.as_ref()));
                    let stands = self.changes.make_of_standing(&key, decide, &who, now, deadline).await?;
                    if stands.status == Status::Active {
                        return Ok(self.answer(&stands));
                    }
                    stands
                }
                Err(Error::ReauthorizationRequired) => {
                    let decide = |standing: &Grant| {
                        let renewal_links = self.renewal_pages.links(standing);
                        Ok(refused(standing, &tried.fingerprint).with_renewal_links(renewal_links))
                    };
                    self.changes.make_of_standing(&key, decide, &who, now, deadline).await?
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

    pub(crate) async fn remove_grant(
        &self,
        one: OneGrant,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let (key, who) = (one.key, Who::operator(one.by));
        self.known(&key, now, deadline).await?;
        let decide = |standing: Option<&Grant>| match standing {
            Some(standing) => Ok(removed(standing, one.reason.as_ref())),
            None => Err(Error::UnknownSellingPartner),
        };
        let grant = self.changes.make(&key, decide, &who, now, deadline).await?;
        grant.map(|grant| self.answer(&grant)).ok_or(Error::UnknownSellingPartner)
    }
}
