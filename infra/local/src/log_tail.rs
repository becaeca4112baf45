//! The log of one invocation, whose end Lambda returns with `LogType: Tail`.
//!
//! A layer of the process writes each line into the tail of the invocation in whose task it was logged. So what a task logs that a
//! function started by itself is only in the log of the process.

use std::{io, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use shared::lambda::log::log_lines;
use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer, registry::LookupSpan};

use crate::locked::Locked;

/// The bytes that Lambda returns: 4 KB.
const MOST: usize = 4096;

tokio::task_local! {
    /// The tail of the invocation that runs in this task.
    static TAIL: LogTail;
}

/// The log of one invocation. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogTail(Arc<Locked<Vec<u8>>>);

impl LogTail {
    /// Runs `work`, whose lines go here.
    pub(crate) async fn of<T>(&self, work: impl Future<Output = T>) -> T {
        TAIL.scope(self.clone(), work).await
    }

    /// Adds a line of Lambda's own.
    pub(crate) fn add(&self, line: &str) {
        let mut log = self.0.lock();
        log.extend_from_slice(line.as_bytes());
        log.push(b'\n');
    }

    /// Returns the last 4 KB in base64.
    pub(crate) fn encoded(&self) -> String {
        let log = self.0.lock();
        BASE64_STANDARD.encode(&log[log.len().saturating_sub(MOST)..])
    }
}

impl io::Write for LogTail {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the layer that writes the functions' lines into the tails of their invocations, as they are written on Lambda.
pub fn layer<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    // A line outside of any invocation goes into a tail that is never read.
    log_lines(Level::INFO, || TAIL.try_with(LogTail::clone).unwrap_or_default())
}
