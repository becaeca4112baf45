//! Refreshes the due tokens of one shard, many at a time, and stops before the function's time ends.

use std::{
    collections::VecDeque,
    pin::pin,
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use futures::{
    StreamExt,
    stream::{self, FuturesUnordered},
};
use jiff::SignedDuration;
use shared::{
    access_token::{
        schedule::{TICK, shard_name},
        slots::Window,
        store::GrantAndToken,
    },
    deadline::{Clock, retry_until},
    error::{Cause, Error},
    grant::{Grant, Status},
    ids::ApplicationId,
    vending::Refresh,
};

use crate::{
    TokenRefresher,
    count::Tried,
    due::{READ_AT_ONCE, Read, Search},
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
        // The run covers tokens that fall due before the next run. A message that arrives early looks no further ahead.
        let until = shard.planned_for.min(clock.now()) + TICK;
        let name = shard_name(shard.shard);
        let window = self.window(&name, until, clock).await?;
        let ended = self.refresh_all(&name, window, &mut run, clock).await;
        self.measure(&run);
        // The refusals are stored even if this run did not finish, because later runs count them.
        self.confirm_refusals(&run, clock.restarted()).await?;
        self.store_progress(&name, window, &run, clock.deadline()).await;
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

    /// Reads the next due tokens while the first refreshes are in flight, in turns those of slots and those of times.
    async fn refresh_all(&self, shard: &str, window: Window, run: &mut Run, clock: Clock) -> Ended {
        let due = |search| self.due(shard.to_owned(), search, clock);
        let times = due(Search::Times(window.until()));
        let mut source = pin!(stream::select(due(Search::Slots(window)), times).fuse());
        let mut waiting: VecDeque<GrantAndToken> = VecDeque::new();
        let storing = Storing::default();
        let mut under_way = FuturesUnordered::new();
        let (mut is_read, mut has_read, mut ended) = (false, false, None);
        // The tokens in slots whose moment is earlier have been read.
        let mut reached = (!window.slots().is_empty()).then(|| window.start());
        loop {
            if ended.is_none() && has_read && !(is_read && waiting.is_empty()) {
                ended = self.ends(run, clock);
            }
            while ended.is_none() && storing.has_room(under_way.len(), self.pace().limit()) {
                let Some(found) = waiting.pop_front() else { break };
                if self.gets_tokens(&found.key.application_id, run, clock) {
                    let pause = run.pause(&found.key.application_id, clock);
                    under_way.push(self.refresh(found, window, pause, clock, &storing));
                } else {
                    run.left_due += 1;
                    if window.is_long_due(&found.row) {
                        run.stuck.push(found.key);
                    } else {
                        run.leaves_due_from(window.moment_of(&found.row));
                    }
                }
            }
            if under_way.is_empty() && (ended.is_some() || (is_read && waiting.is_empty())) {
                run.leaves_due_from(waiting.iter().filter_map(|found| window.moment_of(&found.row)).min());
                run.leaves_due_from(reached);
                return ended.unwrap_or(Ended::Done);
            }
            tokio::select! {
                biased;
                Some(tried) = under_way.next(), if !under_way.is_empty() => self.count(run, tried),
                // Another refresh may call Amazon.
                () = storing.another_begins() => {}
                read = source.next(), if !is_read && ended.is_none() && waiting.len() < READ_AT_ONCE => match read {
                    Some(Ok(read)) => {
                        has_read = true;
                        if let Some(slots) = &read.of_slots {
                            reached = slots.reached.or(reached).filter(|_| !slots.is_last);
                        }
                        waiting.extend(self.take_in(run, read, clock));
                    }
                    Some(Err(error)) => {
                        run.internal_error = Some(error);
                        ended = Some(Ended::Broken);
                    }
                    None => is_read = true,
                },
            }
        }
    }

    /// Adds a read to the run, and returns the due tokens that it found.
    fn take_in(&self, run: &mut Run, read: Read, clock: Clock) -> Vec<GrantAndToken> {
        run.disabled += read.disabled;
        let is_of_slots = read.of_slots.is_some();
        if let Some(slots) = read.of_slots {
            run.not_due += slots.not_due;
            run.has_slots |= slots.reached.is_some() || !slots.stuck.is_empty();
            run.stuck.extend(slots.stuck);
        }
        let since = read.found.iter().filter_map(|found| found.row.due_since());
        let late = since.chain(read.first_due_at).map(|since| clock.now().duration_since(since));
        run.lag = late.fold(run.lag, SignedDuration::max);
        if let Some(first) = read.first_due_at {
            let healthy = self.outages().are_none();
            let behind = run.behind.entry(is_of_slots).or_default();
            *behind = clock.now().duration_since(first);
            let most = run.behind.values().max().copied().unwrap_or_default();
            self.pace().keep_up(most, healthy);
        }
        read.found
    }

    /// Returns why the run tries no other token, if so.
    fn ends(&self, run: &Run, clock: Clock) -> Option<Ended> {
        if self.pace().is_amazon_down() {
            Some(Ended::AmazonDown)
        } else if run.internal_errors_in_a_row >= BROKEN_AFTER {
            Some(Ended::Broken)
        } else if clock.deadline().remaining() < REFRESH_TAKES {
            Some(Ended::OutOfTime)
        } else {
            None
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
        window: Window,
        pause: Duration,
        clock: Clock,
        storing: &Storing,
    ) -> Tried {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let is_stored = storing.watch();
        let issued = || is_stored.begins();
        let refresh = self.vending.refresh_due(&found, window.until(), clock, issued).await;
        if !matches!(refresh, Refresh::NotDue | Refresh::Overtaken | Refresh::Internal(_)) {
            self.count_seen(&found, clock.now());
        }
        let active = found.grant.as_ref().filter(|grant| grant.status == Status::Active);
        let active = active.map(Grant::version_id);
        if let (Refresh::Fresh { access_token, version, .. }, Some(grant)) = (&refresh, &found.grant)
            && let Err(error) = self.verify(grant, &found, (access_token, version), clock.restarted()).await
        {
            let (key, cause, id) = (&found.key, error.cause(), error.amazon_request_id());
            tracing::warn!(
                grant.key = %key,
                cause,
                amazon.requestId = id,
                "Verification of grant {key} failed: {error}"
            );
        }
        let moment = window.moment_of(&found.row);
        let was_long_due = window.is_long_due(&found.row);
        Tried { key: found.key, moment, was_long_due, active, refresh }
    }

    pub(crate) fn outages(&self) -> MutexGuard<'_, Outages> {
        self.outages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
