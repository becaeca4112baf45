//! Reports authorizations before they lapse, one year after the consent. Only those near their end are read.

use std::time::Duration;

use jiff::Timestamp;
use shared::{
    aws::{
        metrics::{Metric, whole_days},
        transaction::Commit,
    },
    deadline::{Clock, retry_until},
    error::Error,
    grant::{
        Grant,
        change::Change,
        renewal::{FIRST_REMINDER, OVERDUE_FOR, Reminder, lapses},
        store::{Listed, Place, Span},
    },
    history::{Record, actor::Who},
};

use crate::{
    TokenRefresher,
    message::{Message, Walk},
};

/// The number of authorizations that one query returns at most.
const PAGE: i32 = 50;

/// The time that one page may take. No page begins with less time left.
const PAGE_TAKES: Duration = Duration::from_secs(10);

impl TokenRefresher {
    /// Checks an application's authorizations that lapse within 30 days, or that lapsed within the last 30 days.
    pub(crate) async fn report_renewals(&self, renewals: &Walk, clock: Clock) -> Result<(), Error> {
        let application = &renewals.application_id;
        // The span is the same for every page: DynamoDB rejects a cursor that lies outside the queried span.
        let planned_for = renewals.planned_for;
        let near = Span::DueBetween(planned_for - OVERDUE_FOR, planned_for + FIRST_REMINDER);
        let mut place: Option<Place> = match renewals.cursor.as_deref().map(str::parse) {
            None => None,
            Some(Ok(place)) => Some(place),
            Some(Err(_)) => {
                return Err(Error::invalid("cursor", "the cursor of a message that this function sent"));
            }
        };
        if place.is_none() {
            self.plan_outdated(application, clock).await?;
        }
        let mut reported = 0_u32;
        let mut nearest: Option<Timestamp> = None;
        loop {
            let page = || self.grants.page(Listed::OfApplication(application, near), place.as_ref(), PAGE);
            let (keys, next) = retry_until(clock.deadline(), page).await?;
            for grant in self.grants.read(&keys, clock.deadline()).await?.grants {
                if lapses(&grant) {
                    nearest = Some(
                        nearest.map_or(grant.renewal_due_at, |nearest| nearest.min(grant.renewal_due_at)),
                    );
                }
                if let Some(stage) = Reminder::due(&grant, clock.began()) {
                    reported += u32::from(self.report(&grant, stage, clock).await?);
                }
            }
            place = next;
            let Some(next) = &place else { break };
            if clock.deadline().remaining() < PAGE_TAKES {
                let rest = Walk { cursor: Some(next.to_string()), ..renewals.clone() };
                let rest = [Message::Renewals(rest).sent_at_once()];
                retry_until(clock.deadline(), || self.queue.send(&rest)).await?;
                break;
            }
        }
        if let Some(nearest) = nearest {
            self.metrics.record(
                Metric::DaysToNearestRenewal(application.clone()),
                whole_days(clock.began(), nearest),
            );
        }
        tracing::info!(
            application.id = %application,
            reported,
            "Renewals of application {application} checked: {reported} reported"
        );
        Ok(())
    }

    /// Sets the reminder and records it in one transaction. Returns `false`, without a retry, if the grant has changed since
    /// it was read: the next run reads it again.
    async fn report(&self, grant: &Grant, stage: Reminder, clock: Clock) -> Result<bool, Error> {
        let key = grant.key();
        let mut change = Change::new(grant.clone(), stage.event(), stage.reason(grant))
            .with_renewal_links(self.renewal_pages.links(grant));
        let numbered = |revision| {
            change.grant.revision = revision;
            let writes = vec![self.grants.remind(&key, stage, grant.revision, revision)];
            (writes, Some(Record::of(&change, &Who::schedule(), clock.began())))
        };
        Ok(self.recorder.commit(grant.revision, numbered, clock.deadline()).await? == Commit::Made)
    }
}
