//! Until which moment a shard has nothing left due in its [slots](shared::access_token::slots). A run that is stopped before it stores that moment
//! changes nothing, so the next one looks at the same slots again.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use shared::{
    access_token::{TokenKey, slots::Window},
    aws::AwsError,
    deadline::{Clock, Deadline, retry_until},
    error::Error,
};

use crate::{TokenRefresher, run::Run};

/// The number of tokens that are given a time of their own at the same time.
const GIVEN_AT_ONCE: usize = 16;

/// The time that all this may take. What is left is done by the next run.
const TAKES: Duration = Duration::from_secs(5);

impl TokenRefresher {
    /// Returns the moments until then whose slots a run looks at.
    pub(crate) async fn window(&self, shard: &str, until: Timestamp, clock: Clock) -> Result<Window, Error> {
        let done_until = retry_until(clock.deadline(), || self.tokens.done_until(shard)).await?;
        Ok(Window::new(done_until, until))
    }

    /// Gives stuck tokens a time of their own, and stores until when the run has left nothing due in slots. If that fails, the next run
    /// looks at more slots than it has to.
    pub(crate) async fn store_progress(&self, shard: &str, window: Window, run: &Run, deadline: Deadline) {
        if let Err(error) = self.try_to_store(shard, window, run, deadline.within(TAKES)).await {
            tracing::warn!(shard, cause = %error, "Progress of shard {shard} was not stored: {error}");
        }
    }

    async fn try_to_store(
        &self,
        shard: &str,
        window: Window,
        run: &Run,
        deadline: Deadline,
    ) -> Result<(), AwsError> {
        // Tokens that stay due for long would hold up the whole shard.
        let stuck: Vec<_> = run.stuck.iter().map(TokenKey::of_partner).collect();
        stream::iter(stuck)
            .map(|key| async move {
                retry_until(deadline, || self.tokens.give_time(&key, window.until())).await
            })
            .buffer_unordered(GIVEN_AT_ONCE)
            .try_collect::<()>()
            .await?;
        // A shard without tokens in slots is not worth a write in each run.
        match window.done(run.left_from).filter(|_| window.is_known() || run.has_slots) {
            Some(done) => retry_until(deadline, || self.tokens.set_done_until(shard, done)).await,
            None => Ok(()),
        }
    }
}
