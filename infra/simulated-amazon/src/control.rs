//! Calls by which a test or the console controls the simulated Amazon.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    accounts::{Account, GrantKey, MalformedId, Partner, SellingPartnerId},
    amazon::SimulatedAmazon,
    applications::Application,
    calls::Calls,
    facts::{CLIENT_SECRET_LIFE, Region},
    faults::{Fault, Order},
    journeys::{CallbackUri, WebsiteForm},
    marketplaces::{PartnerType, description},
    notifications::Delivery,
    token_settings::{Choice, OnRefresh, TokenSettings},
    tokens::{Grant, OnReauthorization},
};

mod rotation;
mod self_authorization;
mod sp_api;

/// Returns the router of the control calls, which are answered on every host.
pub(crate) fn router() -> Router<SimulatedAmazon> {
    Router::new()
        .merge(rotation::router())
        .merge(self_authorization::router())
        .merge(sp_api::router())
        .route("/_control/applications", post(applications))
        .route("/_control/calls", get(calls))
        .route("/_control/client-secret", post(client_secret))
        .route("/_control/faults", get(active_faults).post(faults))
        .route("/_control/old-tokens", post(old_tokens))
        .route("/_control/partner/{id}", get(partner_grants))
        .route("/_control/partner/{id}/restore", post(restore))
        .route("/_control/partner/{id}/revoke", post(revoke))
        .route("/_control/partners", post(partners))
        .route("/_control/reset", post(reset))
        .route("/_control/tokens", post(tokens))
        .route("/_control/website-form", get(current_website_form).post(website_form))
}

/// Returns the answer to an unknown control call.
pub(crate) fn unknown_call() -> Response {
    ControlError(StatusCode::NOT_FOUND, "there is no such control call".to_owned()).into_response()
}

async fn applications(
    State(amazon): State<SimulatedAmazon>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    amazon.register(parse::<Application>(&body)?);
    Ok(done())
}

async fn calls(State(amazon): State<SimulatedAmazon>) -> Json<Calls> {
    Json(amazon.backend().calls.clone())
}

async fn client_secret(
    State(amazon): State<SimulatedAmazon>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let new = parse::<NewSecret>(&body)?;
    let ends_at = new.expires_at.unwrap_or(amazon.now() + CLIENT_SECRET_LIFE);
    let mut backend = amazon.backend();
    let mut applications = backend.ledger_mut().applications.values_mut();
    let application = applications.find(|application| application.client_id == new.client_id);
    let unknown =
        || ControlError(StatusCode::NOT_FOUND, format!("no application has the clientId {}", new.client_id));
    application.ok_or_else(unknown)?.add_secret(new.client_secret, ends_at);
    Ok(done())
}

async fn faults(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let fault = parse::<Order>(&body)?;
    if !(0.0..=1.0).contains(&fault.share) {
        return Err(ControlError::because("share must be from 0 to 1"));
    }
    if fault.times == Some(0) {
        return Err(ControlError::because("times must be at least 1"));
    }
    let lowest = if fault.fault == Fault::Body { 200 } else { 400 };
    if fault.status.is_some_and(|status| !(lowest..=599).contains(&status)) {
        return Err(ControlError::because("status must be from 400 to 599"));
    }
    amazon.faults().set(fault);
    Ok(done())
}

async fn active_faults(State(amazon): State<SimulatedAmazon>) -> Json<Vec<Order>> {
    Json(amazon.faults().in_force())
}

async fn old_tokens(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let OldTokens { on_reauthorization } = parse(&body)?;
    amazon.backend().ledger_mut().on_reauthorization = on_reauthorization;
    Ok(done())
}

/// Returns a partner's grants in every region, as Manage Your Apps shows them.
async fn partner_grants(
    State(amazon): State<SimulatedAmazon>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let id = partner_id(&id)?;
    let (backend, now) = (amazon.backend(), amazon.now());
    let known = backend.ledger().partners.keys().any(|account| account.selling_partner_id == id);
    let grants = backend.ledger().grants.iter().filter(|(key, _)| key.account.selling_partner_id == id);
    let view = |(key, grant): (&GrantKey, &Grant)| {
        json!({
            "applicationId": key.application_id,
            "region": key.account.region,
            "status": grant.status(now),
            "endsAt": grant.ends_at,
        })
    };
    let grants: Vec<_> = grants.map(view).collect();
    if known { Ok(Json(json!({ "grants": grants }))) } else { Err(unknown_partner(&id)) }
}

async fn restore(
    State(amazon): State<SimulatedAmazon>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    set_disabled(&amazon, &id, false)
}

async fn revoke(
    State(amazon): State<SimulatedAmazon>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    set_disabled(&amazon, &id, true)
}

async fn partners(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let new = parse::<NewPartner>(&body)?;
    let mut partner = Partner::usual(new.kind, new.region, &new.selling_partner_id);
    if let Some(store_names) = new.store_names {
        if new.kind == PartnerType::Vendor && !store_names.is_empty() {
            return Err(ControlError::because("storeNames: vendors have no stores"));
        }
        let region = new.region;
        if let Some(foreign) = store_names.keys().find(|id| description(id, region).is_none()) {
            return Err(ControlError::because(format!(
                "storeNames: {foreign} is not a marketplace of {region}"
            )));
        }
        partner.store_names = store_names;
    }
    let account = Account { region: new.region, selling_partner_id: new.selling_partner_id };
    amazon.backend().ledger_mut().partners.insert(account, partner);
    Ok(done())
}

async fn reset(State(amazon): State<SimulatedAmazon>) -> Json<Value> {
    let mut backend = amazon.backend();
    backend.calls = Calls::default();
    backend.token_settings = TokenSettings::default();
    backend.notifications.delivery = Delivery::default();
    backend.new_secret_delay = None;
    backend.user_agent_required = false;
    amazon.faults().clear();
    done()
}

async fn tokens(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let new = parse::<NewTokenSettings>(&body)?;
    let settings = &mut amazon.backend().token_settings;
    settings.on_refresh = new.on_refresh.unwrap_or(settings.on_refresh);
    settings.several_scopes = new.several_scopes.unwrap_or(settings.several_scopes);
    settings.migration_scope = new.migration_scope.unwrap_or(settings.migration_scope);
    if let Some(expires_in) = new.expires_in {
        settings.expires_in = expires_in;
    }
    Ok(done())
}

async fn website_form(
    State(amazon): State<SimulatedAmazon>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let new = parse::<NewWebsiteForm>(&body)?;
    let mut backend = amazon.backend();
    let ledger = backend.ledger_mut();
    ledger.website_form = new.form;
    ledger.callback_uri = new.callback_uri.unwrap_or(ledger.callback_uri);
    Ok(done())
}

async fn current_website_form(State(amazon): State<SimulatedAmazon>) -> Json<Value> {
    let backend = amazon.backend();
    let ledger = backend.ledger();
    Json(json!({ "form": ledger.website_form, "callbackUri": ledger.callback_uri }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OldTokens {
    on_reauthorization: OnReauthorization,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPartner {
    selling_partner_id: SellingPartnerId,
    region: Region,
    kind: PartnerType,
    /// Store names by marketplace id; without it, a seller has the usual stores.
    store_names: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewWebsiteForm {
    form: WebsiteForm,
    callback_uri: Option<CallbackUri>,
}

/// An additional client secret of an application; without `expiresAt` it ends after 180 days.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSecret {
    client_id: String,
    client_secret: String,
    expires_at: Option<Timestamp>,
}

/// The token settings that change; a missing member stays as it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTokenSettings {
    on_refresh: Option<OnRefresh>,
    /// The new value; null leaves the member out of the response.
    #[serde(default, deserialize_with = "even_null")]
    expires_in: Option<Value>,
    several_scopes: Option<Choice>,
    migration_scope: Option<Choice>,
}

fn even_null<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// Why a control call failed.
struct ControlError(StatusCode, String);

impl ControlError {
    fn because(reason: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, reason.into())
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// Parses a body as JSON, whatever its Content-Type.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlError> {
    serde_json::from_slice(body).map_err(|error| ControlError::because(error.to_string()))
}

fn set_disabled(amazon: &SimulatedAmazon, id: &str, disabled: bool) -> Result<Json<Value>, ControlError> {
    let id = partner_id(id)?;
    let mut backend = amazon.backend();
    let grants = backend.ledger().grants_of(&id).ok_or_else(|| unknown_partner(&id))?;
    for key in &grants {
        backend.ledger_mut().set_disabled(key, disabled, amazon.now());
    }
    Ok(Json(json!({ "grants": grants.len() })))
}

fn partner_id(text: &str) -> Result<SellingPartnerId, ControlError> {
    text.parse().map_err(|error: MalformedId| ControlError::because(error.to_string()))
}

fn unknown_partner(id: &SellingPartnerId) -> ControlError {
    ControlError(StatusCode::NOT_FOUND, format!("no partner has the id {id}"))
}

fn done() -> Json<Value> {
    Json(json!({}))
}

#[cfg(test)]
mod tests;
