//! Which journey of this browser an arrival from Amazon continues (F§1.2, row 4b).
//!
//! Amazon sends no journey to the Login URI; the browser's cookie names those that it began. Exactly one open journey that fits is
//! continued. Where that is not certain, a page asks or refuses, and offers every way on: what a link carries (account, label,
//! return URL, expected partner) is never dropped without a word. A journey that has expired is only continued if the partner
//! says so: its browser may have been left alone for days, and the person at it may now come from the Appstore.

use jiff::Timestamp;
use shared::{
    application::Application,
    browser::{
        cookie::Browser,
        page::{Choice, Label, Message},
    },
    journey::request::{AuthorizationRequest, FirstLeg},
};

use crate::{
    LoginUri,
    arrival::{Chosen, FromAmazon},
    stop::{Refusal, Stop},
};

/// The journeys of a browser that an arrival has to do with.
#[derive(Default)]
struct Legs {
    open: Vec<AuthorizationRequest>,
    expired: Vec<AuthorizationRequest>,
    other_partner: Vec<AuthorizationRequest>,
    superseded: Vec<AuthorizationRequest>,
}

impl LoginUri {
    /// Returns the journey that the arrival continues, if it continues one.
    pub(crate) async fn first_leg(
        &self,
        arrival: &FromAmazon,
        application: &Application,
        browser: Option<&Browser>,
        now: Timestamp,
    ) -> Result<Option<AuthorizationRequest>, Stop> {
        let chosen = &arrival.chosen;
        let (Some(browser), Chosen::Nothing | Chosen::Journey(_)) = (browser, chosen) else {
            return Ok(None);
        };
        let refusal = |message| Refusal::with(message).application(application).partner(&arrival.partner);
        let mut legs = self.legs(arrival, application, browser, now).await?;
        if let Chosen::Journey(id) = chosen {
            if let Some(first) = legs.open.iter().position(|first| first.request_id == *id) {
                return Ok(Some(legs.open.swap_remove(first)));
            }
            if let Some(first) = legs.expired.iter().position(|first| first.request_id == *id) {
                let first = legs.expired.swap_remove(first);
                return match self.not_continued(&first, now).await? {
                    None => Ok(Some(first)),
                    Some((message, reason)) => Err(refusal(message)
                        .journey(&first)
                        .because(reason)
                        .choices(vec![arrival.without_link()])
                        .into()),
                };
            }
        }
        let can_be_told = arrival.central.is_some();
        legs.count_once(can_be_told);
        if application.sign_in_url.is_some() && legs.open.iter().all(|first| first.link_id.is_none()) {
            // The sign-in names the account.
            legs.expired.clear();
        }
        if legs.open.len() + legs.expired.len() > 1 || !legs.expired.is_empty() {
            let named = legs.open.iter().chain(&legs.expired).map(|first| Choice {
                label: Label::Name(shown(first)),
                href: arrival.again_with(&[("journey", first.request_id.as_str())]),
            });
            let ask = (!legs.expired.is_empty()).then(|| arrival.without_link());
            let reason = "several journeys of this browser fit, or one that has expired";
            let choices = named.chain(ask).collect();
            return Err(refusal(Message::ChooseJourney).because(reason).choices(choices).into());
        }
        if let Some(first) = legs.open.pop() {
            return Ok(Some(first));
        }
        if let Some(first) = legs.other_partner.pop() {
            return Err(refusal(Message::OtherPartner)
                .journey(&first)
                .expected(first.expected_partner.as_ref())
                .because("the link of this browser's journey is another selling partner's")
                .choices(vec![Choice::start_again(&first.request_id), arrival.instead()])
                .into());
        }
        if let Some(first) = legs.superseded.pop() {
            return Err(refusal(Message::LinkUsed)
                .journey(&first)
                .because("the link of this browser's journey was opened in another browser since")
                .choices(vec![arrival.without_link()])
                .into());
        }
        Ok(None)
    }

    async fn legs(
        &self,
        arrival: &FromAmazon,
        application: &Application,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Legs, Stop> {
        let mut journeys = self.requests.of_browser(&browser.open_requests, &browser.id, now).await?;
        journeys.sort_by_key(|journey| journey.request().created_at);
        let of_link = |journey: &&shared::journey::request::Progress| journey.request().link_id.clone();
        let mut legs = Legs::default();
        for journey in &journeys {
            let request = journey.request();
            let here = request.application_id == application.application_id
                && arrival.central.is_none_or(|central| {
                    request.region == Some(central.region)
                        && request.partner_type == Some(central.partner_type)
                });
            let legs_of = match journey.first_leg(&arrival.partner, now).filter(|_| here) {
                Some(FirstLeg::Open) => &mut legs.open,
                Some(FirstLeg::Expired) => &mut legs.expired,
                Some(FirstLeg::OtherPartner) => &mut legs.other_partner,
                Some(FirstLeg::Superseded) => {
                    // It may be this browser that has opened the link again.
                    let here_too = journeys
                        .iter()
                        .any(|other| !other.is_superseded() && of_link(&other) == request.link_id);
                    if here_too {
                        continue;
                    }
                    &mut legs.superseded
                }
                None => continue,
            };
            legs_of.push(request.clone());
        }
        Ok(legs)
    }

    /// Returns why an expired journey is not continued, if it is not: its link must still be valid, and its own.
    async fn not_continued(
        &self,
        first: &AuthorizationRequest,
        now: Timestamp,
    ) -> Result<Option<(Message, &'static str)>, Stop> {
        let link = match &first.link_id {
            Some(id) => self.links.find(id).await?,
            None => None,
        };
        Ok(match link {
            Some(link) if link.used_by() != Some(&first.request_id) => {
                Some((Message::LinkUsed, "the link has opened another journey since"))
            }
            Some(link) if !link.is_expired(now) => None,
            _ => Some((Message::LinkExpired, "the link expired before the partner came back")),
        })
    }
}

impl Legs {
    /// Counts journeys with one meaning once, because a partner may have begun more than once. If the arrival does not identify
    /// the marketplace, journeys that began at different hosts are different.
    fn count_once(&mut self, can_be_told: bool) {
        let host = |request: &AuthorizationRequest| request.central_host.clone().filter(|_| !can_be_told);
        let opened = |request: &AuthorizationRequest| (request.link_id.clone(), host(request));
        self.open.sort_by_key(|request| (opened(request), request.created_at));
        self.open.dedup_by_key(|request| opened(request));
        // Another link with the same content leads to the same place.
        let meant = |request: &AuthorizationRequest| {
            let AuthorizationRequest { account, label, return_url, expected_partner, .. } = request.clone();
            (account, label, return_url, expected_partner, host(request))
        };
        let newest_first = std::mem::take(&mut self.expired).into_iter().rev();
        for request in newest_first {
            let counted = self.open.iter().chain(&self.expired);
            if counted.map(meant).all(|known| known != meant(&request)) {
                self.expired.push(request);
            }
        }
    }
}

fn shown(journey: &AuthorizationRequest) -> String {
    match (&journey.label, journey.central_host.as_deref().unwrap_or_default()) {
        (Some(label), host) => format!("{label} ({host})"),
        (None, host) => host.to_owned(),
    }
}
