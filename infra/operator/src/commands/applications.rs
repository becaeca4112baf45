//! `applications`: lists, registers and changes applications.

use serde_json::Value;

use crate::{
    arguments::{
        Region,
        applications::{Applications, Register, Update},
    },
    failure::Failure,
    request::Request,
    session::Session,
    table::Table,
    views::{self, Application},
};

pub(super) async fn run(command: Applications, session: &mut Session) -> Result<(), Failure> {
    match command {
        Applications::List => list(session).await,
        Applications::Register(register) => {
            let answer = session.administer(registration(register, session)).await?;
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
            let answer = session.administer(changed(update, session)).await?;
            show(&answer, session)
        }
    }
}

async fn list(session: &mut Session) -> Result<(), Failure> {
    let answer = session.ask(Request::new("listApplications")).await?;
    if session.output.is_json() {
        let applications: Vec<Value> = views::field(&answer, "applications")?;
        return applications.iter().try_for_each(|application| session.output.document(application));
    }
    let applications: Vec<Application> = views::field(&answer, "applications")?;
    let rows = applications.into_iter().map(|application| {
        let published = if application.draft { "draft" } else { "published" }.to_owned();
        vec![application.id, application.name, published, application.default_region, application.client_id]
    });
    let text = Table::new(&["APPLICATION", "NAME", "STATUS", "REGION", "CLIENT ID"]).page(rows);
    session.output.block(&text)
}

fn registration(register: Register, session: &Session) -> Request {
    Request::new("registerApplication")
        .with("applicationId", register.id)
        .with("clientId", register.client_id)
        .with("name", register.name)
        .with("draft", register.draft)
        .with("vendorsNeedBeta", register.vendors_need_beta)
        .with("defaultRegion", register.default_region.as_str())
        .maybe("scopes", some(register.scopes))
        .maybe("signInUrl", register.sign_in_url)
        .maybe("returnUrls", some(register.return_urls))
        .maybe("by", session.by.clone())
}

fn changed(update: Update, session: &Session) -> Request {
    let request = Request::new("updateApplication")
        .with("applicationId", update.id)
        .maybe("name", update.name)
        .maybe("draft", update.draft)
        .maybe("vendorsNeedBeta", update.vendors_need_beta)
        .maybe("defaultRegion", update.default_region.map(Region::as_str))
        .maybe("scopes", list_or_none(update.scopes, update.no_scopes))
        .maybe("returnUrls", list_or_none(update.return_urls, update.no_return_urls))
        .maybe("by", session.by.clone());
    if update.no_sign_in_url {
        request.with("signInUrl", Value::Null)
    } else {
        request.maybe("signInUrl", update.sign_in_url)
    }
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
    session.output.facts(&[
        ("application", application.id),
        ("name", application.name),
        ("client id", application.client_id),
        ("status", if application.draft { "draft" } else { "published" }.to_owned()),
        ("vendors need beta", if application.vendors_need_beta { "yes" } else { "no" }.to_owned()),
        ("default region", application.default_region),
        ("scopes", application.scopes.join(" ")),
        ("sign-in URL", application.sign_in_url.unwrap_or_default()),
        ("return URLs", application.return_urls.join(" ")),
    ])?;
    let questions: Option<Vec<String>> = views::field(answer, "questions")?;
    for question in questions.unwrap_or_default() {
        session.output.line(&format!("Question: {question}"))?;
    }
    uris(answer, session)
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
