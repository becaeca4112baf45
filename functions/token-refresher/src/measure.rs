//! Records the metrics of a run in CloudWatch.

use jiff::Timestamp;
use shared::{
    access_token::{Failure, store::GrantAndToken},
    aws::metrics::Metric,
    grant::Status,
};

use crate::{TokenRefresher, run::Run};

impl TokenRefresher {
    /// Records the result of a run, also of one that failed.
    pub(crate) fn measure(&self, run: &Run) {
        let metrics = &self.metrics;
        metrics.record(Metric::DueLag, run.lag.as_secs());
        for (class, times) in &run.failed {
            metrics.add(Metric::RefreshFailed(class), (*times).into());
        }
    }

    /// Counts a grant once a day, so that the sum of a day is the number of grants. A grant whose token is kept warm is read
    /// every 45 minutes, and only its first read of a day is counted.
    pub(crate) fn count_seen(&self, found: &GrantAndToken, now: Timestamp) {
        let Some(grant) = &found.grant else { return };
        let day = |at: Timestamp| at.as_second().div_euclid(24 * 3600);
        let fetched_today = found.row.token.as_ref().is_some_and(|token| day(token.minted_at) == day(now));
        if grant.status == Status::Active && fetched_today {
            return;
        }
        self.metrics.count(Metric::GrantsSeen(grant.status.as_str()));
        if grant.status == Status::ReauthorizationRequired {
            self.metrics.count(Metric::GrantsNeedingAttention(found.key.application_id.clone()));
        }
    }
}

/// Returns the class of a failure, which is a dimension of `RefreshFailed`.
pub(crate) fn name_of(failure: Failure) -> &'static str {
    match failure {
        Failure::GrantRefused => "GrantRefused",
        Failure::CredentialsRefused => "CredentialsRefused",
        Failure::RequestRefused => "RequestRefused",
        Failure::Throttled => "Throttled",
        Failure::Unavailable => "Unavailable",
    }
}
