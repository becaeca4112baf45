//! Amazon's marketplaces and the hosts at which partners sign in: a table, which configuration can extend.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{Malformed, MarketplaceId},
    region::Region,
};

/// Whether a partner sells on Amazon or to Amazon.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartnerType {
    /// Sells on Amazon; signs in to Seller Central.
    Seller,
    /// Sells to Amazon; signs in to Vendor Central.
    Vendor,
}

impl PartnerType {
    /// Returns the type as requests spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Vendor => "vendor",
        }
    }
}

impl FromStr for PartnerType {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "seller" => Ok(Self::Seller),
            "vendor" => Ok(Self::Vendor),
            _ => Err(Malformed("seller or vendor")),
        }
    }
}

/// One marketplace.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Marketplace {
    /// Amazon's id of the marketplace.
    pub id: MarketplaceId,
    /// Its two-letter country code (ISO 3166, so GB).
    pub country: String,
    /// Its English name.
    pub name: String,
    /// The region to which its grants belong.
    pub region: Region,
    /// The host at which its sellers consent.
    pub seller_central: String,
    /// The host at which its vendors consent.
    pub vendor_central: String,
}

impl Marketplace {
    /// Returns the host at which a partner of this type consents.
    pub fn central_host(&self, partner_type: PartnerType) -> &str {
        match partner_type {
            PartnerType::Seller => &self.seller_central,
            PartnerType::Vendor => &self.vendor_central,
        }
    }
}

/// One store of a seller: a marketplace and the name the store has there.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Store {
    /// The marketplace. It may not be in the table (F§7.3).
    pub marketplace_id: MarketplaceId,
    /// The name that customers see.
    pub name: String,
    /// Whether the seller currently participates there.
    pub participating: bool,
}

/// The region and partner type of a consent host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CentralHost {
    /// The region of every marketplace that uses the host.
    pub region: Region,
    /// Seller Central or Vendor Central.
    pub partner_type: PartnerType,
}

/// All marketplaces in the table.
#[derive(Clone, Debug)]
pub struct Marketplaces {
    rows: Vec<Marketplace>,
}

impl Marketplaces {
    /// Returns the built-in table with the rows of `extra`: a row with a known id replaces that row, another is
    /// added.
    ///
    /// Ireland's hosts and South Africa's vendor host are unconfirmed (F§1.7), and Amazon opens new marketplaces, so
    /// an operator must be able to correct the table without a release.
    ///
    /// # Errors
    /// If a host of `extra` is not a lower-case host name.
    pub fn extended_by(extra: Vec<Marketplace>) -> Result<Self, Malformed> {
        let mut rows = built_in();
        for row in extra {
            if ![&row.seller_central, &row.vendor_central].into_iter().all(|host| is_host_name(host)) {
                return Err(Malformed("a lower-case host name as sellerCentral and vendorCentral"));
            }
            match rows.iter_mut().find(|known| known.id == row.id) {
                Some(known) => *known = row,
                None => rows.push(row),
            }
        }
        Ok(Self { rows })
    }

    /// Returns the marketplace that `text` names, by id or by country code (any case, and UK for GB).
    pub fn find(&self, text: &str) -> Option<&Marketplace> {
        let country = if text.eq_ignore_ascii_case("UK") { "GB" } else { text };
        self.rows.iter().find(|row| row.id.as_str() == text || row.country.eq_ignore_ascii_case(country))
    }

    /// Returns whether the store is in a marketplace of the table that belongs to `region`.
    pub fn knows(&self, region: Region, store: &Store) -> bool {
        self.by_id(&store.marketplace_id).is_some_and(|known| known.region == region)
    }

    /// Returns the marketplace with this id.
    pub fn by_id(&self, id: &MarketplaceId) -> Option<&Marketplace> {
        self.rows.iter().find(|row| row.id == *id)
    }

    /// Returns region and partner type of a consent host in the table.
    pub fn central_host(&self, host: &str) -> Option<CentralHost> {
        self.rows.iter().find_map(|row| {
            [PartnerType::Seller, PartnerType::Vendor]
                .into_iter()
                .find(|partner_type| row.central_host(*partner_type) == host)
                .map(|partner_type| CentralHost { region: row.region, partner_type })
        })
    }

    /// Returns every marketplace, North America first.
    pub fn iter(&self) -> impl Iterator<Item = &Marketplace> {
        self.rows.iter()
    }
}

impl Default for Marketplaces {
    fn default() -> Self {
        Self { rows: built_in() }
    }
}

fn built_in() -> Vec<Marketplace> {
    TABLE
        .iter()
        .map(|(country, name, id, region, seller_central, vendor_central)| Marketplace {
            id: id.parse().expect("the ids of the built-in table are well formed"),
            country: (*country).to_owned(),
            name: (*name).to_owned(),
            region: *region,
            seller_central: (*seller_central).to_owned(),
            vendor_central: (*vendor_central).to_owned(),
        })
        .collect()
}

fn is_host_name(text: &str) -> bool {
    text.contains('.')
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}

type Row = (&'static str, &'static str, &'static str, Region, &'static str, &'static str);

/// The ids are from F§7.2, the hosts from F§1.7. Unconfirmed: both hosts of IE, the vendor host of ZA.
#[rustfmt::skip]
const TABLE: [Row; 23] = [
    ("CA", "Canada",               "A2EUQ1WTGCTBG2", Region::Na, "sellercentral.amazon.ca",        "vendorcentral.amazon.ca"),
    ("US", "United States",        "ATVPDKIKX0DER",  Region::Na, "sellercentral.amazon.com",       "vendorcentral.amazon.com"),
    ("MX", "Mexico",               "A1AM78C64UM0Y8", Region::Na, "sellercentral.amazon.com.mx",    "vendorcentral.amazon.com.mx"),
    ("BR", "Brazil",               "A2Q3Y263D00KWC", Region::Na, "sellercentral.amazon.com.br",    "vendorcentral.amazon.com.br"),
    ("IE", "Ireland",              "A28R8C7NBKEWEA", Region::Eu, "sellercentral.amazon.ie",        "vendorcentral.amazon.ie"),
    ("ES", "Spain",                "A1RKKUPIHCS9HS", Region::Eu, "sellercentral-europe.amazon.com", "vendorcentral.amazon.es"),
    ("GB", "United Kingdom",       "A1F83G8C2ARO7P", Region::Eu, "sellercentral-europe.amazon.com", "vendorcentral.amazon.co.uk"),
    ("FR", "France",               "A13V1IB3VIYZZH", Region::Eu, "sellercentral-europe.amazon.com", "vendorcentral.amazon.fr"),
    ("BE", "Belgium",              "AMEN7PMS3EDWL",  Region::Eu, "sellercentral.amazon.com.be",    "vendorcentral.amazon.com.be"),
    ("NL", "Netherlands",          "A1805IZSGTT6HS", Region::Eu, "sellercentral.amazon.nl",        "vendorcentral.amazon.nl"),
    ("DE", "Germany",              "A1PA6795UKMFR9", Region::Eu, "sellercentral-europe.amazon.com", "vendorcentral.amazon.de"),
    ("IT", "Italy",                "APJ6JRA9NG5V4",  Region::Eu, "sellercentral-europe.amazon.com", "vendorcentral.amazon.it"),
    ("SE", "Sweden",               "A2NODRKZP88ZB9", Region::Eu, "sellercentral.amazon.se",        "vendorcentral.amazon.se"),
    ("ZA", "South Africa",         "AE08WJ6YKNBMC",  Region::Eu, "sellercentral.amazon.co.za",     "vendorcentral.amazon.co.za"),
    ("PL", "Poland",               "A1C3SOZRARQ6R3", Region::Eu, "sellercentral.amazon.pl",        "vendorcentral.amazon.pl"),
    ("EG", "Egypt",                "ARBP9OOSHTCHU",  Region::Eu, "sellercentral.amazon.eg",        "vendorcentral.amazon.me"),
    ("TR", "Türkiye",              "A33AVAJ2PDY3EV", Region::Eu, "sellercentral.amazon.com.tr",    "vendorcentral.amazon.com.tr"),
    ("SA", "Saudi Arabia",         "A17E79C6D8DWNP", Region::Eu, "sellercentral.amazon.sa",        "vendorcentral.amazon.me"),
    ("AE", "United Arab Emirates", "A2VIGQ35RCS4UG", Region::Eu, "sellercentral.amazon.ae",        "vendorcentral.amazon.me"),
    ("IN", "India",                "A21TJRUUN4KGV",  Region::Eu, "sellercentral.amazon.in",        "www.vendorcentral.in"),
    ("SG", "Singapore",            "A19VAU5U5O7RUS", Region::Fe, "sellercentral.amazon.sg",        "vendorcentral.amazon.com.sg"),
    ("AU", "Australia",            "A39IBJ37TRP1C6", Region::Fe, "sellercentral.amazon.com.au",    "vendorcentral.amazon.com.au"),
    ("JP", "Japan",                "A1VC38T7YXB528", Region::Fe, "sellercentral.amazon.co.jp",     "vendorcentral.amazon.co.jp"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_23_marketplaces_are_found_by_id_and_by_country() {
        let marketplaces = Marketplaces::default();

        assert_eq!(marketplaces.iter().count(), 23);
        for row in marketplaces.iter() {
            assert_eq!(marketplaces.find(row.id.as_str()), Some(row));
            assert_eq!(marketplaces.find(&row.country), Some(row));
        }
        assert_eq!(marketplaces.find("uk"), marketplaces.find("GB"));
    }

    #[test]
    fn no_host_belongs_to_two_regions_or_to_both_types() {
        let marketplaces = Marketplaces::default();

        for row in marketplaces.iter() {
            for partner_type in [PartnerType::Seller, PartnerType::Vendor] {
                let expected = CentralHost { region: row.region, partner_type };
                assert_eq!(marketplaces.central_host(row.central_host(partner_type)), Some(expected));
            }
        }
    }

    #[test]
    fn configuration_replaces_a_row_and_adds_one_but_takes_no_odd_host() {
        let ireland = r#"{"id": "A28R8C7NBKEWEA", "country": "IE", "name": "Ireland", "region": "eu",
            "sellerCentral": "sellercentral-europe.amazon.com", "vendorCentral": "vendorcentral.amazon.ie"}"#;
        let row: Marketplace = serde_json::from_str(ireland).unwrap();

        let extended = Marketplaces::extended_by(vec![row.clone()]).unwrap();
        assert_eq!(extended.iter().count(), 23);
        assert_eq!(extended.find("IE").unwrap().seller_central, "sellercentral-europe.amazon.com");

        for host in ["evil.example/x", "user@evil.example", "Evil.example", "evil.example:1", "localhost", ""]
        {
            let row = Marketplace { seller_central: host.to_owned(), ..row.clone() };
            assert!(Marketplaces::extended_by(vec![row]).is_err(), "{host}");
        }
    }
}
