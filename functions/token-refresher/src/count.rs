//! Adds the result of each refresh to its run, and to what is known of Amazon.

use jiff::Timestamp;
use shared::{
    access_token::Failure,
    aws::metrics::Metric,
    error::Error,
    grant::{GrantKey, version::VersionId},
    vending::Refresh,
};

use crate::{TokenRefresher, measure::name_of, run::Run};

/// The result of one refresh.
pub(crate) struct Tried {
    pub(crate) key: GrantKey,
    /// The moment of its slot, if it has one.
    pub(crate) moment: Option<Timestamp>,
    /// Whether it was due by its slot for a whole period.
    pub(crate) was_long_due: bool,
    /// The version of the grant, if it is active.
    pub(crate) active: Option<VersionId>,
    pub(crate) refresh: Refresh,
}

impl TokenRefresher {
    /// Adds one result to the run. A grant that is not active does not count when the refusals of an application are compared: it
    /// was refused before.
    pub(crate) fn count(&self, run: &mut Run, Tried { key, moment, was_long_due, active, refresh }: Tried) {
        // The write that gives a failed one another time may have failed too.
        match refresh {
            Refresh::Fresh { is_kept: true, .. } | Refresh::NotDue | Refresh::Idle => {}
            _ if was_long_due => run.stuck.push(key.clone()),
            _ => run.leaves_due_from(moment),
        }
        match &refresh {
            Refresh::Internal(Error::Unavailable(_)) => run.internal_errors_in_a_row += 1,
            // A permanent error concerns this grant only, and says nothing of the next.
            Refresh::Internal(_) => {}
            _ => run.internal_errors_in_a_row = 0,
        }
        let seen = run.by_application.entry(key.application_id.clone()).or_default();
        match refresh {
            Refresh::Fresh { .. } => {
                seen.tried += 1;
                seen.accepted = true;
                run.refreshed += 1;
                self.outages().answered(&key.application_id);
                self.pace().answered();
            }
            Refresh::NotDue | Refresh::Overtaken => run.not_due += 1,
            Refresh::Idle => run.idle += 1,
            Refresh::RefusedAgain(lost) => {
                self.outages().answered(&key.application_id);
                if let Some(version) = active {
                    seen.tried += 1;
                    seen.refused.push(key.clone());
                    run.refused_again.push((key, version, lost));
                }
                run.failed("GrantRefused");
                self.pace().answered();
            }
            Refresh::Failed(failure, not_before) => {
                seen.tried += u32::from(active.is_some());
                if failure == Failure::GrantRefused && active.is_some() {
                    seen.refused.push(key.clone());
                }
                run.failed(name_of(failure));
                let application = key.application_id;
                match failure {
                    Failure::Throttled | Failure::Unavailable => {
                        self.outages().failed(&application);
                        self.pace().pushed_back();
                    }
                    Failure::GrantRefused | Failure::RequestRefused => {
                        self.outages().answered(&application);
                        self.pace().answered();
                    }
                    Failure::CredentialsRefused => {
                        self.metrics.count(Metric::ApplicationCredentialsRejected);
                        self.outages().is_refused(&application);
                        self.pace().answered();
                    }
                }
                if let Some(until) = not_before {
                    let waits = run.wait_until.entry(application).or_insert(until);
                    *waits = until.max(*waits);
                }
            }
            Refresh::Internal(error) => {
                let (cause, id) = (error.cause(), error.amazon_request_id());
                tracing::warn!(
                    grant.key = %key,
                    cause,
                    amazon.requestId = id,
                    "Refresh of grant {key} failed: {error}"
                );
                error.count_in(&self.metrics);
                run.failed(error.error_type());
                run.internal_error = Some(error);
            }
        }
    }
}
