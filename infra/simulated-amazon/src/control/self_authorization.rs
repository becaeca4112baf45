//! The portal's button by which a developer authorizes its own application; the refresh token is shown once (F§3.4).

use axum::{Json, Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    accounts::{Account, GrantKey, MalformedId, Partner, SellingPartnerId},
    amazon::SimulatedAmazon,
    control::{ControlError, parse},
    facts::Region,
    ledger::Ledger,
    marketplaces::PartnerType,
};

impl SimulatedAmazon {
    /// Authorizes a registered application for sellers of North America as the portal's button does; returns their refresh
    /// tokens in the order of the sellers.
    pub fn self_authorize(
        &self,
        application_id: &str,
        sellers: impl IntoIterator<Item = String>,
    ) -> Result<Vec<String>, MalformedId> {
        let now = self.now();
        let mut backend = self.backend();
        let ledger = backend.ledger_mut();
        let authorize = |seller: String| {
            let account = Account { region: Region::Na, selling_partner_id: seller.parse()? };
            Ok(authorize(ledger, application_id.to_owned(), account, PartnerType::Seller, now))
        };
        sellers.into_iter().map(authorize).collect()
    }
}

pub(super) fn router() -> Router<SimulatedAmazon> {
    Router::new().route("/_control/self-authorization", post(self_authorize))
}

async fn self_authorize(
    State(amazon): State<SimulatedAmazon>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let request = parse::<SelfAuthorization>(&body)?;
    let now = amazon.now();
    let mut backend = amazon.backend();
    let ledger = backend.ledger_mut();
    if !ledger.applications.contains_key(&request.application_id) {
        let unknown = format!("there is no such application: {}", request.application_id);
        return Err(ControlError(StatusCode::NOT_FOUND, unknown));
    }
    let account = Account { region: request.region, selling_partner_id: request.selling_partner_id };
    let refresh_token = authorize(ledger, request.application_id, account, request.kind, now);
    Ok(Json(json!({ "refreshToken": refresh_token })))
}

fn authorize(
    ledger: &mut Ledger,
    application_id: String,
    account: Account,
    kind: PartnerType,
    now: Timestamp,
) -> String {
    let usual = Partner::usual(kind, account.region, &account.selling_partner_id);
    ledger.partners.entry(account.clone()).or_insert(usual);
    ledger.self_authorize(GrantKey { application_id, account }, now)
}

/// Who authorizes which application.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SelfAuthorization {
    application_id: String,
    selling_partner_id: SellingPartnerId,
    region: Region,
    kind: PartnerType,
}
