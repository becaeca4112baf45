//! `cargo run --release -p benchmark`: how fast `get-access-token` and `token-refresher` are, how much they take, and what it
//! all costs; and how much memory each function should have. `-- tokens`, `-- refresher` and `-- memory` run one part alone; the
//! last must share out processors, which takes root.
//!
//! The real release binary is built, with the release profile and apart from this program, and run as Lambda runs it:
//! a process with Lambda's variables, against a Runtime API on loopback that is this program's, and against the
//! services of a local stack in this process: over TLS where connections begin, in cold starts and for memory sizes, and without elsewhere. Beside `get-access-token` run three floors, built in the same run of cargo: functions that do nothing, that read
//! one row, and that make the AWS calls of a kept token's answer and nothing else. All take turns, so that ratios hold where absolute
//! times drift.
//!
//! No clock is moved under the real binary, so every state is brought about by what is asked and kept:
//!
//! - *cold start*: a new process, whose first invocation is for a token that is kept in the table;
//! - *memory hit*: one partner, again and again;
//! - *store hit*: 600 partners in turn, where the function remembers 500 tokens; so each is read, and opened under a
//!   data key that is already there. That is a little more than the confirmation of a remembered token once a minute;
//! - *miss*: the partner's row is deleted before the request, so that the function takes the lease, asks the simulated
//!   Amazon, which answers at once, and keeps what it gets.
//!
//! Every series checks the calls that it made, and the program fails where they are not those of its name. A floor is
//! shown where comparing with it means something.
//!
//! Then it prints what requests cost in calls to Amazon and AWS; `mix.rs` says what the mix is.
//!
//! `refresher.rs` says how the refresher is measured, `cost_model.rs` what a month costs, `memory_sizes.rs` how sizes are.
#![expect(clippy::print_stdout, reason = "its tables are what this program is for")]

mod binaries;
mod cost_model;
mod counts;
mod crowd;
mod environment;
mod instance;
mod memory_sizes;
mod memory_sizes_report;
mod mix;
mod partners;
mod prices;
mod process;
mod processor_share;
mod refresher;
mod refresher_report;
mod report;
mod runtime_api;
mod sample;
mod timings;
mod tls;

use std::process::ExitCode;

use crate::{partners::Partners, report::Report};

/// Why there is nothing to print.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// What can be measured alone.
const PARTS: [&str; 3] = ["tokens", "refresher", "memory"];

#[tokio::main]
async fn main() -> ExitCode {
    let wanted: Vec<_> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|part| !PARTS.contains(&part.as_str())) {
        eprintln!("there is no part {unknown}; the parts are {}", PARTS.join(", "));
        return ExitCode::FAILURE;
    }
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|it| it == part);
    // Whoever may not share out processors shall hear so before anything takes minutes.
    if is_wanted("memory")
        && let Err(fault) = processor_share::ProcessorShare::whole()
    {
        eprintln!("{fault}; the other parts do without: tokens, refresher");
        return ExitCode::FAILURE;
    }
    for part in PARTS.into_iter().filter(|part| is_wanted(part)) {
        let report = match part {
            "tokens" => tokens().await,
            "refresher" => refresher().await,
            _ => memory().await,
        };
        if let Err(fault) = report {
            eprintln!("{fault}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

async fn refresher() -> Result<(), Fault> {
    let figures = refresher::measure(&binaries::build_refresher()?).await?;
    println!("{figures}");
    Ok(())
}

async fn memory() -> Result<(), Fault> {
    let figures = memory_sizes::measure(&binaries::build_functions(&memory_sizes::FUNCTIONS)?).await?;
    println!("{figures}");
    Ok(())
}

async fn tokens() -> Result<(), Fault> {
    let binaries = binaries::build()?;
    let timings = {
        let partners = Partners::authorized(timings::PARTNERS).await?;
        timings::measure(&binaries, &partners).await?
    };
    let partners = Partners::authorized(counts::PARTNERS).await?;
    let counts = counts::count(&partners).await?;
    let costs = vec![mix::run(&partners, 1).await?, mix::run(&partners, 10).await?];
    println!("{}", Report { binaries, timings, counts, costs });
    Ok(())
}
