//! Schedules, as EventBridge Scheduler runs them. Each invokes a function whenever it is due on the stack's clock.

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
    /// The time between two runs, and between the creation of the schedule and its first run.
    pub every: SignedDuration,
    /// The event of each invocation.
    pub payload: Value,
}

/// All schedules, with the next due time of each.
pub struct Schedules {
    all: Vec<Schedule>,
    functions: Functions,
    clock: Clock,
    file: Option<PathBuf>,
    /// The next due times, by name. The lock is held while schedules run, so that exactly one caller reports each run.
    due: Mutex<BTreeMap<String, Timestamp>>,
}

impl Schedules {
    /// Opens the schedules with the due times that an earlier run stored in `file`.
    pub fn open(all: Vec<Schedule>, functions: Functions, clock: Clock, file: Option<PathBuf>) -> Self {
        let stored = file.as_deref().map(stored).unwrap_or_default();
        let now = clock.now();
        let due = |schedule: &Schedule| {
            let first = now + schedule.every;
            (schedule.name.to_owned(), stored.get(schedule.name).map_or(first, |stored| first.min(*stored)))
        };
        let due = all.iter().map(due).collect();
        let schedules = Self { all, functions, clock, file, due: Mutex::default() };
        // Without this, a stack that is started again every morning would never reach the daily schedules.
        schedules.store(&due);
        Self { due: Mutex::new(due), ..schedules }
    }

    /// Runs each schedule that is due once, however often it became due. Returns the names of the schedules that ran.
    pub async fn run_due(&self) -> Vec<&'static str> {
        self.run_due_after(|| ()).await
    }

    /// Calls `happen`, which may advance the clock, and then does what [`run_due`](Self::run_due) does. No other run comes between
    /// the two.
    pub async fn run_due_after(&self, happen: impl FnOnce()) -> Vec<&'static str> {
        let mut due = self.due.lock().await;
        happen();
        let mut ran = Vec::new();
        for schedule in &self.all {
            let now = self.clock.now();
            let Some(due) = due.get_mut(schedule.name).filter(|due| **due <= now) else { continue };
            self.run(schedule).await;
            ran.push(schedule.name);
            // Counted from the due time and not from the run, so that the time of day stays the same.
            while *due <= now {
                *due += schedule.every;
            }
        }
        if !ran.is_empty() {
            self.store(&due);
        }
        ran
    }

    async fn run(&self, schedule: &Schedule) {
        let Some(invocation) = self.functions.start(schedule.function, schedule.payload.clone()) else {
            let function = schedule.function;
            tracing::error!(
                schedule = schedule.name,
                function,
                "Scheduled function {function} does not exist"
            );
            return;
        };
        if let Err(error) = invocation.outcome().await {
            let (name, kind) = (schedule.name, error.error_type);
            tracing::error!(schedule = name, error.kind = kind, "Run of schedule {name} failed");
        }
    }

    fn store(&self, due: &BTreeMap<String, Timestamp>) {
        if let Some(file) = &self.file
            && let Err(error) = store(due, file)
        {
            tracing::error!(%error, "Could not store the due times of the schedules");
        }
    }
}

fn stored(file: &Path) -> BTreeMap<String, Timestamp> {
    fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn store(due: &BTreeMap<String, Timestamp>, file: &Path) -> io::Result<()> {
    let new = file.with_extension("json.new");
    fs::write(&new, serde_json::to_vec(due)?)?;
    fs::rename(new, file)
}

#[cfg(test)]
mod tests;
