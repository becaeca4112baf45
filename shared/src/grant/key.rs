//! The key of a grant, as rows, logs and associated data spell it.

use std::{fmt, str::FromStr};

use crate::{
    aws::sealing::{Owner, Purpose},
    ids::{ApplicationId, Malformed, SellingPartnerId},
    region::Region,
};

/// The key of a grant. Only all three parts together are unique (F§1.8).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct GrantKey {
    /// The application.
    pub application_id: ApplicationId,
    /// The SP-API region.
    pub region: Region,
    /// The seller or vendor.
    pub selling_partner_id: SellingPartnerId,
}

impl GrantKey {
    /// Returns the owner under which the grant's refresh token is sealed.
    pub fn refresh_token_owner(&self) -> Owner {
        Owner::new(Purpose::RefreshToken, self)
    }
}

impl fmt::Display for GrantKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}#{}", self.application_id, self.region, self.selling_partner_id)
    }
}

impl FromStr for GrantKey {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('#');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(application), Some(region), Some(partner), None) => Ok(Self {
                application_id: application.parse()?,
                region: region.parse()?,
                selling_partner_id: partner.parse()?,
            }),
            _ => Err(Malformed("application#region#partner")),
        }
    }
}
