//! The errors of SP-API (F§4.7).

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why SP-API refuses a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum SpApiError {
    /// There is no such path, or the host serves it only to other requests.
    UnknownPath,
    /// Amazon documents operations under this path, but the simulated Amazon has none there.
    NotSimulated(&'static str),
    TokenMissing,
    InvalidInput(String),
    /// The application lacks the roles for what a restricted data token is to open; the sentence says for what.
    RolesMissing(String),
    /// The token is unknown, or its grant is not active.
    TokenRefused,
    TokenExpired,
    SecretExpired,
    /// The token is of the wrong kind, or the operation is not available for this type of partner.
    Unauthorized,
    UnsupportedMediaType,
    QuotaExceeded,
}

impl IntoResponse for SpApiError {
    fn into_response(self) -> Response {
        const DENIED: &str = "Access to requested resource is denied.";
        let unauthorized = |details: &str| error(403, "Unauthorized", DENIED, details);
        match self {
            // The only error without details, and with a header that names it.
            Self::UnknownPath => {
                let error = json!({ "code": "MissingAuthenticationToken", "message": DENIED });
                let kind = [("x-amzn-errortype", "MissingAuthenticationTokenException")];
                (StatusCode::FORBIDDEN, kind, Json(json!({ "errors": [error] }))).into_response()
            }
            Self::NotSimulated(section) => {
                let message = format!(
                    "The simulated Amazon has no such operation: Amazon has operations under {section}, and this is none \
                     of those that are simulated"
                );
                error(
                    501,
                    "NotSimulated",
                    &message,
                    "hint: http://127.0.0.1 on this port lists what is simulated",
                )
            }
            Self::TokenMissing => unauthorized("Access token is missing in the request header."),
            Self::InvalidInput(details) => error(400, "InvalidInput", "The request is invalid.", &details),
            Self::RolesMissing(message) => error(400, "InvalidInput", &message, ""),
            Self::TokenRefused => {
                unauthorized("The access token you provided is revoked, malformed or invalid.")
            }
            Self::TokenExpired => unauthorized("The access token you provided has expired."),
            Self::SecretExpired => unauthorized("The LWA secret has expired."),
            Self::Unauthorized => unauthorized(""),
            Self::UnsupportedMediaType => {
                error(415, "UnsupportedMediaType", "The body must be application/json.", "")
            }
            Self::QuotaExceeded => {
                error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.", "")
            }
        }
    }
}

fn error(status: u16, code: &str, message: &str, details: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("the statuses above are statuses of HTTP");
    let body = json!({ "errors": [{ "code": code, "message": message, "details": details }] });
    (status, Json(body)).into_response()
}
