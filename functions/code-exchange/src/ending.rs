//! How a journey ends, and the last response to its browser: a redirect to the integrator's return URL if the journey has one, or a page.

use std::sync::Arc;

use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    application::Application,
    aws::{
        AwsError,
        transaction::{Commit, Write},
    },
    browser::{
        integrator_url::{is_integrator_url, with_parameters},
        page::{Choice, Message, Page, see_other},
    },
    deadline::{Clock, Deadline, Pauses, retry_until},
    ids::ApplicationId,
    journey::{
        request::{AuthorizationRequest, Outcome, ResultHandle, Workflow},
        request_store::Redeemed,
    },
    secret::{BrowserId, ResultSecret},
};

use crate::{CodeExchange, callback::Callback};

/// The journey that ends, and the browser to which it belongs.
pub(crate) struct Ending<'a> {
    pub(crate) application: Option<&'a Application>,
    pub(crate) callback: &'a Callback,
    /// The return URL that the integrator chose for the journey.
    pub(crate) return_url: Option<&'a str>,
    pub(crate) browser: &'a BrowserId,
    /// How the partner can begin again, if the journey brings nothing.
    pub(crate) again: Option<Choice>,
}

/// Returns the return URL if a browser may be sent there for this application.
pub(crate) fn registered<'u>(return_url: Option<&'u str>, application: &Application) -> Option<&'u str> {
    return_url.filter(|url| application.leads_back_to(url) && is_integrator_url(url))
}

/// Returns how the partner of this journey can begin again: with its link, or at the marketplace where it began. One that began
/// at Amazon begins there again. A link is opened again only by the browser that opened it.
pub(crate) fn again(request: &AuthorizationRequest, in_its_browser: bool) -> Option<Choice> {
    let first = request.continues.as_ref().unwrap_or(&request.request_id);
    let began_here = request.workflow == Workflow::Website || request.continues.is_some();
    (began_here && (in_its_browser || request.link_id.is_none())).then(|| Choice::start_again(first))
}

impl Ending<'_> {
    /// Redirects the browser to the return URL if that is still registered. The URL carries only the outcome and the result
    /// that completes the journey. Otherwise a page says how the journey ended.
    pub(crate) fn response(&self, outcome: Outcome, headers: &HeaderMap) -> Response<Body> {
        let registered = self.application.and_then(|application| registered(self.return_url, application));
        let Some(return_url) = registered else {
            return self.page(outcome.into(), headers);
        };
        let mut parameters = vec![("status", outcome.as_str())];
        let state = &self.callback.state;
        let result = ResultHandle {
            request_id: state.request_id.clone(),
            secret: ResultSecret::of_request(&state.request_id, &state.secret, self.browser),
        }
        .expose();
        if outcome.brought_a_token() {
            parameters.push(("result", &result));
        }
        see_other(&with_parameters(return_url, &parameters))
    }

    pub(crate) fn page(&self, message: Message, headers: &HeaderMap) -> Response<Body> {
        let brings_nothing =
            matches!(message, Message::CodeRefused | Message::ApplicationRefused | Message::Interrupted);
        let again = self.again.clone().filter(|_| brings_nothing);
        let page = Page::new(message, headers).partner(self.callback.partner.as_str());
        let page = page.choices(again.into_iter().collect());
        match self.application {
            Some(application) => page.application(&application.name).response(),
            None => page.response(),
        }
    }
}

impl CodeExchange {
    /// Returns the application, from memory unless the return URL was registered a moment ago.
    pub(crate) async fn application(
        &self,
        id: &ApplicationId,
        return_url: Option<&str>,
        clock: Clock,
    ) -> Result<Option<Arc<Application>>, AwsError> {
        let cached = self.applications.find(id, clock.began()).await?;
        let leads_back =
            |application: &Arc<Application>| return_url.is_none_or(|url| application.leads_back_to(url));
        match cached {
            Some(cached) if !leads_back(&cached) => Ok(self.applications.current(id).await?.map(Arc::new)),
            cached => Ok(cached),
        }
    }

    /// Stores that the journey ended without a grant. If that fails, a reload tries the code again and ends the same way.
    pub(crate) async fn end(&self, redeemed: &Redeemed, end: Write, deadline: Deadline) {
        // Neither end brings a token, so the link of the journey may be opened again.
        let request = &redeemed.request;
        let first = request.continues.as_ref().filter(|_| request.link_id.is_some());
        let release = first.map(|first| self.requests.release(first));
        let writes: Vec<_> = [end.named("end")].into_iter().chain(release).collect();
        let mut pauses = Pauses::until(deadline);
        loop {
            match retry_until(deadline, || self.transactions.commit(&writes, &redeemed.attempt)).await {
                Ok(Commit::Made) => return,
                Ok(Commit::Changed) if pauses.pause(None).await => {}
                Ok(Commit::Changed | Commit::Refused(_)) => {
                    let id = &redeemed.request.request_id;
                    tracing::warn!(request.id = %id, "Another attempt has taken over request {id}");
                    return;
                }
                Err(error) => {
                    let id = &redeemed.request.request_id;
                    tracing::warn!(request.id = %id, cause = %error, "Outcome of request {id} was not stored: {error}");
                    return;
                }
            }
        }
    }
}
