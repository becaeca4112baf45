//! The restricted roles of an application, and the personal data that each opens (F§6).

use std::{collections::BTreeSet, fmt};

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
    const ALL: [Self; 4] =
        [Self::DirectToConsumerShipping, Self::ProfessionalServices, Self::TaxInvoicing, Self::TaxRemittance];
}

/// The restricted roles that an application, an authorization or a token lacks; usually none.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct MissingRoles(BTreeSet<Role>);

impl MissingRoles {
    /// Returns what is lacking here or there.
    pub(crate) fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// Returns whether a role is there that opens this part of an order.
    pub(crate) fn opens(&self, element: DataElement) -> bool {
        element.roles().iter().any(|role| !self.0.contains(role))
    }

    /// Returns whether no restricted role is there.
    pub(crate) fn are_all(&self) -> bool {
        Role::ALL.iter().all(|role| self.0.contains(role))
    }
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
    fn roles(self) -> &'static [Role] {
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
