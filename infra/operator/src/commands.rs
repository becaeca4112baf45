//! Each command in a function of its own: the request it sends, and what it prints of the answer.

use serde_json::json;

pub(crate) use self::{
    bulk::check as check_rows,
    exports::diff,
    manual::{completions, man},
};
use crate::{arguments::Command, failure::Failure, place::Place, session::Session, settings::Source};

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
mod manual;
mod restore;
mod service;
mod show;
mod tail;
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
        Command::Agent(_) | Command::Completions { .. } | Command::Diff { .. } | Command::Man { .. } => {
            unreachable!("they run without a session")
        }
    }
}

/// Prints where commands act and as whom, and what decided that.
async fn whoami(session: &mut Session) -> Result<(), Failure> {
    let place = Place::of(&session.functions).await?;
    let settings = &session.settings;
    let file = settings.file.as_ref().map(|path| path.display().to_string());
    if session.output.is_json() {
        let mut document = json!(place);
        document["application"] = json!(session.application);
        document["profile"] = json!(session.profile);
        document["configFile"] = json!(file);
        document["decidedBy"] = json!({
            "application": settings.application, "prefix": settings.prefix, "profile": settings.profile, "region": settings.region,
        });
        return session.output.document(&document);
    }
    let with = |value: &str, source: Source| format!("{value} ({})", source.described());
    let application = session.application.as_deref().unwrap_or("the only one that is registered");
    let profile = session.profile.as_deref().unwrap_or("that of the AWS configuration");
    session.output.facts(&[
        ("account", place.account),
        ("identity", place.arn),
        ("region", with(&place.region, settings.region)),
        ("address", place.endpoint_url.unwrap_or_else(|| "AWS".to_owned())),
        ("profile", with(profile, settings.profile)),
        ("function prefix", with(&place.function_prefix, settings.prefix)),
        ("application", with(application, settings.application)),
        ("configuration", file.unwrap_or_else(|| "no file".to_owned())),
    ])
}
