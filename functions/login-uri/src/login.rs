//! `GET /login`: Amazon opens the Login URI and wants the browser back with a new state (F§2).
//!
//! It treats known and unknown partners alike and reads no grants: nobody can find out here who is a partner.

use jiff::Timestamp;
use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    application::Application,
    authorization_request::{AuthorizationRequest, VALID_FOR, Workflow, new_request_id},
    cookie::Browser,
    ids::{RequestId, SellingPartnerId},
    page::{Choice, Message, Page, redirect},
    query::Query,
    region::Region,
};
use url::form_urlencoded;

use crate::{LoginUri, Stop, callback_target::CallbackTarget, optional, required};

/// The longest `amazon_state` that is carried: a browser's URL must hold it twice over (more than 200 characters have
/// been seen, F§2).
const LONGEST_AMAZON_STATE: usize = 4096;

/// Our own parameter, by which a partner answers which of several journeys this is.
const CHOSEN: &str = "journey";

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
            // Registered as one address, the Login URI and the redirect URI are told apart by their parameters (F§1.2).
            return if query.find("spapi_oauth_code").is_some() {
                Ok(redirect(&format!("{}?{raw_query}", self.site.redirect_uri())))
            } else {
                Err(Stop::Say(Message::BadLink))
            };
        };
        let target =
            CallbackTarget::parse(&target.decoded()?, &self.amazon).ok_or(Stop::Say(Message::NotAmazon))?;
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
        let application = self.applications.find(&target.application_id, now).await?;
        let application = application.ok_or(Stop::Say(Message::UnknownApplication))?;

        let browser = self.cookie.read(headers);
        // A host of a marketplace tells all. Otherwise the journey that this browser has open does.
        let told = target.host.as_deref().and_then(|host| self.amazon.marketplaces().central_host(host));
        let journey = match told {
            Some(_) => None,
            None => match self.journey(&application, browser.as_ref(), optional(&query, CHOSEN)?, now).await?
            {
                Journeys::One(journey) => Some(*journey),
                Journeys::None => None,
                Journeys::Several(journeys) => {
                    return Ok(ask_which(&journeys, raw_query, &application, headers));
                }
            },
        };
        let host = target.host.clone().or_else(|| journey.as_ref()?.central_host.clone());
        let host = host.unwrap_or_else(|| default_host(application.default_region).to_owned());
        let request = AuthorizationRequest {
            request_id: new_request_id(),
            workflow: Workflow::LoginUri,
            application_id: application.application_id.clone(),
            draft: version.is_some(),
            region: told.map(|told| told.region).or_else(|| journey.as_ref()?.region),
            partner_type: told.map(|told| told.partner_type).or_else(|| journey.as_ref()?.partner_type),
            central_host: Some(host.clone()),
            expected_partner: Some(partner),
            account: None,
            redirect_uri: self.site.redirect_uri(),
            created_at: now,
            expires_at: now + VALID_FOR,
        };
        let target = target.on(&host, &self.amazon);
        let redirect_uri = request.redirect_uri.clone();
        self.send_on(request, browser, move |state| {
            let mut parameters = form_urlencoded::Serializer::new(String::new());
            let encoded =
                parameters.append_pair("redirect_uri", &redirect_uri).append_pair("state", state).finish();
            // Amazon's own values go back as they came, byte for byte.
            let amazon_state = amazon_state.raw();
            let version = version.map(|version| format!("&version={}", version.raw())).unwrap_or_default();
            format!("{target}?{encoded}&amazon_state={amazon_state}{version}")
        })
        .await
    }

    /// The website journeys for this application that this browser has open, one for each host. Amazon sometimes sends a
    /// path without a host, or `amazon.com`, which tells nothing of the partner (F§2.1).
    async fn journey(
        &self,
        application: &Application,
        browser: Option<&Browser>,
        chosen: Option<RequestId>,
        now: Timestamp,
    ) -> Result<Journeys, Stop> {
        let open = match browser {
            Some(browser) => self.requests.open(&browser.open_requests, &browser.id, now).await?,
            None => Vec::new(),
        };
        let mut fitting: Vec<_> = open
            .into_iter()
            .filter(|request| request.workflow == Workflow::Website)
            .filter(|request| request.application_id == application.application_id)
            .collect();
        if let Some(chosen) = fitting.iter().position(|request| chosen.as_ref() == Some(&request.request_id))
        {
            return Ok(Journeys::One(Box::new(fitting.swap_remove(chosen))));
        }
        fitting.sort_by(|one, other| one.central_host.cmp(&other.central_host));
        fitting.dedup_by(|one, other| one.central_host == other.central_host);
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
    // An earlier answer that did not fit is not asked again.
    let query: Vec<_> = raw_query.split('&').filter(|part| !part.starts_with("journey=")).collect();
    let query = query.join("&");
    let choices = journeys.iter().map(|journey| Choice {
        label: journey.central_host.clone().unwrap_or_default(),
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

/// Where most sellers of a region sign in.
fn default_host(region: Region) -> &'static str {
    match region {
        Region::Na => "sellercentral.amazon.com",
        Region::Eu => "sellercentral-europe.amazon.com",
        Region::Fe => "sellercentral.amazon.co.jp",
    }
}
