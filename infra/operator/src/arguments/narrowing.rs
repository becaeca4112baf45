//! Which of several grants of a partner or an account a command concerns.

use clap::Args;

use crate::{
    arguments::{Region, grants::PartnerType},
    request::Request,
};

/// What distinguishes the grants of a partner or an account.
#[derive(Args, Default)]
pub(crate) struct Narrowing {
    /// The grant's region; needed only if several grants match
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// A marketplace that the grant covers, by its id; needed only if several grants of an account match
    #[arg(long, value_name = "ID")]
    pub(crate) marketplace: Option<String>,
    /// The type of the grant's partner; needed only if several grants of an account match
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(crate) partner_type: Option<PartnerType>,
}

impl Narrowing {
    /// Whether nothing but a region is given.
    pub(crate) fn is_region_alone(&self) -> bool {
        self.marketplace.is_none() && self.partner_type.is_none()
    }

    /// The request with these fields added.
    pub(crate) fn added_to(&self, request: Request) -> Request {
        request
            .maybe("region", self.region.map(Region::as_str))
            .maybe("marketplaceId", self.marketplace.clone())
            .maybe("partnerType", self.partner_type.map(PartnerType::as_str))
    }
}
