//! How far a long command has come, on standard error, for whoever watches a terminal while the output goes elsewhere.

use std::io::{self, IsTerminal, Write};

/// A count that is written over itself.
pub(crate) struct Progress {
    of: &'static str,
    count: u64,
    watched: bool,
}

impl Progress {
    /// Counts `of`; silent unless standard error is a terminal and standard output, which says enough by itself, is not.
    pub(crate) fn of(of: &'static str) -> Self {
        Self { of, count: 0, watched: io::stderr().is_terminal() && !io::stdout().is_terminal() }
    }

    /// So many more.
    pub(crate) fn add(&mut self, more: u64) {
        self.count += more;
        if self.watched {
            write(&format!("\r{} {} ...", self.count, self.of));
        }
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.watched && self.count > 0 {
            write("\r\x1b[K");
        }
    }
}

fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    // Whoever watched has gone; the work goes on.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
