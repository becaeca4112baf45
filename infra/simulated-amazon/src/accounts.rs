//! Selling partners, their accounts, and the keys of their grants.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    facts::Region,
    marketplaces::{Central, NON_AMAZON, PartnerType, usual_marketplaces},
};

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

/// A selling partner's account in one region. An authorization covers one account (F§1.8).
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
        let region = Region::named(region).ok_or(MalformedId)?;
        Ok(Self { region, selling_partner_id: id.parse()? })
    }
}

impl From<Account> for String {
    fn from(account: Account) -> Self {
        format!("{}/{}", account.region, account.selling_partner_id)
    }
}

/// The key of a grant: one application, authorized by one account (F§1.8).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct GrantKey {
    pub(crate) application_id: String,
    pub(crate) account: Account,
}

impl GrantKey {
    pub(crate) fn new(application_id: &str, account: &Account) -> Self {
        Self { application_id: application_id.to_owned(), account: account.clone() }
    }
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

/// What Amazon has stored of an account.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Partner {
    pub(crate) kind: PartnerType,
    /// A seller's store names by marketplace id; empty for a vendor.
    pub(crate) store_names: BTreeMap<String, String>,
}

impl Partner {
    /// Returns a partner who signs in at `central` for the first time.
    pub(crate) fn first_seen_at(central: Central, id: &SellingPartnerId) -> Self {
        match central.kind {
            PartnerType::Seller => Self::seller(&central.usual_marketplaces(), id),
            PartnerType::Vendor => Self { kind: PartnerType::Vendor, store_names: BTreeMap::new() },
        }
    }

    /// Returns a partner with the usual stores of its region.
    pub(crate) fn usual(kind: PartnerType, region: Region, id: &SellingPartnerId) -> Self {
        match kind {
            PartnerType::Seller => Self::seller(&usual_marketplaces(region), id),
            PartnerType::Vendor => Self { kind: PartnerType::Vendor, store_names: BTreeMap::new() },
        }
    }

    fn seller(marketplaces: &[&str], id: &SellingPartnerId) -> Self {
        let store_names = marketplaces
            .iter()
            .chain([&NON_AMAZON])
            .map(|marketplace| ((*marketplace).to_owned(), format!("Store of {id}")))
            .collect();
        Self { kind: PartnerType::Seller, store_names }
    }
}

/// The error for a text that is not a selling partner id.
#[derive(Debug, thiserror::Error)]
#[error("a selling partner id is 1 to 64 letters, digits, dots, dashes or underscores")]
pub struct MalformedId;

#[cfg(test)]
mod tests {
    use super::*;

    fn marketplaces_of(id: &str, host: &str) -> Vec<String> {
        let central = Central::at(host).expect("a host of the table");
        let id = id.parse().expect("a well-formed id");
        Partner::first_seen_at(central, &id).store_names.into_keys().collect()
    }

    #[test]
    fn a_new_seller_of_europe_participates_in_the_five_large_marketplaces() {
        let marketplaces = marketplaces_of("A1", "sellercentral.amazon.se");

        assert_eq!(marketplaces.len(), 6);
        assert!(marketplaces.contains(&NON_AMAZON.to_owned()));
    }

    #[test]
    fn a_new_seller_of_the_far_east_participates_in_one_country() {
        assert_eq!(marketplaces_of("A1", "sellercentral.amazon.com.au"), [NON_AMAZON, "A39IBJ37TRP1C6"]);
    }

    #[test]
    fn a_grant_key_is_read_back_as_it_was_written() {
        let text = "amzn1.sp.solution.x/eu/A1.b-2_C".to_owned();

        let key = GrantKey::try_from(text.clone()).unwrap();

        assert_eq!(String::from(key), text);
        assert!(GrantKey::try_from("x/mars/A1".to_owned()).is_err());
    }
}
