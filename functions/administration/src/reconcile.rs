//! Does again, after a restore from a backup, what the history says and the rows of grants have forgotten.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    deadline::{Clock, retry_until},
    error::Error,
    grant::{
        Grant, GrantKey,
        store::{GrantsRead, Listed, Place, Span},
    },
    grant_change::reconciliation::{Comparison, compared},
    history::{
        Event, Record,
        actor::{By, Who},
    },
    ids::ApplicationId,
    lambda::cursor,
};

use crate::Administration;

/// The number of grants that are read together.
const PAGE: i32 = 50;

/// The number of records of one grant that one query returns at most.
const RECORDS: i32 = 100;

/// The time that is reserved for one page. No page begins with less time left.
const RESERVE: Duration = Duration::from_secs(15);

/// A request to compare the grants of an application with their history.
pub(crate) struct Reconcile {
    pub(crate) application_id: ApplicationId,
    /// The moment of the oldest backup that was restored. Older records are not compared.
    pub(crate) since: Timestamp,
    /// Whether nothing is to be changed.
    pub(crate) dry_run: bool,
    pub(crate) cursor: Option<String>,
    pub(crate) by: Option<By>,
}

/// What a part of the grants showed.
#[derive(Default)]
struct Seen {
    checked: usize,
    changes: Vec<Value>,
    authorize_again: Vec<GrantKey>,
    history_behind: Vec<GrantKey>,
    stays_disabled: Vec<GrantKey>,
    unreadable: Vec<GrantKey>,
    newest_record_at: Option<Timestamp>,
}

impl Administration {
    /// Compares one part of the grants. Sent again, it finds its result and changes nothing.
    pub(crate) async fn reconcile(&self, request: Reconcile, clock: Clock) -> Result<Value, Error> {
        let Reconcile { application_id, since, dry_run, cursor, by } = request;
        let query = format!("reconcile {application_id} {since} {dry_run}");
        let foreign = || Error::invalid("cursor", "the cursor of an answer to the same request");
        let read = |text: &str| cursor::read(&query, text)?.parse::<Place>().map_err(|_| foreign());
        let mut place = cursor.as_deref().map(read).transpose()?;
        let (mut seen, who) = (Seen::default(), Who::operator(by));
        loop {
            let listed = Listed::OfApplication(&application_id, Span::All);
            let page = || self.grants.page(listed, place.as_ref(), PAGE);
            let (keys, next) = retry_until(clock.deadline(), page).await?;
            let GrantsRead { grants, unreadable } = self.grants.read(&keys, clock.deadline()).await?;
            seen.checked += grants.len();
            seen.unreadable.extend(unreadable);
            for grant in &grants {
                self.compare(grant, since, (dry_run, &who), &mut seen, clock).await?;
            }
            place = next;
            if place.is_none() || clock.deadline().remaining() < RESERVE {
                break;
            }
        }
        let mut answer = json!({
            "checked": seen.checked,
            "changes": seen.changes,
            "authorizeAgain": GrantsRead::named(&seen.authorize_again),
            "historyBehind": GrantsRead::named(&seen.history_behind),
            "staysDisabled": GrantsRead::named(&seen.stays_disabled),
            "unreadable": GrantsRead::named(&seen.unreadable),
            "newestRecordAt": seen.newest_record_at,
            "dryRun": dry_run,
        });
        if let Some(next) = place {
            answer["cursor"] = cursor::written(&query, &next.to_string()).into();
        }
        Ok(answer)
    }

    async fn compare(
        &self,
        grant: &Grant,
        since: Timestamp,
        (dry_run, who): (bool, &Who),
        seen: &mut Seen,
        clock: Clock,
    ) -> Result<(), Error> {
        let key = grant.key();
        // What was erased may have come back with the backup; what the partner authorized since has not.
        let erased_at = self.erasures.erased_at(&key, clock).await?;
        if erased_at.is_some_and(|at| at >= since && grant.authorized_at < at) {
            if !dry_run {
                self.erase(&key, None, who, clock).await?;
            }
            seen.changes.push(json!({
                "sellingPartnerId": key.selling_partner_id, "region": key.region, "event": Event::AuthorizationErased,
            }));
            return Ok(());
        }
        let records = match self.records_since(&key.to_string(), since, clock).await {
            Ok(records) => records,
            // A record of a newer release does not stop the other grants.
            Err(error) if !matches!(error, Error::Unavailable(_)) => {
                tracing::error!(grant.key = %key, cause = error.cause(), "History of grant {key} was not read: {error}");
                seen.unreadable.push(key);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        seen.newest_record_at = seen.newest_record_at.max(records.last().map(|record| record.at));
        let Comparison { steps, authorize_again, history_behind, stays_disabled } = compared(grant, &records);
        if stays_disabled {
            seen.stays_disabled.push(key.clone());
        }
        if history_behind {
            seen.history_behind.push(key.clone());
        }
        if authorize_again {
            seen.authorize_again.push(key.clone());
        }
        let mut revision = grant.revision;
        for step in steps {
            if !dry_run {
                let decide = |current: &Grant| step.decide(current, revision);
                // A grant that was removed meanwhile needs nothing any more.
                match self.changes.make_of_existing(&key, decide, who, clock).await {
                    Ok(changed) => revision = changed.revision,
                    Err(Error::UnknownSellingPartner) => {}
                    Err(error) => return Err(error),
                }
            }
            seen.changes.push(json!({
                "sellingPartnerId": key.selling_partner_id, "region": key.region, "event": step.event(),
            }));
        }
        Ok(())
    }

    /// Returns the records of a subject from `since` on, oldest first, and at least the newest one.
    pub(crate) async fn records_since(
        &self,
        subject: &str,
        since: Timestamp,
        clock: Clock,
    ) -> Result<Vec<Record>, Error> {
        let (mut records, mut from) = (Vec::<Record>::new(), None);
        loop {
            let page = || self.history.page(subject, true, from, RECORDS);
            let (page, next) = retry_until(clock.deadline(), page).await?;
            records.extend(page);
            let is_enough = records.last().is_none_or(|oldest| oldest.at < since);
            if next.is_none() || is_enough {
                break;
            }
            from = next;
        }
        let newest = records.first().map(|record| record.revision);
        records.retain(|record| record.at >= since || Some(record.revision) == newest);
        records.reverse();
        Ok(records)
    }
}
