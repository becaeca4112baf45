//! Decides about grants whose refresh token Amazon has refused twice (promise 11).

use shared::{
    access_token::Lost,
    aws::metrics::Metric,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{Grant, GrantKey, version::VersionId},
    grant_change::by_amazon::refused_twice,
    history::actor::Who,
};

use crate::{TokenRefresher, run::Run};

impl TokenRefresher {
    /// Sets grants that were refused again to `reauthorizationRequired`. If Amazon refuses so many grants of an
    /// application that the application itself is the likely cause, no grant changes, and one alarm is raised.
    pub(crate) async fn confirm_refusals(&self, run: &Run, clock: Clock) -> Result<(), Error> {
        for (application, seen) in &run.by_application {
            if seen.tried == 0 {
                continue;
            }
            let all =
                retry_until(clock.deadline(), || self.tokens.tally(application, seen, clock.began())).await?;
            if all.is_believable() {
                let refused = run.refused_again.iter().filter(|(key, ..)| key.application_id == *application);
                for (key, version, lost) in refused {
                    self.ask_partner(key, version, lost.as_ref(), clock).await?;
                }
            } else if all.was_believable_before(seen) {
                self.metrics.count(Metric::RefusalsDisbelieved);
                tracing::error!(
                    application.id = %application,
                    tried = all.tried,
                    refused = all.refused,
                    "Amazon refuses {} of {} grants of application {application}, so no grant was changed; hint: compare its client id with Amazon's developer console",
                    all.refused,
                    all.tried
                );
            }
        }
        Ok(())
    }

    async fn ask_partner(
        &self,
        key: &GrantKey,
        version: &VersionId,
        lost: Option<&Lost>,
        clock: Clock,
    ) -> Result<(), Error> {
        let refused = "Amazon refused the authorization twice, at least ten minutes apart";
        let reason = lost.map_or_else(|| refused.to_owned(), |lost| format!("{refused}; {lost}"));
        let decide = |current: Option<&Grant>| {
            let decision = refused_twice(current, version, &reason);
            Ok(match current {
                Some(grant) => decision.with_renewal_links(self.renewal_pages.links(grant)),
                None => decision,
            })
        };
        self.changes.make(key, decide, &Who::schedule(), clock).await.map(|_| ())
    }
}
