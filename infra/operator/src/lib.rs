//! The command-line tool of operators: the functions `authorizations`, `administration` and `get-access-token`, by their JSON.
//!
//! It knows them by that JSON alone and shares no code with them, so it cannot share a mistake either.

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;
use jiff::Timestamp;

use crate::{
    arguments::{Arguments, Command},
    failure::Failure,
    functions::Functions,
    output::Output,
    session::Session,
};

mod arguments;
mod commands;
mod failure;
mod functions;
mod output;
mod progress;
mod request;
mod secret;
mod session;
mod table;
mod terminal;
mod views;
mod when;

/// Does what `arguments` (the program's own name first) ask for, and tells how it ended: 0 done, 1 refused, 2 not understood, 3
/// AWS not reached.
pub async fn run(arguments: impl IntoIterator<Item = OsString>, clock: fn() -> Timestamp) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Before clap sees them: its complaints quote what it does not understand.
    if let Err(failure) = secret::none_among(&arguments) {
        return failure.report(false);
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nobody reads what cannot be printed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Failure::USAGE));
        }
    };
    let json = arguments.json;
    match obey(arguments, clock).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}

async fn obey(arguments: Arguments, clock: fn() -> Timestamp) -> Result<(), Failure> {
    let mut output = Output::to_stdout(arguments.json);
    if let Command::Completions { shell } = arguments.command {
        return commands::completions(shell, &mut output);
    }
    let mut session = Session {
        functions: Functions::connect(&arguments.aws, clock).await?,
        output,
        application: arguments.application,
        by: arguments.by,
        now: clock(),
    };
    // Boxed, because the futures of the AWS SDK nest deeper than the compiler lays out in one piece.
    Box::pin(commands::run(arguments.command, &mut session)).await?;
    session.output.finish()
}
