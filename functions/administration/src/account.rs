//! Sets or clears the account of a grant, which is the integrator's name for its partner.

use serde_json::Value;
use shared::{
    deadline::Clock,
    error::Error,
    grant::{Grant, GrantKey},
    grant_change::by_operator::linked,
    history::actor::Who,
    ids::Account,
};

use crate::Administration;

impl Administration {
    pub(crate) async fn link_account(
        &self,
        key: &GrantKey,
        account: Option<&Account>,
        who: &Who,
        clock: Clock,
    ) -> Result<Value, Error> {
        let decide = |current: &Grant| Ok(linked(current, account));
        let grant = self.changes.make_of_existing(key, decide, who, clock).await?;
        Ok(self.answer(&grant))
    }
}
