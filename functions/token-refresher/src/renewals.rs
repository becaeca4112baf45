//! The yearly clock: tells ahead of time which authorizations lapse. Only those near their end are looked at.

use std::time::Duration;

use jiff::Timestamp;
use shared::{
    aws::AwsError,
    deadline::{Deadline, Transient, patiently},
    error::Error,
    grant::{Grant, GrantKey},
    grant_store::{Listed, Place, Span},
    history::{Actor, Record},
    marketplace::{Marketplace, PartnerType},
    metrics::{Metric, whole_days},
    renewal::{FIRST_REMINDER, OVERDUE_FOR, Stage, lapses},
    secret::random_word,
    transaction::Ending,
};
use url::form_urlencoded;

use crate::{
    TokenRefresher,
    message::{Message, Renewals},
};

/// How many authorizations one query finds.
const PAGE: i32 = 50;

/// No page begins with less time than this.
const PAGE_TAKES: Duration = Duration::from_secs(10);

impl TokenRefresher {
    /// Goes through an application's authorizations that lapse within 30 days, or lapsed within the last 30.
    pub(crate) async fn tell_of_renewals(
        &self,
        renewals: &Renewals,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let application = &renewals.application_id;
        // The same for every page, whenever it is read: DynamoDB takes no cursor from outside.
        let planned_for = renewals.planned_for;
        let near = Span::DueBetween(planned_for - OVERDUE_FOR, planned_for + FIRST_REMINDER);
        let mut place: Option<Place> = match renewals.cursor.as_deref().map(str::parse) {
            None => None,
            Some(Ok(place)) => Some(place),
            Some(Err(_)) => return Err(Error::invalid("cursor", "one of ours")),
        };
        let mut told = 0_u32;
        let mut nearest: Option<Timestamp> = None;
        loop {
            let page = || self.grants.page(Listed::OfApplication(application, near), place.as_ref(), PAGE);
            let (keys, next) = patiently(deadline, page).await?;
            for grant in self.readable(&keys, deadline).await? {
                if lapses(&grant) {
                    nearest = Some(
                        nearest.map_or(grant.renewal_due_at, |nearest| nearest.min(grant.renewal_due_at)),
                    );
                }
                if let Some(stage) = Stage::untold(&grant, now) {
                    told += u32::from(self.tell(&grant, stage, now, deadline).await?);
                }
            }
            place = next;
            let Some(next) = &place else { break };
            if deadline.remaining() < PAGE_TAKES {
                let rest = Renewals { cursor: Some(next.to_string()), ..renewals.clone() };
                let rest = [Message::Renewals(rest).sent_at_once()];
                patiently(deadline, || self.queue.send(&rest)).await?;
                break;
            }
        }
        if let Some(nearest) = nearest {
            self.metrics.record(Metric::DaysToNearestRenewal(application.clone()), whole_days(now, nearest));
        }
        tracing::info!(application.id = %application, told, "Looked for authorizations that lapse");
        Ok(())
    }

    /// All of them in one read; each on its own where that fails for good, so that a row which cannot be read stops no other.
    async fn readable(&self, keys: &[GrantKey], deadline: Deadline) -> Result<Vec<Grant>, AwsError> {
        match self.grants.read(keys, deadline).await {
            Err(error) if !error.is_transient() => {}
            read => return read,
        }
        let mut readable = Vec::new();
        for key in keys {
            match self.grants.read(std::slice::from_ref(key), deadline).await {
                Ok(grants) => readable.extend(grants),
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => tracing::error!(grant.key = %key, cause = %error, "A grant could not be read"),
            }
        }
        Ok(readable)
    }

    /// Marks the stage and tells of it, together or not at all. `false` if the grant has changed since it was read: then the
    /// next run looks at it anew.
    async fn tell(
        &self,
        grant: &Grant,
        stage: Stage,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<bool, Error> {
        let key = grant.key();
        let mut skipped_revisions = 0;
        loop {
            let marked = Grant { revision: grant.revision + 1 + skipped_revisions, ..grant.clone() };
            let record =
                Record::of(&marked, stage.event(), Actor::Schedule, stage.reason(), &grant.fingerprint, now)
                    .inviting(self.manage_your_apps_url(grant), self.authorize_url(grant));
            let writes = [
                self.grants.remind(&key, stage, grant.revision, marked.revision),
                record.append(&self.history_table),
            ];
            let token = random_word();
            match patiently(deadline, || self.transactions.commit(&writes, &token)).await? {
                Ending::Committed => return Ok(true),
                // The history is ahead of the grant, as after a restored backup: go past it.
                Ending::Refused(at) if at == [HISTORY] => skipped_revisions += 1,
                Ending::Refused(_) | Ending::Conflicted => return Ok(false),
            }
        }
    }

    /// Where at Amazon the partner authorizes again; empty if its host is not known.
    fn manage_your_apps_url(&self, grant: &Grant) -> String {
        self.central_host(grant).map(|host| self.amazon.manage_your_apps_url(host)).unwrap_or_default()
    }

    /// Where on our side; empty if that is switched off, or the marketplace is not known.
    fn authorize_url(&self, grant: &Grant) -> String {
        let Some(marketplace) = self.marketplace(grant).filter(|_| self.direct_authorize) else {
            return String::new();
        };
        let GrantKey { application_id, .. } = grant.key();
        let parameters = form_urlencoded::Serializer::new(String::new())
            .append_pair("marketplace", marketplace.country.as_str())
            .append_pair("type", self.partner_type(grant).as_str())
            .append_pair("application", application_id.as_str())
            .finish();
        format!("{}/authorize?{parameters}", self.site.origin())
    }

    fn central_host<'a>(&'a self, grant: &'a Grant) -> Option<&'a str> {
        let of_marketplace =
            || self.marketplace(grant).map(|known| known.central_host(self.partner_type(grant)));
        grant.central_host.as_deref().or_else(of_marketplace)
    }

    /// The marketplace at whose host the partner consented; else the first of the grant's in our table.
    fn marketplace(&self, grant: &Grant) -> Option<&Marketplace> {
        let marketplaces = self.amazon.marketplaces();
        let at_host = |known: &&Marketplace| {
            grant.central_host.as_deref() == Some(known.central_host(self.partner_type(grant)))
        };
        let of_store = || grant.stores.iter().find_map(|store| marketplaces.by_id(&store.marketplace_id));
        marketplaces.iter().find(at_host).or_else(of_store)
    }

    fn partner_type(&self, grant: &Grant) -> PartnerType {
        let of_host = || {
            let host = grant.central_host.as_deref()?;
            self.amazon.marketplaces().central_host(host).map(|known| known.partner_type)
        };
        grant.partner_type.or_else(of_host).unwrap_or(PartnerType::Seller)
    }
}

/// The position of the write that appends to the history.
const HISTORY: usize = 1;
