//! `GET /login`: Amazon opens the Login URI and expects the browser to return with a new `state` (F§2).
//!
//! It treats known and unknown partners alike and reads no grants, so that a caller cannot find out who is a partner.

use jiff::Timestamp;
use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    amazon::marketplace::CentralHost,
    application::Application,
    aws::transaction::Commit,
    browser::{
        cookie::Browser,
        page::{Choice, Message, Page, redirect},
        query::Query,
    },
    ids::{RequestId, SellingPartnerId},
    journey::request::{Arrival, AuthorizationRequest, State, Workflow},
    region::Region,
    secret::{StateSecret, random_word},
};

use crate::{
    LoginUri, Stop,
    callback_target::{CallbackTarget, log_host_outside_the_table},
    optional, required,
    sign_in::back_to_amazon,
};

/// The longest `amazon_state` that is accepted, in bytes. A URL must have room for twice that. Amazon has sent more than 200
/// characters (F§2).
const LONGEST_AMAZON_STATE: usize = 4096;

/// The parameter with which the partner chooses one of several journeys.
const CHOSEN: &str = "journey";

/// How often the journeys are read when other tabs continue them at the same time.
const LOOKS: u32 = 5;

/// The checked parameters that Amazon sent with the browser.
struct FromAmazon {
    target: CallbackTarget,
    partner: SellingPartnerId,
    /// The value as received, still percent-encoded.
    amazon_state: String,
    /// The value as received, still percent-encoded, if there was one.
    version: Option<String>,
}

/// The journeys that a login may belong to.
enum Journeys {
    None,
    One(Box<AuthorizationRequest>),
    Several(Vec<AuthorizationRequest>),
}

impl LoginUri {
    pub(crate) async fn login(
        &self,
        raw_query: &str,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let query = Query::parse(raw_query)?;
        let Some(target) = query.find("amazon_callback_uri") else {
            // An application may register one address as both Login URI and redirect URI. The parameters differ (F§1.2).
            return if query.find("spapi_oauth_code").is_some() {
                Ok(redirect(&format!("{}?{raw_query}", self.site.redirect_uri())))
            } else {
                Err(Stop::Say(Message::BadLink))
            };
        };
        let target = target.decoded()?;
        let target = CallbackTarget::parse(&target, &self.amazon).ok_or_else(|| {
            log_host_outside_the_table(&target);
            Stop::Say(Message::NotAmazon)
        })?;
        let amazon_state = query.find("amazon_state").ok_or(Stop::Say(Message::BadLink))?;
        amazon_state.decoded()?;
        if amazon_state.raw().len() > LONGEST_AMAZON_STATE {
            return Err(Stop::Say(Message::BadLink));
        }
        let partner: SellingPartnerId = required(&query, "selling_partner_id")?;
        let version = query.find("version");
        if version.is_some_and(|version| !is_version(version.raw())) {
            return Err(Stop::Say(Message::BadLink));
        }
        let application = self.registered(&target.application_id, now).await?;

        let arrival = FromAmazon {
            target,
            partner,
            amazon_state: amazon_state.raw().to_owned(),
            version: version.map(|version| version.raw().to_owned()),
        };
        let (browser, chosen) = (self.cookie.read(headers), optional(&query, CHOSEN)?);
        for _ in 0..LOOKS {
            let first =
                match self.journey(&arrival, &application, browser.as_ref(), chosen.as_ref(), now).await? {
                    Journeys::One(first) => Some(first),
                    Journeys::None => None,
                    Journeys::Several(journeys) => {
                        return Ok(ask_which(&journeys, raw_query, &application, headers));
                    }
                };
            let request = self.request_of(&arrival, &application, first.as_deref(), now);
            let host = request.central_host.as_deref().unwrap_or_default();
            let returning = Arrival {
                target: arrival.target.on(host, &self.amazon),
                amazon_state: arrival.amazon_state.clone(),
                version: arrival.version.clone(),
            };
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

    fn request_of(
        &self,
        arrival: &FromAmazon,
        application: &Application,
        first: Option<&AuthorizationRequest>,
        now: Timestamp,
    ) -> AuthorizationRequest {
        let central = self.central_host_of(&arrival.target);
        let host = arrival.target.host.clone().or_else(|| first?.central_host.clone());
        let host = host.unwrap_or_else(|| default_host(application.default_region).to_owned());
        let begun = AuthorizationRequest::begun(
            Workflow::LoginUri,
            application.application_id.clone(),
            arrival.version.is_some(),
            self.site.redirect_uri(),
            now,
        );
        let request = AuthorizationRequest {
            central_host: Some(host),
            region: central.map(|central| central.region).or_else(|| first?.region),
            partner_type: central.map(|central| central.partner_type).or_else(|| first?.partner_type),
            expected_partner: Some(arrival.partner.clone()),
            ..begun
        };
        match first {
            Some(first) => request.continuing(first),
            None => request,
        }
    }

    /// Returns the region and the type of partner that belong to the target's host. Sometimes Amazon sends a path without a
    /// host, or `amazon.com`, which identify neither (F§2.1).
    fn central_host_of(&self, target: &CallbackTarget) -> Option<CentralHost> {
        self.amazon.marketplaces().central_host(target.host.as_deref()?)
    }

    /// Returns the open website journeys of this browser whose second leg this may be. Journeys with the same link and host
    /// count as one, because a partner may have begun more than once.
    async fn journey(
        &self,
        arrival: &FromAmazon,
        application: &Application,
        browser: Option<&Browser>,
        chosen: Option<&RequestId>,
        now: Timestamp,
    ) -> Result<Journeys, Stop> {
        let Some(browser) = browser else {
            return Ok(Journeys::None);
        };
        let central = self.central_host_of(&arrival.target);
        let open = self.requests.open(&browser.open_requests, &browser.id, &arrival.partner, now).await?;
        let mut fitting: Vec<_> = open
            .into_iter()
            .filter(|request| request.workflow == Workflow::Website)
            .filter(|request| request.application_id == application.application_id)
            .filter(|request| {
                central.is_none_or(|central| {
                    request.region == Some(central.region)
                        && request.partner_type == Some(central.partner_type)
                })
            })
            .collect();
        if let Some(chosen) = fitting.iter().position(|request| chosen == Some(&request.request_id)) {
            return Ok(Journeys::One(Box::new(fitting.swap_remove(chosen))));
        }
        // If the target identifies no marketplace, journeys that began at different hosts are different.
        let meant = |request: &AuthorizationRequest| {
            let host = request.central_host.clone().filter(|_| central.is_none());
            (request.link_id.clone(), host)
        };
        fitting.sort_by_key(|request| (meant(request), request.created_at));
        fitting.dedup_by_key(|request| meant(request));
        Ok(match (fitting.len(), fitting.pop()) {
            (1, Some(only)) => Journeys::One(Box::new(only)),
            (_, Some(last)) => Journeys::Several(fitting.into_iter().chain([last]).collect()),
            (_, None) => Journeys::None,
        })
    }
}

fn ask_which(
    journeys: &[AuthorizationRequest],
    raw_query: &str,
    application: &Application,
    headers: &HeaderMap,
) -> Response<Body> {
    // An earlier choice that matched no journey is removed.
    let query: Vec<_> = raw_query.split('&').filter(|part| !part.starts_with("journey=")).collect();
    let query = query.join("&");
    let choices = journeys.iter().map(|journey| Choice {
        label: match (&journey.label, journey.central_host.as_deref().unwrap_or_default()) {
            (Some(label), host) => format!("{label} ({host})"),
            (None, host) => host.to_owned(),
        },
        href: format!("/login?{query}&{CHOSEN}={}", journey.request_id),
    });
    Page::new(Message::ChooseJourney, headers)
        .application(&application.name)
        .choices(choices.collect())
        .response()
}

fn is_version(raw: &str) -> bool {
    raw.len() <= 32 && raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || b == b'.')
}

/// Returns the host at which most sellers of a region sign in.
fn default_host(region: Region) -> &'static str {
    match region {
        Region::Na => "sellercentral.amazon.com",
        Region::Eu => "sellercentral-europe.amazon.com",
        Region::Fe => "sellercentral.amazon.co.jp",
    }
}
