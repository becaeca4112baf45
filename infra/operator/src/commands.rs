//! Each command in a function of its own: the request it sends, and what it prints of the answer.

use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

pub(crate) use self::{bulk::check as check_rows, exports::diff};
use crate::{
    arguments::{Arguments, Command},
    failure::Failure,
    output::Output,
    place::Place,
    session::Session,
};

pub(crate) mod agent;
mod applications;
mod bulk;
mod changes;
mod console;
mod consumers;
mod doctor;
mod erase;
mod exports;
mod history;
mod links;
mod list;
mod restore;
mod service;
mod show;
mod token;

/// Runs the command.
pub(crate) async fn run(command: Command, session: &mut Session) -> Result<(), Failure> {
    match command {
        Command::Applications(command) => applications::run(command, session).await,
        Command::Consumers(command) => consumers::run(command, session).await,
        Command::Whoami => whoami(session).await,
        Command::Doctor => doctor::run(session).await,
        Command::Link(link) => links::link(link, session).await,
        Command::List(list) => list::grants(list, session).await,
        Command::Show(grant) => show::run(&grant, session).await,
        Command::History(history) => history::run(history, session).await,
        Command::Disable(disable) => changes::set_status("disableGrant", disable, session).await,
        Command::Enable(enable) => changes::set_status("enableGrant", enable, session).await,
        Command::SetRegion(set) => changes::set_region(set, session).await,
        Command::Remove(remove) => changes::remove(remove, session).await,
        Command::Erase(erase) => erase::run(erase, session).await,
        Command::Import(import) if import.rows.file.is_some() => bulk::import(&import.rows, session).await,
        Command::Import(import) => changes::import(*import, session).await,
        Command::Export => exports::export(session).await,
        Command::Conflicts(command) => changes::conflicts(command, session).await,
        Command::Renewals(renewals) => list::renewals(renewals, session).await,
        Command::Renew(renew) => links::renew(renew, session).await,
        Command::Secret(command) => service::secret(command, session).await,
        Command::Token(token) => token::run(token, session).await,
        Command::Invalidate(invalidate) => service::invalidate(invalidate, session).await,
        Command::Events(command) => service::events(command, session).await,
        Command::Console(options) => console::run(&options, session).await,
        Command::Restore(command) => restore::run(command, session).await,
        Command::Account(command) => changes::account(command, session).await,
        Command::Agent(_) | Command::Completions { .. } | Command::Diff { .. } => {
            unreachable!("they run without a session")
        }
    }
}

/// Prints where commands act, and as whom.
async fn whoami(session: &mut Session) -> Result<(), Failure> {
    let place = Place::of(&session.functions).await?;
    if session.output.is_json() {
        return session.output.document(&json!(place));
    }
    session.output.facts(&[
        ("account", place.account),
        ("identity", place.arn),
        ("region", place.region),
        ("address", place.endpoint_url.unwrap_or_else(|| "AWS".to_owned())),
        ("function prefix", place.function_prefix),
    ])
}

/// Prints the script with which `shell` completes commands and options.
pub(crate) fn completions(shell: Shell, output: &mut Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "spapi-auth", &mut script);
    output.block(&String::from_utf8_lossy(&script))?;
    output.flush()
}
