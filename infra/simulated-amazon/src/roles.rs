//! The restricted roles of an application, and the personal data that each opens (F§6).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A role without which some personal data is refused.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Role {
    DirectToConsumerShipping,
    ProfessionalServices,
    TaxInvoicing,
    TaxRemittance,
}

impl Role {
    pub(crate) const ALL: [Self; 4] =
        [Self::DirectToConsumerShipping, Self::ProfessionalServices, Self::TaxInvoicing, Self::TaxRemittance];
}

/// A part of an order that a restricted data token may open.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DataElement {
    BuyerInfo,
    ShippingAddress,
    BuyerTaxInformation,
}

impl DataElement {
    /// Returns the roles of which one is enough.
    pub(crate) fn roles(self) -> &'static [Role] {
        match self {
            Self::BuyerInfo => &[Role::TaxInvoicing, Role::TaxRemittance],
            Self::ShippingAddress => &[Role::DirectToConsumerShipping],
            Self::BuyerTaxInformation => &[Role::TaxInvoicing],
        }
    }
}

impl fmt::Display for DataElement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BuyerInfo => "buyerInfo",
            Self::ShippingAddress => "shippingAddress",
            Self::BuyerTaxInformation => "buyerTaxInformation",
        })
    }
}
