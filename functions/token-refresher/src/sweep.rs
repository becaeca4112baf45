//! Repairs grants for which no refresh is due. The index of due tokens is the refresher's list of work, and a row that was lost,
//! or came back from a backup, may not be in it. Each day all grants of an application are read, a page at a time.

use std::time::Duration;

use futures::{StreamExt, stream};
use shared::{
    access_token::{schedule::Due, store::GrantAndToken},
    aws::metrics::Metric,
    deadline::{Clock, retry_until},
    error::Error,
    grant::store::{Listed, Place, Span},
    grant_change::repair::fault,
    history::actor::Who,
};

use crate::{
    TokenRefresher,
    message::{Message, Walk},
};

/// The number of grants that are read together, each with its token.
const PAGE: i32 = 50;

/// The number of grants that are repaired at the same time.
const REPAIRED_AT_ONCE: usize = 8;

/// The time that one page may take. No page begins with less time left.
const PAGE_TAKES: Duration = Duration::from_secs(15);

impl TokenRefresher {
    /// Checks the grants of an application, from the cursor on, and sends the rest to the queue when its time ends.
    pub(crate) async fn sweep(&self, walk: &Walk, clock: Clock) -> Result<(), Error> {
        let application = &walk.application_id;
        let mut place: Option<Place> = match walk.cursor.as_deref().map(str::parse) {
            None => None,
            Some(Ok(place)) => Some(place),
            Some(Err(_)) => {
                return Err(Error::invalid("cursor", "the cursor of a message that this function sent"));
            }
        };
        let (mut checked, mut repaired, mut unreadable) = (0, 0_u32, 0);
        loop {
            let listed = Listed::OfApplication(application, Span::All);
            let page = || self.grants.page(listed, place.as_ref(), PAGE);
            let (keys, next) = retry_until(clock.deadline(), page).await?;
            let found = Box::pin(self.look_at(&keys, clock.deadline())).await?;
            checked += keys.len();
            unreadable += keys.len() - found.len();
            let repairs = found.into_iter().map(|found| self.repair(found, clock));
            let mut repairs = stream::iter(repairs).buffer_unordered(REPAIRED_AT_ONCE);
            while let Some(done) = repairs.next().await {
                repaired += u32::from(done?);
            }
            place = next;
            let Some(next) = &place else { break };
            if clock.deadline().remaining() < PAGE_TAKES {
                let rest = Walk { cursor: Some(next.to_string()), ..walk.clone() };
                let rest = [Message::Sweep(rest).sent_at_once()];
                retry_until(clock.deadline(), || self.queue.send(&rest)).await?;
                break;
            }
        }
        if unreadable > 0 {
            self.metrics.add(Metric::GrantsUnreadable, unreadable.try_into().unwrap_or(u64::MAX));
        }
        tracing::info!(
            application.id = %application,
            checked,
            repaired,
            unreadable,
            "Grants of application {application} swept: {repaired} of {checked} repaired"
        );
        Ok(())
    }

    /// Returns whether the grant was repaired. Not if its row has changed since it was read.
    async fn repair(&self, found: GrantAndToken, clock: Clock) -> Result<bool, Error> {
        let Some(reason) = fault(&found, clock.now()) else { return Ok(false) };
        let due = Due::tomorrow(&found.key, clock.now());
        let repaired =
            self.changes.repair(&found.key, &found.row, &due, reason, &Who::schedule(), clock).await?;
        if repaired {
            self.metrics.count(Metric::GrantsRepaired);
            tracing::warn!(grant.key = %found.key, reason, "Grant {} was repaired: {reason}", found.key);
        }
        Ok(repaired)
    }
}
