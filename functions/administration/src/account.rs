//! Sets or clears the account of a grant, which is the integrator's name for its partner.

use jiff::Timestamp;
use serde_json::Value;
use shared::{
    deadline::Deadline,
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
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let decide = |standing: &Grant| Ok(linked(standing, account));
        let grant = self.changes.make_of_standing(key, decide, who, now, deadline).await?;
        Ok(self.answer(&grant))
    }
}
