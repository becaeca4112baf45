//! What SP-API asks of requests and applications: a `User-Agent`, and the restricted roles.

use axum::{Json, Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    amazon::SimulatedAmazon,
    control::{ControlError, done, parse},
    roles::MissingRoles,
};

pub(super) fn router() -> Router<SimulatedAmazon> {
    Router::new().route("/_control/roles", post(roles)).route("/_control/user-agent", post(user_agent))
}

/// Sets which roles an application lacks; an empty list gives all of them back. An authorization of before gets none of them back.
async fn roles(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let Roles { application_id, missing } = parse(&body)?;
    let mut backend = amazon.backend();
    let unknown =
        || ControlError(StatusCode::NOT_FOUND, format!("there is no such application: {application_id}"));
    let application = backend.ledger_mut().applications.get_mut(&application_id).ok_or_else(unknown)?;
    application.missing_roles = missing;
    Ok(done())
}

async fn user_agent(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let UserAgent { required } = parse(&body)?;
    amazon.backend().user_agent_required = required;
    Ok(done())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Roles {
    application_id: String,
    missing: MissingRoles,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserAgent {
    required: bool,
}
