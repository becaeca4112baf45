//! Where an imported token belongs: its region, and the stores by which Amazon shows it.

use std::time::Duration;

use shared::{
    amazon::{
        marketplace::{Marketplace, PartnerType, Store},
        verification::{Verification, verify},
    },
    deadline::Deadline,
    error::{Cause, Error},
    region::Region,
    vending::Accepted,
};

use crate::{Administration, operation::ImportGrant};

/// The time that is reserved for storing the token.
pub(super) const STORING_TAKES: Duration = Duration::from_secs(10);

/// The region of a token, and the seller's stores if SP-API returned them.
pub(super) struct Place {
    pub(super) region: Region,
    /// Whether the region is the application's default, because nothing shows another.
    pub(super) is_assumed: bool,
    pub(super) stores: Vec<Store>,
}

impl Administration {
    /// Returns the partner's home marketplace, if the request names it. It must be in the region that the request names.
    pub(super) fn home(&self, request: &ImportGrant) -> Result<Option<&Marketplace>, Error> {
        let Some(id) = &request.marketplace_id else { return Ok(None) };
        let Some(home) = self.amazon.marketplaces().by_id(id) else {
            return Err(Error::invalid(
                "marketplaceId",
                "the id of a marketplace of Amazon, such as ATVPDKIKX0DER",
            ));
        };
        match request.region {
            Some(named) if named != home.region => {
                Err(Error::invalid("region", format!("{}, where the marketplace is", home.region)))
            }
            _ => Ok(Some(home)),
        }
    }

    /// Finds out where the token belongs, if not in the region that is `named`. A token by which Amazon has replaced the one of the
    /// request is lost unless it is stored now, so it gets the best region that is known: the one that SP-API shows, else the named
    /// one, else the application's `default`, which is then assumed.
    pub(super) async fn place(
        &self,
        accepted: &Accepted,
        request: &ImportGrant,
        (named, default): (Option<Region>, Region),
        deadline: Deadline,
    ) -> Result<Place, Error> {
        // No call is open to every vendor (F§7.3).
        let is_vendor = request.partner_type == Some(PartnerType::Vendor);
        let verification = match &accepted.access_token {
            Some(token) if !is_vendor => {
                let (marketplaces, deadline) = (self.amazon.marketplaces(), deadline.less(STORING_TAKES));
                verify(&self.sp_api, marketplaces, token, named, deadline).await
            }
            Some(_) | None => Verification::Nothing,
        };
        let is_replaced = accepted.replacement_of(&request.refresh_token).is_some();
        match (verification, named) {
            (Verification::Stores(found, _), Some(named)) if found != named && !is_replaced => {
                Err(Error::invalid("region", format!("{found}, where Amazon shows this token's stores")))
            }
            (Verification::Stores(region, stores), _) => Ok(Place { region, is_assumed: false, stores }),
            (Verification::Nothing, Some(region)) => {
                Ok(Place { region, is_assumed: false, stores: Vec::new() })
            }
            (_, named) if is_replaced => Ok(Place {
                region: named.unwrap_or(default),
                is_assumed: named.is_none(),
                stores: Vec::new(),
            }),
            (Verification::Nothing, None) => Err(Error::invalid(
                "region",
                "na, eu or fe, because Amazon does not return the region of this token",
            )),
            (Verification::Throttled(failed), _) => Err(Error::AmazonThrottled(Cause::Amazon(failed.into()))),
            (Verification::Unanswered(failed), _) => Err(Error::Unavailable(Cause::Amazon(failed.into()))),
        }
    }
}
