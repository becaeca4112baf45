//! `getMarketplaceParticipations`: the marketplaces in which a seller sells (F§7.3).

use serde_json::{Value, json};

use crate::{
    facts::Region,
    ledger::Ledger,
    marketplaces::{PartnerType, description},
    sp_api::{Caller, SpApiError},
};

/// Returns the stores of a seller. At another region's endpoint the list is empty, which is not an error (F§1.8).
pub(super) fn list(caller: &Caller, region: Region, ledger: &Ledger) -> Result<Value, SpApiError> {
    let account = &caller.account;
    let partner = ledger.partners.get(account).ok_or(SpApiError::TokenRefused)?;
    if partner.kind == PartnerType::Vendor {
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
