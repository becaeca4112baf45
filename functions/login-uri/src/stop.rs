//! Why a browser is not redirected, and the page that it gets.

use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    application::Application,
    aws::AwsError,
    browser::{
        integrator_url::way_back,
        page::{Choice, Message, Page, Sites},
        query::BadParameter,
        stopped::Stopped,
    },
    deadline::Transient,
    ids::{LanguageTag, LinkId, SellingPartnerId},
    journey::{link::AuthorizationLink, request::AuthorizationRequest},
};

/// Why the browser is not redirected.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The browser gets a page with this message.
    Say(Message),
    /// A parameter is not as it should be.
    Bad(BadParameter),
    /// The browser gets a page that knows more.
    Refused(Box<Refusal>),
    /// A call to AWS failed.
    Aws(AwsError),
}

/// A page with names and ways on, and what the log says of it.
#[derive(Debug)]
pub(crate) struct Refusal {
    message: Message,
    application: Option<Application>,
    partner: Option<SellingPartnerId>,
    expected: Option<SellingPartnerId>,
    request: Option<AuthorizationRequest>,
    link: Option<LinkId>,
    language: Option<LanguageTag>,
    parameter: Option<BadParameter>,
    reason: Option<&'static str>,
    choices: Vec<Choice>,
    sites: Option<Sites>,
}

impl Refusal {
    pub(crate) fn with(message: Message) -> Self {
        Self {
            message,
            application: None,
            partner: None,
            expected: None,
            request: None,
            link: None,
            language: None,
            parameter: None,
            reason: None,
            choices: Vec::new(),
            sites: None,
        }
    }

    pub(crate) fn application(self, application: &Application) -> Self {
        Self { application: Some(application.clone()), ..self }
    }

    pub(crate) fn partner(self, partner: &SellingPartnerId) -> Self {
        Self { partner: Some(partner.clone()), ..self }
    }

    /// Names the partner who was expected.
    pub(crate) fn expected(self, partner: Option<&SellingPartnerId>) -> Self {
        Self { expected: partner.cloned(), ..self }
    }

    pub(crate) fn journey(self, request: &AuthorizationRequest) -> Self {
        Self { request: Some(request.clone()), ..self }
    }

    pub(crate) fn link(self, link: &AuthorizationLink) -> Self {
        Self { link: Some(link.link_id.clone()), language: link.language.clone(), ..self }
    }

    pub(crate) fn because(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    pub(crate) fn bad(self, parameter: BadParameter) -> Self {
        Self { parameter: Some(parameter), ..self }
    }

    pub(crate) fn choices(self, choices: Vec<Choice>) -> Self {
        Self { choices, ..self }
    }

    pub(crate) fn sites(self, sites: Sites) -> Self {
        Self { sites: Some(sites), ..self }
    }

    fn response(self, headers: &HeaderMap, journey: Stopped) -> Response<Body> {
        let Self {
            message,
            application,
            partner,
            expected,
            request,
            link,
            language,
            parameter,
            reason,
            choices,
            sites,
        } = self;
        let journey = match &request {
            Some(request) => journey.on(request),
            None => journey,
        };
        let id = application.as_ref().map(|application| application.application_id.clone());
        let journey = Stopped {
            application: id.or(journey.application),
            link: link.or(journey.link),
            language: language.or(journey.language),
            parameter,
            reason,
            ..journey
        };
        journey.log(message);
        let return_url = request.as_ref().and_then(|request| request.return_url.as_deref());
        let back = application
            .as_ref()
            .and_then(|application| way_back(application, return_url, message.return_status()));
        Page::new(message, headers, journey.reference())
            .in_language(journey.asked, journey.language.as_ref())
            .application(application.as_ref())
            .partner(partner.as_ref().map(SellingPartnerId::as_str))
            .expected(expected.as_ref().map(SellingPartnerId::as_str))
            .back(back)
            .choices(choices)
            .sites(sites)
            .response()
    }

    /// Names the application, if the page does not name one yet.
    fn or_application(self, application: Option<&Application>) -> Self {
        Self { application: self.application.or_else(|| application.cloned()), ..self }
    }
}

impl Stop {
    /// Answers the browser with a page, in the name of `application` if the stop knows none itself.
    pub(crate) fn response(
        self,
        headers: &HeaderMap,
        journey: Stopped,
        application: Option<&Application>,
    ) -> Response<Body> {
        let refusal = match self {
            Self::Refused(refusal) => *refusal,
            Self::Say(message) => Refusal::with(message),
            Self::Bad(parameter) => Refusal::with(parameter.into()).bad(parameter),
            Self::Aws(error) => {
                journey.log_failure(&error);
                let message = if error.is_transient() { Message::Unavailable } else { Message::Internal };
                return Page::new(message, headers, journey.reference())
                    .in_language(journey.asked, None)
                    .response();
            }
        };
        refusal.or_application(application).response(headers, journey)
    }

    /// Returns whether the page would name no application, and the registry can be asked for one.
    pub(crate) fn is_nameless(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.application.is_none(),
            Self::Say(message) => *message != Message::UnknownApplication,
            Self::Bad(_) => true,
            Self::Aws(_) => false,
        }
    }
}

impl From<AwsError> for Stop {
    fn from(error: AwsError) -> Self {
        Self::Aws(error)
    }
}

impl From<BadParameter> for Stop {
    fn from(parameter: BadParameter) -> Self {
        Self::Bad(parameter)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
