//! Changes a grant: find, decide, commit with the history, and all of it again if somebody else was first.

pub mod by_operator;
pub mod completion;

use aws_sdk_dynamodb::Client;
use jiff::Timestamp;

use crate::{
    access_token::{schedule::Due, store::watch_with_grant},
    aws::transaction::{Ending, Transactions, Write},
    deadline::{Deadline, Pauses, patiently},
    env::{Env, Unset},
    error::{Cause, Error},
    grant::{Grant, GrantKey, Status, renewal_links::RenewalLinks, store::GrantStore},
    history::{Event, Record, actor::Who},
    secret::{Fingerprint, random_word},
};

/// What becomes of a grant.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It stays as it is: what was asked for is so already.
    Stays,
    /// It changes.
    Changes(Box<Change>),
}

/// A grant as it is to be, with what happened and why. Its revision is counted when it is written.
#[derive(Clone, Debug)]
pub struct Change {
    /// The new row.
    pub grant: Grant,
    /// What happened.
    pub event: Event,
    /// Why, in a sentence for operators.
    pub reason: String,
    /// The token that it is about, which in a conflict is not the grant's.
    pub fingerprint: Fingerprint,
    /// Where the partner can authorize again, if that is what it needs to do.
    pub renewal_links: RenewalLinks,
}

impl Decision {
    /// A change that is about the grant's own token.
    #[must_use]
    pub fn to(grant: Grant, event: Event, reason: impl Into<String>) -> Self {
        let fingerprint = grant.fingerprint.clone();
        Self::about(fingerprint, grant, event, reason)
    }

    /// A change that is about another token.
    #[must_use]
    pub fn about(fingerprint: Fingerprint, grant: Grant, event: Event, reason: impl Into<String>) -> Self {
        let (reason, renewal_links) = (reason.into(), RenewalLinks::default());
        Self::Changes(Box::new(Change { grant, event, reason, fingerprint, renewal_links }))
    }

    /// The same, telling where the partner can authorize again.
    #[must_use]
    pub fn with_renewal_links(self, renewal_links: RenewalLinks) -> Self {
        match self {
            Self::Changes(change) => Self::Changes(Box::new(Change { renewal_links, ..*change })),
            Self::Stays => Self::Stays,
        }
    }
}

/// Makes changes of grants.
#[derive(Clone, Debug)]
pub struct GrantChanges {
    grants: GrantStore,
    history_table: String,
    tokens_table: String,
    transactions: Transactions,
}

/// The position of the write that appends to the history.
const HISTORY: usize = 1;

impl GrantChanges {
    /// Changes of the grants in `grants`. Reads `HISTORY_TABLE`, where their history is, and `ACCESS_TOKENS_TABLE`, where the
    /// refresher learns of them.
    pub fn from_env(env: &Env, client: Client, grants: GrantStore) -> Result<Self, Unset> {
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let (history_table, tokens_table) = (table("HISTORY_TABLE")?, table("ACCESS_TOKENS_TABLE")?);
        Ok(Self { grants, history_table, tokens_table, transactions: Transactions::new(client) })
    }

    /// Decides on the grant as it stands, which may be none, and carries the decision out together with its history or
    /// not at all; decides anew if somebody else was first. Returns the grant as it stands then.
    pub async fn make(
        &self,
        key: &GrantKey,
        decide: impl Fn(Option<&Grant>) -> Result<Decision, Error>,
        who: &Who,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Option<Grant>, Error> {
        let mut pauses = Pauses::until(deadline);
        let mut skipped_revisions = 0;
        loop {
            let standing = patiently(deadline, || self.grants.find(key)).await?;
            let Decision::Changes(change) = decide(standing.as_ref())? else {
                return Ok(standing);
            };
            let Change { mut grant, event, reason, fingerprint, renewal_links } = *change;
            let seen = standing.as_ref().map(|standing| standing.revision);
            grant.revision = seen.unwrap_or_default() + 1 + skipped_revisions;
            let mut record = Record::of(&grant, event, who.actor, &reason, &fingerprint, now)
                .by(who.name())
                .with_renewal_links(renewal_links);
            // Whose it was is told once more when the grant forgets it.
            if let (Status::Removed, Some(standing)) = (grant.status, &standing) {
                record.account = standing.account.as_ref().map(ToString::to_string).unwrap_or_default();
            }
            let mut writes = vec![self.grants.put(&grant, seen), record.append(&self.history_table)];
            writes.extend(watch_what_works_anew(&self.tokens_table, standing.as_ref(), &grant, now));
            // The same writes under the same token: asked again after a lost answer, they are made once.
            let token = random_word();
            match patiently(deadline, || self.transactions.commit(&writes, &token)).await? {
                Ending::Committed => {
                    tracing::info!(grant.key = %key, ?event, reason, "Grant {key} changed, {event:?}: {reason}");
                    return Ok(Some(grant));
                }
                // The history is ahead of the grant, as after a restored backup: go past it.
                Ending::Refused(at) if at == [HISTORY] => skipped_revisions += 1,
                Ending::Refused(_) | Ending::Conflicted => {
                    if !pauses.pause(None).await {
                        return Err(Error::Unavailable(Cause::Contention("grant")));
                    }
                }
            }
        }
    }

    /// The same for a grant that is there: of one that is not, or is removed, there is nothing to decide.
    pub async fn make_of_standing(
        &self,
        key: &GrantKey,
        decide: impl Fn(&Grant) -> Result<Decision, Error>,
        who: &Who,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Grant, Error> {
        let decide = |standing: Option<&Grant>| match standing {
            Some(standing) if standing.status != Status::Removed => decide(standing),
            _ => Err(Error::UnknownSellingPartner),
        };
        let changed = self.make(key, decide, who, now, deadline).await?;
        changed.ok_or(Error::UnknownSellingPartner)
    }
}

/// The write by which the refresher learns of a grant that mints tokens which it did not mint before.
#[must_use]
pub fn watch_what_works_anew(
    tokens_table: &str,
    standing: Option<&Grant>,
    grant: &Grant,
    now: Timestamp,
) -> Option<Write> {
    let as_before =
        |before: &Grant| before.status == Status::Active && before.fingerprint == grant.fingerprint;
    let works_anew = grant.status == Status::Active && !standing.is_some_and(as_before);
    let key = grant.key();
    works_anew.then(|| watch_with_grant(tokens_table, &key, &Due::at(&key, now)))
}
