//! A run: rows are sent, some at once, until each has an outcome.

use std::{
    io,
    pin::{Pin, pin},
    sync::Arc,
};

use serde_json::{Value, json};
use tokio::{
    signal,
    sync::mpsc::Receiver,
    task::JoinSet,
    time::{Instant, Sleep, sleep, sleep_until},
};

use crate::{
    bulk::{
        display::Display,
        outcome::{self, Counts, Next, Outcome},
        pace::Pace,
        results::{Record, Results},
        row::{self, Import},
        rows::Row,
    },
    failure::Failure,
    functions::{Function, Functions},
    output::Output,
    request::Request,
};

/// How often a row is sent while Amazon or AWS has no time for it.
const ATTEMPTS: u32 = 6;

/// So many rows in succession without an answer are no fault of the rows.
const STOPS_AFTER: u32 = 10;

/// A row that is sent, perhaps not for the first time.
struct Attempt {
    line: u64,
    position: u64,
    partner: String,
    region: Option<String>,
    fingerprint: String,
    request: Request,
    attempts: u32,
    round: u32,
}

type Answered = (Attempt, Result<Value, Failure>);

/// A run.
pub(crate) struct Run<'s> {
    functions: Arc<Functions>,
    pub(crate) output: &'s mut Output,
    results: Results,
    pub(crate) counts: Counts,
    pub(crate) display: Display,
    pace: Pace,
    in_flight: JoinSet<Answered>,
    again: Vec<Attempt>,
    /// No row begins before this.
    pause: Option<Pin<Box<Sleep>>>,
    /// Rows in succession that were given up without an answer.
    given_up: u32,
    /// Why no further row begins.
    pub(crate) stopped: Option<Failure>,
    position: u64,
}

impl<'s> Run<'s> {
    /// Sends nothing yet.
    pub(crate) fn new(
        functions: Arc<Functions>,
        results: Results,
        display: Display,
        most: usize,
        output: &'s mut Output,
    ) -> Self {
        Self {
            functions,
            results,
            display,
            output,
            counts: Counts::default(),
            pace: Pace::of(most),
            in_flight: JoinSet::new(),
            again: Vec::new(),
            pause: None,
            given_up: 0,
            stopped: None,
            position: 0,
        }
    }

    /// Takes every row to its outcome. After Ctrl-C no further row begins, and those that were sent get their outcome; after a second one
    /// the run ends at once. At any time it has at most the rows in flight in memory, and those that the reader is
    /// ahead.
    pub(crate) async fn all(
        &mut self,
        mut rows: Receiver<Result<Row, Failure>>,
        read: impl Fn(Row) -> (u64, u64, Result<Import, row::Invalid>),
        common: &Request,
    ) -> Result<(), Failure> {
        let mut open = true;
        let mut interrupted = pin!(signal::ctrl_c());
        loop {
            if self.stopped.is_some() {
                open = false;
                self.again.clear();
            }
            self.display.draw(&self.counts, self.position, self.pace.allowed());
            let may_begin = self.pause.is_none() && self.in_flight.len() < self.pace.allowed();
            if may_begin && let Some(attempt) = self.again.pop() {
                self.send(attempt);
                continue;
            }
            if !open && self.in_flight.is_empty() && self.again.is_empty() {
                return Ok(());
            }
            tokio::select! {
                Some(answered) = self.in_flight.join_next() => {
                    let (attempt, answer) = answered.map_err(io::Error::other)?;
                    self.answered(attempt, answer)?;
                }
                row = rows.recv(), if may_begin && open => match row {
                    Some(Ok(row)) => self.begin(read(row), common)?,
                    Some(Err(failure)) => self.stopped = Some(failure),
                    None => open = false,
                },
                () = until(&mut self.pause), if self.pause.is_some() => self.pause = None,
                signal = &mut interrupted => {
                    signal?;
                    if let Some(Failure::Interrupted) = self.stopped {
                        return Ok(());
                    }
                    self.stopped = Some(Failure::Interrupted);
                    self.display.waits_for(self.in_flight.len());
                    interrupted.set(signal::ctrl_c());
                }
            }
        }
    }

    /// Sends a row, unless it is invalid or known to be done.
    fn begin(
        &mut self,
        (line, position, row): (u64, u64, Result<Import, row::Invalid>),
        common: &Request,
    ) -> Result<(), Failure> {
        let Import { partner, region, fingerprint, request } = match row {
            Ok(import) => import,
            Err(row::Invalid { partner, reason }) => {
                let record = record(line, partner, None, Outcome::Invalid, Some(reason), None);
                return self.over(record, position);
            }
        };
        let known = self.results.known(&partner, region.as_deref(), &fingerprint);
        if let Some(outcome) = known.filter(|outcome| outcome.is_done()) {
            self.counts.add(outcome);
            self.counts.earlier += 1;
            self.position = position;
            return Ok(());
        }
        let request = request.and(common);
        self.send(Attempt { line, position, partner, region, fingerprint, request, attempts: 0, round: 0 });
        Ok(())
    }

    fn send(&mut self, attempt: Attempt) {
        self.display.sends(&self.counts, self.position);
        let attempt = Attempt { attempts: attempt.attempts + 1, round: self.pace.round(), ..attempt };
        let (functions, request) = (Arc::clone(&self.functions), attempt.request.clone());
        self.in_flight.spawn(async move {
            // Boxed, because the futures of the AWS SDK nest deeper than the compiler can lay out in one piece.
            let answer = Box::pin(functions.invoke(Function::Administration, request)).await;
            (attempt, answer)
        });
    }

    fn answered(&mut self, attempt: Attempt, answer: Result<Value, Failure>) -> Result<(), Failure> {
        let (next, found) = outcome::next(answer);
        let (outcome, reason) = match next {
            Next::Over(outcome, reason) => {
                self.pace.went_well();
                self.given_up = 0;
                (outcome, reason)
            }
            Next::Stop(failure) => {
                self.stopped.get_or_insert(failure);
                return Ok(());
            }
            Next::Again(failure) => {
                if let Some(pause) = self.pace.pushed_back(attempt.round) {
                    self.pause = Some(Box::pin(sleep(pause)));
                }
                if attempt.attempts < ATTEMPTS {
                    self.again.push(attempt);
                    return Ok(());
                }
                self.given_up += 1;
                let reason = failure.to_string();
                if self.given_up >= STOPS_AFTER || matches!(failure, Failure::Unreachable { .. }) {
                    self.stopped.get_or_insert(failure);
                }
                (Outcome::Failed, Some(reason))
            }
        };
        let Attempt { line, position, partner, region, fingerprint, .. } = attempt;
        let region = found.or(region);
        self.over(record(line, Some(partner), region, outcome, reason, Some(fingerprint)), position)
    }

    fn over(&mut self, record: Record, position: u64) -> Result<(), Failure> {
        let record = self.results.append(record)?;
        self.counts.add(record.outcome);
        self.position = self.position.max(position);
        self.display.row(&json!(record), self.output);
        Ok(())
    }
}

/// Ends with the pause.
async fn until(pause: &mut Option<Pin<Box<Sleep>>>) {
    match pause {
        Some(pause) => pause.as_mut().await,
        None => sleep_until(Instant::now()).await,
    }
}

fn record(
    line: u64,
    selling_partner_id: Option<String>,
    region: Option<String>,
    outcome: Outcome,
    reason: Option<String>,
    fingerprint: Option<String>,
) -> Record {
    let (application_id, stack) = Default::default();
    Record { line, selling_partner_id, region, outcome, reason, fingerprint, application_id, stack }
}
