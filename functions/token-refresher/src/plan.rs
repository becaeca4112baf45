//! Plans a run: one message for each shard, spread over the time until the next run. So the refreshes that accumulate during
//! an outage of Amazon do not all start together.

use jiff::{SignedDuration, Timestamp};
use shared::{
    access_token::schedule::{SHARDS, TICK},
    deadline::{Clock, retry_until},
    error::Error,
};

use crate::{
    TokenRefresher,
    message::{Message, Shard, Walk},
    queue::Outgoing,
};

impl TokenRefresher {
    /// Sends the messages of all shards with one call to SQS.
    pub(crate) async fn plan(&self, clock: Clock) -> Result<(), Error> {
        let messages = shards(clock.began());
        Ok(retry_until(clock.deadline(), || self.queue.send(&messages)).await?)
    }

    /// Sends two messages for each application: for its renewals, and for the sweep of its grants.
    pub(crate) async fn plan_renewals(&self, clock: Clock) -> Result<(), Error> {
        let applications = retry_until(clock.deadline(), || self.applications.list(clock.began())).await?;
        let messages: Vec<_> = applications
            .into_iter()
            .map(|application_id| Walk { application_id, planned_for: clock.began(), cursor: None })
            .flat_map(|walk| [Message::Renewals(walk.clone()), Message::Sweep(walk)])
            .map(|message| message.sent_at_once())
            .collect();
        Ok(retry_until(clock.deadline(), || self.queue.send(&messages)).await?)
    }
}

/// Returns a message for each shard.
fn shards(now: Timestamp) -> Vec<Outgoing> {
    let message = |shard: u8| {
        let delay = SignedDuration::from_secs((TICK / i32::from(SHARDS) * i32::from(shard)).as_secs());
        let message = Message::Shard(Shard { shard, planned_for: now + delay });
        Outgoing { body: message.body(), delay }
    };
    (0..SHARDS).map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shards_of_a_run_are_spread_until_the_next() {
        let messages = shards(Timestamp::UNIX_EPOCH);
        let delays: Vec<_> = messages.iter().map(|message| message.delay.as_secs()).collect();

        assert_eq!(delays, [0, 37, 75, 112, 150, 187, 225, 262]);
        assert!(messages.iter().all(|message| Message::parse(&message.body).is_ok()));
    }
}
