//! Changes a grant: find, decide, commit with the history, and all of it again if another write came first.

mod absorption;
pub mod by_amazon;
pub mod by_operator;
pub mod by_stores;
pub mod completion;
pub mod erasure;
pub mod reconciliation;
pub mod repair;
mod restoration;

use aws_sdk_dynamodb::Client;
use jiff::Timestamp;

use crate::{
    access_token::{
        schedule::Due,
        store::{move_with_grant, watch_with_grant},
    },
    amazon::{Amazon, marketplace::Marketplaces},
    aws::{
        AwsError,
        transaction::{Commit, Write},
    },
    deadline::{Clock, Deadline, Pauses, retry_until},
    env::{Env, Unset},
    error::Error,
    grant::{
        Grant, GrantKey, Status, change::Change, relocation::Moved, renewal_links::RenewalLinks,
        store::GrantStore, stores::StoreChange,
    },
    history::{Event, Record, actor::Who, commit::Recorder},
    secret::Fingerprint,
};

/// What becomes of a grant.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It stays as stored: it is already in the state that was asked for.
    Stays,
    /// It changes.
    Changes(Box<Change>),
}

impl Decision {
    /// A change that concerns the grant's own token.
    pub fn to(grant: Grant, event: Event, reason: impl Into<String>) -> Self {
        Change::new(grant, event, reason).into()
    }

    /// The same, with the addresses at which the partner can authorize again.
    #[must_use]
    pub fn with_renewal_links(self, renewal_links: RenewalLinks) -> Self {
        match self {
            Self::Changes(change) => change.with_renewal_links(renewal_links).into(),
            Self::Stays => Self::Stays,
        }
    }
}

impl From<Change> for Decision {
    fn from(change: Change) -> Self {
        Self::Changes(Box::new(change))
    }
}

/// What came of a decision.
#[derive(Clone, Debug)]
pub enum Made {
    /// The grant stays as stored, which may be none.
    Stays(Option<Box<Grant>>),
    /// The grant has changed; this is the change with its revision.
    Changed(Box<Change>),
    /// Nothing was written: the condition of the additional write with this name did not hold.
    Refused(&'static str),
}

/// Makes changes of grants.
#[derive(Clone, Debug)]
pub struct GrantChanges {
    grants: GrantStore,
    marketplaces: Marketplaces,
    recorder: Recorder,
    tokens_table: String,
}

impl GrantChanges {
    /// Changes of the grants in `grants`. Reads `HISTORY_TABLE`, where their history is, and `ACCESS_TOKENS_TABLE`, which
    /// notifies the refresher of them, and what [`Amazon`] reads.
    pub fn from_env(env: &Env, client: Client, grants: GrantStore) -> Result<Self, Unset> {
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let recorder = Recorder::new(client, table("HISTORY_TABLE")?);
        let marketplaces = Amazon::from_env(env)?.marketplaces().clone();
        Ok(Self { grants, marketplaces, recorder, tokens_table: table("ACCESS_TOKENS_TABLE")? })
    }

    /// Decides on the current grant, which may be none, and commits the decision together with its history and a notice to
    /// the refresher. Decides again if another write came first. Returns the grant as it is then.
    pub async fn make(
        &self,
        key: &GrantKey,
        decide: impl Fn(Option<&Grant>) -> Result<Decision, Error>,
        who: &Who,
        clock: Clock,
    ) -> Result<Option<Grant>, Error> {
        Ok(match self.made(key, decide, who, clock).await? {
            Made::Changed(change) => Some(change.grant),
            Made::Stays(current) => current.map(|current| *current),
            Made::Refused(_) => None,
        })
    }

    /// The same, for a caller that answers whether the grant changed.
    pub async fn made(
        &self,
        key: &GrantKey,
        decide: impl Fn(Option<&Grant>) -> Result<Decision, Error>,
        who: &Who,
        clock: Clock,
    ) -> Result<Made, Error> {
        self.made_where(Vec::new(), key, decide, who, clock).await
    }

    /// The same, refused where one of these `checks` does not hold.
    async fn made_where(
        &self,
        checks: Vec<Write>,
        key: &GrantKey,
        decide: impl Fn(Option<&Grant>) -> Result<Decision, Error>,
        who: &Who,
        clock: Clock,
    ) -> Result<Made, Error> {
        let also = |current: Option<&Grant>, change: Option<&Change>| {
            let checks = change.map(|_| checks.clone()).unwrap_or_default();
            self.watch(current, change, clock.began()).into_iter().chain(checks).collect()
        };
        let made = self.make_with(key, decide, also, who, clock).await?;
        if let Made::Changed(change) = &made {
            let Change { event, reason, .. } = &**change;
            tracing::info!(grant.key = %key, ?event, reason, "Changed a grant");
        }
        Ok(made)
    }

    /// The same, for a grant that gets the refresh token with this fingerprint, which a grant of the partner in another region may
    /// have. Returns that grant then, and changes nothing: one token is never in use under two keys.
    pub async fn made_unless_held_elsewhere(
        &self,
        key: &GrantKey,
        fingerprint: &Fingerprint,
        decide: impl Fn(Option<&Grant>) -> Result<Decision, Error>,
        who: &Who,
        clock: Clock,
    ) -> Result<Result<Made, Grant>, Error> {
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            if let Some(holder) = self.held_elsewhere(key, fingerprint, clock.deadline()).await? {
                return Ok(Err(holder));
            }
            let checks = self.grants.held_nowhere_else(key, fingerprint, "held elsewhere");
            match self.made_where(checks, key, &decide, who, clock).await? {
                Made::Refused(_) if pauses.pause(None).await => {}
                Made::Refused(_) => return Err(AwsError::contended().into()),
                made => return Ok(Ok(made)),
            }
        }
    }

    /// The same, with the writes of `also` in place of the notice to the refresher. `also` gets the current grant and its
    /// change, if it changes; its writes are committed even if the grant stays. A named one among them refuses the change.
    pub async fn make_with<E: From<AwsError>>(
        &self,
        key: &GrantKey,
        decide: impl Fn(Option<&Grant>) -> Result<Decision, E>,
        also: impl Fn(Option<&Grant>, Option<&Change>) -> Vec<Write>,
        who: &Who,
        clock: Clock,
    ) -> Result<Made, E> {
        let mut pauses = Pauses::until(clock.deadline());
        loop {
            let current = retry_until(clock.deadline(), || self.grants.find(key)).await?;
            let seen = current.as_ref().map(|current| current.revision);
            let mut change = match decide(current.as_ref())? {
                Decision::Changes(mut change) => {
                    change.grant.draw_epoch(current.as_ref());
                    change.stores = StoreChange::of(current.as_ref(), &change.grant, &self.marketplaces);
                    Some(change)
                }
                Decision::Stays => None,
            };
            let also = also(current.as_ref(), change.as_deref());
            if change.is_none() && also.is_empty() {
                return Ok(Made::Stays(current.map(Box::new)));
            }
            let numbered = |revision| {
                let (mut writes, mut records) = (also.clone(), Vec::new());
                if let Some(change) = &mut change {
                    change.grant.revision = revision + change.further_records();
                    writes.push(self.grants.put(&change.grant, seen));
                    records = records_of(change, current.as_ref(), who, clock.began());
                }
                (writes, records)
            };
            match self.recorder.commit(seen.unwrap_or_default(), numbered, clock.deadline()).await? {
                Commit::Made => {
                    return Ok(change.map_or_else(|| Made::Stays(current.map(Box::new)), Made::Changed));
                }
                Commit::Refused(name) => return Ok(Made::Refused(name)),
                Commit::Changed if pauses.pause(None).await => {}
                Commit::Changed => return Err(AwsError::contended().into()),
            }
        }
    }

    /// The same as [`Self::make`] for a grant that exists: there is nothing to decide on one that does not, or is removed.
    pub async fn make_of_existing(
        &self,
        key: &GrantKey,
        decide: impl Fn(&Grant) -> Result<Decision, Error>,
        who: &Who,
        clock: Clock,
    ) -> Result<Grant, Error> {
        let decide = |current: Option<&Grant>| match current {
            Some(current) if current.status != Status::Removed => decide(current),
            _ => Err(Error::UnknownSellingPartner),
        };
        let changed = self.make(key, decide, who, clock).await?;
        changed.ok_or(Error::UnknownSellingPartner)
    }

    /// Returns the partner's grant in another region than that of `key` that has the refresh token with this fingerprint.
    pub async fn held_elsewhere(
        &self,
        key: &GrantKey,
        fingerprint: &Fingerprint,
        deadline: Deadline,
    ) -> Result<Option<Grant>, AwsError> {
        let others = self.grants.in_other_regions(key, deadline).await?;
        Ok(others.into_iter().find(|other| other.fingerprint == *fingerprint))
    }

    /// Moves a grant to another region, in one transaction: the pointer in place of its row, the grant under its new key, its
    /// record there, and its place in the refresher's work. `seen` are the revisions of both rows as they were read. Returns the moved
    /// grant with its revision too.
    pub async fn relocate(
        &self,
        moved: Moved,
        (seen, seen_target): (u64, Option<u64>),
        last_requested_at: Option<Timestamp>,
        who: &Who,
        clock: Clock,
    ) -> Result<(Commit, Grant), AwsError> {
        let Moved { mut pointer, mut change } = moved;
        pointer.draw_epoch(None);
        change.grant.draw_epoch(None);
        let (from, to) = (pointer.key(), change.grant.key());
        let due = Due::at(&to, clock.began());
        let work = move_with_grant(&self.tokens_table, (&from, &to), &due, last_requested_at);
        let numbered = |revision| {
            change.grant.revision = revision;
            let mut writes =
                vec![self.grants.put(&pointer, Some(seen)), self.grants.put(&change.grant, seen_target)];
            writes.extend(work.iter().cloned());
            (writes, Some(Record::of(&change, who, clock.began())))
        };
        let seen_last = seen.max(seen_target.unwrap_or_default());
        let committed = self.recorder.commit(seen_last, numbered, clock.deadline()).await?;
        Ok((committed, change.grant))
    }

    /// The write that notifies the refresher of a grant that is active with a token with which it was not active before.
    pub fn watch(&self, current: Option<&Grant>, change: Option<&Change>, now: Timestamp) -> Option<Write> {
        watch(&self.tokens_table, current, change, now)
    }
}

/// The same, for rows of `tokens_table`.
pub(crate) fn watch(
    tokens_table: &str,
    current: Option<&Grant>,
    change: Option<&Change>,
    now: Timestamp,
) -> Option<Write> {
    let grant = &change?.grant;
    let as_before =
        |before: &Grant| before.status == Status::Active && before.fingerprint == grant.fingerprint;
    let works_again = grant.status == Status::Active && !current.is_some_and(as_before);
    let key = grant.key();
    works_again.then(|| watch_with_grant(tokens_table, &key, &Due::at(&key, now)))
}

/// The records of `change`. That of a removal names the account, which the grant itself no longer has.
fn records_of(change: &Change, current: Option<&Grant>, who: &Who, now: Timestamp) -> Vec<Record> {
    let mut records = Record::all_of(change, who, now);
    if let (Status::Removed, Some(current)) = (change.grant.status, current) {
        for record in &mut records {
            record.account = current.account.as_ref().map(ToString::to_string).unwrap_or_default();
        }
    }
    records
}
