//! `rotateApplicationClientSecret`: a new secret, which arrives only through the application's queue (F§5.1).

use axum::http::HeaderMap;
use jiff::Timestamp;

use crate::{
    backend::Backend,
    facts::{Operation, ROTATION_SCOPE},
    sp_api::{SpApiError, caller::admit_grantless},
};

/// Validates a request; returns the application whose secret is to be rotated.
pub(super) fn admit(
    headers: &HeaderMap,
    backend: &mut Backend,
    now: Timestamp,
) -> Result<String, SpApiError> {
    let application = admit_grantless(ROTATION_SCOPE, headers, Operation::ClientSecret, backend, now)?;
    if !backend.notifications.has_subscription(&application) {
        let details = "The application has no registered queue for rotation notifications.";
        return Err(SpApiError::InvalidInput(details.to_owned()));
    }
    Ok(application)
}
