//! What a page lists: what was connected, or where a partner signs in.

use jiff::{Timestamp, tz::TimeZone};
use maud::{Markup, html};

use super::{
    Language,
    countries::{self, Country},
    texts,
    texts::Word,
};
use crate::{
    amazon::{
        Amazon,
        marketplace::{CentralHost, Marketplaces, PartnerType, Store},
    },
    grant::{Grant, renewal_links::manage_your_apps_url},
};

/// The most stores that a page lists, so that it stays short.
const MOST_STORES: usize = 30;

/// One line: what it is, and the value.
pub(super) struct Fact(pub(super) Word, pub(super) Markup);

/// What an authorization has connected.
#[derive(Debug)]
pub struct Connection {
    /// The name of each store, and its country; instead of a country that is not known nothing, or the marketplace's id if the store
    /// has no name.
    stores: Vec<(String, Country)>,
    until: Option<Timestamp>,
    manage: Option<String>,
}

impl Connection {
    /// Reads it from the grant.
    pub fn of(grant: &Grant, amazon: &Amazon) -> Self {
        let line = |store: &Store| {
            let country = match amazon.marketplaces().by_id(&store.marketplace_id) {
                Some(row) => (row.country.clone(), row.name.clone()),
                // Amazon lists some marketplaces under ids that say nothing to a partner (F§7.3).
                None if store.name.is_empty() => (String::new(), store.marketplace_id.to_string()),
                None => (String::new(), String::new()),
            };
            (store.name.clone(), country)
        };
        Self {
            stores: grant.stores.iter().take(MOST_STORES).map(line).collect(),
            until: grant.lapses_at(),
            manage: manage_your_apps_url(grant, amazon),
        }
    }

    pub(super) fn facts(&self, language: Language) -> Vec<Fact> {
        let mut stores: Vec<_> = self.stores.iter().collect();
        stores.sort_by_key(|(name, country)| (countries::place(language, country), name));
        let lines = html! {
            @for (name, country) in stores {
                @let place = countries::name(language, country);
                div {
                    @if !name.is_empty() { bdi { (name) } }
                    @if !name.is_empty() && !place.is_empty() { " – " }
                    (place)
                }
            }
        };
        let listed = (!self.stores.is_empty()).then_some(Fact(Word::Stores, lines));
        let until = self.until.map(|until| {
            let day = TimeZone::UTC.to_datetime(until).date();
            Fact(Word::Until, html! { time datetime=(day) { (texts::day(language, day)) } })
        });
        listed.into_iter().chain(until).collect()
    }

    /// Returns the link to Amazon's page at which the partner renews or ends the connection.
    pub(super) fn way_to_end(&self, language: Language) -> Option<Markup> {
        let url = self.manage.as_ref()?;
        Some(html! { p { a.manage href=(url) { (texts::word(language, Word::Manage)) } } })
    }
}

/// Where a partner is about to consent.
#[derive(Debug)]
pub struct ConsentPlace {
    host: String,
    partner_type: PartnerType,
    /// Those of the marketplaces whose partners consent at the host.
    countries: Vec<Country>,
}

impl ConsentPlace {
    /// Returns the place at this host.
    pub fn at(host: &str, central: CentralHost, marketplaces: &Marketplaces) -> Self {
        let here = marketplaces.iter().filter(|row| row.central_host(central.partner_type) == host);
        Self {
            host: host.to_owned(),
            partner_type: central.partner_type,
            countries: here.map(|row| (row.country.clone(), row.name.clone())).collect(),
        }
    }

    pub(super) fn fact(&self, language: Language) -> Fact {
        let mut countries = self.countries.clone();
        countries.sort_by_key(|country| countries::place(language, country));
        let names: Vec<_> = countries.iter().map(|country| countries::name(language, country)).collect();
        let names = language.in_brackets(&names.join(language.comma()));
        Fact(Word::SignInAt, html! { bdi { (self.host) } @if !countries.is_empty() { (names) } })
    }

    /// Returns who may consent there, in sentences (F§1.6).
    pub(super) fn who_may(&self, language: Language) -> Markup {
        let (central, plan) = match self.partner_type {
            PartnerType::Seller => (Word::SellerCentral, Some(Word::Plan)),
            PartnerType::Vendor => (Word::VendorCentral, None),
        };
        let word = |which| texts::word(language, which);
        let who = word(Word::WhoMay).replace("{central}", word(central));
        html! { p { (who) @if let Some(plan) = plan { (language.blank()) (word(plan)) } } }
    }
}
