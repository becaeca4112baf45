//! `cargo run` runs the whole system on this machine until Ctrl-C.
#![expect(clippy::print_stdout, reason = "a person reads what this program prints")]

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use local::{
    aws::EVENTS,
    console::token_command,
    demo::demo_origin,
    environment::{aws_endpoint, environment, site_origin},
    log_tail,
    ports::Numbers,
    seed::FIRST_APPLICATION,
    stack::{Options, Stack},
};
use shared::env::Env;
use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// Run the whole system on this machine, with a simulated Amazon and a local AWS.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The first of three loopback ports: browser routes, simulated Amazon (+1), AWS endpoint (+2)
    #[arg(long, default_value_t = 9000, value_parser = clap::value_parser!(u16).range(1..=65533))]
    port: u16,
    /// The directory that stores everything between runs
    #[arg(long, default_value = ".local")]
    data: PathBuf,
    /// Store nothing on disk
    #[arg(long)]
    ephemeral: bool,
    /// Print the variables with which a function's own binary runs against this stack, and exit
    #[arg(long)]
    print_env: bool,
}

/// The functions' variables that this process takes from its own environment.
const INHERITED: [&str; 4] = ["CONSUMERS", "DIRECT_AUTHORIZE", "MARKETPLACES", "ROTATION_LEAD_DAYS"];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.print_env {
        for (name, value) in environment(Numbers::from(arguments.port)) {
            println!("export {name}='{value}'");
        }
        return ExitCode::SUCCESS;
    }
    let format = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let filter =
        shared::lambda::log::log_filter(tracing::Level::INFO).with_target(EVENTS, tracing::Level::INFO);
    tracing_subscriber::registry().with(format.with_filter(filter)).with(log_tail::layer()).init();

    let own = Env::of_process();
    let variables =
        INHERITED.iter().filter_map(|name| Some(((*name).to_owned(), own.optional(name)?.to_owned())));
    let options = Options {
        port: arguments.port,
        data: (!arguments.ephemeral).then_some(arguments.data),
        variables: variables.collect(),
        without_refresher: false,
    };
    let stack = match Stack::start(options).await {
        Ok(stack) => stack,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    greet(stack.ports());
    stopped().await;
    println!("Stopped.");
    ExitCode::SUCCESS
}

fn greet(ports: Numbers) {
    println!("Open         {}/", site_origin(ports));
    println!("Integrator   {}/", demo_origin(ports));
    println!("Amazon       http://sellercentral.amazon.com.localhost:{}/", ports.amazon);
    println!("AWS          {}", aws_endpoint(ports));
    println!("Events       http://127.0.0.1:{}/_control/events", ports.amazon);
    println!("Metrics      http://127.0.0.1:{}/_control/metrics", ports.amazon);
    println!("Application  {FIRST_APPLICATION}");
    println!();
    println!("After authorizing a seller in North America, fetch its access token:");
    println!("  {}", token_command(ports, "<selling partner id>", "na"));
    println!();
    println!("Press Ctrl-C to stop.");
}

/// Waits for Ctrl-C or for a signal to terminate.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
