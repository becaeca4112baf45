//! The integrator's name for a grant's partner, set by an operator.

use jiff::Timestamp;
use serde_json::Value;
use shared::{
    by::Who,
    deadline::Deadline,
    error::Error,
    grant::{Grant, GrantKey},
    ids::Account,
    status_change::linked,
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
