//! Confirms the region of a grant, or moves the grant to another region, because an operator says so.

use serde_json::Value;
use shared::{
    deadline::{Clock, Pauses},
    error::{Cause, Error},
    grant::{Grant, GrantKey, relocation::Evidence},
    grant_change::by_operator::region_confirmed,
    history::actor::{Reason, Who},
    region::Region,
    vending::Relocated,
};

use crate::{Administration, operation::OneGrant};

impl Administration {
    pub(crate) async fn set_region(&self, one: OneGrant, to: Region, clock: Clock) -> Result<Value, Error> {
        let OneGrant { key: named, reason, by } = one;
        let who = Who::operator(by);
        let mut pauses = Pauses::until(clock.deadline());
        let mut key = self.known(&named, clock).await?;
        loop {
            if key.region == to {
                let decide = |current: &Grant| Ok(region_confirmed(current, reason.as_ref()));
                let grant = self.changes.make_of_existing(&key, decide, &who, clock).await?;
                return Ok(self.answer(&grant));
            }
            let why = reason.as_ref().map_or("an operator named the region", Reason::as_str);
            let decide = |_: &Grant| Some(Evidence::Operator(why.to_owned()));
            match self.vending.relocate(&key, to, decide, None, (&who, clock)).await? {
                Relocated::Moved(grant) => return Ok(self.answer(&grant)),
                Relocated::Taken => {
                    return Err(Error::RequestRefused(
                        "the partner already has a grant in that region; hint: remove the one that is wrong",
                    ));
                }
                Relocated::Stays => {}
            }
            // The grant was removed, or another request moved it meanwhile.
            let now: GrantKey = self.grants.current_key(&key, clock.deadline()).await?;
            if now == key {
                return Err(Error::UnknownSellingPartner);
            }
            key = now;
            if !pauses.pause(None).await {
                return Err(Error::Unavailable(Cause::Contention("grant")));
            }
        }
    }
}
