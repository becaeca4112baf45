//! One shard of one run: refreshes what is due, many at a time, and stops in good time.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
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
        store::{GrantAndToken, Seen},
    },
    aws::metrics::Metric,
    deadline::{Deadline, Present, retry_until},
    error::{Cause, Error},
    grant::{GrantKey, Status},
    ids::ApplicationId,
    vending::Refresh,
};

use crate::{
    TokenRefresher,
    due::{READ_AT_ONCE, Read},
    keeping::Keeping,
    message::{Message, Shard},
    pace::Pace,
};

/// No refresh begins with less time than this: two calls to Amazon (5 s each), and keeping what they bring.
const REFRESH_TAKES: Duration = Duration::from_secs(14);

/// So many failures of our own in a row, and the run is over.
const BROKEN_AFTER: u32 = 12;

/// What a run has seen.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) by_application: BTreeMap<ApplicationId, Seen>,
    pub(crate) refused_again: Vec<(GrantKey, u64)>,
    pub(crate) refreshed: u32,
    pub(crate) failed: BTreeMap<&'static str, u32>,
    pub(crate) idle: u32,
    pub(crate) not_due: u32,
    /// How late the first of them was.
    pub(crate) lag: SignedDuration,
    ours_in_a_row: u32,
    ours: Option<Error>,
    spurned: BTreeSet<ApplicationId>,
    wait_until: Option<Timestamp>,
}

/// Why a run ends before everything is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Ended {
    /// Everything is done.
    Done,
    /// Time is running out: another invocation goes on.
    OutOfTime,
    /// Amazon wants to be left alone for longer than there is time. Whoever went on would not know it: the next run tries
    /// again.
    AskedToWait,
    /// Amazon is down: the next run tries again.
    Hopeless,
    /// AWS fails.
    Broken,
}

impl TokenRefresher {
    /// Refreshes what is due in a shard, up to the time at which its next message comes.
    pub(crate) async fn refresh_shard(
        &self,
        shard: &Shard,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<(), Error> {
        if now >= shard.planned_for + TICK {
            let Shard { shard, planned_for, .. } = shard;
            tracing::warn!(shard, %planned_for, "Message for shard {shard} was dropped: it was planned for {planned_for}");
            return Ok(());
        }
        self.pace().begin();
        let present = Present::starting_at(now);
        let mut run = Run::default();
        let ended = self.refresh_all(shard, &mut run, present, deadline).await;
        self.measure(&run);
        let ended = ended?;
        // Those who come after this one must know what was refused, even if this one ends before the next step.
        self.confirm_refusals(&run, present.now(), deadline).await?;
        let Run { refreshed, idle, not_due, ref failed, lag, .. } = run;
        let lag = lag.as_secs();
        tracing::info!(
            shard = shard.shard,
            refreshed,
            ?failed,
            idle,
            not_due,
            lag,
            ?ended,
            "Shard {} refreshed, {ended:?}: {refreshed} tokens",
            shard.shard
        );
        match ended {
            Ended::Done | Ended::AskedToWait | Ended::Hopeless => Ok(()),
            Ended::OutOfTime => {
                let rest = [Message::Shard(shard.clone()).sent_at_once()];
                Ok(retry_until(deadline, || self.queue.send(&rest)).await?)
            }
            Ended::Broken => Err(run.ours.unwrap_or(Error::Unavailable(Cause::EndedEarly))),
        }
    }

    /// While the first are at Amazon, the next are read.
    async fn refresh_all(
        &self,
        shard: &Shard,
        run: &mut Run,
        present: Present,
        deadline: Deadline,
    ) -> Result<Ended, Error> {
        // What falls due before the next run looks. A message that came before its time looks no further ahead.
        let until = shard.planned_for.min(present.now()) + TICK;
        let mut source = pin!(self.due(shard_name(shard.shard), until, deadline).fuse());
        let mut waiting: VecDeque<GrantAndToken> = VecDeque::new();
        let keeping = Keeping::default();
        let mut under_way = FuturesUnordered::new();
        let mut all_read = false;
        let mut ended = None;
        loop {
            while ended.is_none() && keeping.has_room(under_way.len(), self.pace().limit()) {
                let Some(standing) = waiting.pop_front() else { break };
                if self.pace().is_hopeless() {
                    ended = Some(Ended::Hopeless);
                } else if run.ours_in_a_row >= BROKEN_AFTER {
                    ended = Some(Ended::Broken);
                } else if deadline.remaining() < REFRESH_TAKES {
                    ended = Some(Ended::OutOfTime);
                } else if deadline.remaining() < REFRESH_TAKES + run.pause(present) {
                    ended = Some(Ended::AskedToWait);
                } else if !run.spurned.contains(&standing.key.application_id) {
                    let pause = run.pause(present);
                    under_way.push(self.refresh(standing, until, pause, present, deadline, &keeping));
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
                // One more may go to Amazon.
                () = keeping.another_begins() => {}
                read = source.next(), if !all_read && ended.is_none() && waiting.len() < READ_AT_ONCE => match read {
                    Some(Ok(Read { standing, first_due_at })) => {
                        let late = first_due_at.map(|due| present.now().duration_since(due));
                        run.lag = run.lag.max(late.unwrap_or_default());
                        waiting.extend(standing);
                    }
                    Some(Err(error)) if under_way.is_empty() => return Err(error),
                    Some(Err(error)) => {
                        run.ours = Some(error);
                        ended = Some(Ended::Broken);
                    }
                    None => all_read = true,
                },
            }
        }
    }

    async fn refresh(
        &self,
        standing: GrantAndToken,
        until: Timestamp,
        pause: Duration,
        present: Present,
        deadline: Deadline,
        keeping: &Keeping,
    ) -> (GrantKey, Option<u64>, Refresh) {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let is_kept = keeping.watch();
        let left_amazon = || is_kept.begins();
        let refresh = self.vending.refresh_due(&standing, until, present, deadline, left_amazon).await;
        if !matches!(refresh, Refresh::NotDue | Refresh::Ours(_)) {
            self.count_seen(&standing, present.now());
        }
        let active = standing.grant.as_ref().filter(|grant| grant.status == Status::Active);
        let active = active.map(|grant| grant.version);
        if let (Refresh::Fresh(token), Some(grant)) = (&refresh, &standing.grant)
            && let Err(error) = self.verify(grant, token, present.now(), deadline).await
        {
            let (key, cause, id) = (&standing.key, error.cause(), error.amazon_request_id());
            tracing::warn!(
                grant.key = %key,
                cause,
                amazon.requestId = id,
                "Verification of grant {key} failed: {error}"
            );
        }
        (standing.key, active, refresh)
    }

    /// `active` is the version of a grant that Amazon is not known to refuse. That one which left long ago is refused once
    /// more says nothing of the others.
    fn count(&self, run: &mut Run, key: GrantKey, active: Option<u64>, refresh: Refresh) {
        match &refresh {
            Refresh::Ours(Error::Unavailable(_)) => run.ours_in_a_row += 1,
            // What will not pass is about this one, and says nothing of the next.
            Refresh::Ours(_) => {}
            _ => run.ours_in_a_row = 0,
        }
        let seen = run.by_application.entry(key.application_id.clone()).or_default();
        match refresh {
            Refresh::Fresh(_) => {
                seen.tried += 1;
                seen.accepted = true;
                run.refreshed += 1;
                self.pace().answered();
            }
            Refresh::NotDue => run.not_due += 1,
            Refresh::Idle => run.idle += 1,
            Refresh::RefusedAgain => {
                if let Some(version) = active {
                    seen.tried += 1;
                    seen.refused.push(key.clone());
                    run.refused_again.push((key, version));
                }
                run.failed("GrantRefused");
                self.pace().answered();
            }
            Refresh::Failed(failure, not_before) => {
                seen.tried += u32::from(active.is_some());
                match failure {
                    Failure::GrantRefused if active.is_none() => {}
                    Failure::GrantRefused => seen.refused.push(key),
                    Failure::CredentialsRefused => {
                        self.metrics.count(Metric::ApplicationCredentialsRejected);
                        run.spurned.insert(key.application_id);
                    }
                    Failure::RequestRefused | Failure::Throttled | Failure::Unavailable => {}
                }
                run.wait_until = run.wait_until.max(not_before);
                run.failed(name_of(failure));
                match failure {
                    Failure::Throttled | Failure::Unavailable => self.pace().pushed_back(),
                    Failure::GrantRefused | Failure::CredentialsRefused | Failure::RequestRefused => {
                        self.pace().answered();
                    }
                }
            }
            Refresh::Ours(error) => {
                let (cause, id) = (error.cause(), error.amazon_request_id());
                tracing::warn!(
                    grant.key = %key,
                    cause,
                    amazon.requestId = id,
                    "Refresh of grant {key} failed: {error}"
                );
                error.count_in(&self.metrics);
                run.failed(error.error_type());
                run.ours = Some(error);
            }
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run {
    fn failed(&mut self, class: &'static str) {
        *self.failed.entry(class).or_default() += 1;
    }

    /// How long Amazon wants to be left alone.
    fn pause(&self, present: Present) -> Duration {
        let left = self.wait_until.map(|until| until.duration_since(present.now()));
        left.filter(SignedDuration::is_positive).map_or(Duration::ZERO, SignedDuration::unsigned_abs)
    }
}

fn name_of(failure: Failure) -> &'static str {
    match failure {
        Failure::GrantRefused => "GrantRefused",
        Failure::CredentialsRefused => "CredentialsRefused",
        Failure::RequestRefused => "RequestRefused",
        Failure::Throttled => "Throttled",
        Failure::Unavailable => "Unavailable",
    }
}
