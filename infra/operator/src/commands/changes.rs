//! Commands that change one grant. Each sends `--by` for the history and prints the changed grant.

use std::io::{self, IsTerminal, Write};

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::{
    arguments::{
        Reasoned, Region, Remove, SetRegion,
        grants::{AccountCommand, Conflicting, Conflicts, GrantKind, Import, List, PartnerType},
    },
    commands::{list, show},
    failure::Failure,
    output::Output,
    place::Place,
    request::Request,
    session::{GrantKey, Pages, Session},
    table::Table,
    terminal,
    views::{self, Grant},
};

/// `disable` and `enable`.
pub(super) async fn set_status(
    operation: &str,
    change: Reasoned,
    session: &mut Session,
) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let key = session.key(&change.grant).await?;
    let request = session.change(operation, &key).maybe("reason", change.reason);
    submit(if operation == "disableGrant" { "Disabled" } else { "Enabled" }, request, session).await?;
    match operation {
        "disableGrant" => note("Services may still get its access tokens for up to 60 seconds.", session),
        _ => Ok(()),
    }
}

pub(super) async fn set_region(set: SetRegion, session: &mut Session) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let key = session.key(&set.change.grant).await?;
    let request = session.change("setRegion", &key).with("toRegion", set.to.as_str());
    submit("Set the region of", request.maybe("reason", set.change.reason), session).await
}

pub(super) async fn remove(remove: Remove, session: &mut Session) -> Result<(), Failure> {
    // Before any function is invoked: without a terminal no operator can confirm.
    let can_confirm = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !remove.yes && !can_confirm {
        return Err(Failure::usage(
            format!(
                "the removal of partner {} is not confirmed, and there is no terminal",
                remove.grant.partner
            ),
            "add `--yes` to delete the refresh token permanently",
        ));
    }
    let key = session.key_of(remove.grant).await?;
    let question = format!(
        "Permanently delete the refresh token of partner {} in {}? Type yes: ",
        key.partner, key.region
    );
    if !remove.yes && !confirmed(&question, &Place::of(&session.functions).await?)? {
        return Err(Failure::usage(
            format!(
                "the grant of partner {} in {} was not removed: the answer was not `yes`",
                key.partner, key.region
            ),
            "run the command again and type `yes`, or add `--yes`",
        ));
    }
    let request = session.change("removeGrant", &key).maybe("reason", remove.reason);
    submit("Removed", request, session).await?;
    note("Services may still get its access tokens for up to 60 seconds.", session)
}

pub(super) async fn import(import: Import, session: &mut Session) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let refresh_token = import.refresh_token.read("refresh token")?;
    let request = Request::new("importGrant")
        .with("applicationId", session.application().await?)
        .maybe("sellingPartnerId", import.partner)
        .with("refreshToken", refresh_token.expose_secret())
        .maybe("kind", import.kind.map(GrantKind::as_str))
        .maybe("authorizedAt", import.authorized_at.map(|when| when.before(session.now)))
        .maybe("region", import.region.map(Region::as_str))
        .maybe("partnerType", import.partner_type.map(PartnerType::as_str))
        .maybe("account", import.account)
        .maybe("by", session.by.clone());
    submit("Imported", request, session).await
}

pub(super) async fn conflicts(command: Conflicts, session: &mut Session) -> Result<(), Failure> {
    match command {
        Conflicts::List(of) => list_conflicts(&of, session).await,
        Conflicts::Accept(conflicting) => {
            resolve("accept", conflicting, session).await?;
            note(
                "Services may still get access tokens of its old refresh token for up to 60 seconds.",
                session,
            )
        }
        Conflicts::Reject(conflicting) => resolve("reject", conflicting, session).await,
    }
}

pub(super) async fn account(command: AccountCommand, session: &mut Session) -> Result<(), Failure> {
    let (grant, account, done) = match command {
        AccountCommand::Link { grant, account } => {
            let done = format!("Linked to account {account}");
            (grant, Value::from(account), done)
        }
        AccountCommand::Clear { grant } => (grant, Value::Null, "Linked to no account".to_owned()),
    };
    let key = session.key_of(grant).await?;
    let request = session.change("linkAccount", &key).with("account", account);
    submit(&done, request, session).await?;
    note(
        "Services that name the account before may still get its access tokens for up to 60 seconds.",
        session,
    )
}

/// Says what the change does not do immediately: environments return access tokens from memory.
fn note(text: &str, session: &mut Session) -> Result<(), Failure> {
    if session.output.is_json() { Ok(()) } else { session.output.line(text) }
}

/// Sends the change. Prints what was `done` to the grant on a terminal, and elsewhere the changed grant, which scripts read.
async fn submit(done: &str, request: Request, session: &mut Session) -> Result<(), Failure> {
    let mut answer = session.administer(request).await?;
    let grant = views::take(&mut answer, "grant");
    if !session.output.is_for_a_person() {
        return show::one(&grant, &mut session.output);
    }
    let grant: Grant = views::parse(&grant, "grant")?;
    let (partner, region, status) = (&grant.selling_partner_id, &grant.region, grant.status_and_notes());
    session.output.done(&format!("{done} the grant of {partner} in {region}: it is {status}."))
}

/// Asks a question that only `yes` confirms.
pub(super) fn confirmed(question: &str, place: &Place) -> Result<bool, Failure> {
    let mut stderr = io::stderr().lock();
    writeln!(stderr, "{}", terminal::escaped(&format!("In {place}.")))?;
    stderr.write_all(terminal::escaped(question).as_bytes())?;
    stderr.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

async fn list_conflicts(of: &List, session: &mut Session) -> Result<(), Failure> {
    let mut table = Table::new(&["PARTNER", "REGION", "FINGERPRINT", "AUTHORIZED", "ACCOUNT", "DIFFERS"]);
    let pages = Pages { request: list::request(of, session), field: "grants", limit: of.limit };
    let mut found = false;
    let each = |output: &mut Output, grants: Vec<Value>| {
        for grant in &grants {
            let disputed = grant["conflicts"].as_array().is_some_and(|conflicts| !conflicts.is_empty());
            found |= disputed;
            if disputed && output.is_json() {
                output.document(grant)?;
            } else if disputed {
                output.block(&show::conflicts(grant, &mut table)?)?;
            }
        }
        Ok(())
    };
    pages.read(session, each).await?;
    if !found && !session.output.is_json() {
        session.output.line("No conflicts.")?;
    }
    Ok(())
}

async fn resolve(resolution: &str, conflicting: Conflicting, session: &mut Session) -> Result<(), Failure> {
    let grant: Grant = views::parse(&session.grant(&conflicting.grant.into()).await?, "grant")?;
    let fingerprint = the_one(&grant, &conflicting.fingerprint)?;
    let key = GrantKey {
        application: grant.application_id,
        region: grant.region,
        partner: grant.selling_partner_id,
    };
    let request = session
        .change("resolveConflict", &key)
        .with("fingerprint", fingerprint)
        .with("resolution", resolution);
    let done = if resolution == "accept" { "Accepted the conflict of" } else { "Rejected the conflict of" };
    submit(done, request, session).await
}

/// The fingerprint of the only conflict whose fingerprint begins with `beginning`.
fn the_one(grant: &Grant, beginning: &str) -> Result<String, Failure> {
    const SHORTEST: usize = 8;
    let partner = &grant.selling_partner_id;
    let fits: Vec<_> = grant
        .conflicts
        .iter()
        .map(|conflict| &conflict.fingerprint)
        .filter(|known| *known == beginning || beginning.len() >= SHORTEST && known.starts_with(beginning))
        .collect();
    match fits[..] {
        [only] => Ok(only.clone()),
        [] => Err(Failure::usage(
            format!("no conflict of partner {partner} has this fingerprint: {beginning}"),
            format!(
                "copy the fingerprint, or {SHORTEST} or more of its first characters, from `spapi-auth show {partner} --in {}`",
                grant.region
            ),
        )),
        _ => Err(Failure::usage(
            format!(
                "several conflicts of partner {partner} have a fingerprint that begins with: {beginning}"
            ),
            "give more characters of the fingerprint",
        )),
    }
}
