//! `spapi-auth`, the command line of operators. It invokes the functions `authorizations`, `administration` and
//! `get-access-token` and prints their answers.
//!
//! It knows the functions by their JSON alone and shares no code with them, so that a mistake in one is not repeated in the other.

use std::{ffi::OsString, process::ExitCode, sync::Arc};

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use jiff::Timestamp;

use crate::{
    arguments::{Arguments, Command},
    failure::Failure,
    functions::Functions,
    output::Output,
    session::Session,
    settings::Settings,
};

mod arguments;
mod aws_configuration;
mod bulk;
mod cloud_watch;
mod colour;
mod columns;
mod commands;
mod failure;
mod functions;
mod output;
mod place;
mod progress;
mod refusal;
mod request;
mod secret;
mod session;
mod settings;
mod table;
mod terminal;
mod time;
mod views;

/// Runs the command that `arguments` name; the first of them is the program. `variable` reads the environment: `USER`, the default of `--by`, and
/// the variables that stand for options. Returns 0 if it is done, 1 if a function answered with an error, 2 if the command line is wrong, 3 if AWS was not reached.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
    variable: fn(&str) -> Option<String>,
    clock: fn() -> Timestamp,
) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Before clap parses them: its errors quote what it does not understand.
    if let Err(failure) = secret::none_among(&arguments) {
        return failure.report("", false);
    }
    let (mut arguments, matches, command) = match parsed(arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            // If it cannot be printed, there is no reader.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Failure::USAGE));
        }
    };
    arguments.by = arguments.by.or_else(|| variable("USER"));
    let json = arguments.json;
    let executed = async {
        // Some commands invoke nothing, and have to work without a usable file.
        let settings = if arguments.command.is_of_a_stack() {
            settings::apply(&mut arguments, &matches, &variable)?
        } else {
            Settings::default()
        };
        execute(arguments, settings, clock).await
    };
    match executed.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&command, json),
    }
}

/// The arguments, where each is from, and the command as it is typed, such as `secret set`.
fn parsed(arguments: Vec<OsString>) -> Result<(Arguments, ArgMatches, String), clap::Error> {
    let matches = Arguments::command().try_get_matches_from(arguments)?;
    let mut words = Vec::new();
    let mut within: Option<(&str, &ArgMatches)> = matches.subcommand();
    while let Some((word, inner)) = within {
        words.push(word);
        within = inner.subcommand();
    }
    let command = words.join(" ");
    Ok((Arguments::from_arg_matches(&matches)?, matches, command))
}

async fn execute(arguments: Arguments, settings: Settings, clock: fn() -> Timestamp) -> Result<(), Failure> {
    let mut output = Output::to_stdout(arguments.json);
    let command = match arguments.command {
        Command::Agent(agent) => return Box::pin(commands::agent::run(agent, &arguments.aws, clock)).await,
        Command::Completions { shell } => return commands::completions(shell, &mut output),
        Command::Man { folder } => {
            commands::man(&folder, &mut output)?;
            return output.finish();
        }
        Command::Diff { a, b } => return commands::diff(&a, &b, &mut output),
        Command::Import(import) if import.rows.dry_run => {
            return commands::check_rows(&import.rows, clock(), &mut output).await;
        }
        command => command,
    };
    let mut session = Session {
        functions: Arc::new(Functions::connect(&arguments.aws, clock).await?),
        profile: arguments.aws.profile.or(arguments.aws.default_profile),
        settings,
        output,
        application: arguments.application,
        by: arguments.by,
        now: clock(),
        clock,
    };
    // Boxed, because the futures of the AWS SDK nest deeper than the compiler can lay out in one piece.
    Box::pin(commands::run(command, &mut session)).await?;
    session.output.finish()
}
