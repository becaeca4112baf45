//! Refreshes the due tokens of one shard, many at a time, and stops before the function's time ends.

use std::{
    collections::VecDeque,
    pin::pin,
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use futures::{StreamExt, stream::FuturesUnordered};
use jiff::{SignedDuration, Timestamp};
use shared::{
    access_token::{
        Failure,
        schedule::{TICK, shard_name},
        store::GrantAndToken,
    },
    aws::metrics::Metric,
    deadline::{Clock, retry_until},
    error::{Cause, Error},
    grant::{Grant, GrantKey, Status, version::VersionId},
    ids::ApplicationId,
    vending::Refresh,
};

use crate::{
    TokenRefresher,
    due::{READ_AT_ONCE, Read},
    measure::name_of,
    message::{Message, Shard},
    outages::Outages,
    pace::Pace,
    run::Run,
    storing::Storing,
};

/// The time that one refresh may take: two calls to Amazon (5 s each), and storing the result. No refresh begins with less
/// time left.
const REFRESH_TAKES: Duration = Duration::from_secs(14);

/// The run ends after this many internal errors in a row.
const BROKEN_AFTER: u32 = 12;

/// Why a run ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Ended {
    /// Every due token was handled.
    Done,
    /// The function's time ends. Another invocation continues the run.
    OutOfTime,
    /// Amazon is down for all applications. The next run tries again.
    AmazonDown,
    /// Too many internal errors in a row, mostly failures of AWS. The message returns to the queue.
    Broken,
}

impl TokenRefresher {
    /// Refreshes the tokens of a shard that fall due before its next message.
    pub(crate) async fn refresh_shard(&self, shard: &Shard, clock: Clock) -> Result<(), Error> {
        if clock.began() >= shard.planned_for + TICK {
            let Shard { shard, planned_for, .. } = shard;
            tracing::warn!(shard, %planned_for, "Message for shard {shard} was dropped: it was planned for {planned_for}");
            return Ok(());
        }
        let was_down = self.outages().begin();
        self.pace().begin(was_down);
        let mut run = Run::default();
        let ended = self.refresh_all(shard, &mut run, clock).await;
        self.measure(&run);
        let ended = ended?;
        // The refusals are stored even if this run did not finish, because later runs count them.
        self.confirm_refusals(&run, clock.restarted()).await?;
        let Run { refreshed, idle, not_due, left_due, disabled, ref failed, lag, .. } = run;
        let lag = lag.as_secs();
        tracing::info!(
            shard = shard.shard,
            refreshed,
            ?failed,
            idle,
            not_due,
            left_due,
            disabled,
            lag,
            ?ended,
            "Shard {} refreshed, {ended:?}: {refreshed} tokens",
            shard.shard
        );
        match ended {
            Ended::Done | Ended::AmazonDown => Ok(()),
            Ended::OutOfTime => {
                let rest = [Message::Shard(shard.clone()).sent_at_once()];
                Ok(retry_until(clock.deadline(), || self.queue.send(&rest)).await?)
            }
            Ended::Broken => Err(run.internal_error.unwrap_or(Error::Unavailable(Cause::EndedEarly))),
        }
    }

    /// Reads the next due tokens while the first refreshes are in flight.
    async fn refresh_all(&self, shard: &Shard, run: &mut Run, clock: Clock) -> Result<Ended, Error> {
        // The run covers tokens that fall due before the next run. A message that arrives early looks no further ahead.
        let until = shard.planned_for.min(clock.now()) + TICK;
        let mut source = pin!(self.due(shard_name(shard.shard), until, clock).fuse());
        let mut waiting: VecDeque<GrantAndToken> = VecDeque::new();
        let storing = Storing::default();
        let mut under_way = FuturesUnordered::new();
        let mut all_read = false;
        let mut ended = None;
        loop {
            while ended.is_none() && storing.has_room(under_way.len(), self.pace().limit()) {
                let Some(found) = waiting.pop_front() else { break };
                if self.pace().is_amazon_down() {
                    ended = Some(Ended::AmazonDown);
                } else if run.internal_errors_in_a_row >= BROKEN_AFTER {
                    ended = Some(Ended::Broken);
                } else if clock.deadline().remaining() < REFRESH_TAKES {
                    ended = Some(Ended::OutOfTime);
                } else if self.gets_tokens(&found.key.application_id, run, clock) {
                    let pause = run.pause(&found.key.application_id, clock);
                    under_way.push(self.refresh(found, until, pause, clock, &storing));
                } else {
                    run.left_due += 1;
                }
            }
            if under_way.is_empty() && (ended.is_some() || (all_read && waiting.is_empty())) {
                return Ok(ended.unwrap_or(Ended::Done));
            }
            tokio::select! {
                biased;
                Some((key, active, refresh)) = under_way.next(), if !under_way.is_empty() => {
                    self.count(run, key, active, refresh);
                }
                // Another refresh may call Amazon.
                () = storing.another_begins() => {}
                read = source.next(), if !all_read && ended.is_none() && waiting.len() < READ_AT_ONCE => match read {
                    Some(Ok(Read { found, first_due_at, disabled })) => {
                        run.disabled += disabled;
                        let since = found.iter().filter_map(|found| found.row.due_since());
                        let late = since.chain(first_due_at).map(|since| clock.now().duration_since(since));
                        run.lag = late.fold(run.lag, SignedDuration::max);
                        if let Some(first) = first_due_at {
                            let healthy = self.outages().are_none();
                            self.pace().keep_up(clock.now().duration_since(first), healthy);
                        }
                        waiting.extend(found);
                    }
                    Some(Err(error)) if under_way.is_empty() => return Err(error),
                    Some(Err(error)) => {
                        run.internal_error = Some(error);
                        ended = Some(Ended::Broken);
                    }
                    None => all_read = true,
                },
            }
        }
    }

    /// Returns whether a token of the application is tried now. One that Amazon asked to wait for longer than the function
    /// may run gets none: another invocation would not know of the wait, so the next run tries again.
    fn gets_tokens(&self, application: &ApplicationId, run: &Run, clock: Clock) -> bool {
        let mut outages = self.outages();
        if clock.deadline().remaining() < REFRESH_TAKES + run.pause(application, clock) {
            outages.is_refused(application);
        }
        !outages.is_down(application)
    }

    async fn refresh(
        &self,
        found: GrantAndToken,
        until: Timestamp,
        pause: Duration,
        clock: Clock,
        storing: &Storing,
    ) -> (GrantKey, Option<VersionId>, Refresh) {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let is_stored = storing.watch();
        let issued = || is_stored.begins();
        let refresh = self.vending.refresh_due(&found, until, clock, issued).await;
        if !matches!(refresh, Refresh::NotDue | Refresh::Internal(_)) {
            self.count_seen(&found, clock.now());
        }
        let active = found.grant.as_ref().filter(|grant| grant.status == Status::Active);
        let active = active.map(Grant::version_id);
        if let (Refresh::Fresh(token, version), Some(grant)) = (&refresh, &found.grant)
            && let Err(error) = self.verify(grant, &found, (token, version), clock.restarted()).await
        {
            let (key, cause, id) = (&found.key, error.cause(), error.amazon_request_id());
            tracing::warn!(
                grant.key = %key,
                cause,
                amazon.requestId = id,
                "Verification of grant {key} failed: {error}"
            );
        }
        (found.key, active, refresh)
    }

    /// Adds one result to the run. `active` is the version of an active grant. A grant that is not active does not count when
    /// the refusals of an application are compared: it was refused before.
    fn count(&self, run: &mut Run, key: GrantKey, active: Option<VersionId>, refresh: Refresh) {
        match &refresh {
            Refresh::Internal(Error::Unavailable(_)) => run.internal_errors_in_a_row += 1,
            // A permanent error concerns this grant only, and says nothing of the next.
            Refresh::Internal(_) => {}
            _ => run.internal_errors_in_a_row = 0,
        }
        let seen = run.by_application.entry(key.application_id.clone()).or_default();
        match refresh {
            Refresh::Fresh(..) => {
                seen.tried += 1;
                seen.accepted = true;
                run.refreshed += 1;
                self.outages().answered(&key.application_id);
                self.pace().answered();
            }
            Refresh::NotDue => run.not_due += 1,
            Refresh::Idle => run.idle += 1,
            Refresh::RefusedAgain(lost) => {
                self.outages().answered(&key.application_id);
                if let Some(version) = active {
                    seen.tried += 1;
                    seen.refused.push(key.clone());
                    run.refused_again.push((key, version, lost));
                }
                run.failed("GrantRefused");
                self.pace().answered();
            }
            Refresh::Failed(failure, not_before) => {
                seen.tried += u32::from(active.is_some());
                if failure == Failure::GrantRefused && active.is_some() {
                    seen.refused.push(key.clone());
                }
                run.failed(name_of(failure));
                let application = key.application_id;
                match failure {
                    Failure::Throttled | Failure::Unavailable => {
                        self.outages().failed(&application);
                        self.pace().pushed_back();
                    }
                    Failure::GrantRefused | Failure::RequestRefused => {
                        self.outages().answered(&application);
                        self.pace().answered();
                    }
                    Failure::CredentialsRefused => {
                        self.metrics.count(Metric::ApplicationCredentialsRejected);
                        self.outages().is_refused(&application);
                        self.pace().answered();
                    }
                }
                if let Some(until) = not_before {
                    let waits = run.wait_until.entry(application).or_insert(until);
                    *waits = until.max(*waits);
                }
            }
            Refresh::Internal(error) => {
                let (cause, id) = (error.cause(), error.amazon_request_id());
                tracing::warn!(
                    grant.key = %key,
                    cause,
                    amazon.requestId = id,
                    "Refresh of grant {key} failed: {error}"
                );
                error.count_in(&self.metrics);
                run.failed(error.error_type());
                run.internal_error = Some(error);
            }
        }
    }

    fn outages(&self) -> MutexGuard<'_, Outages> {
        self.outages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
