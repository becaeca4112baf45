//! `getMarketplaceParticipations` and `getAccount`: a seller's stores, and its business (F§7.3).

use serde_json::{Value, json};

use crate::{
    facts::Region,
    ledger::Ledger,
    marketplaces::description,
    sp_api::{SpApiError, caller::Caller, endpoint::Endpoint},
};

/// Returns the stores of a seller. At another region's endpoint the list is empty, which is not an error (F§1.8).
pub(super) fn participations(
    caller: &Caller,
    endpoint: Endpoint,
    ledger: &Ledger,
) -> Result<Value, SpApiError> {
    Ok(json!({ "payload": stores(caller, endpoint, ledger)? }))
}

/// Returns the stores of a seller and its business.
pub(super) fn account(caller: &Caller, endpoint: Endpoint, ledger: &Ledger) -> Result<Value, SpApiError> {
    let stores = stores(caller, endpoint, ledger)?;
    let name = if endpoint.sandbox { "Sandbox" } else { caller.account.selling_partner_id.as_str() };
    Ok(json!({
        "payload": {
            "marketplaceParticipationList": stores,
            "businessType": "PRIVATE_LIMITED",
            "sellingPlan": "PROFESSIONAL",
            "business": {
                "name": format!("{name} Ltd"),
                "registeredBusinessAddress": { "addressLine1": "1 Example Street", "countryCode": "US" },
            },
        },
    }))
}

fn stores(caller: &Caller, endpoint: Endpoint, ledger: &Ledger) -> Result<Vec<Value>, SpApiError> {
    let account = &caller.account;
    let partner = caller.seller(ledger)?;
    let participation = json!({ "isParticipating": true, "hasSuspendedListings": false });
    if endpoint.sandbox {
        let marketplace = description("ATVPDKIKX0DER", Region::Na);
        return Ok(vec![json!({ "marketplace": marketplace, "participation": participation })]);
    }
    if endpoint.region.is_some_and(|region| region != account.region) {
        return Ok(Vec::new());
    }
    let stores =
        partner.store_names.iter().filter_map(|(id, name)| Some((description(id, account.region)?, name)));
    let view = |(marketplace, store_name)| json!({ "marketplace": marketplace, "storeName": store_name, "participation": participation });
    Ok(stores.map(view).collect())
}
