//! `cargo run --release -p benchmark` measures the speed, memory and cost of `get-access-token` and `token-refresher`, and the
//! effect of the memory size on each function. `-- tokens`, `-- peers`, `-- agent`, `-- refresher` and `-- memory` run one part alone. The last one limits
//! processor time with control groups, which needs root.
//!
//! Cargo builds the real binary separately from this program, with the release profile. It runs as on Lambda: a process with Lambda's
//! variables, against a Runtime API of this program on loopback, and against the services of a local stack in this process. AWS is
//! reached over TLS in cold starts and for memory sizes, where new connections matter, and without TLS otherwise.
//!
//! Three floors run beside `get-access-token`, built in the same run of cargo: one does nothing, one reads one row, and one makes
//! only the AWS calls of a request for a stored token. All binaries take turns, so that ratios stay valid when a machine's speed
//! drifts.
//!
//! The clock of the real binary is never moved. So requests and stored rows create each state:
//!
//! - *cold start*: a new process, whose first invocation requests a token that is stored in the table;
//! - *memory hit*: repeated requests for one partner;
//! - *store hit*: requests for 600 partners in turn, while the function caches 500 tokens. So each token is read, and decrypted with
//!   a cached data key. That is slightly more work than the check of a cached token once a minute;
//! - *miss*: the partner's row is deleted before the request. So the function takes the lease, calls the simulated Amazon, which
//!   answers without delay, and stores the token.
//!
//! Every series checks the calls that it made, and the program fails if they do not match the series. A table shows a floor only
//! where the comparison is meaningful.
//!
//! Further tables count the calls to Amazon and AWS. `mix.rs` describes the mix of requests. `refresher.rs` describes how the
//! refresher is measured, `cost_model.rs` the cost of a month, and `memory_sizes.rs` the memory sizes.
#![expect(clippy::print_stdout, reason = "this program prints tables")]

mod agent;
mod agent_report;
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
mod peers;
mod peers_report;
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

/// Why a measurement failed.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The parts that can run alone.
const PARTS: [&str; 5] = ["tokens", "peers", "agent", "refresher", "memory"];

#[tokio::main]
async fn main() -> ExitCode {
    let wanted: Vec<_> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|part| !PARTS.contains(&part.as_str())) {
        eprintln!("error: unknown part: {unknown}\nhint: the parts are {}", PARTS.join(", "));
        return ExitCode::FAILURE;
    }
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|it| it == part);
    // A user without root learns this before the other parts take minutes.
    if is_wanted("memory")
        && let Err(fault) = processor_share::ProcessorShare::whole()
    {
        eprintln!(
            "error: {fault}\nhint: run this as root on Linux with control groups, or run only the parts tokens, peers, agent and refresher"
        );
        return ExitCode::FAILURE;
    }
    for part in PARTS.into_iter().filter(|part| is_wanted(part)) {
        let report = match part {
            "tokens" => tokens().await,
            "peers" => peers().await,
            "agent" => agent().await,
            "refresher" => refresher().await,
            _ => memory().await,
        };
        if let Err(fault) = report {
            eprintln!("error: {fault}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

async fn peers() -> Result<(), Fault> {
    let function = binaries::build_functions(&["get-access-token"])?.remove("get-access-token");
    let measured = peers::measure(&function.ok_or("get-access-token was not built")?).await?;
    println!("{}", peers_report::PeersReport(measured));
    Ok(())
}

async fn agent() -> Result<(), Fault> {
    println!("{}", agent::measure().await?);
    Ok(())
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
