//! Why a browser is not redirected, and the page that it gets.

use lambda_http::{Body, Response, http::HeaderMap};
use shared::{
    application::Application,
    aws::AwsError,
    browser::{
        page::{Choice, Message, Page},
        query::BadParameter,
        stopped::Stopped,
    },
    deadline::Transient,
    ids::{ApplicationId, LinkId, SellingPartnerId},
    journey::request::AuthorizationRequest,
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
    application: Option<(ApplicationId, String)>,
    partner: Option<SellingPartnerId>,
    request: Option<AuthorizationRequest>,
    link: Option<LinkId>,
    parameter: Option<BadParameter>,
    reason: Option<&'static str>,
    choices: Vec<Choice>,
}

impl Refusal {
    pub(crate) fn with(message: Message) -> Self {
        Self {
            message,
            application: None,
            partner: None,
            request: None,
            link: None,
            parameter: None,
            reason: None,
            choices: Vec::new(),
        }
    }

    pub(crate) fn application(self, application: &Application) -> Self {
        let application = (application.application_id.clone(), application.name.clone());
        Self { application: Some(application), ..self }
    }

    pub(crate) fn partner(self, partner: &SellingPartnerId) -> Self {
        Self { partner: Some(partner.clone()), ..self }
    }

    pub(crate) fn journey(self, request: &AuthorizationRequest) -> Self {
        Self { request: Some(request.clone()), ..self }
    }

    pub(crate) fn link(self, id: &LinkId) -> Self {
        Self { link: Some(id.clone()), ..self }
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

    fn response(self, headers: &HeaderMap, journey: Stopped) -> Response<Body> {
        let Self { message, application, partner, request, link, parameter, reason, choices } = self;
        let journey = match &request {
            Some(request) => journey.on(request),
            None => journey,
        };
        Stopped {
            application: application.as_ref().map(|(id, _)| id.clone()).or(journey.application),
            link: link.or(journey.link),
            parameter,
            reason,
            ..journey
        }
        .log(message);
        let mut page = Page::new(message, headers).choices(choices);
        if let Some((_, name)) = &application {
            page = page.application(name);
        }
        if let Some(partner) = &partner {
            page = page.partner(partner.as_str());
        }
        page.response()
    }
}

impl Stop {
    pub(crate) fn response(self, headers: &HeaderMap, journey: Stopped) -> Response<Body> {
        let message = match self {
            Self::Refused(refusal) => return refusal.response(headers, journey),
            Self::Say(message) => {
                journey.log(message);
                message
            }
            Self::Bad(parameter) => {
                journey.because_of(parameter).log(parameter.into());
                parameter.into()
            }
            Self::Aws(error) => {
                journey.log_failure(&error);
                if error.is_transient() { Message::Unavailable } else { Message::Internal }
            }
        };
        Page::new(message, headers).response()
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
