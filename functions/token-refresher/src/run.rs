//! What a run over the due tokens of a shard has done so far.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use shared::{
    access_token::{Lost, store::Seen},
    deadline::Clock,
    error::Error,
    grant::{GrantKey, version::VersionId},
    ids::ApplicationId,
};

/// The results of a run so far.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) by_application: BTreeMap<ApplicationId, Seen>,
    /// With the version of the grant, and the loss of a refresh token of it, if there was one.
    pub(crate) refused_again: Vec<(GrantKey, VersionId, Option<Lost>)>,
    pub(crate) refreshed: u32,
    pub(crate) failed: BTreeMap<&'static str, u32>,
    pub(crate) idle: u32,
    pub(crate) not_due: u32,
    /// The longest delay of a due token, over all attempts that failed.
    pub(crate) lag: SignedDuration,
    pub(crate) internal_errors_in_a_row: u32,
    pub(crate) internal_error: Option<Error>,
    /// The due tokens of applications that get none at the moment. They stay due.
    pub(crate) left_due: u32,
    /// The tokens that are due at a time of their own and whose application an operator has disabled. They stay due.
    pub(crate) disabled: u32,
    /// How long the next token had been due at the last read: of slots (`true`), and of times.
    pub(crate) behind: BTreeMap<bool, SignedDuration>,
    /// Whether the index had a token in a slot.
    pub(crate) has_slots: bool,
    /// The tokens in slots that nothing can be done for, as it seems for long.
    pub(crate) stuck: Vec<GrantKey>,
    /// The first moment in whose slot a token may still be due.
    pub(crate) left_from: Option<Timestamp>,
    /// Until when Amazon asked to wait, by application.
    pub(crate) wait_until: BTreeMap<ApplicationId, Timestamp>,
}

impl Run {
    /// Counts a failure of this class.
    pub(crate) fn failed(&mut self, class: &'static str) {
        *self.failed.entry(class).or_default() += 1;
    }

    /// Records that a token in the slot of this moment may still be due.
    pub(crate) fn leaves_due_from(&mut self, moment: Option<Timestamp>) {
        self.left_from = self.left_from.into_iter().chain(moment).min();
    }

    /// Returns how long Amazon still asks this application to wait.
    pub(crate) fn pause(&self, application: &ApplicationId, clock: Clock) -> Duration {
        let left = self.wait_until.get(application).map(|until| until.duration_since(clock.now()));
        left.filter(SignedDuration::is_positive).map_or(Duration::ZERO, SignedDuration::unsigned_abs)
    }
}
