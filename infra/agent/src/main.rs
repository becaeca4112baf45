//! `spapi-auth-agent`: as a Lambda extension, as a sidecar, or on a developer's machine. It may invoke `get-access-token`, and nothing
//! else.

use std::{process::ExitCode, sync::Arc};

use agent::{Clock, Environment, Options, StartFailure};
use clap::Parser;
use jiff::Timestamp;

/// Hand out access tokens of the Selling Partner API on this machine, as Login with Amazon does
#[derive(Parser)]
#[command(name = "spapi-auth-agent", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// The prefix of the stack's names; empty for a function of that very name
    #[arg(long, env = "SPAPI_AUTH_AGENT_PREFIX", value_name = "PREFIX", default_value = "spapi-auth-")]
    prefix: String,
    /// Ask the agent that is running whether it can invoke the function, and exit with 0 or 1
    #[arg(long)]
    health: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let environment = Environment::read();
    let options = match Arguments::try_parse() {
        Ok(Arguments { options, prefix, health: true }) => {
            return if agent::is_healthy(&options.in_stack(&prefix), &environment).await {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
        }
        Ok(Arguments { options, prefix, health: false }) => Ok(options.in_stack(&prefix)),
        // In Lambda a wrong variable must not fail the function.
        Err(error) if environment.runtime_api.is_some() => Err(error.to_string()),
        Err(error) => error.exit(),
    };
    let clock: Clock = Arc::new(now);
    match agent::run(options, environment, None, clock).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(StartFailure { message, hint }) => {
            eprintln!("error: {message}\n\nhint: {hint}");
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this program reads the clock here and nowhere else")]
fn now() -> Timestamp {
    Timestamp::now()
}
