//! Where a partner authorizes again: at Amazon, and through this service.

use url::form_urlencoded;

use crate::{
    amazon::{
        Amazon,
        marketplace::{CentralHost, Marketplace, Marketplaces, PartnerType},
    },
    env::{Env, Unset},
    grant::{Grant, GrantKind, Status},
    site_origin::SiteOrigin,
};

/// The addresses at which a partner can authorize again. An address that is not known is empty.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RenewalLinks {
    /// Manage Your Apps, on the partner's own Central host.
    pub manage_your_apps_url: String,
    /// `/authorize` of this service, for the partner's marketplace.
    pub authorize_url: String,
}

/// Finds the addresses at which partners can authorize again.
#[derive(Clone, Debug)]
pub struct RenewalPages {
    amazon: Amazon,
    site: SiteOrigin,
    direct_authorize: bool,
}

impl RenewalPages {
    /// Reads `DIRECT_AUTHORIZE`, and what [`Amazon`] and [`SiteOrigin`] read.
    pub fn from_env(env: &Env) -> Result<Self, Unset> {
        Ok(Self {
            amazon: Amazon::from_env(env)?,
            site: SiteOrigin::from_env(env)?,
            direct_authorize: direct_authorize(env)?,
        })
    }

    /// Returns the addresses for the partner of `grant`. `authorize_url` is empty if `GET /authorize` is switched
    /// off.
    pub fn links(&self, grant: &Grant) -> RenewalLinks {
        let authorize_url = authorize_url(grant, &self.amazon, &self.site).filter(|_| self.direct_authorize);
        RenewalLinks {
            manage_your_apps_url: manage_your_apps_url(grant, &self.amazon).unwrap_or_default(),
            authorize_url: authorize_url.unwrap_or_default(),
        }
    }
}

/// Returns whether every browser may open `GET /authorize`: `DIRECT_AUTHORIZE`, `on` (the default) or `off`.
pub fn direct_authorize(env: &Env) -> Result<bool, Unset> {
    match env.optional("DIRECT_AUTHORIZE") {
        None | Some("on") => Ok(true),
        Some("off") => Ok(false),
        Some(_) => Err(Unset::malformed("DIRECT_AUTHORIZE", "on or off")),
    }
}

/// Returns whether the grant can be renewed in a browser: only if it was given in one.
pub(crate) fn may_renew(grant: &Grant) -> bool {
    grant.kind == GrantKind::Oauth && grant.status != Status::Removed
}

/// Returns the host at which the partner consented with its region and partner type, if it is in the table and in the
/// grant's region. A partner may have consented at a host outside the table, and Amazon sometimes returns to a host
/// that has neither (F§2.1).
pub fn consent_host<'a>(grant: &'a Grant, marketplaces: &Marketplaces) -> Option<(&'a str, CentralHost)> {
    let host = grant.central_host.as_deref()?;
    let central = marketplaces.central_host(host).filter(|central| central.region == grant.region)?;
    Some((host, central))
}

/// Countries in the order in which their marketplace is taken for a seller's home. Amazon lists stores in no such order, and a seller
/// of North America, for example, usually has stores in all of its countries. Any host of a region will do (F§1.7); a seller of
/// several knows that of its largest.
const HOMES: [&str; 10] = ["US", "GB", "JP", "DE", "FR", "IT", "ES", "CA", "AU", "MX"];

/// Returns the marketplace that is the home of the grant's seller, as far as its stores show it: one in which the seller takes part, and
/// of those the largest.
pub fn store_marketplace<'a>(grant: &Grant, marketplaces: &'a Marketplaces) -> Option<&'a Marketplace> {
    let size = |marketplace: &Marketplace| {
        HOMES.iter().position(|country| *country == marketplace.country).unwrap_or(HOMES.len())
    };
    let of_store = |participating: bool| {
        let stores = grant.stores.iter().filter(move |store| store.participating == participating);
        let known = stores.filter_map(|store| marketplaces.by_id(&store.marketplace_id));
        known.filter(|marketplace| marketplace.region == grant.region).min_by_key(|known| size(known))
    };
    of_store(true).or_else(|| of_store(false))
}

/// Returns the page at Amazon where the grant's partner can authorize again, where it is known.
pub(crate) fn manage_your_apps_url(grant: &Grant, amazon: &Amazon) -> Option<String> {
    if !may_renew(grant) {
        return None;
    }
    let marketplaces = amazon.marketplaces();
    let host = match consent_host(grant, marketplaces) {
        Some((host, _)) => host,
        None => store_marketplace(grant, marketplaces)?
            .central_host(grant.partner_type.unwrap_or(PartnerType::Seller)),
    };
    Some(amazon.manage_your_apps_url(host))
}

fn authorize_url(grant: &Grant, amazon: &Amazon, site: &SiteOrigin) -> Option<String> {
    if !may_renew(grant) {
        return None;
    }
    let marketplaces = amazon.marketplaces();
    let (marketplace, partner_type) = match consent_host(grant, marketplaces) {
        Some((host, central)) => {
            let at_host = |known: &&Marketplace| known.central_host(central.partner_type) == host;
            (marketplaces.iter().find(at_host)?, central.partner_type)
        }
        None => (store_marketplace(grant, marketplaces)?, grant.partner_type.unwrap_or(PartnerType::Seller)),
    };
    let parameters = form_urlencoded::Serializer::new(String::new())
        .append_pair("marketplace", &marketplace.country)
        .append_pair("type", partner_type.as_str())
        .append_pair("application", grant.application_id.as_str())
        .finish();
    Some(format!("{}/authorize?{parameters}", site.origin()))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{amazon::marketplace::Store, region::Region, secret::Fingerprint};

    fn links_of(grant: &Grant, direct_authorize: bool) -> [String; 2] {
        let direct_authorize = if direct_authorize { "on" } else { "off" };
        let env = Env::from_pairs([
            ("SITE_ORIGIN", "https://auth.example.com"),
            ("DIRECT_AUTHORIZE", direct_authorize),
        ]);
        let RenewalLinks { manage_your_apps_url, authorize_url } =
            RenewalPages::from_env(&env).unwrap().links(grant);
        [manage_your_apps_url, authorize_url]
    }

    fn grant() -> Grant {
        Grant {
            application_id: "amzn1.sp.solution.1".parse().unwrap(),
            region: Region::Na,
            selling_partner_id: "A1".parse().unwrap(),
            status: Status::Active,
            version: 1,
            epoch: None,
            revision: 1,
            kind: GrantKind::Oauth,
            partner_type: None,
            draft: false,
            central_host: None,
            account: None,
            authorized_at: Timestamp::UNIX_EPOCH,
            authorized_at_unknown: false,
            renewal_due_at: Timestamp::UNIX_EPOCH,
            stores: Vec::new(),
            fingerprint: Fingerprint::of("own"),
            refresh_token: None,
            resealed: true,
            reminded: None,
            outdated_reported: None,
            conflicts: Vec::new(),
            region_assumed: Some(false),
            sighting: None,
            moved_to: None,
            moved_from: None,
            superseded: None,
        }
    }

    fn store(marketplace_id: &str, participating: bool) -> Store {
        let marketplace_id = marketplace_id.to_owned().try_into().unwrap();
        Store { marketplace_id, name: "Shop".to_owned(), participating }
    }

    #[test]
    fn a_partner_is_sent_to_the_host_where_it_consented() {
        let vendor = Grant {
            region: Region::Eu,
            partner_type: Some(PartnerType::Vendor),
            central_host: Some("vendorcentral.amazon.de".to_owned()),
            stores: vec![store("ATVPDKIKX0DER", true)],
            ..grant()
        };

        let expected = [
            "https://vendorcentral.amazon.de/apps/manage",
            "https://auth.example.com/authorize?marketplace=DE&type=vendor&application=amzn1.sp.solution.1",
        ];
        assert_eq!(links_of(&vendor, true), expected);
        assert_eq!(links_of(&vendor, false), [expected[0], ""]);
    }

    #[test]
    fn without_such_a_host_to_that_of_the_largest_store_sooner_of_one_that_takes_part() {
        let canada = |participating| store("A2EUQ1WTGCTBG2", participating);
        let mexico = |participating| store("A1AM78C64UM0Y8", participating);
        let us = |participating| store("ATVPDKIKX0DER", participating);
        let brazil = |participating| store("A2Q3Y263D00KWC", participating);
        for (stores, host, country) in [
            (vec![mexico(false), canada(true)], "sellercentral.amazon.ca", "CA"),
            (vec![brazil(false), mexico(false)], "sellercentral.amazon.com.mx", "MX"),
            (vec![mexico(true), canada(true), us(true)], "sellercentral.amazon.com", "US"),
            (vec![mexico(true), canada(true), us(false)], "sellercentral.amazon.ca", "CA"),
            (vec![brazil(true), us(false)], "sellercentral.amazon.com.br", "BR"),
        ] {
            let [manage, authorize] = links_of(&Grant { stores, ..grant() }, true);

            assert_eq!(manage, format!("https://{host}/apps/manage"));
            assert!(authorize.contains(&format!("marketplace={country}&type=seller")), "{authorize}");
        }
        assert_eq!(links_of(&grant(), true), ["", ""], "nothing is known");
    }

    #[test]
    fn a_host_of_another_region_or_of_no_marketplace_is_no_place_to_renew() {
        for host in ["sellercentral.amazon.com", "amazon.com"] {
            let elsewhere = Grant {
                region: Region::Eu,
                central_host: Some(host.to_owned()),
                stores: vec![store("A1PA6795UKMFR9", true)],
                ..grant()
            };

            let [manage, authorize] = links_of(&elsewhere, true);

            assert_eq!(manage, "https://sellercentral-europe.amazon.com/apps/manage");
            assert!(authorize.contains("marketplace=DE&type=seller"), "{authorize}");
        }
    }

    #[test]
    fn a_grant_that_no_partner_gave_has_no_page_to_renew() {
        let known = Grant { central_host: Some("sellercentral.amazon.com".to_owned()), ..grant() };
        for grant in [
            Grant { kind: GrantKind::SelfAuthorized, ..known.clone() },
            Grant { status: Status::Removed, ..known.clone() },
        ] {
            assert_eq!(links_of(&grant, true), ["", ""]);
        }
    }
}
