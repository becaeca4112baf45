//! What is due in a shard, read while the first of it is at Amazon.

use futures::{Stream, stream};
use jiff::Timestamp;
use shared::{
    access_token::store::{DuePlace, GrantAndToken},
    aws::AwsError,
    deadline::{Deadline, Transient, retry_until},
    error::Error,
    grant::GrantKey,
};

use crate::TokenRefresher;

/// How many due tokens one query finds.
const PAGE: i32 = 200;

/// How many grants are read at once, and how few may be waiting before more are read.
pub(crate) const READ_AT_ONCE: usize = 50;

/// What one read brought.
pub(crate) struct Read {
    pub(crate) standing: Vec<GrantAndToken>,
    pub(crate) first_due_at: Option<Timestamp>,
}

/// Where in the index the next page begins.
enum Place {
    Beginning,
    At(DuePlace),
    End,
}

impl TokenRefresher {
    /// The shard's due tokens with their grants, some dozens at a time.
    pub(crate) fn due(
        &self,
        shard: String,
        until: Timestamp,
        deadline: Deadline,
    ) -> impl Stream<Item = Result<Read, Error>> + '_ {
        stream::unfold((Place::Beginning, Vec::new()), move |(mut place, mut keys)| {
            let shard = shard.clone();
            async move {
                let mut first_due_at = None;
                if keys.is_empty() {
                    let from = match &place {
                        Place::Beginning => None,
                        Place::At(place) => Some(place),
                        Place::End => return None,
                    };
                    match retry_until(deadline, || self.tokens.due(&shard, until, from, PAGE)).await {
                        Ok(page) => {
                            keys = page.keys;
                            first_due_at = page.first_due_at;
                            place = page.next.map_or(Place::End, Place::At);
                        }
                        Err(error) => return Some((Err(error.into()), (Place::End, Vec::new()))),
                    }
                }
                let rest = keys.split_off(keys.len().min(READ_AT_ONCE));
                let read = Box::pin(self.look_at(&keys, deadline)).await;
                let read = read.map(|standing| Read { standing, first_due_at }).map_err(Error::from);
                Some((read, (place, rest)))
            }
        })
    }

    /// All of them in one read; each on its own where that fails for good, so that a row which cannot be read stops no
    /// other. It stays due.
    async fn look_at(&self, keys: &[GrantKey], deadline: Deadline) -> Result<Vec<GrantAndToken>, AwsError> {
        match self.tokens.look_at_all(keys, deadline).await {
            Err(error) if !error.is_transient() => {}
            read => return read,
        }
        let mut readable = Vec::new();
        for key in keys {
            match self.tokens.look_at_all(std::slice::from_ref(key), deadline).await {
                Ok(standing) => readable.extend(standing),
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => {
                    tracing::error!(grant.key = %key, cause = %error, "Due token of grant {key} was not read: {error}");
                }
            }
        }
        Ok(readable)
    }
}
