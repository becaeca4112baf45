//! The 23 marketplaces with their ids (F§7.2) and their Seller Central and Vendor Central hosts (F§1.7).
//! Currency, language and domain are the country's own; `FACTS.md` does not list them.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::facts::Region;

/// Whether a selling partner is a seller or a vendor, and for which of the two a central site is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PartnerType {
    Seller,
    Vendor,
}

/// A marketplace as SP-API describes it, and where its partners sign in.
#[derive(Clone, Debug)]
pub(crate) struct Marketplace {
    pub(crate) region: Region,
    pub(crate) seller_central: &'static str,
    pub(crate) vendor_central: &'static str,
    pub(crate) description: Description,
}

/// The part of a marketplace that `getMarketplaceParticipations` returns (F§7.3).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Description {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) country_code: &'static str,
    pub(crate) default_currency_code: &'static str,
    pub(crate) default_language_code: &'static str,
    pub(crate) domain_name: &'static str,
}

/// A Seller Central or Vendor Central host. Those of Europe and the Middle East serve several countries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Central {
    pub(crate) host: &'static str,
    pub(crate) kind: PartnerType,
    pub(crate) region: Region,
}

impl Central {
    /// Returns the central site at an official host name.
    pub(crate) fn at(host: &str) -> Option<Self> {
        Self::all().find(|central| central.host == host)
    }

    /// Returns every central site; a shared host occurs once for each of its countries.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        MARKETPLACES.iter().flat_map(|marketplace| {
            let region = marketplace.region;
            [
                Self { host: marketplace.seller_central, kind: PartnerType::Seller, region },
                Self { host: marketplace.vendor_central, kind: PartnerType::Vendor, region },
            ]
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self.kind {
            PartnerType::Seller => "Seller Central",
            PartnerType::Vendor => "Vendor Central",
        }
    }

    /// Returns the marketplaces of a seller who first signs in here: a regional account spans the large
    /// marketplaces of its region, except in the Far East, where accounts are per country (F§1.8).
    pub(crate) fn usual_marketplaces(self) -> Vec<&'static str> {
        let own_country = |marketplace: &&Marketplace| marketplace.seller_central == self.host;
        match self.region {
            Region::Fe => MARKETPLACES.iter().filter(own_country).map(|m| m.description.id).collect(),
            region => usual_marketplaces(region),
        }
    }
}

/// Returns the marketplaces of a seller of whom only the region is known.
pub(crate) fn usual_marketplaces(region: Region) -> Vec<&'static str> {
    let countries: &[&str] = match region {
        Region::Na => &["US", "CA", "MX"],
        Region::Eu => &["DE", "FR", "IT", "ES", "GB"],
        Region::Fe => &["JP"],
    };
    let usual = |marketplace: &&Marketplace| countries.contains(&marketplace.description.country_code);
    MARKETPLACES.iter().filter(usual).map(|marketplace| marketplace.description.id).collect()
}

/// Returns the description of the marketplace with this id, if accounts of this region can have it.
pub(crate) fn description(marketplace_id: &str, region: Region) -> Option<Description> {
    if marketplace_id == NON_AMAZON {
        return Some(non_amazon(region));
    }
    if marketplace_id == NEW_COUNTRY {
        return Some(new_country(region));
    }
    MARKETPLACES
        .iter()
        .find(|marketplace| marketplace.description.id == marketplace_id && marketplace.region == region)
        .map(|marketplace| marketplace.description.clone())
}

/// The id of an entry among participations that is not one of Amazon's marketplaces (F§7.3).
pub(crate) const NON_AMAZON: &str = "A38D8NSA03LJTC";

/// The id of a marketplace that stands for one which Amazon opens after every table of marketplaces was written. A test
/// gives it to a partner of any region.
pub(crate) const NEW_COUNTRY: &str = "A0NEWCOUNTRY00";

fn new_country(region: Region) -> Description {
    Description { id: NEW_COUNTRY, name: "Amazon.new".to_owned(), ..non_amazon(region) }
}

fn non_amazon(region: Region) -> Description {
    let (country_code, default_currency_code, default_language_code) = match region {
        Region::Na => ("US", "USD", "en_US"),
        Region::Eu => ("GB", "GBP", "en_GB"),
        Region::Fe => ("JP", "JPY", "ja_JP"),
    };
    Description {
        id: NON_AMAZON,
        name: format!("Non-Amazon {country_code}"),
        country_code,
        default_currency_code,
        default_language_code,
        domain_name: "www.non-amazon.example",
    }
}

pub(crate) static MARKETPLACES: LazyLock<Vec<Marketplace>> =
    LazyLock::new(|| include_str!("marketplaces.txt").lines().map(row).collect());

fn row(line: &'static str) -> Marketplace {
    let columns: [&str; 8] = line
        .split_whitespace()
        .collect::<Vec<_>>()
        .try_into()
        .expect("every row of marketplaces.txt has eight columns");
    let [country_code, id, region, seller_central, vendor_central, currency, language, domain_name] = columns;
    Marketplace {
        region: Region::named(region).expect("the third column of marketplaces.txt is a region"),
        seller_central,
        vendor_central,
        description: Description {
            id,
            name: domain_name.replacen("www.amazon", "Amazon", 1),
            country_code,
            default_currency_code: currency,
            default_language_code: language,
            domain_name,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_4_16_and_3_marketplaces() {
        let count = |region| MARKETPLACES.iter().filter(|m| m.region == region).count();

        assert_eq!([count(Region::Na), count(Region::Eu), count(Region::Fe)], [4, 16, 3]);
    }

    #[test]
    fn a_host_serves_one_region_and_one_type_of_partner() {
        for central in Central::all() {
            assert_eq!(Central::at(central.host), Some(central));
        }
    }

    #[test]
    fn indias_vendors_sign_in_outside_of_amazons_own_names() {
        assert_eq!(
            Central::at("www.vendorcentral.in").map(|c| (c.kind, c.region)),
            Some((PartnerType::Vendor, Region::Eu))
        );
    }
}
