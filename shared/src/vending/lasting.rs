//! Reports that Amazon lastingly refuses to refresh a token in other words than `invalid_grant`.

use super::Vending;
use crate::{
    access_token::{LastingRefusal, TokenRow},
    amazon::failure::AmazonError,
    aws::metrics::Metric,
    deadline::Clock,
    grant::{Grant, Status},
    grant_change::Decision,
    history::{Event, actor::Who},
};

impl Vending {
    /// Counts a refusal in other words than `invalid_grant` and, once it lasts, records it in the history of the grant,
    /// which it does not change. Returns what the row records of it.
    pub(super) async fn report_lasting_refusal(
        &self,
        grant: &Grant,
        row: &TokenRow,
        (error, is_clear): (&AmazonError, bool),
        clock: Clock,
    ) -> LastingRefusal {
        let now = clock.now();
        let (lasting, is_due) =
            LastingRefusal::with_one_more(row.lasting.clone(), &grant.fingerprint, is_clear, now);
        if lasting.lasts(is_clear, now) {
            self.metrics.count(Metric::LastingRefusals);
        }
        if !is_due {
            return lasting;
        }
        let decide = |current: Option<&Grant>| {
            let tried = |current: &&Grant| {
                current.fingerprint == grant.fingerprint
                    && matches!(current.status, Status::Active | Status::ReauthorizationRequired)
            };
            Ok(current.filter(tried).map_or(Decision::Stays, |current| {
                let reason =
                    format!("Amazon has refused to refresh the token since {}: {error}", lasting.since);
                Decision::to(current.clone(), Event::RefreshRefused, reason)
            }))
        };
        let whose = grant.key();
        match self.changes.make(&whose, decide, &Who::schedule(), clock).await {
            Ok(_) => LastingRefusal { reported: true, ..lasting },
            Err(error) => {
                let cause = error.cause();
                tracing::warn!(grant.key = %whose, cause, "Refusal of grant {whose} was not reported: {error}");
                lasting
            }
        }
    }
}
