//! What the functions write to their logs, and what CloudWatch takes for it.

use super::{HOURS, Use, shard_runs};
use crate::prices::{Unit, cost};

/// The bytes of a line of who took which token, and of the metrics that an environment which only hands out stored tokens writes once a
/// minute. Tests of this model compare both with the lines that the code writes.
pub(super) const AUDIT_LINE: f64 = 270.0;
pub(super) const HITS_LINE: f64 = 218.0;

/// The bytes of the two lines of a run of the refresher, its metrics and its result: without a due token, and with 32.
pub(super) const EMPTY_RUN: f64 = 477.0;
pub(super) const BUSY_RUN: f64 = 801.0;
const LINES_OF_RUN: f64 = 2.0;

/// What is left of audit lines that gzip compresses at level 6, as CloudWatch stores them. Each has two random numbers of 128 and 64 bits.
/// The other lines have none, and count as if they were compressed no better.
pub(super) const COMPRESSED: f64 = 0.178;

/// The bytes that CloudWatch adds to each line, when it takes it in and while it stores it.
const ADDED_TO_LINE: f64 = 26.0;

/// How long logs are stored, in months: `LogRetentionDays` of the template.
const KEPT: f64 = 400.0 * 12.0 / 365.0;

/// The lines and bytes that Lambda itself writes about an invocation with `PlatformLogLevel` `INFO`: estimated.
const LINES_OF_LAMBDA: f64 = 2.0;
const BYTES_OF_LAMBDA: f64 = 500.0;

/// Lines of a month.
#[derive(Clone, Copy)]
struct Logged {
    lines: f64,
    bytes: f64,
}

impl Logged {
    fn dollars(self) -> f64 {
        let (taken_in, stored) = (self.bytes + self.added(), self.bytes * COMPRESSED + self.added());
        cost(Unit::LogGigabyte, taken_in / 1e9) + cost(Unit::LogGigabyteMonth, stored * KEPT / 1e9)
    }

    fn added(self) -> f64 {
        self.lines * ADDED_TO_LINE
    }
}

/// Returns the cost of the lines of who took which token.
///
/// An environment writes one at the first hand-out of a token to a consumer, and then at most one a minute. With a request every five
/// minutes or more seldom, every hand-out has its line.
pub(super) fn audit(of: &Use) -> f64 {
    Logged { lines: of.vended(), bytes: of.vended() * AUDIT_LINE }.dollars()
}

/// Returns the cost of the other lines.
pub(super) fn others(of: &Use) -> f64 {
    let minutes = (of.environments() * HOURS * 60.0).min(of.vended());
    let hits = Logged { lines: minutes, bytes: minutes * HITS_LINE };
    let tokens_of_run = of.refreshed() / shard_runs();
    let busy = 1.0 - (-tokens_of_run).exp();
    let of_run = busy * BUSY_RUN + (1.0 - busy) * EMPTY_RUN;
    let runs = Logged { lines: shard_runs() * LINES_OF_RUN, bytes: shard_runs() * of_run };
    hits.dollars() + runs.dollars()
}

/// Returns what Lambda's own lines about so many invocations would cost.
pub(super) fn by_lambda(invocations: f64) -> f64 {
    Logged { lines: invocations * LINES_OF_LAMBDA, bytes: invocations * BYTES_OF_LAMBDA }.dollars()
}

#[cfg(test)]
mod tests;
