//! The sign-in at the integrator. A partner who comes from Amazon signs in there, so that its account is known, and is then
//! redirected back to Amazon.

use jiff::Timestamp;
use lambda_http::{
    Body, Response,
    http::{HeaderMap, header},
};
use shared::{
    browser::{
        cookie::Browser,
        integrator_url::{is_integrator_url, with_parameters},
        page::{Language, Message, Page, redirect},
        query::Query,
        reference::Reference,
    },
    ids::{RequestId, SellingPartnerId},
    journey::request::{Arrival, AuthorizationRequest, NotSignedIn},
    secret::SignInProof,
};
use url::form_urlencoded;

use crate::{
    LoginUri,
    stop::{Refusal, Stop},
};

impl LoginUri {
    /// Redirects the browser to the integrator's sign-in with the id of its request, without any parameter of Amazon.
    pub(crate) async fn to_sign_in(
        &self,
        sign_in_url: &str,
        request: AuthorizationRequest,
        browser: Option<Browser>,
    ) -> Result<Response<Body>, Stop> {
        if !is_integrator_url(sign_in_url) {
            let id = &request.application_id;
            tracing::error!(
                application.id = %id,
                "Sign-in URL of application {id} is not allowed; hint: set another one with updateApplication"
            );
            return Err(Stop::Say(Message::Internal));
        }
        let browser = browser.unwrap_or_else(Browser::unknown);
        self.requests.begin_sign_in(&request, &browser.id).await?;
        tracing::info!(
            request.id = %request.request_id,
            reference = Reference::of(request.request_id.as_str(), request.created_at).as_str(),
            application.id = %request.application_id,
            "Browser of request {} sent to the integrator's sign-in",
            request.request_id
        );
        let location = with_parameters(sign_in_url, &[("request", request.request_id.as_str())]);
        let mut response = redirect(&location);
        let cookie = self.cookie.write(&browser.opening(request.request_id));
        response.headers_mut().insert(header::SET_COOKIE, cookie);
        Ok(response)
    }

    /// Redirects the browser back to Amazon after the sign-in, and only the browser that came from Amazon. A browser may repeat the
    /// request: a reload, a double click or a prefetch leads to the same place.
    pub(crate) async fn signed_in(
        &self,
        raw_query: &str,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let query = Query::parse(raw_query);
        let id: RequestId = query.required("request")?;
        // A proof has the form of a request id.
        let proof: RequestId = query.required("proof")?;
        let proof = SignInProof::new(proof.into());
        let browser = self.cookie.read(headers).ok_or(Stop::Say(Message::OtherBrowser))?;
        let continued = self.requests.continue_signed_in(&id, &browser.id, &proof, now).await?;
        let (request, state) = match continued {
            Ok(continued) => continued,
            Err(reason) => {
                return self
                    .not_signed_in(&id, reason, &browser, (headers, Language::asked_for(&query)), now)
                    .await;
            }
        };
        let arrival = request.arrival.as_ref().ok_or(Stop::Say(Message::UnknownState))?;
        tracing::info!(request.id = %id, "Browser of request {id} sent to Amazon after its sign-in");
        Ok(redirect(&back_to_amazon(arrival, &request, &state.expose())))
    }

    /// Answers a browser whose sign-in does not continue. If its journey has brought a grant meanwhile, the page says so: a partner
    /// who goes back in the browser has not failed.
    async fn not_signed_in(
        &self,
        id: &RequestId,
        reason: NotSignedIn,
        browser: &Browser,
        (headers, asked): (&HeaderMap, Option<Language>),
        now: Timestamp,
    ) -> Result<Response<Body>, Stop> {
        let journey =
            self.requests.find(id).await?.filter(|journey| journey.is_of(&browser.id.fingerprint()));
        let Some(journey) = journey else {
            return Err(Stop::Say(reason.into()));
        };
        let request = journey.request();
        let application = self.registered(&request.application_id, now).await?;
        if let Some(outcome) = journey.outcome().filter(|outcome| outcome.brought_a_token()) {
            let partner = journey.came_back_with().map(SellingPartnerId::as_str);
            let reference = Reference::of(id.as_str(), now);
            let page = Page::new(outcome.into(), headers, reference).application(Some(&application));
            return Ok(page.in_language(asked, request.language.as_ref()).partner(partner).response());
        }
        Err(Refusal::with(reason.into()).application(&application).journey(request).into())
    }
}

/// Returns the URL that leads back to Amazon. Amazon's own values are returned as received, byte for byte.
pub(crate) fn back_to_amazon(arrival: &Arrival, request: &AuthorizationRequest, state: &str) -> String {
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    let ours =
        parameters.append_pair("redirect_uri", &request.redirect_uri).append_pair("state", state).finish();
    let Arrival { target, amazon_state, version } = arrival;
    let version = version.as_ref().map(|version| format!("&version={version}")).unwrap_or_default();
    format!("{target}?{ours}&amazon_state={amazon_state}{version}")
}
