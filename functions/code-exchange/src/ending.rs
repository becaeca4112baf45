//! The last response to the browser: a redirect to the integrator's return URL if the journey has one, or a page.

use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    application::Application,
    browser::{
        integrator_url::{is_integrator_url, with_parameters},
        page::{Message, Page, see_other},
    },
    journey::request::{Outcome, ResultHandle},
    secret::{BrowserId, ResultSecret},
};

use crate::callback::Callback;

/// The journey that ends, and the browser to which it belongs.
pub(crate) struct Ending<'a> {
    pub(crate) application: Option<&'a Application>,
    pub(crate) callback: &'a Callback,
    /// The return URL that the integrator chose for the journey.
    pub(crate) return_url: Option<&'a str>,
    pub(crate) browser: &'a BrowserId,
}

impl Ending<'_> {
    /// Redirects the browser to the return URL if that is still registered. The URL carries only the outcome and the result
    /// that completes the journey. Otherwise a page says how the journey ended.
    pub(crate) fn response(&self, outcome: Outcome, headers: &HeaderMap) -> Response<Body> {
        let registered = |url: &&str| {
            self.application.is_some_and(|application| application.return_urls.contains(*url))
                && is_integrator_url(url)
        };
        let Some(return_url) = self.return_url.filter(registered) else {
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
        let page = Page::new(message, headers).partner(self.callback.partner.as_str());
        match self.application {
            Some(application) => page.application(&application.name).response(),
            None => page.response(),
        }
    }
}
