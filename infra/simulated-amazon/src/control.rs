//! Calls by which a test or a person at the console rules the simulated Amazon.

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
    SimulatedAmazon,
    accounts::{Account, GrantKey, Kind, MalformedId, Partner, SellingPartnerId},
    applications::Application,
    calls::Calls,
    facts::{CLIENT_SECRET_LIFE, Region},
    faults::Order,
    journeys::{CallbackUri, WebsiteForm},
    marketplaces::description,
    notifications::Delivery,
    terms::{OnRefresh, Terms},
    tokens::{Grant, OnReauthorization},
};

mod rotation;
mod self_authorization;

pub(crate) fn router() -> Router<SimulatedAmazon> {
    Router::new()
        .merge(rotation::router())
        .merge(self_authorization::router())
        .route("/_control/applications", post(applications))
        .route("/_control/calls", get(calls))
        .route("/_control/client-secret", post(client_secret))
        .route("/_control/faults", get(faults_in_force).post(faults))
        .route("/_control/old-tokens", post(old_tokens))
        .route("/_control/partner/{id}", get(standing))
        .route("/_control/partner/{id}/restore", post(restore))
        .route("/_control/partner/{id}/revoke", post(revoke))
        .route("/_control/partners", post(partners))
        .route("/_control/reset", post(reset))
        .route("/_control/tokens", post(tokens))
        .route("/_control/website-form", get(website_form_taken).post(website_form))
}

/// The answer to a control call that nobody knows.
pub(crate) fn unknown_call() -> Response {
    Refused(StatusCode::NOT_FOUND, "there is no such control call".to_owned()).into_response()
}

async fn applications(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    amazon.register(parse::<Application>(&body)?);
    Ok(done())
}

async fn calls(State(amazon): State<SimulatedAmazon>) -> Json<Calls> {
    Json(amazon.office().calls.clone())
}

async fn client_secret(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let new = parse::<NewSecret>(&body)?;
    let ends_at = new.expires_at.unwrap_or(amazon.now() + CLIENT_SECRET_LIFE);
    let mut office = amazon.office();
    let mut applications = office.ledger_mut().applications.values_mut();
    let application = applications.find(|application| application.client_id == new.client_id);
    let unknown = || Refused(StatusCode::NOT_FOUND, "no application has this clientId".to_owned());
    application.ok_or_else(unknown)?.add_secret(new.client_secret, ends_at);
    Ok(done())
}

async fn faults(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let order = parse::<Order>(&body)?;
    if !(0.0..=1.0).contains(&order.share) {
        return Err(Refused::because("share has to be from 0 to 1"));
    }
    if order.times == Some(0) {
        return Err(Refused::because("times has to be at least 1"));
    }
    if order.status.is_some_and(|status| !(400..=599).contains(&status)) {
        return Err(Refused::because("status has to be from 400 to 599"));
    }
    amazon.faults().set(order);
    Ok(done())
}

async fn faults_in_force(State(amazon): State<SimulatedAmazon>) -> Json<Vec<Order>> {
    Json(amazon.faults().in_force())
}

async fn old_tokens(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let wish = parse::<OldTokens>(&body)?;
    amazon.office().ledger_mut().on_reauthorization = wish.on_reauthorization;
    Ok(done())
}

/// What a partner sees under Manage Your Apps, in every region.
async fn standing(
    State(amazon): State<SimulatedAmazon>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refused> {
    let id = partner_id(&id)?;
    let (office, now) = (amazon.office(), amazon.now());
    let known = office.ledger().partners.keys().any(|account| account.selling_partner_id == id);
    let grants = office.ledger().grants.iter().filter(|(key, _)| key.account.selling_partner_id == id);
    let view = |(key, grant): (&GrantKey, &Grant)| {
        json!({
            "applicationId": key.application_id,
            "region": key.account.region,
            "standing": grant.standing(now),
            "endsAt": grant.ends_at,
        })
    };
    let grants: Vec<_> = grants.map(view).collect();
    if known { Ok(Json(json!({ "grants": grants }))) } else { Err(unknown_partner(&id)) }
}

async fn restore(
    State(amazon): State<SimulatedAmazon>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refused> {
    set_disabled(&amazon, &id, false)
}

async fn revoke(
    State(amazon): State<SimulatedAmazon>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refused> {
    set_disabled(&amazon, &id, true)
}

async fn partners(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let told = parse::<ToldPartner>(&body)?;
    let mut partner = Partner::usual(told.kind, told.region, &told.selling_partner_id);
    if let Some(store_names) = told.store_names {
        if told.kind == Kind::Vendor && !store_names.is_empty() {
            return Err(Refused::because("storeNames: vendors have no stores"));
        }
        let region = told.region;
        if let Some(foreign) = store_names.keys().find(|id| description(id, region).is_none()) {
            return Err(Refused::because(format!("storeNames: {foreign} is no marketplace of {region}")));
        }
        partner.store_names = store_names;
    }
    let account = Account { region: told.region, selling_partner_id: told.selling_partner_id };
    amazon.office().ledger_mut().partners.insert(account, partner);
    Ok(done())
}

async fn reset(State(amazon): State<SimulatedAmazon>) -> Json<Value> {
    let mut office = amazon.office();
    office.calls = Calls::default();
    office.terms = Terms::default();
    office.notifications.delivery = Delivery::default();
    office.new_secrets_wait = None;
    amazon.faults().clear();
    done()
}

async fn tokens(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let wish = parse::<NewTerms>(&body)?;
    let terms = &mut amazon.office().terms;
    terms.on_refresh = wish.on_refresh.unwrap_or(terms.on_refresh);
    if let Some(expires_in) = wish.expires_in {
        terms.expires_in = expires_in;
    }
    Ok(done())
}

async fn website_form(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let wish = parse::<Form>(&body)?;
    let mut office = amazon.office();
    let ledger = office.ledger_mut();
    ledger.website_form = wish.form;
    ledger.callback_uri = wish.callback_uri.unwrap_or(ledger.callback_uri);
    Ok(done())
}

async fn website_form_taken(State(amazon): State<SimulatedAmazon>) -> Json<Value> {
    let office = amazon.office();
    let ledger = office.ledger();
    Json(json!({ "form": ledger.website_form, "callbackUri": ledger.callback_uri }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OldTokens {
    on_reauthorization: OnReauthorization,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ToldPartner {
    selling_partner_id: SellingPartnerId,
    region: Region,
    kind: Kind,
    /// By marketplace id. Without it, a seller has the usual stores.
    store_names: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Form {
    form: WebsiteForm,
    callback_uri: Option<CallbackUri>,
}

/// One more secret of an application; it ends after 180 days unless told otherwise.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSecret {
    client_id: String,
    client_secret: String,
    expires_at: Option<Timestamp>,
}

/// What is to change of the terms on which tokens are given out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTerms {
    on_refresh: Option<OnRefresh>,
    /// Null is a wish too: to leave the field out.
    #[serde(default, deserialize_with = "even_null")]
    expires_in: Option<Value>,
}

fn even_null<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// A call that was not carried out, and why.
struct Refused(StatusCode, String);

impl Refused {
    fn because(reason: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, reason.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// Reads a body as JSON, whatever its Content-Type says.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::because(error.to_string()))
}

fn set_disabled(amazon: &SimulatedAmazon, id: &str, disabled: bool) -> Result<Json<Value>, Refused> {
    let id = partner_id(id)?;
    let grants = amazon.office().ledger_mut().set_disabled(&id, disabled);
    grants.map(|grants| Json(json!({ "grants": grants }))).ok_or_else(|| unknown_partner(&id))
}

fn partner_id(text: &str) -> Result<SellingPartnerId, Refused> {
    text.parse().map_err(|error: MalformedId| Refused::because(error.to_string()))
}

fn unknown_partner(id: &SellingPartnerId) -> Refused {
    Refused(StatusCode::NOT_FOUND, format!("no partner has the id {id}"))
}

fn done() -> Json<Value> {
    Json(json!({}))
}

#[cfg(test)]
mod tests;
