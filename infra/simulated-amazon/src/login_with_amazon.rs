//! Login with Amazon's token endpoint (F§4). What a request may look like is in `request`, and `GET /auth/o2/tokeninfo` in
//! `token_info`.

mod request;
mod token_info;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    amazon::SimulatedAmazon,
    backend::Backend,
    facts::{MIGRATION_SCOPE, SCOPES},
    fault_responses::{AfterTheWork, fault_response},
    faults::Endpoint,
    ledger::Ledger,
    roles::MissingRoles,
    token_settings::{Choice, TokenSettings},
    tokens::{Client, Opens},
    urls::Parameters,
};

pub(crate) use token_info::token_info;

/// Answers a request for a token.
pub(crate) async fn token(
    State(amazon): State<SimulatedAmazon>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields = request::fields(&headers, &body);
    if let Ok(fields) = &fields {
        count(&mut amazon.backend(), fields);
    }
    if let Some(response) = fault_response(amazon.faults(), Endpoint::Token).await {
        if response.extensions().get::<AfterTheWork>().is_some() {
            // What was done of it is lost with the answer.
            let _ = fields.and_then(|fields| grant(&mut amazon.backend(), &fields, amazon.now()));
        }
        return response;
    }

    let answer = if query.is_some_and(|query| !query.is_empty()) {
        Err(TokenError::ParametersInQuery)
    } else {
        fields.and_then(|fields| grant(&mut amazon.backend(), &fields, amazon.now()))
    };
    answer.map_or_else(IntoResponse::into_response, |body| json_response(StatusCode::OK, &body))
}

/// Returns a response as Login with Amazon writes its own: JSON with a charset, and never cached (F§4.4).
fn json_response(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json;charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (status, headers, body.to_string()).into_response()
}

/// Why no token is issued.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum TokenError {
    ContentType,
    Malformed,
    Missing(&'static str),
    ParametersInQuery,
    UnsupportedGrantType,
    Client,
    Code,
    RefreshToken,
    Scope,
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::ContentType => (400, "invalid_request", "The Content-Type is not supported".into()),
            Self::Malformed => (400, "invalid_request", "Malformed request".into()),
            Self::Missing(field) => {
                (400, "invalid_request", format!("The request is missing a required parameter : {field}"))
            }
            Self::ParametersInQuery => (500, "server_error", "Internal server error".into()),
            Self::UnsupportedGrantType => {
                (400, "unsupported_grant_type", "The authorization grant type is not supported".into())
            }
            Self::Client => (401, "invalid_client", "Client authentication failed".into()),
            Self::Code => (400, "invalid_grant", "The request has an invalid grant parameter : code".into()),
            Self::RefreshToken => (
                400,
                "invalid_grant",
                "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't \
                 grant the permission."
                    .into(),
            ),
            Self::Scope => (400, "invalid_scope", "The request has an invalid scope".into()),
        };
        let mut body = json!({ "error": error, "error_description": description });
        if self == Self::Malformed {
            body["error_index"] = json!(0);
        }
        let status = StatusCode::from_u16(status).expect("the statuses above are statuses of HTTP");
        json_response(status, &body)
    }
}

fn count(backend: &mut Backend, fields: &Parameters) {
    let partner = match fields.value("grant_type") {
        Some("authorization_code") => {
            backend.calls.token.authorization_code += 1;
            fields.value("code").and_then(|code| backend.ledger().partner_of_code(code)).cloned()
        }
        Some("refresh_token") => {
            backend.calls.token.refresh_token += 1;
            let token = fields.value("refresh_token");
            token.and_then(|token| backend.ledger().partner_of_refresh_token(token)).cloned()
        }
        Some("client_credentials") => {
            backend.calls.token.client_credentials += 1;
            None
        }
        _ => None,
    };
    if let Some(id) = partner {
        backend.calls.count_partner(&id);
    }
}

fn grant(backend: &mut Backend, fields: &Parameters, now: Timestamp) -> Result<Value, TokenError> {
    let settings = backend.token_settings.clone();
    let ledger = backend.ledger_mut();
    let required = |name| fields.filled(name).ok_or(TokenError::Missing(name));
    match required("grant_type")? {
        "authorization_code" => {
            let code = required("code")?;
            let client = authenticate(ledger, required("client_id")?, required("client_secret")?, now)?;
            let redirect_uri = fields.filled("redirect_uri");
            let exchanged = ledger.exchange(code, redirect_uri, &client, &settings, now);
            let (access_token, refresh_token) = exchanged.ok_or(TokenError::Code)?;
            Ok(with_refresh_token(&access_token, &refresh_token, &settings))
        }
        "refresh_token" => {
            let refresh_token = required("refresh_token")?;
            let client = authenticate(ledger, required("client_id")?, required("client_secret")?, now)?;
            let refreshed = ledger.refresh(refresh_token, &client, &settings, now);
            let (access_token, refresh_token) = refreshed.ok_or(TokenError::RefreshToken)?;
            Ok(with_refresh_token(&access_token, &refresh_token, &settings))
        }
        "client_credentials" => {
            let scope = required("scope")?;
            let client = authenticate(ledger, required("client_id")?, required("client_secret")?, now)?;
            check_scopes(scope, &settings)?;
            let (opens, roles) = (Opens::Scope(scope.to_owned()), MissingRoles::default());
            let access_token = ledger.issue_access_token(opens, roles, &client, settings.life(), now);
            Ok(without_refresh_token(&access_token, &settings))
        }
        _ => Err(TokenError::UnsupportedGrantType),
    }
}

/// Checks that every scope of a request is served. Whether one request may name several, and whether the scope of the
/// migration is still served, is not documented (F§4.3).
fn check_scopes(scopes: &str, settings: &TokenSettings) -> Result<(), TokenError> {
    let served = |scope: &str| {
        SCOPES.contains(&scope) || scope == MIGRATION_SCOPE && settings.migration_scope == Choice::Accept
    };
    let scopes: Vec<_> = scopes.split_whitespace().collect();
    let so_many = scopes.len() == 1 || scopes.len() > 1 && settings.several_scopes == Choice::Accept;
    if so_many && scopes.into_iter().all(served) { Ok(()) } else { Err(TokenError::Scope) }
}

fn authenticate(
    ledger: &Ledger,
    client_id: &str,
    client_secret: &str,
    now: Timestamp,
) -> Result<Client, TokenError> {
    let application = ledger.application_of(client_id).ok_or(TokenError::Client)?;
    let secret = application.valid_secret(client_secret, now).ok_or(TokenError::Client)?;
    Ok(Client { application_id: application.application_id.clone(), secret })
}

fn without_refresh_token(access_token: &str, settings: &TokenSettings) -> Value {
    let mut reply = json!({ "access_token": access_token, "token_type": "bearer" });
    if !settings.expires_in.is_null() {
        reply["expires_in"] = settings.expires_in.clone();
    }
    reply
}

fn with_refresh_token(access_token: &str, refresh_token: &str, settings: &TokenSettings) -> Value {
    let mut reply = without_refresh_token(access_token, settings);
    reply["refresh_token"] = json!(refresh_token);
    reply
}

#[cfg(test)]
mod tests;
