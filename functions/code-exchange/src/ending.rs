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
        integrator_url::{registered, way_back, with_parameters},
        page::{Choice, Connection, Message, Page, see_other},
        reference::Reference,
    },
    deadline::{Clock, Deadline, Pauses, retry_until},
    grant::{GrantKey, Status},
    ids::{ApplicationId, LanguageTag},
    journey::{
        link::Label,
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
    /// The integrator's name for the account of the journey's link.
    pub(crate) label: Option<&'a Label>,
    /// The language of the journey's link.
    pub(crate) language: Option<&'a LanguageTag>,
    pub(crate) reference: Reference,
}

/// How a journey ended, and what it has connected.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    /// Only an authorization that counts at once has one.
    pub(crate) connection: Option<Connection>,
}

/// Returns how the partner of this journey can begin again: with its link, or at the marketplace where it began, if any browser may
/// begin there (`direct`). A link is opened again only by the browser that opened it. A journey that Amazon began begins at Amazon
/// again if the partner signs in at the integrator's on the way, since nothing else says whose account it is.
pub(crate) fn again(
    request: &AuthorizationRequest,
    in_its_browser: bool,
    application: Option<&Application>,
    direct: bool,
) -> Option<Choice> {
    let first = request.continues.as_ref().unwrap_or(&request.request_id);
    let began_here = request.workflow == Workflow::Website || request.continues.is_some();
    let here = began_here || application.is_some_and(|application| application.sign_in_url.is_none());
    let possible = if request.link_id.is_some() {
        in_its_browser
    } else {
        direct && here && request.central_host.is_some()
    };
    possible.then(|| Choice::start_again(first))
}

impl Ending<'_> {
    /// Redirects the browser to the return URL if that is still registered. The URL carries only the outcome and the result
    /// that completes the journey. Otherwise a page says how the journey ended.
    pub(crate) fn response(&self, ended: &Ended, headers: &HeaderMap) -> Response<Body> {
        let outcome = ended.outcome;
        let registered = self.application.and_then(|application| registered(self.return_url, application));
        let Some(return_url) = registered else {
            return self.page_with(outcome.into(), ended.connection.as_ref(), headers);
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
        self.page_with(message, None, headers)
    }

    fn page_with(
        &self,
        message: Message,
        connection: Option<&Connection>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let brings_nothing =
            matches!(message, Message::CodeRefused | Message::ApplicationRefused | Message::Interrupted);
        let again = self.again.clone().filter(|_| brings_nothing);
        let back =
            self.application.and_then(|known| way_back(known, self.return_url, message.return_status()));
        Page::new(message, headers, self.reference.clone())
            .in_language(None, self.language)
            .application(self.application)
            .partner(Some(self.callback.partner.as_str()))
            .account(self.label.map(Label::as_str))
            .connection(connection)
            .back(back)
            .choices(again.into_iter().collect())
            .response()
    }
}

impl CodeExchange {
    /// Returns what a journey that has ended has connected, for the page of a callback that is loaded again. Without it the page says
    /// less.
    pub(crate) async fn connection(
        &self,
        request: &AuthorizationRequest,
        application: &Application,
        callback: &Callback,
    ) -> Option<Connection> {
        let key = |region| GrantKey {
            application_id: request.application_id.clone(),
            region,
            selling_partner_id: callback.partner.clone(),
        };
        let region = request.region.unwrap_or(application.default_region);
        let mut grant = self.grants.find(&key(region)).await.ok()??;
        if let Some(there) = grant.points_to() {
            grant = self.grants.find(&there).await.ok()??;
        }
        (grant.status == Status::Active).then(|| Connection::of(&grant, &self.amazon))
    }

    /// Returns the application, from memory unless the journey has a return URL. Return URLs count immediately, and no memory can say
    /// that one has just been taken away.
    pub(crate) async fn application(
        &self,
        id: &ApplicationId,
        return_url: Option<&str>,
        clock: Clock,
    ) -> Result<Option<Arc<Application>>, AwsError> {
        match return_url {
            Some(_) => Ok(self.applications.current(id).await?.map(Arc::new)),
            None => self.applications.find(id, clock.began()).await,
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
