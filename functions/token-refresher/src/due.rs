//! Reads the due tokens of a shard. The next ones are read while the first are refreshed. Those of an application that an
//! operator has disabled stay due, and nothing else of them is read.

use std::{
    collections::{BTreeSet, VecDeque},
    ops::RangeInclusive,
};

use futures::{Stream, stream};
use jiff::Timestamp;
use shared::{
    access_token::{
        slots::{Window, times},
        store::{DuePlace, GrantAndToken},
    },
    aws::AwsError,
    deadline::{Clock, Deadline, Transient, retry_until},
    error::Error,
    grant::GrantKey,
};

use crate::TokenRefresher;

/// The number of tokens that one query of the index returns at most.
const PAGE: i32 = 200;

/// The number of grants that one read returns. More are read when fewer than this are waiting.
pub(crate) const READ_AT_ONCE: usize = 50;

/// The tokens of a shard that a run looks at.
pub(crate) enum Search {
    /// Those that are due at a time of their own, until then.
    Times(Timestamp),
    /// Those that are due by their slots.
    Slots(Window),
}

/// The result of one read.
pub(crate) struct Read {
    pub(crate) found: Vec<GrantAndToken>,
    pub(crate) first_due_at: Option<Timestamp>,
    /// The number of due tokens of disabled applications; none of slots.
    pub(crate) disabled: u32,
    /// What else there is to say of a read of slots.
    pub(crate) of_slots: Option<OfSlots>,
}

/// What came of a read of slots.
pub(crate) struct OfSlots {
    /// The number of tokens whose slot came by and which are not due.
    pub(crate) not_due: u32,
    /// Tokens that nothing can be done for now: of disabled applications, or with rows that cannot be read.
    pub(crate) stuck: Vec<GrantKey>,
    /// All tokens whose moment is earlier have been read.
    pub(crate) reached: Option<Timestamp>,
    /// Whether nothing is read later.
    pub(crate) is_last: bool,
}

/// A key of the index, and when its token is due, as far as the index shows it.
type Entry = (GrantKey, Timestamp);

/// What is left to read.
struct Rest {
    ranges: VecDeque<RangeInclusive<i64>>,
    /// The place in the first range at which its next page begins.
    place: Option<DuePlace>,
    entries: Vec<Entry>,
}

impl Search {
    fn ranges(&self) -> VecDeque<RangeInclusive<i64>> {
        match self {
            Self::Times(until) => [times(*until)].into(),
            Self::Slots(window) => window.slots().into(),
        }
    }

    fn due_at(&self, slot: i64) -> Timestamp {
        match self {
            Self::Times(until) => Timestamp::from_second(slot).unwrap_or(*until),
            Self::Slots(window) => window.moment(slot),
        }
    }
}

impl TokenRefresher {
    /// Streams the shard's due tokens with their grants, at most [`READ_AT_ONCE`] at a time.
    pub(crate) fn due(
        &self,
        shard: String,
        search: Search,
        clock: Clock,
    ) -> impl Stream<Item = Result<Read, Error>> + '_ {
        let rest = Rest { ranges: search.ranges(), place: None, entries: Vec::new() };
        stream::unfold((rest, search), move |(mut rest, search)| {
            let shard = shard.clone();
            async move {
                if rest.entries.is_empty() && rest.ranges.is_empty() {
                    return None;
                }
                let read = Box::pin(self.read_next(&shard, &mut rest, &search, clock)).await;
                if read.is_err() {
                    rest = Rest { ranges: VecDeque::new(), place: None, entries: Vec::new() };
                }
                Some((read.map_err(Error::from), (rest, search)))
            }
        })
    }

    /// Reads the next grants, and before them the next page of the index if no entry is left of the last one.
    async fn read_next(
        &self,
        shard: &str,
        rest: &mut Rest,
        search: &Search,
        clock: Clock,
    ) -> Result<Read, AwsError> {
        let deadline = clock.deadline();
        let (mut first_due_at, mut of_disabled) = (None, Vec::new());
        if let (true, Some(range)) = (rest.entries.is_empty(), rest.ranges.front()) {
            let from = rest.place.as_ref();
            let page = retry_until(deadline, || self.tokens.due(shard, range, from, PAGE)).await?;
            rest.place = page.next;
            if rest.place.is_none() {
                rest.ranges.pop_front();
            }
            let entries = page.found.into_iter().map(|(key, slot)| (key, search.due_at(slot)));
            (rest.entries, of_disabled) = self.of_enabled(entries.collect(), clock).await?;
            // A token that is left due on purpose is no delay.
            first_due_at = rest.entries.first().map(|(_, at)| *at).filter(|_| of_disabled.is_empty());
        }
        let later = rest.entries.split_off(rest.entries.len().min(READ_AT_ONCE));
        let entries = std::mem::replace(&mut rest.entries, later);
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        let mut found = self.look_at(&keys, deadline).await?;
        let Search::Slots(window) = search else {
            let disabled = count(of_disabled.len());
            return Ok(Read { found, first_due_at, disabled, of_slots: None });
        };
        let is_last = rest.entries.is_empty() && rest.ranges.is_empty();
        let reached = entries.last().map(|(_, at)| *at);
        let unreadable = keys.into_iter().filter(|key| !found.iter().any(|found| found.key == *key));
        let stuck = of_disabled.into_iter().map(|(key, _)| key).chain(unreadable).collect();
        // The index does not show which tokens of a slot are due.
        let all = found.len();
        found.retain(|found| found.row.due_at.is_some_and(|at| at <= window.until()));
        let of_slots = OfSlots { not_due: count(all - found.len()), stuck, reached, is_last };
        let first_due_at = found.iter().filter_map(|found| found.row.due_at).min();
        Ok(Read { found, first_due_at, disabled: 0, of_slots: Some(of_slots) })
    }

    /// Returns the entries whose applications are not disabled, and the others.
    async fn of_enabled(
        &self,
        entries: Vec<Entry>,
        clock: Clock,
    ) -> Result<(Vec<Entry>, Vec<Entry>), AwsError> {
        let applications: BTreeSet<_> = entries.iter().map(|(key, _)| key.application_id.clone()).collect();
        let disabled = self.tokens.disabled_of(applications, clock).await?;
        Ok(entries.into_iter().partition(|(key, _)| !disabled.contains(&key.application_id)))
    }

    /// Reads all keys together. If that fails permanently, reads each key by itself, so that a row that cannot be read does
    /// not stop the others. Such a row stays due.
    pub(crate) async fn look_at(
        &self,
        keys: &[GrantKey],
        deadline: Deadline,
    ) -> Result<Vec<GrantAndToken>, AwsError> {
        match self.tokens.look_at_all(keys, deadline).await {
            Err(error) if !error.is_transient() => {}
            read => return read,
        }
        let mut readable = Vec::new();
        for key in keys {
            match self.tokens.look_at_all(std::slice::from_ref(key), deadline).await {
                Ok(found) => readable.extend(found),
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => {
                    tracing::error!(grant.key = %key, cause = %error, "Due token of grant {key} was not read: {error}");
                }
            }
        }
        Ok(readable)
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
