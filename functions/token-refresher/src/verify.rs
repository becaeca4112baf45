//! Verifies a seller again whose stores SP-API did not return when it authorized.

use shared::{
    amazon::marketplace::PartnerType,
    deadline::Clock,
    error::Error,
    grant::{Grant, Status},
    grant_change::Decision,
    history::{Event, actor::Who},
    secret::AccessToken,
};

use crate::TokenRefresher;

impl TokenRefresher {
    /// Calls SP-API once for a grant that is not verified, with the access token that was just fetched. Vendors cannot be
    /// verified (F§7.3).
    pub(crate) async fn verify(&self, grant: &Grant, token: &AccessToken, clock: Clock) -> Result<(), Error> {
        if !grant.stores.is_empty() || grant.partner_type == Some(PartnerType::Vendor) {
            return Ok(());
        }
        // A failed call changes nothing: the token may lack the role for this call.
        let Ok(stores) = self.sp_api.marketplace_participations(token, grant.region).await else {
            return Ok(());
        };
        let marketplaces = self.amazon.marketplaces();
        let here = |region| {
            stores.iter().any(|store| {
                marketplaces.by_id(&store.marketplace_id).is_some_and(|known| known.region == region)
            })
        };
        if !here(grant.region) {
            return Ok(());
        }
        let decide = |current: Option<&Grant>| {
            let unchanged = |current: &&Grant| {
                current.fingerprint == grant.fingerprint
                    && current.stores.is_empty()
                    && current.status != Status::Removed
            };
            Ok(match current.filter(unchanged) {
                Some(current) => Decision::to(
                    Grant {
                        stores: stores.clone(),
                        partner_type: Some(PartnerType::Seller),
                        ..current.clone()
                    },
                    Event::AuthorizationVerified,
                    "Amazon returned the stores of a seller that could not be verified before",
                ),
                None => Decision::Stays,
            })
        };
        self.changes.make(&grant.key(), decide, &Who::schedule(), clock).await.map(|_| ())
    }
}
