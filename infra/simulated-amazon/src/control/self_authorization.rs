//! The portal's button by which a developer authorizes its own application: the refresh token is shown once (F§3.4).

use axum::{Json, Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    SimulatedAmazon,
    accounts::{Account, GrantKey, Kind, Partner, SellingPartnerId},
    control::{Refused, parse},
    facts::Region,
};

pub(super) fn router() -> Router<SimulatedAmazon> {
    Router::new().route("/_control/self-authorization", post(self_authorize))
}

async fn self_authorize(State(amazon): State<SimulatedAmazon>, body: Bytes) -> Result<Json<Value>, Refused> {
    let wish = parse::<Wish>(&body)?;
    let now = amazon.now();
    let mut office = amazon.office();
    let ledger = office.ledger_mut();
    if !ledger.applications.contains_key(&wish.application_id) {
        return Err(Refused(StatusCode::NOT_FOUND, "there is no such application".to_owned()));
    }
    let usual = Partner::usual(wish.kind, wish.region, &wish.selling_partner_id);
    let account = Account { region: wish.region, selling_partner_id: wish.selling_partner_id };
    ledger.partners.entry(account.clone()).or_insert(usual);
    let grant = GrantKey { application_id: wish.application_id, account };
    let refresh_token = ledger.self_authorize(grant, now);
    Ok(Json(json!({ "refreshToken": refresh_token })))
}

/// Who authorizes which application for itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wish {
    application_id: String,
    selling_partner_id: SellingPartnerId,
    region: Region,
    kind: Kind,
}
