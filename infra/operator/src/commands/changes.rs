//! What operators do to one grant, each with who did it; the grant as it is afterwards is shown.

use std::io::{self, IsTerminal, Write};

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::{
    arguments::{
        Reasoned, Region, Remove,
        grants::{AccountCommand, Conflicting, Conflicts, Import, List, PartnerType},
    },
    commands::{list, show},
    failure::Failure,
    output::Output,
    request::Request,
    session::{Key, Pages, Session},
    table::Table,
    terminal,
    views::{self, Grant},
};

/// `disable` and `enable`.
pub(super) async fn standing(
    operation: &str,
    change: Reasoned,
    session: &mut Session,
) -> Result<(), Failure> {
    let key = session.key(&change.which).await?;
    let request = session.change(operation, &key).maybe("reason", change.reason);
    done(request, session).await
}

pub(super) async fn remove(remove: Remove, session: &mut Session) -> Result<(), Failure> {
    // Before anything is asked of anybody: without a person there is nobody to confirm.
    let somebody = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !remove.yes && !somebody {
        return Err(Failure::Usage("removing deletes the refresh token for good; add --yes".to_owned()));
    }
    let key = session.key_of(remove.named).await?;
    if !remove.yes && !confirmed(&key)? {
        return Err(Failure::Usage("nothing was removed".to_owned()));
    }
    let request = session.change("removeGrant", &key).maybe("reason", remove.reason);
    done(request, session).await
}

pub(super) async fn import(import: Import, session: &mut Session) -> Result<(), Failure> {
    let refresh_token = import.refresh_token.read("refresh token")?;
    let request = Request::new("importGrant")
        .with("applicationId", session.application().await?)
        .with("sellingPartnerId", import.partner)
        .with("refreshToken", refresh_token.expose_secret())
        .with("kind", import.kind.as_str())
        .maybe("authorizedAt", import.authorized_at.map(|when| when.before(session.now).to_string()))
        .maybe("region", import.region.map(Region::as_str))
        .maybe("partnerType", import.partner_type.map(PartnerType::as_str))
        .maybe("account", import.account)
        .maybe("by", session.by.clone());
    done(request, session).await
}

pub(super) async fn conflicts(command: Conflicts, session: &mut Session) -> Result<(), Failure> {
    match command {
        Conflicts::List(of) => list_conflicts(&of, session).await,
        Conflicts::Accept(conflicting) => resolve("accept", conflicting, session).await,
        Conflicts::Reject(conflicting) => resolve("reject", conflicting, session).await,
    }
}

pub(super) async fn account(command: AccountCommand, session: &mut Session) -> Result<(), Failure> {
    let (named, account) = match command {
        AccountCommand::Link { named, account } => (named, Value::from(account)),
        AccountCommand::Clear { named } => (named, Value::Null),
    };
    let key = session.key_of(named).await?;
    let request = session.change("linkAccount", &key).with("account", account);
    done(request, session).await
}

async fn done(request: Request, session: &mut Session) -> Result<(), Failure> {
    let mut answer = session.administer(request).await?;
    show::one(&views::taken(&mut answer, "grant"), &mut session.output)
}

fn confirmed(key: &Key) -> Result<bool, Failure> {
    let question =
        format!("Delete the refresh token of {} in {} for good? Type yes: ", key.partner, key.region);
    let mut stderr = io::stderr().lock();
    stderr.write_all(terminal::harmless(&question).as_bytes())?;
    stderr.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

async fn list_conflicts(of: &List, session: &mut Session) -> Result<(), Failure> {
    let mut table = Table::new(&["PARTNER", "REGION", "FINGERPRINT", "AUTHORIZED", "ACCOUNT", "DIFFERS"]);
    let pages = Pages { request: list::request(of, session), field: "grants", limit: of.limit };
    let mut any = false;
    let each = |output: &mut Output, grants: Vec<Value>| {
        for grant in &grants {
            let disputed = grant["conflicts"].as_array().is_some_and(|conflicts| !conflicts.is_empty());
            any |= disputed;
            if disputed && output.is_json() {
                output.document(grant)?;
            } else if disputed {
                output.block(&show::conflicts(grant, &mut table)?)?;
            }
        }
        Ok(())
    };
    pages.read(session, each).await?;
    if !any && !session.output.is_json() {
        session.output.line("No conflicts.")?;
    }
    Ok(())
}

async fn resolve(resolution: &str, conflicting: Conflicting, session: &mut Session) -> Result<(), Failure> {
    let which = conflicting.named.into();
    let grant: Grant = views::understood(&session.grant(&which).await?)?;
    let fingerprint = the_one(&grant, &conflicting.fingerprint)?;
    let key =
        Key { application: grant.application_id, region: grant.region, partner: grant.selling_partner_id };
    let request = session
        .change("resolveConflict", &key)
        .with("fingerprint", fingerprint)
        .with("resolution", resolution);
    done(request, session).await
}

/// The conflict whose fingerprint begins so.
fn the_one(grant: &Grant, beginning: &str) -> Result<String, Failure> {
    const SHORTEST: usize = 8;
    let fits: Vec<_> = grant
        .conflicts
        .iter()
        .map(|conflict| &conflict.fingerprint)
        .filter(|known| *known == beginning || beginning.len() >= SHORTEST && known.starts_with(beginning))
        .collect();
    match fits[..] {
        [only] => Ok(only.clone()),
        [] => Err(Failure::Usage(format!(
            "no conflict of this grant has a fingerprint that begins so ({SHORTEST} characters at least); see `spapi-auth show {}`",
            grant.selling_partner_id
        ))),
        _ => Err(Failure::Usage("several conflicts begin so; give the whole fingerprint".to_owned())),
    }
}
