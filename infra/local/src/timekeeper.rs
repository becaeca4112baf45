//! What the passing of time brings about: Amazon's reminders, the runs of the schedules, what then comes by the queues, and the events
//! that tell of it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use futures::future::{join, join_all};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::upkeep::TICK;
use simulated_amazon::{Clock, SimulatedAmazon};

use crate::{
    aws::{Aws, Told},
    environment::{CLIENT_SECRET_QUEUE, REFRESH_QUEUE},
    functions::Functions,
    poller::{Mapping, Poller},
    schedules::{Schedule, Schedules},
};

/// The clock of a local stack, and all that goes by it unasked.
pub(crate) struct Timekeeper {
    amazon: SimulatedAmazon,
    aws: Aws,
    clock: Clock,
    clock_file: Option<PathBuf>,
    schedules: Schedules,
    pollers: Vec<Poller>,
}

impl Timekeeper {
    /// Takes over the triggers of those functions that are known.
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

    /// Moves the clock, and returns when everything that has fallen due is done: the schedules that ran, each once, and whether
    /// the clock could be kept.
    pub(crate) async fn advance(&self, seconds: u32) -> (Vec<&'static str>, io::Result<()>) {
        let mut kept = Ok(());
        let move_clock = || {
            self.clock.advance(seconds);
            kept = self.clock_file.as_deref().map_or(Ok(()), |file| keep(&self.clock, file));
            self.amazon.tick();
        };
        let ran = self.schedules.run_due_after(move_clock).await;
        self.drain().await;
        // The refresher holds its shards back for minutes, which nobody waits for here.
        while self.aws.hurry(REFRESH_QUEUE) {
            self.drain().await;
        }
        (ran, kept)
    }

    /// Does what has fallen due without anybody moving the clock.
    pub(crate) async fn run_due(&self) -> Vec<&'static str> {
        self.schedules.run_due_after(|| self.amazon.tick()).await
    }

    /// Has the functions deal with every message that is visible, and tells of it.
    pub(crate) async fn drain(&self) {
        for poller in &self.pollers {
            poller.drain().await;
        }
        self.aws.carry_events().await;
    }

    /// What has happened by now, after the event of number `after`.
    pub(crate) async fn events(&self, after: u64) -> Vec<Told> {
        self.aws.events(after).await
    }

    /// Does everything when its time comes, for good.
    pub(crate) async fn run(&self) {
        let watch = async {
            loop {
                self.run_due().await;
                self.aws.carry_events().await;
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        };
        join(watch, join_all(self.pollers.iter().map(Poller::run))).await;
    }
}

/// The clock as an earlier run left it: time does not run backwards between runs.
pub(crate) fn kept_clock(data: Option<&Path>) -> Clock {
    let kept = data.and_then(|data| fs::read(clock_file(data)).ok());
    let kept = kept.and_then(|bytes| serde_json::from_slice::<KeptClock>(&bytes).ok());
    Clock::ahead_by(kept.map_or(0, |kept| kept.offset_seconds))
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
            // Hourly, so that a secret that was asked for and does not come is told of in time; it asks once a day at most.
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
struct KeptClock {
    offset_seconds: i64,
}

fn clock_file(data: &Path) -> PathBuf {
    data.join("clock.json")
}

fn keep(clock: &Clock, file: &Path) -> io::Result<()> {
    let new = file.with_extension("json.new");
    fs::write(&new, serde_json::to_vec(&KeptClock { offset_seconds: clock.offset_seconds() })?)?;
    fs::rename(new, file)
}
