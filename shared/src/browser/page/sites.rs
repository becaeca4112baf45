//! The sites of Amazon's, of which a partner chooses the one that it came from.

use maud::{Markup, html};

use super::{
    Language, Page, countries,
    texts::{self, Word, word},
};
use crate::amazon::marketplace::{Marketplace, PartnerType};

/// A form with a list of sites. The chosen host is its parameter `central`.
#[derive(Clone, Debug)]
pub struct Sites {
    /// The path of this service that gets the form.
    pub action: &'static str,
    /// The name of the field that goes with the choice, unseen.
    pub name: &'static str,
    /// The value of that field.
    pub value: String,
    /// The sites to choose from.
    pub sites: Vec<Site>,
    /// The hosts to which the answer may redirect, as sources of a content security policy.
    pub leads_to: String,
}

/// One country's Seller Central or Vendor Central.
#[derive(Clone, Debug)]
pub struct Site {
    partner_type: PartnerType,
    country: countries::Country,
    host: String,
}

impl Site {
    /// Returns the site of partners of this type in a marketplace.
    pub fn of(marketplace: &Marketplace, partner_type: PartnerType) -> Self {
        let country = (marketplace.country.clone(), marketplace.name.clone());
        Self { partner_type, country, host: marketplace.central_host(partner_type).to_owned() }
    }
}

impl Page<'_> {
    /// The form. Until the partner has chosen, browsers do not send it, and nothing is chosen for the partner.
    pub(super) fn sites_to_choose(&self) -> Markup {
        let Some(choice) = &self.sites else {
            return html! {};
        };
        let language = self.language();
        html! {
            form action=(choice.action) {
                input type="hidden" name=(choice.name) value=(choice.value);
                p {
                    label for="site" { (word(language, Word::Site)) }
                    select #site name="central" required {
                        option value="" { "–" }
                        (choice.group(PartnerType::Seller, Word::SellerCentral, language))
                        (choice.group(PartnerType::Vendor, Word::VendorCentral, language))
                    }
                }
                p { button { (texts::go_on(language)) } }
            }
        }
    }
}

impl Sites {
    /// The sites of a type of partner, by country.
    fn group(&self, partner_type: PartnerType, central: Word, language: Language) -> Markup {
        let mut sites: Vec<_> = self.sites.iter().filter(|site| site.partner_type == partner_type).collect();
        sites.sort_by_key(|site| countries::place(language, &site.country));
        html! {
            optgroup label=(word(language, central)) {
                @for site in sites {
                    option value=(site.host) { (countries::name(language, &site.country)) " – " (site.host) }
                }
            }
        }
    }
}
