//! The progress of a long command, on standard error, while standard output goes to a file or a pipe.

use std::io::{self, IsTerminal, Write};

/// A count that is printed over itself.
pub(crate) struct Progress {
    of: &'static str,
    count: u64,
    shown: bool,
}

impl Progress {
    /// Counts `of`. It is printed only if standard error is a terminal and standard output, which shows the progress too, is not.
    pub(crate) fn of(of: &'static str) -> Self {
        Self { of, count: 0, shown: io::stderr().is_terminal() && !io::stdout().is_terminal() }
    }

    /// Adds `more` to the count.
    pub(crate) fn add(&mut self, more: u64) {
        self.count += more;
        if self.shown {
            write(&format!("\r{} {} ...", self.count, self.of));
        }
    }

    /// The count.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown && self.count > 0 {
            write("\r\x1b[K");
        }
    }
}

fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    // The command goes on without a reader of its progress.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
