//! `GET /login`: Amazon opens the Login URI and expects the browser to return with a new `state` (F§2).
//!
//! It treats known and unknown partners alike and reads no grants, so that a caller cannot find out who is a partner.

use jiff::Timestamp;
use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    amazon::marketplace::PartnerType,
    application::Application,
    aws::transaction::Commit,
    browser::{
        cookie::Browser,
        integrator_url::origin_of,
        page::{Message, Site, Sites, redirect},
        query::{BadParameter, Query},
    },
    ids::SellingPartnerId,
    journey::request::{AuthorizationRequest, State, Workflow},
    secret::{StateSecret, random_word},
};

use crate::{
    LoginUri,
    arrival::{ARRIVAL, FromAmazon},
    sign_in::back_to_amazon,
    stop::{Refusal, Stop},
};

/// How often the journeys are read when other tabs continue them at the same time.
const LOOKS: u32 = 5;

impl LoginUri {
    pub(crate) async fn login(
        &self,
        raw_query: &str,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let query = Query::parse(raw_query);
        // An application may register one address as both Login URI and redirect URI. The parameters differ (F§1.2).
        let of_callback = ["spapi_oauth_code", "state", "error"].iter().any(|name| query.has(name));
        if of_callback && query.find("amazon_callback_uri")?.is_none() {
            tracing::warn!(
                "Browser with the parameters of the Redirect URI came to the Login URI and was sent on; hint: \
                 register {} as OAuth Redirect URI at Amazon",
                self.site.redirect_uri()
            );
            return Ok(redirect(&format!("{}?{raw_query}", self.site.redirect_uri())));
        }
        let arrival = FromAmazon::parse(&query, &self.amazon)?;
        let application = self.registered(&arrival.target.application_id, now).await?;
        let browser = self.cookie.read(headers);
        for _ in 0..LOOKS {
            let first = self.first_leg(&arrival, &application, browser.as_ref(), now).await?;
            if let Some(first) = &first
                && !self.leads_back(first.return_url.as_deref(), &application).await?
            {
                return Err(Refusal::with(Message::LinkExpired)
                    .application(&application)
                    .journey(first)
                    .because("the return URL of the link is no longer registered")
                    .choices(vec![arrival.without_link()])
                    .into());
            }
            let request = self.request_of(&arrival, &application, first.as_ref(), now);
            let Some(host) = request.central_host.as_deref() else {
                return Err(self.ask_where(&arrival, &application));
            };
            let returning = arrival.returning_to(host, &self.amazon);
            // A link names the integrator's account of the partner; without a link, the integrator's sign-in does. A first leg
            // without a link identifies no account, because any page can make a browser begin one.
            let has_link = first.as_ref().is_some_and(|first| first.link_id.is_some());
            if let (false, Some(sign_in_url)) = (has_link, &application.sign_in_url) {
                let request = AuthorizationRequest { arrival: Some(returning), ..request };
                return self.to_sign_in(sign_in_url, request, browser).await;
            }
            let browser = browser.clone().unwrap_or_else(Browser::unknown);
            let state = match &first {
                None => self.requests.issue(&request, &browser.id).await?,
                Some(first) => match self.take_up(first, &request, &arrival.partner, &browser, now).await? {
                    Some(state) => state,
                    // Another tab has continued the journey.
                    None => continue,
                },
            };
            let location = back_to_amazon(&returning, &request, &state.expose());
            return Ok(self.send_on(&location, request, browser));
        }
        Err(Stop::Say(Message::Unavailable))
    }

    /// Issues the `state` for the second leg of `first`, and assigns `first` to the partner. Returns `None` if another request
    /// has changed it.
    async fn take_up(
        &self,
        first: &AuthorizationRequest,
        request: &AuthorizationRequest,
        partner: &SellingPartnerId,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Option<State>, Stop> {
        let secret = StateSecret::random();
        let writes = [
            self.requests.assign(&first.request_id, partner, now),
            self.requests.issuing(request, &browser.id, &secret),
        ];
        Ok(match self.transactions.commit(&writes, &random_word()).await? {
            Commit::Made => Some(State { request_id: request.request_id.clone(), secret }),
            Commit::Changed | Commit::Refused(_) => None,
        })
    }

    /// Returns the journey of the arrival. It has no host if neither Amazon's address, nor its first leg, nor the partner names one.
    fn request_of(
        &self,
        arrival: &FromAmazon,
        application: &Application,
        first: Option<&AuthorizationRequest>,
        now: Timestamp,
    ) -> AuthorizationRequest {
        let chosen = arrival.chosen_host.as_ref().filter(|_| arrival.target.host.is_none());
        let host = arrival.target.host.clone().or_else(|| first?.central_host.clone());
        let host = host.or_else(|| chosen.map(|(host, _)| host.clone()));
        let begun = AuthorizationRequest::begun(
            Workflow::LoginUri,
            application.application_id.clone(),
            arrival.version.is_some(),
            self.site.redirect_uri(),
            now,
        );
        let central = arrival.central;
        let region = central.map(|central| central.region).or_else(|| first?.region);
        let partner_type = central.map(|central| central.partner_type).or_else(|| first?.partner_type);
        let chosen = chosen.map(|(_, central)| central);
        let request = AuthorizationRequest {
            central_host: host,
            region: region.or_else(|| chosen.map(|central| central.region)),
            partner_type: partner_type.or_else(|| chosen.map(|central| central.partner_type)),
            expected_partner: Some(arrival.partner.clone()),
            ..begun
        };
        match first {
            Some(first) => request.continuing(first),
            None => request,
        }
    }

    /// Asks at which of Amazon's sites the partner is signed in. A path without a host goes back to that site alone, and nothing
    /// else shows which it is (F§2.1).
    fn ask_where(&self, arrival: &FromAmazon, application: &Application) -> Stop {
        let sites = |partner_type| {
            let rows = self.amazon.marketplaces().iter();
            rows.map(move |row| Site::of(row, partner_type))
        };
        // From the form, the browser goes to Amazon, or first to the sign-in of the integrator.
        let sign_in = application.sign_in_url.as_deref().and_then(origin_of);
        let leads_to =
            [Some(self.amazon.sources()), sign_in].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Refusal::with(Message::ChooseCentral)
            .application(application)
            .partner(&arrival.partner)
            .bad(BadParameter::not(
                "amazon_callback_uri",
                "an address with a host, or a journey that has one",
            ))
            .sites(Sites {
                action: "/login",
                name: ARRIVAL,
                value: arrival.packed(),
                sites: sites(PartnerType::Seller).chain(sites(PartnerType::Vendor)).collect(),
                leads_to,
            })
            .into()
    }
}
