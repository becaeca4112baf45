//! How Amazon validates the URLs of a journey, and the errors that it shows (F§1.3, F§1.6).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    accounts::{MalformedId, SellingPartnerId},
    applications::Registration,
    facts::{APPLICATION_ID_PREFIXES, CLIENT_ID_PREFIX, PageCode},
    layout::error_page,
    ledger::{Ledger, WrongCentral},
    urls::{Malformed, Parameters},
};

/// Why a request is refused: an error page.
#[derive(Debug)]
pub(crate) enum PageError {
    /// With the code that Amazon shows for it.
    Coded(PageCode, String),
    /// Without a code: Amazon has none for the case.
    Plain(StatusCode, String),
}

impl PageError {
    fn coded(code: PageCode, because: impl Into<String>) -> Self {
        Self::Coded(code, because.into())
    }
}

impl From<Malformed> for PageError {
    fn from(malformed: Malformed) -> Self {
        Self::coded(PageCode::Md9999, malformed.to_string())
    }
}

impl From<MalformedId> for PageError {
    fn from(malformed: MalformedId) -> Self {
        Self::Plain(StatusCode::BAD_REQUEST, malformed.to_string())
    }
}

impl From<WrongCentral> for PageError {
    fn from(_: WrongCentral) -> Self {
        let because = "sellers sign in to Seller Central, vendors to Vendor Central";
        Self::Plain(StatusCode::FORBIDDEN, because.to_owned())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::Coded(code, because) => error_page(StatusCode::BAD_REQUEST, Some(code), &because),
            Self::Plain(status, because) => error_page(status, None, &because),
        }
    }
}

/// Returns the application of a journey, if `version` has the value that the application requires.
pub(crate) fn application(
    ledger: &Ledger,
    id: &str,
    parameters: &Parameters,
) -> Result<Registration, PageError> {
    let application = known_application(ledger, id)?;
    match (parameters.value("version"), application.version()) {
        (None, Some(_)) => {
            Err(PageError::coded(PageCode::Md1000, "the application is in draft: version=beta is missing"))
        }
        (Some(_), None) => {
            Err(PageError::coded(PageCode::Md1000, "the application is published: version must be left out"))
        }
        (said, required) if said != required => {
            Err(PageError::coded(PageCode::Md1000, "version must be beta"))
        }
        _ => complete(application),
    }
}

/// Returns the application with this id, whatever `version` says.
pub(crate) fn known_application(ledger: &Ledger, id: &str) -> Result<Registration, PageError> {
    if id.starts_with(CLIENT_ID_PREFIX) {
        return Err(PageError::coded(
            PageCode::Md1000,
            "application_id is a client id, not an application id",
        ));
    }
    let well_formed =
        APPLICATION_ID_PREFIXES.iter().filter_map(|prefix| id.strip_prefix(prefix)).any(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    if !well_formed {
        return Err(PageError::coded(PageCode::Md4010, "the application id is missing or malformed"));
    }
    let application = ledger.applications.get(id).cloned();
    application.ok_or_else(|| PageError::coded(PageCode::Md1000, "no application with this id is registered"))
}

/// Returns the registered redirect URI that a journey asks for, or the first.
pub(crate) fn redirect_uri(application: &Registration, parameters: &Parameters) -> Result<String, PageError> {
    let Some(asked) = parameters.value("redirect_uri") else {
        let first = application.redirect_uris.first().cloned();
        return first.ok_or_else(|| PageError::coded(PageCode::Md9100, "no redirect URI is registered"));
    };
    if asked.contains('#') {
        return Err(PageError::coded(PageCode::Md5110, "redirect_uri has a fragment"));
    }
    let registered = application.redirect_uris.iter().find(|registered| *registered == asked).cloned();
    registered.ok_or_else(|| PageError::coded(PageCode::Md5101, "redirect_uri is not registered"))
}

/// Returns the state that Amazon returns at the redirect URI.
pub(crate) fn state(parameters: &Parameters) -> Result<&str, PageError> {
    parameters.filled("state").ok_or_else(|| PageError::coded(PageCode::Md5100, "state is missing"))
}

/// Returns the partner to sign in as: entered (`_other`) or chosen (`_as`).
pub(crate) fn partner(parameters: &Parameters) -> Result<Option<SellingPartnerId>, PageError> {
    let id = parameters.filled("_other").or_else(|| parameters.filled("_as"));
    Ok(id.map(|id| id.trim().parse()).transpose()?)
}

fn complete(application: Registration) -> Result<Registration, PageError> {
    if application.login_uri.is_empty() || application.redirect_uris.iter().all(String::is_empty) {
        return Err(PageError::coded(
            PageCode::Md9100,
            "the login URI or the redirect URI is not registered",
        ));
    }
    if application.redirect_uris.iter().chain([&application.login_uri]).any(|uri| uri.contains('#')) {
        return Err(PageError::coded(PageCode::Md5110, "a registered URI has a fragment"));
    }
    Ok(application)
}
