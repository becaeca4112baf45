//! `getMarketplaceParticipations`: in which marketplaces the seller of a token sells (F§7.3).

use serde_json::{Value, json};

use crate::{
    accounts::Kind,
    facts::Region,
    ledger::Ledger,
    marketplaces::description,
    sp_api::{Caller, SpApiError},
};

/// Lists the stores of a seller; at another region's endpoint there are none, which is no error (F§1.8).
pub(super) fn list(caller: &Caller, region: Region, ledger: &Ledger) -> Result<Value, SpApiError> {
    let account = &caller.account;
    let partner = ledger.partners.get(account).ok_or(SpApiError::TokenRefused)?;
    if partner.kind == Kind::Vendor {
        return Err(SpApiError::Unauthorized);
    }
    if account.region != region {
        return Ok(json!({ "payload": [] }));
    }
    let stores = partner.store_names.iter().filter_map(|(id, name)| Some((description(id, region)?, name)));
    let payload = stores.map(|(marketplace, store_name)| {
        json!({
            "marketplace": marketplace,
            "storeName": store_name,
            "participation": { "isParticipating": true, "hasSuspendedListings": false },
        })
    });
    Ok(json!({ "payload": payload.collect::<Vec<_>>() }))
}
