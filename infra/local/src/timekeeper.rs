//! Does what is due as time passes: Amazon's reminders, the runs of the schedules, the messages of the queues, and the events on
//! the bus.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use futures::future::{join, join_all};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::access_token::schedule::TICK;
use simulated_amazon::{Clock, SimulatedAmazon};

use crate::{
    aws::{Aws, PublishedEvent},
    environment::{CLIENT_SECRET_QUEUE, REFRESH_QUEUE},
    functions::Functions,
    poller::{Mapping, Poller},
    schedules::{Schedule, Schedules},
};

/// The clock of a local stack and everything that it triggers.
pub(crate) struct Timekeeper {
    amazon: SimulatedAmazon,
    aws: Aws,
    clock: Clock,
    clock_file: Option<PathBuf>,
    schedules: Schedules,
    pollers: Vec<Poller>,
}

impl Timekeeper {
    /// Creates the schedules and pollers of the registered functions.
    pub(crate) fn new(
        amazon: SimulatedAmazon,
        aws: &Aws,
        functions: &Functions,
        clock: Clock,
        data: Option<&Path>,
        without_refresher: bool,
    ) -> Self {
        let runs = |schedule: &Schedule| {
            functions.knows(schedule.function) && !(without_refresher && schedule.function == REFRESHER)
        };
        let schedules = schedules().into_iter().filter(runs).collect();
        let due = data.map(|data| data.join("schedules.json"));
        let schedules = Schedules::open(schedules, functions.clone(), clock.clone(), due);
        let mappings = MAPPINGS.into_iter().filter(|mapping| functions.knows(mapping.function));
        let pollers = mappings.map(|mapping| Poller::new(mapping, aws.clone(), functions.clone())).collect();
        let (aws, clock_file) = (aws.clone(), data.map(clock_file));
        Self { amazon, aws, clock, clock_file, schedules, pollers }
    }

    /// Advances the clock and returns when everything that became due is done. Returns the names of the schedules that ran, each
    /// once, and whether the clock could be stored.
    pub(crate) async fn advance(&self, seconds: u32) -> (Vec<&'static str>, io::Result<()>) {
        let mut stored = Ok(());
        let move_clock = || {
            // What waits to be written was measured before.
            self.aws.cloud_watch().collect(self.clock.now());
            self.clock.advance(seconds);
            stored = self.clock_file.as_deref().map_or(Ok(()), |file| store(&self.clock, file));
            self.amazon.tick();
        };
        let ran = self.schedules.run_due_after(move_clock).await;
        self.drain().await;
        // The refresher delays the messages of its shards by minutes. A caller of this does not wait so long.
        while self.aws.make_visible(REFRESH_QUEUE) {
            self.drain().await;
        }
        (ran, stored)
    }

    /// Does what is due at the current time.
    pub(crate) async fn run_due(&self) -> Vec<&'static str> {
        self.schedules.run_due_after(|| self.amazon.tick()).await
    }

    /// Delivers every visible message to the functions, and publishes what they added to the history.
    pub(crate) async fn drain(&self) {
        for poller in &self.pollers {
            poller.drain().await;
        }
        self.aws.publish_history().await;
    }

    /// The events after number `after`.
    pub(crate) async fn events(&self, after: u64) -> Vec<PublishedEvent> {
        self.aws.events(after).await
    }

    /// Does everything when it becomes due. Never returns.
    pub(crate) async fn run(&self) {
        let watch = async {
            loop {
                self.run_due().await;
                self.aws.publish_history().await;
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        };
        join(watch, join_all(self.pollers.iter().map(Poller::run))).await;
    }
}

/// The clock as an earlier run stored it, so that time does not go back between runs.
pub(crate) fn stored_clock(data: Option<&Path>) -> Clock {
    let stored = data.and_then(|data| fs::read(clock_file(data)).ok());
    let stored = stored.and_then(|bytes| serde_json::from_slice::<StoredClock>(&bytes).ok());
    Clock::ahead_by(stored.map_or(0, |stored| stored.offset_seconds))
}

const REFRESHER: &str = "token-refresher";

const MAPPINGS: [Mapping; 2] = [
    Mapping { queue: CLIENT_SECRET_QUEUE, function: "secret-rotation", batch_size: 1 },
    Mapping { queue: REFRESH_QUEUE, function: REFRESHER, batch_size: 1 },
];

fn schedules() -> Vec<Schedule> {
    vec![
        Schedule {
            name: "secret-rotation",
            function: "secret-rotation",
            // Hourly, so that a requested secret that does not arrive is reported in time. Requests go out once a day at most.
            every: SignedDuration::from_hours(1),
            payload: json!({"task": "ask"}),
        },
        Schedule {
            name: "token-refresher",
            function: REFRESHER,
            every: TICK,
            payload: json!({"task": "plan"}),
        },
        Schedule {
            name: "renewals",
            function: REFRESHER,
            every: SignedDuration::from_hours(24),
            payload: json!({"task": "renewals"}),
        },
    ]
}

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

#[derive(Deserialize, Serialize)]
struct StoredClock {
    offset_seconds: i64,
}

fn clock_file(data: &Path) -> PathBuf {
    data.join("clock.json")
}

fn store(clock: &Clock, file: &Path) -> io::Result<()> {
    let new = file.with_extension("json.new");
    fs::write(&new, serde_json::to_vec(&StoredClock { offset_seconds: clock.offset_seconds() })?)?;
    fs::rename(new, file)
}
