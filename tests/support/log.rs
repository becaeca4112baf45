//! The log of all tests of this process: there is one for all of their functions.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use serde_json::Value;
use tracing::Level;
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// What was logged since the first test asked for it.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Captures from now on what the functions log, at the lowest level that an operator can set, and the events.
    pub fn captured() -> Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        let start = || {
            let (log, events) =
                (Self::default(), Targets::new().with_target(local::aws::EVENTS, Level::TRACE));
            let (of_functions, of_events) = (log.clone(), log.clone());
            let of_functions = shared::lambda::log::log_lines(Level::TRACE, move || of_functions.clone());
            let of_events = tracing_subscriber::fmt::layer().json().with_writer(move || of_events.clone());
            tracing_subscriber::registry().with(of_functions).with(of_events.with_filter(events)).init();
            log
        };
        LOG.get_or_init(start).clone()
    }

    /// Everything, as written.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lines that contain `text`.
    pub fn lines_with(&self, text: &str) -> Vec<Value> {
        let all = String::from_utf8(self.bytes()).unwrap();
        let found = all.lines().filter(|line| line.contains(text));
        found.map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
