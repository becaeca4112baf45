//! Reads the due tokens of a shard. The next ones are read while the first are refreshed. Those of an application that an
//! operator has disabled stay due, and nothing else of them is read.

use std::collections::BTreeSet;

use futures::{Stream, stream};
use jiff::Timestamp;
use shared::{
    access_token::store::{DuePlace, GrantAndToken},
    aws::AwsError,
    deadline::{Clock, Deadline, Transient, retry_until},
    error::Error,
    grant::GrantKey,
};

use crate::TokenRefresher;

/// The number of due tokens that one query returns at most.
const PAGE: i32 = 200;

/// The number of grants that one read returns. More are read when fewer than this are waiting.
pub(crate) const READ_AT_ONCE: usize = 50;

/// The result of one read.
pub(crate) struct Read {
    pub(crate) found: Vec<GrantAndToken>,
    pub(crate) first_due_at: Option<Timestamp>,
    /// The number of due tokens of disabled applications.
    pub(crate) disabled: u32,
}

/// The place in the index at which the next page begins.
enum Place {
    Beginning,
    At(DuePlace),
    End,
}

impl TokenRefresher {
    /// Streams the shard's due tokens with their grants, at most [`READ_AT_ONCE`] at a time.
    pub(crate) fn due(
        &self,
        shard: String,
        until: Timestamp,
        clock: Clock,
    ) -> impl Stream<Item = Result<Read, Error>> + '_ {
        let deadline = clock.deadline();
        stream::unfold((Place::Beginning, Vec::new()), move |(mut place, mut keys)| {
            let shard = shard.clone();
            async move {
                let (mut first_due_at, mut disabled) = (None, 0);
                if keys.is_empty() {
                    let from = match &place {
                        Place::Beginning => None,
                        Place::At(place) => Some(place),
                        Place::End => return None,
                    };
                    match retry_until(deadline, || self.tokens.due(&shard, until, from, PAGE)).await {
                        Ok(page) => {
                            first_due_at = page.first_due_at;
                            place = page.next.map_or(Place::End, Place::At);
                            match self.of_enabled(page.keys, clock).await {
                                Ok((left, out)) => (keys, disabled) = (left, out),
                                Err(error) => return Some((Err(error.into()), (Place::End, Vec::new()))),
                            }
                            // A token that is left due on purpose is no delay.
                            first_due_at = first_due_at.filter(|_| disabled == 0);
                        }
                        Err(error) => return Some((Err(error.into()), (Place::End, Vec::new()))),
                    }
                }
                let rest = keys.split_off(keys.len().min(READ_AT_ONCE));
                let read = Box::pin(self.look_at(&keys, deadline)).await;
                let read = read.map(|found| Read { found, first_due_at, disabled }).map_err(Error::from);
                Some((read, (place, rest)))
            }
        })
    }

    /// Returns the grants whose applications are not disabled, and the number of the others.
    async fn of_enabled(
        &self,
        mut keys: Vec<GrantKey>,
        clock: Clock,
    ) -> Result<(Vec<GrantKey>, u32), AwsError> {
        let applications: BTreeSet<_> = keys.iter().map(|key| key.application_id.clone()).collect();
        let disabled = self.tokens.disabled_of(applications, clock).await?;
        let all = keys.len();
        keys.retain(|key| !disabled.contains(&key.application_id));
        let out = u32::try_from(all - keys.len()).unwrap_or(u32::MAX);
        Ok((keys, out))
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
