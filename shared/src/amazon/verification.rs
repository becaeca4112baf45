//! Asks SP-API about a token: its region, and its stores, by which a seller is recognised next time (F§7.3).

use crate::{
    amazon::{
        failure::AmazonRequestId,
        marketplace::{Marketplaces, Store},
        sp_api::{Error, Reason, SpApi},
    },
    deadline::{Deadline, Pauses},
    region::Region,
    secret::AccessToken,
};

/// What SP-API answered about a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verification {
    /// These stores, which are in this region.
    Stores(Region, Vec<Store>),
    /// No stores: every region answered, and none has a store. So it is with vendors.
    Nothing,
    /// No answer yet: SP-API answered that there are too many requests.
    Throttled,
    /// No answer yet: SP-API did not answer. This is the latest failure.
    Unanswered(Error),
}

/// Makes one call if the `expected` region is right. An empty answer may mean the wrong region (F§1.8), so then the
/// other regions are asked too, as they are if no region is expected.
pub async fn verify(
    sp_api: &SpApi,
    marketplaces: &Marketplaces,
    token: &AccessToken,
    expected: Option<Region>,
    deadline: Deadline,
) -> Verification {
    let mut pauses = Pauses::until(deadline);
    let mut unanswered: Vec<Region> = expected.into_iter().collect();
    unanswered.extend(Region::ALL.into_iter().filter(|region| expected != Some(*region)));
    loop {
        let mut asked_again = Vec::new();
        let (mut throttled, mut unavailable) = (false, None);
        for region in unanswered {
            let failed = match sp_api.marketplace_participations(token, region).await {
                Ok(stores) if any_in(region, &stores, marketplaces) => {
                    return Verification::Stores(region, stores);
                }
                Ok(_) => continue,
                Err(failed) => failed,
            };
            match failed.reason {
                Reason::Unavailable(_) => {
                    unavailable = Some(failed);
                    asked_again.push(region);
                }
                // A wait of a minute (F§7.3) is justified only if nothing else determines the region.
                Reason::Throttled if expected.is_none() => {
                    throttled = true;
                    asked_again.push(region);
                }
                Reason::Throttled => return Verification::Throttled,
                // SP-API may also answer so for a token of another region (F§4.7).
                Reason::Refused => {
                    let request_id = failed.request_id.as_ref().map(AmazonRequestId::as_str);
                    tracing::warn!(%region, amazon.requestId = request_id, "SP-API names no stores in {region}: {failed}");
                }
            }
            // The most likely region has not answered yet. Do not ask the others before it has.
            if expected == Some(region) && !asked_again.is_empty() {
                break;
            }
        }
        if asked_again.is_empty() {
            return Verification::Nothing;
        }
        if !pauses.pause(None).await {
            return match unavailable {
                Some(failed) if !throttled => Verification::Unanswered(failed),
                _ => Verification::Throttled,
            };
        }
        unanswered = asked_again;
    }
}

/// Returns whether the stores show that the token belongs to `region`. Every region lists entries outside the table.
fn any_in(region: Region, stores: &[Store], marketplaces: &Marketplaces) -> bool {
    stores
        .iter()
        .any(|store| marketplaces.by_id(&store.marketplace_id).is_some_and(|known| known.region == region))
}
