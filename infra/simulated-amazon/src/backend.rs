//! What the sites share behind one lock: the ledger, and what is kept in memory only.

use jiff::{SignedDuration, Timestamp};

use crate::{
    calls::Calls, ledger::Ledger, notifications::Notifications, rate_limits::RateLimits,
    token_settings::TokenSettings,
};

/// The ledger with a mark of unsaved changes, and everything that does not last across restarts.
pub(crate) struct Backend {
    ledger: Ledger,
    changed: bool,
    pruned_at: Timestamp,
    pub(crate) calls: Calls,
    pub(crate) rate_limits: RateLimits,
    pub(crate) token_settings: TokenSettings,
    pub(crate) notifications: Notifications,
    /// How long after a rotation Login with Amazon begins to accept the new secret, if a test has set it.
    pub(crate) new_secret_delay: Option<SignedDuration>,
    /// Whether SP-API refuses requests without a `User-Agent` (F§7.1).
    pub(crate) user_agent_required: bool,
}

impl Backend {
    pub(crate) fn new(ledger: Ledger, now: Timestamp) -> Self {
        Self {
            ledger,
            changed: false,
            pruned_at: now,
            calls: Calls::default(),
            rate_limits: RateLimits::default(),
            token_settings: TokenSettings::default(),
            notifications: Notifications::default(),
            new_secret_delay: None,
            user_agent_required: false,
        }
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Returns the ledger for a change, and marks it as unsaved.
    pub(crate) fn ledger_mut(&mut self) -> &mut Ledger {
        self.changed = true;
        &mut self.ledger
    }

    /// Prunes a changed ledger, at most once a minute.
    pub(crate) fn prune(&mut self, now: Timestamp) {
        if self.changed && now >= self.pruned_at + PRUNING_INTERVAL {
            self.pruned_at = now;
            self.ledger.prune(now);
        }
    }

    /// Returns the ledger as JSON if it has unsaved changes, and marks it as saved.
    pub(crate) fn take_unsaved(&mut self) -> serde_json::Result<Option<Vec<u8>>> {
        let changed = std::mem::take(&mut self.changed);
        changed.then(|| serde_json::to_vec(&self.ledger)).transpose()
    }
}

/// A search through all tokens is too expensive to be done more often.
const PRUNING_INTERVAL: SignedDuration = SignedDuration::from_mins(1);
