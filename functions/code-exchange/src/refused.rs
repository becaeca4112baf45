//! The pages of browsers that redeem nothing, with their lines in the log.

use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    aws::AwsError,
    browser::{
        integrator_url::way_back,
        page::{Choice, Label, Message, Page, see_other},
        query::BadParameter,
        stopped::Stopped,
    },
    deadline::{Clock, Transient},
    ids::SellingPartnerId,
    journey::request::{AuthorizationRequest, NotRedeemed, Progress},
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
        let journey = Stopped::with_query(query, clock.began());
        match reason {
            NoCallback::Bad(parameter) => {
                self.page_with_way_on(parameter.into(), headers, journey.because_of(parameter), clock).await
            }
            NoCallback::NotConsented => {
                let journey = journey.because("Amazon sent the parameter error instead of a code");
                self.page_with_way_on(Message::NotConsented, headers, journey, clock).await
            }
            NoCallback::UnknownState => {
                let parameter = BadParameter::not("state", "a state that was issued here");
                let journey = journey.because_of(parameter);
                self.unknown_state(headers, journey, clock).await
            }
            NoCallback::OfTheLoginUri => {
                let message = Message::Misdirected;
                let journey = journey.because(
                    "the Redirect URI got the parameters of the Login URI: they are mixed up at Amazon",
                );
                let on = Choice { label: Label::GoOn, href: format!("/login?{query}") };
                self.stopped(message, headers, journey, vec![on], clock).await
            }
        }
    }

    /// Answers with a page, and with the way to begin the journey again that the browser names, if it names one.
    pub(crate) async fn page_with_way_on(
        &self,
        message: Message,
        headers: &HeaderMap,
        journey: Stopped,
        clock: Clock,
    ) -> Response<Body> {
        let found = match &journey.request {
            Some(id) => self.requests.find(id).await.ok().flatten(),
            None => None,
        };
        let Some(found) = found else {
            return self.stopped(message, headers, journey, Vec::new(), clock).await;
        };
        let in_its_browser = self.is_in_its_browser(&found, headers);
        let about =
            About { request: Some(found.request()), in_its_browser, begins_again: true, expected: None };
        self.page(message, headers, journey.on(found.request()), about, Vec::new(), clock).await
    }

    /// Answers a browser with a `state` that is not known. If it has begun a journey, the page offers to begin the latest one again.
    pub(crate) async fn unknown_state(
        &self,
        headers: &HeaderMap,
        journey: Stopped,
        clock: Clock,
    ) -> Response<Body> {
        let message = Message::UnknownState;
        let latest = self.cookie.read(headers).and_then(|browser| browser.open_requests.last().cloned());
        let found = match &latest {
            Some(id) => self.requests.find(id).await.ok().flatten(),
            None => None,
        };
        let Some(found) = found.filter(|found| self.is_in_its_browser(found, headers)) else {
            return self.stopped(message, headers, journey, Vec::new(), clock).await;
        };
        let about = About {
            request: Some(found.request()),
            in_its_browser: true,
            begins_again: true,
            expected: None,
        };
        let application = Some(found.request().application_id.clone());
        self.page(message, headers, Stopped { application, ..journey }, about, Vec::new(), clock).await
    }

    fn is_in_its_browser(&self, found: &Progress, headers: &HeaderMap) -> bool {
        self.cookie.read(headers).is_some_and(|browser| found.is_of(&browser.id.fingerprint()))
    }

    /// Answers a callback that redeems nothing, though it has the state of `request`.
    pub(crate) async fn not_redeemed(
        &self,
        reason: &NotRedeemed,
        request: &AuthorizationRequest,
        headers: &HeaderMap,
        journey: Stopped,
        clock: Clock,
    ) -> Response<Body> {
        let message = Message::from(reason.clone());
        let is_other_partner = *reason == NotRedeemed::OtherPartner;
        let first = request.continues.as_ref().unwrap_or(&request.request_id);
        let instead = (is_other_partner && request.link_id.is_some() && self.direct_authorize)
            .then(|| Choice::other_account(first));
        let about = About {
            request: Some(request),
            in_its_browser: *reason != NotRedeemed::OtherBrowser,
            // Another request is exchanging the code of this journey, so there is nothing to start again.
            begins_again: *reason != NotRedeemed::Exchanging,
            expected: request.expected_partner.as_ref().filter(|_| is_other_partner),
        };
        self.page(message, headers, journey.on(request), about, instead.into_iter().collect(), clock).await
    }

    /// Answers with a page about a browser whose journey is not known, or not its own.
    pub(crate) async fn stopped(
        &self,
        message: Message,
        headers: &HeaderMap,
        journey: Stopped,
        choices: Vec<Choice>,
        clock: Clock,
    ) -> Response<Body> {
        self.page(message, headers, journey, About::default(), choices, clock).await
    }

    async fn page(
        &self,
        message: Message,
        headers: &HeaderMap,
        journey: Stopped,
        about: About<'_>,
        choices: Vec<Choice>,
        clock: Clock,
    ) -> Response<Body> {
        journey.log(message);
        let own = about.request.filter(|_| about.in_its_browser);
        let return_url = own.and_then(|request| request.return_url.as_deref());
        let id = match &journey.application {
            Some(id) => Some(id.clone()),
            None => self.applications.only(clock.began()).await.ok(),
        };
        let application = match &id {
            Some(id) => self.application(id, return_url, clock).await.ok().flatten(),
            None => None,
        };
        let application = application.as_deref();
        let back = application.and_then(|known| way_back(known, return_url, message.return_status()));
        // The partner has decided at Amazon, so a page of this site has no question left. The integrator decides what comes next.
        if let (Message::NotConsented, Some(back)) = (message, &back) {
            return see_other(back);
        }
        let begins = about.request.filter(|_| about.begins_again);
        let again = begins
            .and_then(|request| again(request, about.in_its_browser, application, self.direct_authorize));
        Page::new(message, headers, journey.reference())
            .in_language(journey.asked, journey.language.as_ref())
            .application(application)
            .partner(journey.partner.as_ref().map(SellingPartnerId::as_str))
            .expected(about.expected.map(SellingPartnerId::as_str))
            .back(back)
            .choices(again.into_iter().chain(choices).collect())
            .response()
    }
}

/// The journey that a page is about.
#[derive(Clone, Copy, Default)]
struct About<'a> {
    request: Option<&'a AuthorizationRequest>,
    /// Whether the browser began it. The page of another browser names and offers less.
    in_its_browser: bool,
    /// Whether it can begin again.
    begins_again: bool,
    /// The partner who was expected, if another came.
    expected: Option<&'a SellingPartnerId>,
}

pub(crate) fn failed(error: &AwsError, headers: &HeaderMap, journey: &Stopped) -> Response<Body> {
    journey.log_failure(error);
    let message = if error.is_transient() { Message::Unavailable } else { Message::Internal };
    Page::new(message, headers, journey.reference())
        .in_language(journey.asked, journey.language.as_ref())
        .response()
}
