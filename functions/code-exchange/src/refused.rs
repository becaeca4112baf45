//! The pages of browsers that redeem nothing, with their lines in the log.

use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    aws::AwsError,
    browser::{
        page::{Choice, Label, Message, Page},
        query::BadParameter,
        stopped::Stopped,
    },
    deadline::{Clock, Transient},
};

use crate::{CodeExchange, callback::NoCallback, ending::again};

impl CodeExchange {
    /// Answers a browser that came without the parameters of the Redirect URI.
    pub(crate) async fn no_callback(
        &self,
        reason: NoCallback,
        query: &str,
        headers: &HeaderMap,
        clock: Clock,
    ) -> Response<Body> {
        let journey = Stopped::with_query(query);
        match reason {
            NoCallback::Bad(parameter) => {
                self.page_with_way_on(parameter.into(), headers, journey.because_of(parameter)).await
            }
            NoCallback::NotConsented => {
                let journey = journey.because("Amazon sent the parameter error instead of a code");
                self.page_with_way_on(Message::NotConsented, headers, journey).await
            }
            NoCallback::UnknownState => {
                let parameter = BadParameter::not("state", "a state that was issued here");
                let journey = journey.because_of(parameter);
                stopped(Message::UnknownState, headers, &journey, Vec::new())
            }
            NoCallback::OfTheLoginUri => {
                let message = Message::Misdirected;
                let journey = journey.because(
                    "the Redirect URI got the parameters of the Login URI: they are mixed up at Amazon",
                );
                journey.log(message);
                let application = match &journey.application {
                    Some(id) => self.applications.find(id, clock.began()).await.ok().flatten(),
                    None => None,
                };
                let on = Choice { label: Label::GoOn, href: format!("/login?{query}") };
                let page = Page::new(message, headers).choices(vec![on]);
                match &application {
                    Some(application) => page.application(&application.name).response(),
                    None => page.response(),
                }
            }
        }
    }

    /// Answers with a page, and with the way to begin the journey again that the browser names, if it names one.
    pub(crate) async fn page_with_way_on(
        &self,
        message: Message,
        headers: &HeaderMap,
        journey: Stopped,
    ) -> Response<Body> {
        let found = match &journey.request {
            Some(id) => self.requests.find(id).await.ok().flatten(),
            None => None,
        };
        let browser = self.cookie.read(headers).map(|browser| browser.id.fingerprint());
        let choice = found.as_ref().and_then(|found| {
            let in_its_browser = browser.is_some_and(|browser| found.is_of(&browser));
            again(found.request(), in_its_browser)
        });
        let journey = match &found {
            Some(found) => journey.on(found.request()),
            None => journey,
        };
        stopped(message, headers, &journey, choice.into_iter().collect())
    }
}

pub(crate) fn stopped(
    message: Message,
    headers: &HeaderMap,
    journey: &Stopped,
    choices: Vec<Choice>,
) -> Response<Body> {
    journey.log(message);
    Page::new(message, headers).choices(choices).response()
}

pub(crate) fn failed(error: &AwsError, headers: &HeaderMap, journey: &Stopped) -> Response<Body> {
    journey.log_failure(error);
    let message = if error.is_transient() { Message::Unavailable } else { Message::Internal };
    Page::new(message, headers).response()
}
