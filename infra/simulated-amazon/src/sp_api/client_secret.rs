//! `rotateApplicationClientSecret`: a new secret, which arrives only through the application's queue (F§5.1).

use axum::http::HeaderMap;
use jiff::Timestamp;

use crate::{
    backend::Backend,
    facts::{Operation, ROTATION_SCOPE},
    sp_api::{SpApiError, check_secret, unexpired_token},
    tokens::Opens,
};

/// Validates a request; returns the application whose secret is to be rotated.
pub(super) fn admit(
    headers: &HeaderMap,
    operation: Operation,
    backend: &mut Backend,
    now: Timestamp,
) -> Result<String, SpApiError> {
    let ledger = backend.ledger();
    let token = unexpired_token(headers, ledger, now)?;
    if !matches!(&token.opens, Opens::Scope(scope) if scope == ROTATION_SCOPE) {
        return Err(SpApiError::TokenRefused);
    }
    check_secret(token, ledger, now)?;
    let application = token.application_id.clone();
    if !backend.rate_limits.take(operation, application.as_str(), now) {
        return Err(SpApiError::QuotaExceeded);
    }
    if !backend.notifications.has_subscription(&application) {
        let details = "The application has no registered queue for rotation notifications.";
        return Err(SpApiError::InvalidInput(details.to_owned()));
    }
    Ok(application)
}
