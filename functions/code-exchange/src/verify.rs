//! Asks SP-API whose token this is: region, and the stores that prove a seller next time (F§7.3).

use std::time::Duration;

use shared::{
    application::Application,
    authorization_request::AuthorizationRequest,
    deadline::{Deadline, Pauses},
    marketplace::PartnerType,
    region::Region,
    secret::AccessToken,
    sp_api::{Error, Store},
};

use crate::CodeExchange;

/// How long an answer is waited for where the region is known without it: the browser must hear from us within the
/// gateway's 30 s, and an unverified grant works too.
const VERIFY_WITHIN: Duration = Duration::from_secs(12);

/// What is known of the partner in the end.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) region: Region,
    pub(crate) partner_type: Option<PartnerType>,
    /// None where the grant is unverified.
    pub(crate) stores: Vec<Store>,
}

impl CodeExchange {
    /// Never fails: what cannot be verified is stored unverified.
    ///
    /// One call where the region is known and right. An empty answer may mean the wrong region (F§1.8), so then the
    /// others are asked, as they are where no region is known.
    pub(crate) async fn verify(
        &self,
        token: &AccessToken,
        request: &AuthorizationRequest,
        application: &Application,
        deadline: Deadline,
    ) -> Verified {
        let unverified = Verified {
            region: request.region.unwrap_or(application.default_region),
            partner_type: request.partner_type,
            stores: Vec::new(),
        };
        // No call is open to every vendor (F§7.3).
        if request.partner_type == Some(PartnerType::Vendor) {
            return unverified;
        }
        // Without a region the answer decides under which key the grant is saved, so it is worth all the time there is.
        let deadline = if request.region.is_some() { deadline.within(VERIFY_WITHIN) } else { deadline };
        let mut pauses = Pauses::until(deadline);
        let mut unanswered: Vec<Region> = request.region.into_iter().collect();
        unanswered.extend(Region::ALL.into_iter().filter(|region| request.region != Some(*region)));
        loop {
            let mut asked_again = Vec::new();
            for region in unanswered {
                match self.sp_api.marketplace_participations(token, region).await {
                    Ok(stores) if self.any_in(region, &stores) => {
                        return Verified { region, partner_type: Some(PartnerType::Seller), stores };
                    }
                    Ok(_) => {}
                    Err(Error::Unavailable) => asked_again.push(region),
                    // A minute's wait (F§7.3) is worth it only where nothing else tells the region.
                    Err(Error::Throttled) if request.region.is_none() => asked_again.push(region),
                    // Also what a token of another region may be answered (F§4.7).
                    Err(error @ (Error::Refused | Error::Throttled)) => {
                        tracing::warn!(request.id = %request.request_id, %region, cause = %error, "Could not verify");
                        if error == Error::Throttled {
                            return unverified;
                        }
                    }
                }
                // The likeliest region has not answered yet: no use asking the others before it has.
                if request.region == Some(region) && !asked_again.is_empty() {
                    break;
                }
            }
            if asked_again.is_empty() || !pauses.pause(None).await {
                return unverified;
            }
            unanswered = asked_again;
        }
    }

    /// Whether the stores show that the token belongs to `region`; entries outside our table are told everywhere.
    fn any_in(&self, region: Region, stores: &[Store]) -> bool {
        let marketplaces = self.amazon.marketplaces();
        stores.iter().any(|store| {
            marketplaces.by_id(&store.marketplace_id).is_some_and(|known| known.region == region)
        })
    }
}
