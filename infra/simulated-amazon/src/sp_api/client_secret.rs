//! `rotateApplicationClientSecret`: a new secret, which comes through the application's queue and no other way (F§5.1).

use axum::http::HeaderMap;
use jiff::Timestamp;

use crate::{
    facts::{Operation, ROTATION_SCOPE},
    office::Office,
    sp_api::{SpApiError, check_secret, living_token},
    tokens::Opens,
};

/// The application that may have its secret rotated now.
pub(super) fn admit(
    headers: &HeaderMap,
    operation: Operation,
    office: &mut Office,
    now: Timestamp,
) -> Result<String, SpApiError> {
    let ledger = office.ledger();
    let token = living_token(headers, ledger, now)?;
    if !matches!(&token.opens, Opens::Scope(scope) if scope == ROTATION_SCOPE) {
        return Err(SpApiError::TokenRefused);
    }
    check_secret(token, ledger, now)?;
    let application = token.application_id.clone();
    if !office.rate_limits.take(operation, application.as_str(), now) {
        return Err(SpApiError::QuotaExceeded);
    }
    if !office.notifications.reaches(&application) {
        let details = "The application has no registered queue for rotation notifications.";
        return Err(SpApiError::InvalidInput(details.to_owned()));
    }
    Ok(application)
}
