//! `applications`: lists, registers and changes applications.

use std::{
    fs::File,
    io::{self, IsTerminal, Read},
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    arguments::{
        Region,
        applications::{Applications, Branding, Register, Stop, Update},
    },
    commands::changes::confirmed,
    failure::Failure,
    place::Place,
    request::Request,
    session::{Pages, Session},
    table::Table,
    time::TimeArgument,
    views::{self, Application},
};

/// The largest logo, in bytes.
const LARGEST_LOGO: u64 = 16 * 1024;

pub(super) async fn run(command: Applications, session: &mut Session) -> Result<(), Failure> {
    match command {
        Applications::List => list(session).await,
        Applications::Register(register) => {
            let answer = session.administer(registration(register, session)?).await?;
            show(&answer, session)?;
            if !session.output.is_json() {
                session.output.block("\n")?;
                session.output.line(
                    "Next: store the client secret with `spapi-auth secret set`, then run `spapi-auth doctor`.",
                )?;
            }
            Ok(())
        }
        Applications::Update(update) => {
            let roles_changed_at = roles_changed_at(&update, session).await?;
            let request = changed(update, session)?.maybe("rolesChangedAt", roles_changed_at);
            let answer = session.administer(request).await?;
            show(&answer, session)
        }
        Applications::Disable(stop) => set_disabled("disableApplication", stop, session).await,
        Applications::Enable(stop) => set_disabled("enableApplication", stop, session).await,
    }
}

async fn set_disabled(operation: &str, stop: Stop, session: &mut Session) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let request = Request::new(operation)
        .with("applicationId", stop.id)
        .maybe("reason", stop.reason)
        .maybe("by", session.by.clone());
    let answer = session.administer(request).await?;
    let application: Application = views::field(&answer, "application")?;
    let line = if application.disabled {
        format!(
            "Stopped application {}; within 65 seconds no function hands out or refreshes an access token of it.",
            application.id
        )
    } else {
        format!(
            "Started application {}; within 65 seconds every function hands out its tokens.",
            application.id
        )
    };
    session.output.either(&answer, &line)
}

async fn list(session: &mut Session) -> Result<(), Failure> {
    let answer = session.ask(Request::new("listApplications")).await?;
    if session.output.is_json() {
        let applications: Vec<Value> = views::field(&answer, "applications")?;
        return applications.iter().try_for_each(|application| session.output.document(application));
    }
    let applications: Vec<Application> = views::field(&answer, "applications")?;
    let rows = applications.into_iter().map(|application| {
        let status = status(&application).to_owned();
        vec![application.id, application.name, status, application.default_region, application.client_id]
    });
    let mut table = Table::new(&["APPLICATION", "NAME", "STATUS", "REGION", "CLIENT ID"]);
    let text = table.page(rows) + &table.end();
    session.output.block(&text)
}

fn registration(register: Register, session: &Session) -> Result<Request, Failure> {
    let request = Request::new("registerApplication")
        .with("applicationId", register.id)
        .with("clientId", register.client_id)
        .with("name", register.name)
        .with("draft", register.draft)
        .with("vendorsNeedBeta", register.vendors_need_beta)
        .with("defaultRegion", register.default_region.as_str())
        .maybe("scopes", some(register.scopes))
        .maybe("signInUrl", register.sign_in_url)
        .maybe("returnUrls", some(register.return_urls))
        .maybe("by", session.by.clone());
    branded(request, register.branding)
}

fn changed(update: Update, session: &Session) -> Result<Request, Failure> {
    let request = Request::new("updateApplication")
        .with("applicationId", update.id)
        .maybe("name", update.name)
        .maybe("draft", update.draft)
        .maybe("vendorsNeedBeta", update.vendors_need_beta)
        .maybe("defaultRegion", update.default_region.map(Region::as_str))
        .maybe("scopes", list_or_none(update.scopes, update.no_scopes))
        .maybe("returnUrls", list_or_none(update.return_urls, update.no_return_urls))
        .maybe("by", session.by.clone());
    let cleared = [
        ("signInUrl", update.no_sign_in_url),
        ("company", update.no_company),
        ("supportUrl", update.no_support_url),
        ("homeUrl", update.no_home_url),
        ("language", update.no_language),
        ("logo", update.no_logo),
        ("rolesChangedAt", update.no_roles_changed_at),
    ];
    let cleared = cleared.into_iter().filter(|(_, cleared)| *cleared);
    let request = cleared.fold(request, |request, (field, _)| request.with(field, Value::Null));
    branded(request.maybe("signInUrl", update.sign_in_url), update.branding)
}

/// Returns the time of the change of roles, after the operator has confirmed how many grants it marks.
async fn roles_changed_at(update: &Update, session: &mut Session) -> Result<Option<String>, Failure> {
    let Some(text) = &update.roles_changed_at else {
        return Ok(None);
    };
    let can_confirm = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !update.yes && !can_confirm {
        return Err(Failure::usage(
            format!(
                "the change of roles of application {} is not confirmed, and there is no terminal",
                update.id
            ),
            "add `--yes` to mark the grants that were authorized before",
        ));
    }
    let at = match text.as_str() {
        "now" => session.now,
        text => text
            .parse::<TimeArgument>()
            .map_err(|error| {
                Failure::usage(
                    format!("--roles-changed-at: {error}"),
                    "write `now`, or a time such as 2026-11-21T12:00:00Z",
                )
            })?
            .before(session.now),
    };
    let at = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    if update.yes {
        return Ok(Some(at));
    }
    let request = Request::new("listGrants")
        .with("applicationId", update.id.clone())
        .with("authorizedBefore", at.clone());
    let count = Pages { request, field: "grants", limit: None }.read(session, |_, _| Ok(())).await?;
    let question = format!(
        "Mark {count} grants of application {} that were authorized before {at}, and send an event for each active one? Type yes: ",
        update.id
    );
    if !confirmed(&question, &Place::of(&session.functions).await?)? {
        return Err(Failure::usage(
            format!("application {} was not changed: the answer was not `yes`", update.id),
            "run the command again and type `yes`, or add `--yes`",
        ));
    }
    Ok(Some(at))
}

fn branded(request: Request, branding: Branding) -> Result<Request, Failure> {
    let logo = branding.logo.as_deref().map(image).transpose()?;
    Ok(request
        .maybe("company", branding.company)
        .maybe("supportUrl", branding.support_url)
        .maybe("homeUrl", branding.home_url)
        .maybe("language", branding.language)
        .maybe("logo", logo))
}

/// Returns a file in Base64. A large one is not read: the function checks everything else.
fn image(file: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|open| open.take(LARGEST_LOGO + 1).read_to_end(&mut bytes));
    let name = file.display();
    let problem = match read {
        Ok(_) if bytes.len() as u64 <= LARGEST_LOGO => return Ok(STANDARD.encode(&bytes)),
        Ok(_) => format!("the logo is too large: {name}"),
        Err(error) => format!("the logo cannot be read: {name}: {error}"),
    };
    Err(Failure::usage(problem, "--logo takes a PNG or WebP file of at most 16384 bytes"))
}

fn some(list: Vec<String>) -> Option<Vec<String>> {
    Some(list).filter(|list| !list.is_empty())
}

fn list_or_none(list: Vec<String>, none: bool) -> Option<Vec<String>> {
    if none { Some(Vec::new()) } else { some(list) }
}

fn show(answer: &Value, session: &mut Session) -> Result<(), Failure> {
    if session.output.is_json() {
        return session.output.document(answer);
    }
    let application: Application = views::field(answer, "application")?;
    let status = status(&application).to_owned();
    session.output.facts(&[
        ("application", application.id),
        ("name", application.name),
        ("client id", application.client_id),
        ("status", status),
        ("vendors need beta", if application.vendors_need_beta { "yes" } else { "no" }.to_owned()),
        ("default region", application.default_region),
        ("scopes", application.scopes.join(" ")),
        ("sign-in URL", application.sign_in_url.unwrap_or_default()),
        ("return URLs", application.return_urls.join(" ")),
        ("tokens valid from", application.not_before.as_deref().map(views::second).unwrap_or_default()),
        ("roles changed", application.roles_changed_at.as_deref().map(views::second).unwrap_or_default()),
        ("company", application.company.unwrap_or_default()),
        ("support URL", application.support_url.unwrap_or_default()),
        ("home URL", application.home_url.unwrap_or_default()),
        ("language", application.language.unwrap_or_default()),
        ("logo", application.logo.map(|logo| format!("{} bytes", bytes_of(&logo))).unwrap_or_default()),
    ])?;
    let questions: Option<Vec<String>> = views::field(answer, "questions")?;
    for question in questions.unwrap_or_default() {
        session.output.line(&format!("Question: {question}"))?;
    }
    uris(answer, session)
}

fn status(application: &Application) -> &'static str {
    match (application.disabled, application.draft) {
        (true, _) => "disabled",
        (false, true) => "draft",
        (false, false) => "published",
    }
}

/// The number of bytes that a text in Base64 stands for.
fn bytes_of(base64: &str) -> usize {
    base64.trim_end_matches('=').len() * 3 / 4
}

/// Prints the two URIs to register at Amazon.
pub(super) fn uris(answer: &Value, session: &mut Session) -> Result<(), Failure> {
    let login: String = views::field(answer, "loginUri")?;
    let redirect: String = views::field(answer, "redirectUri")?;
    session
        .output
        .block("\nRegister both URIs at Amazon exactly as printed; if one is missing, the consent page does nothing:\n")?;
    session.output.facts(&[("OAuth Login URI", login), ("OAuth Redirect URI", redirect)])
}
