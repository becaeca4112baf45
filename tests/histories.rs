//! Random histories of the whole system: operations, faults of Amazon and AWS, restores and hostile clients in any order. After every
//! step the promises hold that can be seen from outside.
//!
//! A failure shows its seed and its steps. `HISTORY_SEED=7` begins with that seed, `HISTORY_SECONDS=600` goes on for longer, and
//! `SOAK=600` goes through one history for that long and watches memory, rows and open files.

mod random;
mod state;
mod steps;

use std::time::{Duration, Instant};

use shared::env::Env;

use self::state::History;

/// How long the suite goes through histories, in seconds.
const IN_THE_SUITE: u64 = 15;

/// The length of a history.
const STEPS: usize = 60;

fn number(name: &str) -> Option<u64> {
    Env::of_process().optional(name).map(|text| text.parse().expect("a whole number"))
}

#[tokio::test]
async fn every_random_history_holds_the_promises_after_every_step() {
    let seconds = Duration::from_secs(number("HISTORY_SECONDS").unwrap_or(IN_THE_SUITE));
    let (began, mut steps) = (Instant::now(), 0);
    let given = number("HISTORY_SEED");
    // Another part of all histories at each run, unless a seed is given.
    let mut seed = given.unwrap_or_else(|| u64::from(std::process::id()) * 1000);
    loop {
        let mut history = History::begin(seed).await;
        for _ in 0..STEPS {
            history.step().await;
        }
        history.end().await;
        steps += STEPS;
        seed += 1;
        if began.elapsed() >= seconds {
            break;
        }
    }
    eprintln!("{steps} steps in {:.0} s; the last seed was {}", began.elapsed().as_secs_f32(), seed - 1);
}

/// Without `SOAK` it is a few steps long.
#[tokio::test]
async fn a_long_history_leaks_no_rows_and_with_soak_no_memory_and_no_files() {
    let soak = Duration::from_secs(number("SOAK").unwrap_or(4));
    let mut history = History::begin(number("HISTORY_SEED").unwrap_or(1)).await;
    for _ in 0..STEPS {
        history.step().await;
    }
    let (began, first) = (Instant::now(), history.used().await);
    let mut shown = Instant::now();
    while began.elapsed() < soak {
        history.step().await;
        if shown.elapsed() > Duration::from_secs(30) {
            shown = Instant::now();
            eprintln!("{} steps: {:?}", history.steps(), history.used().await);
        }
    }
    let last = history.used().await;
    history.end().await;
    eprintln!("{} steps: {first:?} at first, {last:?} at last", history.steps());
    assert!(last.tokens <= first.tokens + 20, "rows of access tokens do not pile up: {first:?}, {last:?}");
    assert!(last.grants <= first.grants + 10, "{first:?}, {last:?}");
    assert!(last.records >= first.records, "no record is lost: {first:?}, {last:?}");
    // Files and memory are those of all tests of this process, so they say something only after a while, of this test alone.
    if number("SOAK").is_none() {
        return;
    }
    assert!(last.files <= first.files + 100, "files are closed: {first:?}, {last:?}");
    // The local engine keeps the history and its events in memory; each step adds a few kilobytes.
    let may_have = first.memory_kib + 100 * 1024 + 20 * u64::try_from(history.steps()).unwrap();
    assert!(last.memory_kib <= may_have, "memory is given back: {first:?}, {last:?}");
}
