//! Who can authorize an application: sellers and vendors, each in a region.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    facts::Region,
    marketplaces::{Central, NON_AMAZON, usual_marketplaces},
};

/// What a selling partner is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Seller,
    Vendor,
}

/// A seller's merchant token or a vendor's group code.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct SellingPartnerId(String);

impl SellingPartnerId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SellingPartnerId {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let well_formed = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
        well_formed.then(|| Self(text.to_owned())).ok_or(MalformedId)
    }
}

impl TryFrom<String> for SellingPartnerId {
    type Error = MalformedId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SellingPartnerId> for String {
    fn from(id: SellingPartnerId) -> Self {
        id.0
    }
}

impl fmt::Display for SellingPartnerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A selling partner's account in one region: what an authorization is for (F§1.8).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Account {
    pub(crate) region: Region,
    pub(crate) selling_partner_id: SellingPartnerId,
}

impl TryFrom<String> for Account {
    type Error = MalformedId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (region, id) = text.split_once('/').ok_or(MalformedId)?;
        let region = Region::ALL.into_iter().find(|known| known.name() == region).ok_or(MalformedId)?;
        Ok(Self { region, selling_partner_id: id.parse()? })
    }
}

impl From<Account> for String {
    fn from(account: Account) -> Self {
        format!("{}/{}", account.region, account.selling_partner_id)
    }
}

/// One application's authorization by one account (F§1.8).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct GrantKey {
    pub(crate) application_id: String,
    pub(crate) account: Account,
}

impl TryFrom<String> for GrantKey {
    type Error = MalformedId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (application_id, account) = text.split_once('/').ok_or(MalformedId)?;
        Ok(Self { application_id: application_id.to_owned(), account: account.to_owned().try_into()? })
    }
}

impl From<GrantKey> for String {
    fn from(key: GrantKey) -> Self {
        format!("{}/{}", key.application_id, String::from(key.account))
    }
}

/// What Amazon knows of an account.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Partner {
    pub(crate) kind: Kind,
    /// A seller's stores by marketplace id.
    pub(crate) store_names: BTreeMap<String, String>,
}

impl Partner {
    /// A partner who signs in at `central` for the first time.
    pub(crate) fn first_seen_at(central: Central, id: &SellingPartnerId) -> Self {
        match central.kind {
            Kind::Seller => Self::seller(&central.usual_marketplaces(), id),
            Kind::Vendor => Self { kind: Kind::Vendor, store_names: BTreeMap::new() },
        }
    }

    /// A partner of whom no stores were told.
    pub(crate) fn usual(kind: Kind, region: Region, id: &SellingPartnerId) -> Self {
        match kind {
            Kind::Seller => Self::seller(&usual_marketplaces(region), id),
            Kind::Vendor => Self { kind: Kind::Vendor, store_names: BTreeMap::new() },
        }
    }

    fn seller(marketplaces: &[&str], id: &SellingPartnerId) -> Self {
        let store_names = marketplaces
            .iter()
            .chain([&NON_AMAZON])
            .map(|marketplace| ((*marketplace).to_owned(), format!("Store of {id}")))
            .collect();
        Self { kind: Kind::Seller, store_names }
    }
}

/// An id that no selling partner can have.
#[derive(Debug, thiserror::Error)]
#[error("a selling partner id is 1 to 64 letters, digits, dots, dashes or underscores")]
pub struct MalformedId;

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(id: &str, host: &str) -> Vec<String> {
        let central = Central::at(host).expect("a host of the table");
        let id = id.parse().expect("a well-formed id");
        Partner::first_seen_at(central, &id).store_names.into_keys().collect()
    }

    #[test]
    fn a_new_seller_of_europe_participates_in_the_five_large_marketplaces() {
        let marketplaces = keep("A1", "sellercentral.amazon.se");

        assert_eq!(marketplaces.len(), 6);
        assert!(marketplaces.contains(&NON_AMAZON.to_owned()));
    }

    #[test]
    fn a_new_seller_of_the_far_east_participates_in_one_country() {
        assert_eq!(keep("A1", "sellercentral.amazon.com.au"), [NON_AMAZON, "A39IBJ37TRP1C6"]);
    }

    #[test]
    fn keys_survive_being_written_as_text() {
        let text = "amzn1.sp.solution.x/eu/A1.b-2_C".to_owned();

        let key = GrantKey::try_from(text.clone()).unwrap();

        assert_eq!(String::from(key), text);
        assert!(GrantKey::try_from("x/mars/A1".to_owned()).is_err());
    }
}
