//! The sites of Amazon's, of which a partner chooses the one that it came from.

use maud::{Markup, html};

use super::{
    Page, countries,
    texts::{Word, word},
};
use crate::amazon::marketplace::{Marketplace, PartnerType};

/// One country's Seller Central or Vendor Central.
#[derive(Clone, Debug)]
pub struct Site {
    partner_type: PartnerType,
    country: countries::Country,
    host: String,
    href: String,
}

impl Site {
    /// Returns the site of partners of this type in a marketplace, with the path of this service to which its link leads.
    pub fn of(marketplace: &Marketplace, partner_type: PartnerType, href: String) -> Self {
        let country = (marketplace.country.clone(), marketplace.name.clone());
        Self { partner_type, country, host: marketplace.central_host(partner_type).to_owned(), href }
    }
}

impl Page<'_> {
    /// The sites by type of partner, then by country.
    pub(super) fn sites_to_choose(&self) -> Markup {
        let language = self.language();
        let of = |partner_type| {
            let mut sites: Vec<_> =
                self.sites.iter().filter(|site| site.partner_type == partner_type).collect();
            sites.sort_by_key(|site| countries::place(language, &site.country));
            sites
        };
        let groups = [(PartnerType::Seller, Word::SellerCentral), (PartnerType::Vendor, Word::VendorCentral)];
        html! {
            @for (sites, central) in groups.map(|(partner_type, central)| (of(partner_type), central)) {
                @if !sites.is_empty() {
                    h2 { (word(language, central)) }
                    ul {
                        @for site in sites {
                            li {
                                a href=(site.href) {
                                    bdi { (countries::name(language, &site.country)) } " "
                                    span.host dir="ltr" { (site.host) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
