//! What Amazon checks of a journey's URL, and the error pages it shows (F§1.3, F§1.6).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    accounts::{MalformedId, SellingPartnerId},
    applications::Registration,
    facts::{APPLICATION_ID_PREFIXES, CLIENT_ID_PREFIX, PageCode},
    ledger::{Ledger, WrongCentral},
    pages,
    parameters::{Malformed, Parameters},
};

/// A page that says why it does not go on.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// With the code that Amazon shows for it.
    Coded(PageCode, String),
    /// A case for which Amazon has no code.
    Plain(StatusCode, String),
}

impl Refusal {
    fn coded(code: PageCode, because: impl Into<String>) -> Self {
        Self::Coded(code, because.into())
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::coded(PageCode::Md9999, malformed.to_string())
    }
}

impl From<MalformedId> for Refusal {
    fn from(malformed: MalformedId) -> Self {
        Self::Plain(StatusCode::BAD_REQUEST, malformed.to_string())
    }
}

impl From<WrongCentral> for Refusal {
    fn from(_: WrongCentral) -> Self {
        let because = "sellers sign in to Seller Central and vendors to Vendor Central";
        Self::Plain(StatusCode::FORBIDDEN, because.to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Coded(code, because) => pages::error(StatusCode::BAD_REQUEST, Some(code), &because),
            Self::Plain(status, because) => pages::error(status, None, &because),
        }
    }
}

/// The application that a journey names, provided that `version` says what it must for it.
pub(crate) fn application(
    ledger: &Ledger,
    id: &str,
    parameters: &Parameters,
) -> Result<Registration, Refusal> {
    let application = known_application(ledger, id)?;
    match (parameters.value("version"), application.version()) {
        (None, Some(_)) => {
            Err(Refusal::coded(PageCode::Md1000, "the application is in draft: version=beta is missing"))
        }
        (Some(_), None) => {
            Err(Refusal::coded(PageCode::Md1000, "the application is published: version has to be left out"))
        }
        (said, required) if said != required => {
            Err(Refusal::coded(PageCode::Md1000, "version can only be beta"))
        }
        _ => complete(application),
    }
}

/// The application with this id, whatever the version.
pub(crate) fn known_application(ledger: &Ledger, id: &str) -> Result<Registration, Refusal> {
    if id.starts_with(CLIENT_ID_PREFIX) {
        return Err(Refusal::coded(PageCode::Md1000, "this is a client id where an application id belongs"));
    }
    let well_formed =
        APPLICATION_ID_PREFIXES.iter().filter_map(|prefix| id.strip_prefix(prefix)).any(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    if !well_formed {
        return Err(Refusal::coded(PageCode::Md4010, "the application id is missing or malformed"));
    }
    let application = ledger.applications.get(id).cloned();
    application.ok_or_else(|| Refusal::coded(PageCode::Md1000, "no such application is registered"))
}

/// The registered redirect URI that a journey asks for, or the first.
pub(crate) fn redirect_uri(application: &Registration, parameters: &Parameters) -> Result<String, Refusal> {
    let Some(asked) = parameters.value("redirect_uri") else {
        let first = application.redirect_uris.first().cloned();
        return first.ok_or_else(|| Refusal::coded(PageCode::Md9100, "no redirect URI is registered"));
    };
    if asked.contains('#') {
        return Err(Refusal::coded(PageCode::Md5110, "redirect_uri has a fragment"));
    }
    let registered = application.redirect_uris.iter().find(|registered| *registered == asked).cloned();
    registered.ok_or_else(|| Refusal::coded(PageCode::Md5101, "redirect_uri is not a registered one"))
}

/// The state that Amazon is to hand back.
pub(crate) fn state(parameters: &Parameters) -> Result<&str, Refusal> {
    parameters.filled("state").ok_or_else(|| Refusal::coded(PageCode::Md5100, "state is missing"))
}

/// The partner to sign in as: typed (`_other`) or picked (`_as`).
pub(crate) fn partner(parameters: &Parameters) -> Result<Option<SellingPartnerId>, Refusal> {
    let id = parameters.filled("_other").or_else(|| parameters.filled("_as"));
    Ok(id.map(|id| id.trim().parse()).transpose()?)
}

fn complete(application: Registration) -> Result<Registration, Refusal> {
    if application.login_uri.is_empty() || application.redirect_uris.iter().all(String::is_empty) {
        return Err(Refusal::coded(PageCode::Md9100, "the login URI or the redirect URI is not registered"));
    }
    if application.redirect_uris.iter().chain([&application.login_uri]).any(|uri| uri.contains('#')) {
        return Err(Refusal::coded(PageCode::Md5110, "a registered URI has a fragment"));
    }
    Ok(application)
}
