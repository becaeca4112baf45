//! The pages that partners see, and the headers of every answer to a browser.
//!
//! A page says whose it is, what happened, what the partner can do, and where to ask; support finds its journey by the reference. It has
//! no script and loads nothing, so it is there as soon as its text is.

mod answer;
mod countries;
mod facts;
mod foot;
mod help;
mod language;
mod message;
mod names;
mod sites;
mod style;
#[cfg(test)]
mod tests;
mod texts;
mod ways;
mod wishes;

use lambda_http::{
    Body, Response,
    http::{HeaderMap, HeaderValue, header},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::{
    answer::{guarded, policy},
    facts::Fact,
    style::STYLE,
    texts::{Word, word},
    wishes::Wishes,
};
pub use self::{
    answer::{no_icon, redirect, robots, see_other},
    facts::{Connection, ConsentPlace},
    help::help,
    language::Language,
    message::Message,
    sites::{Site, Sites},
    ways::{Button, Choice, Label},
};
use crate::{application::Application, browser::reference::Reference, ids::LanguageTag};

/// Builds a page: a message in the browser's language, with names, a button or links.
pub struct Page<'a> {
    message: Message,
    wishes: Wishes,
    switch: Option<String>,
    reference: Reference,
    application: Option<&'a Application>,
    partner: Option<&'a str>,
    expected: Option<&'a str>,
    account: Option<&'a str>,
    connection: Option<&'a Connection>,
    place: Option<&'a ConsentPlace>,
    back: Option<String>,
    choices: Vec<Choice>,
    sites: Option<Sites>,
    button: Option<Button>,
}

impl<'a> Page<'a> {
    /// Begins a page with `message`, in the language that the partner has chosen in this browser or that the browser asks for.
    pub fn new(message: Message, headers: &HeaderMap, reference: Reference) -> Self {
        Self {
            message,
            wishes: Wishes::of_browser(headers),
            switch: None,
            reference,
            application: None,
            partner: None,
            expected: None,
            account: None,
            connection: None,
            place: None,
            back: None,
            choices: Vec::new(),
            sites: None,
            button: None,
        }
    }

    /// Adds the application, if it is known: its name, company, logo, support and home page.
    #[must_use]
    pub fn application(mut self, application: Option<&'a Application>) -> Self {
        self.application = application;
        let default = application.and_then(|application| application.branding.language.as_ref());
        self.wishes.of_application = default.and_then(|tag| Language::of_tag(tag.as_str()));
        self
    }

    /// Adds the language that this request asks for, and that of the link with which the journey began.
    #[must_use]
    pub fn in_language(mut self, asked: Option<Language>, of_link: Option<&LanguageTag>) -> Self {
        self.wishes.asked = asked;
        self.wishes.of_link = of_link.and_then(|tag| Language::of_tag(tag.as_str()));
        self
    }

    /// Offers the page in the other languages, at `path` with the parameter `language`. The caller has made sure that a request for
    /// `path` changes nothing.
    #[must_use]
    pub fn switch(mut self, path: String) -> Self {
        self.switch = Some(path);
        self
    }

    /// Adds the id of the partner.
    #[must_use]
    pub fn partner(mut self, id: Option<&'a str>) -> Self {
        self.partner = id;
        self
    }

    /// Adds the id of the partner who was expected.
    #[must_use]
    pub fn expected(mut self, id: Option<&'a str>) -> Self {
        self.expected = id;
        self
    }

    /// Adds the account of the integrator.
    #[must_use]
    pub fn account(mut self, label: Option<&'a str>) -> Self {
        self.account = label;
        self
    }

    /// Adds what was connected.
    #[must_use]
    pub fn connection(mut self, connection: Option<&'a Connection>) -> Self {
        self.connection = connection;
        self
    }

    /// Adds where the partner is about to consent, and so who may.
    #[must_use]
    pub fn place(mut self, place: &'a ConsentPlace) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds the integrator's address to which the partner goes back, which the caller has checked. Without one, the way back is the
    /// application's home page.
    #[must_use]
    pub fn back(mut self, url: Option<String>) -> Self {
        self.back = url;
        self
    }

    /// Adds a button to continue.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.button = Some(button);
        self
    }

    /// Adds a list of links.
    #[must_use]
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// Adds sites of Amazon's to choose from.
    #[must_use]
    pub fn sites(mut self, sites: Option<Sites>) -> Self {
        self.sites = sites;
        self
    }

    /// Returns the answer to the browser.
    pub fn response(self) -> Response<Body> {
        let mut response = Response::new(Body::Text(self.markup().into_string()));
        *response.status_mut() = self.message.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language().tag()));
        // The runtime reads the message, to count internal errors.
        response.extensions_mut().insert(self.message);
        let mut response = guarded(response);
        let button = self.button.as_ref().map(|button| &button.leads_to);
        let leads_to = button.or(self.sites.as_ref().map(|sites| &sites.leads_to)).map(String::as_str);
        let has_logo = self.application.is_some_and(|application| application.branding.logo.is_some());
        if let Some(policy) = policy(leads_to, has_logo) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

impl Page<'_> {
    fn markup(&self) -> Markup {
        let (title, text) = texts::text(self.language(), self.message);
        html! {
            (DOCTYPE)
            html lang=(self.language().tag()) dir=(self.language().direction()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    @if self.button.is_some() {
                        // With "no-referrer" the browser would send "null" as the Origin of a form, even to this
                        // service.
                        meta name="referrer" content="same-origin";
                    }
                    @if let Some(seconds) = self.message.reload_after_seconds() {
                        meta http-equiv="refresh" content=(seconds);
                    }
                    title { (title) @if let Some(name) = self.name() { " – " (name) } }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        (self.whose())
                        @if let Some((mark, said)) = self.message.kind().mark() {
                            p.mark { (mark.picture()) span class=(mark.class()) { (word(self.language(), said)) } }
                        }
                        // A title does not break inside a compound such as “Amazon-Konto”.
                        h1 { (title.replace('-', "\u{2011}")) }
                        @for paragraph in text.split('\n') { p { (self.named(paragraph)) } }
                        @if let Some(place) = self.place { (place.who_may(self.language())) }
                        (self.facts())
                        (self.sites_to_choose())
                        (self.ways_on())
                        @if let Some(connection) = self.connection {
                            @if let Some(way) = connection.way_to_end(self.language()) { (way) }
                        }
                        (self.foot())
                    }
                }
            }
        }
    }

    fn language(&self) -> Language {
        self.wishes.language()
    }

    fn name(&self) -> Option<&str> {
        self.application.map(|application| application.name.as_str())
    }

    /// Whose page this is.
    fn whose(&self) -> Markup {
        let Some(application) = self.application else {
            return html! {};
        };
        let branding = &application.branding;
        html! {
            header {
                @if let Some(logo) = &branding.logo {
                    @let (width, height) = logo.size();
                    img src=(logo.data_uri()) width=(width) height=(height) alt="";
                }
                div {
                    b { bdi { (application.name) } }
                    @if let Some(company) = &branding.company { span { bdi { (company) } } }
                }
            }
        }
    }

    fn facts(&self) -> Markup {
        let named = |word, name: Option<&str>| Some(Fact(word, html! { bdi { (name?) } }));
        let partner = self.partner.filter(|_| self.connection.is_some() || self.expected.is_some());
        let account = self.account.filter(|_| self.connection.is_some());
        let connected = self.connection.map(|connection| connection.facts(self.language()));
        let facts = named(Word::Partner, partner).into_iter();
        let facts = facts.chain(named(Word::Expected, self.expected)).chain(named(Word::Account, account));
        let facts = facts.chain(connected.into_iter().flatten());
        let facts: Vec<_> = facts.chain(self.place.map(|place| place.fact(self.language()))).collect();
        html! {
            @if !facts.is_empty() {
                dl { @for Fact(what, value) in facts { dt { (word(self.language(), what)) } dd { (value) } } }
            }
        }
    }
}
