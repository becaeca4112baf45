//! The portal's button by which a developer authorizes its own application: the refresh token is shown once (F§3.4).

use axum::{Json, Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    SimulatedAmazon,
    accounts::{Account, GrantKey, Kind, MalformedId, Partner, SellingPartnerId},
    control::{Refused, parse},
    facts::Region,
    ledger::Ledger,
};

impl SimulatedAmazon {
    /// Authorizes a registered application for sellers of North America as the portal's button does, and tells their refresh
    /// tokens in the same order.
    pub fn self_authorize(
        &self,
        application_id: &str,
        sellers: impl IntoIterator<Item = String>,
    ) -> Result<Vec<String>, MalformedId> {
        let now = self.now();
        let mut office = self.office();
        let ledger = office.ledger_mut();
        let authorize = |seller: String| {
            let account = Account { region: Region::Na, selling_partner_id: seller.parse()? };
            Ok(authorize(ledger, application_id.to_owned(), account, Kind::Seller, now))
        };
        sellers.into_iter().map(authorize).collect()
    }
}

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
    let account = Account { region: wish.region, selling_partner_id: wish.selling_partner_id };
    let refresh_token = authorize(ledger, wish.application_id, account, wish.kind, now);
    Ok(Json(json!({ "refreshToken": refresh_token })))
}

fn authorize(
    ledger: &mut Ledger,
    application_id: String,
    account: Account,
    kind: Kind,
    now: Timestamp,
) -> String {
    let usual = Partner::usual(kind, account.region, &account.selling_partner_id);
    ledger.partners.entry(account.clone()).or_insert(usual);
    ledger.self_authorize(GrantKey { application_id, account }, now)
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
