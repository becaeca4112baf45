//! Reports authorizations that partners gave before the application's roles changed: once for each grant and change.

use jiff::{SignedDuration, Timestamp};
use shared::{
    aws::transaction::Commit,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{
        Grant, Status,
        change::Change,
        store::{Listed, Place, Span},
    },
    history::{Event, Record, actor::Who},
    ids::ApplicationId,
};

use crate::{
    TokenRefresher,
    message::{Message, Outdated},
};

/// The number of authorizations in one message, and so the highest number of events in [`PAUSE`].
const PAGE: i32 = 50;

/// The time between two pages. An application with many partners does not send all its events together.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

impl TokenRefresher {
    /// Sends the message that begins the reports of an application whose roles have changed.
    pub(crate) async fn plan_outdated(&self, id: &ApplicationId, clock: Clock) -> Result<(), Error> {
        if self.roles_changed_at(id, clock).await?.is_none() {
            return Ok(());
        }
        let first = [Message::Outdated(Outdated { application_id: id.clone(), cursor: None }).sent_at_once()];
        Ok(retry_until(clock.deadline(), || self.queue.send(&first)).await?)
    }

    /// Reports the authorizations of one page, and sends the message for the next page.
    pub(crate) async fn report_outdated(&self, outdated: &Outdated, clock: Clock) -> Result<(), Error> {
        let id = &outdated.application_id;
        let Some(changed) = self.roles_changed_at(id, clock).await? else {
            return Ok(());
        };
        let place: Option<Place> = match outdated.cursor.as_deref().map(str::parse) {
            None => None,
            Some(Ok(place)) => Some(place),
            Some(Err(_)) => {
                return Err(Error::invalid("cursor", "the cursor of a message that this function sent"));
            }
        };
        let page = || self.grants.page(Listed::OfApplication(id, Span::NotRemoved), place.as_ref(), PAGE);
        let (keys, next) = retry_until(clock.deadline(), page).await?;
        let mut reported = 0_u32;
        for grant in self.grants.read(&keys, clock.deadline()).await?.grants {
            if is_due(&grant, changed) {
                reported += u32::from(self.report_one(&grant, changed, clock).await?);
            }
        }
        if let Some(next) = next {
            let rest = Outdated { cursor: Some(next.to_string()), ..outdated.clone() };
            let rest = [Message::Outdated(rest).sent_after(PAUSE)];
            retry_until(clock.deadline(), || self.queue.send(&rest)).await?;
        }
        tracing::info!(
            application.id = %id,
            reported,
            "Authorizations of application {id} compared with its roles: {reported} reported"
        );
        Ok(())
    }

    async fn roles_changed_at(&self, id: &ApplicationId, clock: Clock) -> Result<Option<Timestamp>, Error> {
        let application = retry_until(clock.deadline(), || self.applications.find(id, clock.began())).await?;
        Ok(application.and_then(|application| application.roles_changed_at))
    }

    /// Records the report and its event in one transaction. Returns `false`, without a retry, if the grant has changed since
    /// it was read: another run reported it, or the next run reads it again.
    async fn report_one(&self, grant: &Grant, changed: Timestamp, clock: Clock) -> Result<bool, Error> {
        let key = grant.key();
        let reason = format!(
            "the application's roles changed at {changed}, after the authorization; the partner must authorize again"
        );
        let mut change = Change::new(grant.clone(), Event::AuthorizationOutdated, reason)
            .with_renewal_links(self.renewal_pages.links(grant));
        let numbered = |revision| {
            change.grant.revision = revision;
            let writes = vec![self.grants.report_outdated(&key, changed, grant.revision, revision)];
            (writes, Some(Record::of(&change, &Who::schedule(), clock.began())))
        };
        Ok(self.recorder.commit(grant.revision, numbered, clock.deadline()).await? == Commit::Made)
    }
}

/// Returns whether the grant works, lacks the roles, and was not reported since they changed. Pure.
fn is_due(grant: &Grant, changed: Timestamp) -> bool {
    grant.status == Status::Active
        && grant.lacks_roles_of(Some(changed))
        && grant.outdated_reported != Some(changed)
}
