//! Schedules, as EventBridge Scheduler runs them: each invokes a function whenever its time has come on the stack's clock.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_amazon::Clock;
use tokio::sync::Mutex;

use crate::functions::Functions;

/// One schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The schedule's own name.
    pub name: &'static str,
    /// The name of the function.
    pub function: &'static str,
    /// Between two runs; the first comes this long after the schedule was made.
    pub every: SignedDuration,
    /// What the function is invoked with.
    pub payload: Value,
}

/// All schedules, and when each is due next.
pub struct Schedules {
    all: Vec<Schedule>,
    functions: Functions,
    clock: Clock,
    file: Option<PathBuf>,
    /// By name. Held while schedules run, so that each run is somebody's to report.
    due: Mutex<BTreeMap<String, Timestamp>>,
}

impl Schedules {
    /// Takes up the schedules where `file` says that an earlier run has left them.
    #[must_use]
    pub fn open(all: Vec<Schedule>, functions: Functions, clock: Clock, file: Option<PathBuf>) -> Self {
        let kept = file.as_deref().map(kept).unwrap_or_default();
        let now = clock.now();
        let due = |schedule: &Schedule| {
            let first = now + schedule.every;
            (schedule.name.to_owned(), kept.get(schedule.name).map_or(first, |kept| first.min(*kept)))
        };
        let due = all.iter().map(due).collect();
        let schedules = Self { all, functions, clock, file, due: Mutex::default() };
        // At once, or a stack that is started anew every morning would never see the end of a day.
        schedules.keep(&due);
        Self { due: Mutex::new(due), ..schedules }
    }

    /// Runs each schedule that has fallen due, once, however often it has; tells their names.
    pub async fn run_due(&self) -> Vec<&'static str> {
        self.run_due_after(|| ()).await
    }

    /// The same after something has happened, such as the moving of the clock, that no run shall come between.
    pub async fn run_due_after(&self, happen: impl FnOnce()) -> Vec<&'static str> {
        let mut due = self.due.lock().await;
        happen();
        let mut ran = Vec::new();
        for schedule in &self.all {
            let now = self.clock.now();
            let Some(due) = due.get_mut(schedule.name).filter(|due| **due <= now) else { continue };
            self.run(schedule).await;
            ran.push(schedule.name);
            // Counted from when it was due, not from when it ran, so that the hour of the day stays.
            while *due <= now {
                *due += schedule.every;
            }
        }
        if !ran.is_empty() {
            self.keep(&due);
        }
        ran
    }

    async fn run(&self, schedule: &Schedule) {
        let Some(invocation) = self.functions.start(schedule.function, schedule.payload.clone()) else {
            tracing::error!(schedule = schedule.name, "The scheduled function is not there");
            return;
        };
        if let Err(error) = invocation.outcome().await {
            let kind = error.error_type;
            tracing::error!(schedule = schedule.name, error.kind = kind, "The scheduled function failed");
        }
    }

    fn keep(&self, due: &BTreeMap<String, Timestamp>) {
        if let Some(file) = &self.file
            && let Err(error) = keep(due, file)
        {
            tracing::error!(%error, "It could not be kept when the schedules are due");
        }
    }
}

fn kept(file: &Path) -> BTreeMap<String, Timestamp> {
    fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn keep(due: &BTreeMap<String, Timestamp>, file: &Path) -> io::Result<()> {
    let new = file.with_extension("json.new");
    fs::write(&new, serde_json::to_vec(due)?)?;
    fs::rename(new, file)
}

#[cfg(test)]
mod tests;
