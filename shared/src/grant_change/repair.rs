//! Puts a grant back into the refresher's work.

use super::{Decision, GrantChanges, Made};
use crate::{
    access_token::{TokenRow, schedule::Due, store::repair_with_grant},
    deadline::Clock,
    error::Error,
    grant::{Grant, GrantKey},
    history::{Event, actor::Who},
};

impl GrantChanges {
    /// Makes the refresher check a grant at `due`, and records why. Returns `false` if the row of its token no longer says
    /// what `seen` does, or if there is no grant.
    pub async fn repair(
        &self,
        key: &GrantKey,
        seen: &TokenRow,
        due: &Due,
        reason: &str,
        who: &Who,
        clock: Clock,
    ) -> Result<bool, Error> {
        let decide = |current: Option<&Grant>| {
            let repaired = |grant: &Grant| Decision::to(grant.clone(), Event::GrantRepaired, reason);
            Ok::<_, Error>(current.map_or(Decision::Stays, repaired))
        };
        let also = |current: Option<&Grant>, _: Option<&_>| {
            let write = || repair_with_grant(&self.tokens_table, key, due, seen).named("repair");
            current.map(|_| write()).into_iter().collect()
        };
        let made = self.make_with(key, decide, also, who, clock).await?;
        Ok(matches!(made, Made::Changed(_)))
    }
}
