//! What a run shows: a bar on a terminal, JSON lines elsewhere.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use serde_json::Value;
use tokio::time::Instant;

use crate::{bulk::outcome::Counts, output::Output};

/// The progress of a run.
pub(crate) struct Display {
    /// Whether standard error is a terminal, which shows the bar.
    bar: bool,
    /// Whether standard output gets a JSON line for each row.
    lines: bool,
    /// The size of the file in bytes, if it has one.
    size: Option<u64>,
    began: Instant,
    /// When the first row was sent, and how many rows and bytes were skipped before.
    sent: Option<(Instant, u64, u64)>,
    drawn: Option<Instant>,
}

/// The bar is drawn at most so often.
const REDRAWN_AFTER: Duration = Duration::from_millis(100);

impl Display {
    /// Shows the progress through `size` bytes.
    pub(crate) fn of(size: Option<u64>, json: bool) -> Self {
        Self {
            bar: io::stderr().is_terminal() && !json,
            lines: json || !io::stdout().is_terminal(),
            size,
            began: Instant::now(),
            sent: None,
            drawn: None,
        }
    }

    /// Whether standard output gets JSON lines.
    pub(crate) fn is_json(&self) -> bool {
        self.lines
    }

    /// A row was sent after `position` bytes of the file.
    pub(crate) fn sends(&mut self, counts: &Counts, position: u64) {
        self.sent.get_or_insert_with(|| (Instant::now(), counts.all(), position));
    }

    /// Shows the outcome of a row, and the progress. An import goes on without a reader of its output.
    pub(crate) fn row(&mut self, record: &Value, output: &mut Output) {
        if self.lines && output.document(record).and_then(|()| output.flush()).is_err() {
            self.lines = false;
        }
    }

    /// Draws the bar, after `position` bytes of the file, with so many rows at once.
    pub(crate) fn draw(&mut self, counts: &Counts, position: u64, at_once: usize) {
        let now = Instant::now();
        if self.bar && self.drawn.is_none_or(|drawn| now.duration_since(drawn) >= REDRAWN_AFTER) {
            self.drawn = Some(now);
            let (since, before, skipped) = self.sent.unwrap_or((self.began, 0, 0));
            let rows = counts.all().saturating_sub(before);
            let progress =
                Progress { elapsed: now.duration_since(since), rows, skipped, position, size: self.size };
            write(&format!("\r\x1b[K{}", progress.line(counts, at_once)));
        }
    }

    /// Says that so many rows get their outcome before the end.
    pub(crate) fn waits_for(&self, rows: usize) {
        if rows > 0 {
            let clear = if self.bar { "\r\x1b[K" } else { "" };
            write(&format!(
                "{clear}Waiting for the outcome of {rows} rows; press Ctrl-C again to end at once.\n"
            ));
        }
    }

    /// Removes the bar.
    pub(crate) fn end(&self) {
        if self.bar {
            write("\r\x1b[K");
        }
    }
}

/// How far a run is.
struct Progress {
    elapsed: Duration,
    rows: u64,
    skipped: u64,
    position: u64,
    size: Option<u64>,
}

impl Progress {
    fn line(&self, counts: &Counts, at_once: usize) -> String {
        const WIDTH: u64 = 20;
        let mut line = String::new();
        if let Some(size) = self.size.filter(|size| *size > 0) {
            let filled = usize::try_from(WIDTH * self.position.min(size) / size).unwrap_or_default();
            let percent = 100 * self.position.min(size) / size;
            line = format!("[{:.<20}] {percent:3} %  ", "#".repeat(filled));
        }
        let _ = write!(line, "{} rows, {} of them bad", counts.all(), counts.bad());
        let milliseconds = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        let tenths = 10_000 * self.rows / milliseconds.max(1);
        let _ = write!(line, ", {}.{} a second, {at_once} at once", tenths / 10, tenths % 10);
        if let Some(left) = self.left() {
            let _ = write!(line, ", {} min {:02} s left", left / 60, left % 60);
        }
        line
    }

    /// The seconds that the rest of the file takes at the rate so far.
    fn left(&self) -> Option<u64> {
        let done = self.position.checked_sub(self.skipped).filter(|done| *done > 0)?;
        let rest = self.size?.saturating_sub(self.position);
        Some(
            u64::try_from(u128::from(rest) * self.elapsed.as_millis() / u128::from(done) / 1000)
                .unwrap_or(u64::MAX),
        )
    }
}

fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    // The command goes on without a reader of its progress.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::outcome::Outcome;

    #[test]
    fn the_bar_shows_the_rate_and_the_time_left() {
        let mut counts = Counts::default();
        (0..20).for_each(|_| counts.add(Outcome::Imported));
        counts.add(Outcome::Refused);
        let progress =
            |size| Progress { elapsed: Duration::from_secs(10), rows: 21, skipped: 0, position: 500, size };
        assert_eq!(
            progress(Some(4_000)).line(&counts, 4),
            "[##..................]  12 %  21 rows, 1 of them bad, 2.1 a second, 4 at once, 1 min 10 s left"
        );
        assert_eq!(progress(None).line(&counts, 4), "21 rows, 1 of them bad, 2.1 a second, 4 at once");
        assert_eq!(
            progress(Some(0)).line(&Counts::default(), 1),
            "0 rows, 0 of them bad, 2.1 a second, 1 at once, 0 min 00 s left"
        );
    }
}
