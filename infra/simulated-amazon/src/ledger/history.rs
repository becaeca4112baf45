//! What became of each grant, for the partner who looks at Manage Your Apps.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{accounts::GrantKey, ledger::Ledger, tokens::Grant};

/// What the partner did with a grant, and when.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Change {
    pub(crate) at: Timestamp,
    pub(crate) what: What,
}

/// The changes of a grant. Its end is not one of them: the partner does nothing then.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum What {
    Authorized,
    Renewed,
    Disabled,
    Enabled,
}

/// The number of changes of one grant that are stored: the newest ones.
const STORED: usize = 50;

impl Ledger {
    /// Creates a grant, or replaces the one that there is.
    pub(crate) fn authorize(&mut self, key: &GrantKey, grant: Grant) {
        let before = self.grants.insert(key.clone(), grant);
        self.record(
            key,
            if before.is_some() { What::Renewed } else { What::Authorized },
            grant.authorized_at,
        );
    }

    /// Disables or enables a grant; nothing if it is so already.
    pub(crate) fn set_disabled(&mut self, key: &GrantKey, disabled: bool, now: Timestamp) {
        let grant = self.grants.get_mut(key).filter(|grant| grant.disabled != disabled);
        if let Some(grant) = grant {
            grant.disabled = disabled;
            self.record(key, if disabled { What::Disabled } else { What::Enabled }, now);
        }
    }

    fn record(&mut self, key: &GrantKey, what: What, at: Timestamp) {
        let changes = self.history.entry(key.clone()).or_default();
        changes.push(Change { at, what });
        changes.drain(..changes.len().saturating_sub(STORED));
    }
}
