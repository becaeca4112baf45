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
    /// The due tokens of applications that an operator has disabled. They stay due.
    pub(crate) disabled: u32,
    /// Until when Amazon asked to wait, by application.
    pub(crate) wait_until: BTreeMap<ApplicationId, Timestamp>,
}

impl Run {
    /// Counts a failure of this class.
    pub(crate) fn failed(&mut self, class: &'static str) {
        *self.failed.entry(class).or_default() += 1;
    }

    /// Returns how long Amazon still asks this application to wait.
    pub(crate) fn pause(&self, application: &ApplicationId, clock: Clock) -> Duration {
        let left = self.wait_until.get(application).map(|until| until.duration_since(clock.now()));
        left.filter(SignedDuration::is_positive).map_or(Duration::ZERO, SignedDuration::unsigned_abs)
    }
}
