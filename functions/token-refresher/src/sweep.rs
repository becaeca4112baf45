//! Repairs grants for which no refresh is due. The index of due tokens is the refresher's list of work, and a row that was lost,
//! or came back from a backup, may not be in it. Each day all grants of an application are read, a page at a time.

use std::time::Duration;

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use shared::{
    access_token::{schedule::Due, store::GrantAndToken},
    aws::metrics::Metric,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{
        Status,
        store::{Listed, Place, Span},
    },
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

/// No refresh is due further ahead: a grant that works is validated once a day.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(72);

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

/// Returns what is wrong with the grant's place in the index of due tokens, if anything is.
fn fault(found: &GrantAndToken, now: Timestamp) -> Option<&'static str> {
    let row = &found.row;
    let shard = Due::at(&found.key, now).shard;
    match (found.grant.as_ref()?.status, row.due_at, &row.due_shard) {
        // Nothing is left of its token, or what is left ends by itself.
        (Status::Removed, None, _) => None,
        (_, Some(due), Some(of)) if *of == shard && due <= now + FURTHEST_AHEAD => None,
        (_, Some(due), Some(of)) if *of == shard && due > now + FURTHEST_AHEAD => {
            Some("its next refresh was due more than three days ahead; it is checked within a day")
        }
        _ => Some("no refresh was due for it, so nothing checked it at Amazon; it is checked within a day"),
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        access_token::TokenRow,
        grant::{Grant, GrantKey},
    };

    use super::*;

    fn found(status: &str, due: Option<(i64, &str)>) -> GrantAndToken {
        let grant: Grant = serde_json::from_value(serde_json::json!({
            "application_id": "amzn1.sp.solution.1", "region": "na", "selling_partner_id": "A1", "version": 1,
            "revision": 1, "status": status, "kind": "oauth", "draft": false, "authorized_at": 0,
            "renewal_due_at": 0, "fingerprint": "x",
        }))
        .unwrap();
        let key: GrantKey = grant.key();
        let row = TokenRow {
            due_at: due.map(|(hours, _)| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)),
            due_shard: due.map(|(_, shard)| match shard {
                "its" => Due::at(&key, Timestamp::UNIX_EPOCH).shard,
                other => other.to_owned(),
            }),
            ..TokenRow::default()
        };
        GrantAndToken { key, grant: Some(grant), waits_for_stores: false, row }
    }

    #[test]
    fn a_grant_is_repaired_if_the_refresher_would_not_find_it_within_three_days() {
        for (status, due, is_faulty) in [
            ("active", Some((0, "its")), false),
            ("active", Some((-5, "its")), false),
            ("active", Some((72, "its")), false),
            ("active", Some((73, "its")), true),
            ("active", Some((0, "8")), true),
            ("active", None, true),
            ("disabled", None, true),
            ("reauthorizationRequired", None, true),
            ("removed", None, false),
            ("removed", Some((0, "its")), false),
            ("removed", Some((99, "its")), true),
        ] {
            let faulty = fault(&found(status, due), Timestamp::UNIX_EPOCH).is_some();
            assert_eq!(faulty, is_faulty, "{status} {due:?}");
        }
        let missing = GrantAndToken { grant: None, ..found("active", None) };
        assert_eq!(fault(&missing, Timestamp::UNIX_EPOCH), None, "a missing grant proves nothing");
    }
}
