//! The log line of a browser that gets a page instead of going on: which page, why, whose journey it was, and what to do.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use jiff::Timestamp;

use crate::{
    browser::{
        page::{Language, Message},
        query::{BadParameter, Query},
        reference::Reference,
    },
    ids::{ApplicationId, LanguageTag, LinkId, RequestId, SellingPartnerId},
    journey::{
        link::LinkToken,
        request::{AuthorizationRequest, State},
    },
    secret::random_word,
};

/// What is known of a stopped browser. Each id has the form of one; nothing says yet that it exists.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// When the browser's request came.
    pub at: Timestamp,
    /// A random word, of which the reference is made if no id is known.
    pub seed: String,
    /// The application that was to be authorized.
    pub application: Option<ApplicationId>,
    /// The partner, as Amazon wrote it into the URL.
    pub partner: Option<SellingPartnerId>,
    /// The authorization request: one journey of a browser.
    pub request: Option<RequestId>,
    /// The authorization link.
    pub link: Option<LinkId>,
    /// The parameter that is not as it should be.
    pub parameter: Option<BadParameter>,
    /// The language that the request asks for.
    pub asked: Option<Language>,
    /// The language that the journey's link names.
    pub language: Option<LanguageTag>,
    /// What else is known of the reason, if the page alone does not say it.
    pub reason: Option<&'static str>,
}

impl Stopped {
    /// Knows nothing of the browser whose request came at `at`.
    pub fn unknown(at: Timestamp) -> Self {
        Self {
            at,
            seed: random_word(),
            application: None,
            partner: None,
            request: None,
            link: None,
            parameter: None,
            asked: None,
            language: None,
            reason: None,
        }
    }

    /// Reads the ids from the raw query, or form, of a request to any of the browser's routes.
    pub fn with_query(query: &str, at: Timestamp) -> Self {
        let query = Query::parse(query);
        let text = |name| query.text(name).ok().flatten();
        let callback_uri = text("amazon_callback_uri");
        let in_path =
            callback_uri.as_ref().and_then(|uri| parsed(uri.trim_end_matches('/').rsplit('/').next()?));
        let of_state = text("state").and_then(|state| parsed::<State>(&state)).map(|state| state.request_id);
        let request = ["request", "again", "journey"].into_iter().find_map(|name| parsed(&text(name)?));
        Self {
            application: text("application").and_then(|id| parsed(&id)).or(in_path),
            partner: text("selling_partner_id").and_then(|id| parsed(&id)),
            request: request.or(of_state),
            link: text("link").and_then(|link| parsed::<LinkToken>(&link)).map(|link| link.link_id),
            asked: Language::asked_for(&query),
            ..Self::unknown(at)
        }
    }

    /// Returns the reference that the page shows and the log line has: the journey's, else the link's, else one of its own.
    pub fn reference(&self) -> Reference {
        let of_link = || self.link.as_ref().map(LinkId::as_str);
        let id = self.request.as_ref().map(RequestId::as_str).or_else(of_link);
        Reference::of(id.unwrap_or(&self.seed), self.at)
    }

    /// Adds what `request` says.
    #[must_use]
    pub fn on(self, request: &AuthorizationRequest) -> Self {
        Self {
            application: Some(request.application_id.clone()),
            request: Some(request.request_id.clone()),
            link: request.link_id.clone().or(self.link),
            language: request.language.clone().or(self.language),
            partner: self.partner.or_else(|| request.expected_partner.clone()),
            ..self
        }
    }

    /// Adds the parameter that is not as it should be.
    #[must_use]
    pub fn because_of(self, parameter: BadParameter) -> Self {
        Self { parameter: Some(parameter), ..self }
    }

    /// Adds a reason.
    #[must_use]
    pub fn because(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    /// Writes that the browser got this page.
    pub fn log(&self, message: Message) {
        tracing::info!(
            code = message.support_code(),
            reference = self.reference().as_str(),
            application.id = self.application.as_ref().map(ApplicationId::as_str),
            partner.id = self.partner.as_ref().map(SellingPartnerId::as_str),
            request.id = self.request.as_ref().map(RequestId::as_str),
            link.id = self.link.as_ref().map(LinkId::as_str),
            parameter = self.parameter.map(|parameter| parameter.name),
            hint = hint(message),
            "Browser stopped with page {message:?}: {}{self}; hint: {}",
            Why(self),
            hint(message)
        );
    }

    /// Writes that the request of the browser failed.
    pub fn log_failure(&self, error: &crate::aws::AwsError) {
        tracing::error!(
            cause = %error,
            reference = self.reference().as_str(),
            application.id = self.application.as_ref().map(ApplicationId::as_str),
            partner.id = self.partner.as_ref().map(SellingPartnerId::as_str),
            request.id = self.request.as_ref().map(RequestId::as_str),
            "Browser request failed, {self}: {error}"
        );
    }
}

impl Display for Stopped {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let application = self.application.as_ref().map_or("unknown", ApplicationId::as_str);
        let partner = self.partner.as_ref().map_or("unknown", SellingPartnerId::as_str);
        let request = self.request.as_ref().map_or("unknown", RequestId::as_str);
        write!(f, "application {application}, partner {partner}, request {request}")?;
        self.link.as_ref().map_or(Ok(()), |link| write!(f, ", link {link}"))?;
        write!(f, ", reference {}", self.reference().as_str())
    }
}

/// The reason, if one is known.
struct Why<'s>(&'s Stopped);

impl Display for Why<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(parameter) = self.0.parameter {
            write!(f, "{parameter}; ")?;
        }
        self.0.reason.map_or(Ok(()), |reason| write!(f, "{reason}; "))
    }
}

/// What an operator or an integrator can do about a browser that got this page.
fn hint(message: Message) -> &'static str {
    match message {
        Message::Authorized | Message::AuthorizedButDisabled | Message::Exchanging | Message::ConfirmLink => {
            "nothing to do"
        }
        Message::Conflict => "decide with resolveConflict",
        Message::ChooseJourney | Message::ChooseCentral => "the partner chooses on the page",
        Message::BadLink => {
            "compare the URL that the browser opened with the table of browser routes; if \
                             Amazon sent it, compare what is registered at Amazon"
        }
        Message::Misdirected => {
            "register <origin>/login as OAuth Login URI and <origin>/callback as OAuth Redirect URI at Amazon"
        }
        Message::NotAmazon => "if the host is a new one of Amazon's, add a row to MARKETPLACES",
        Message::UnknownApplication => "register the application, or correct the id at its source",
        Message::StartElsewhere => "give the partner a link of createAuthorizationLink",
        Message::UnknownState => "the partner starts again; a state is stored for a day",
        Message::OtherBrowser => {
            "the partner starts again and stays in one browser, which must accept cookies of this site"
        }
        Message::OtherPartner => "the partner signs in to Amazon as the expected selling partner",
        Message::Expired | Message::Interrupted | Message::CodeRefused | Message::NotConsented => {
            "the partner starts again on the page, or with its link, while the link is valid"
        }
        Message::ApplicationRefused => {
            "compare client id and client secret with Amazon's, for example with examine"
        }
        Message::Unavailable => "the partner reloads; look for throttling or failures of AWS at this time",
        Message::Internal => "look for the error of this invocation",
        Message::LinkUsed | Message::LinkExpired => "create a new link",
        Message::NotFound => "compare the path with the table of browser routes",
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_only_what_has_the_form_of_an_id_and_never_a_secret() {
        let (id, secret) = ("TkifMCCnTkifMCCnTkifMC", "Q".repeat(22));
        for (query, line) in [
            (
                format!("state={id}.{secret}&selling_partner_id=A1US&spapi_oauth_code=code"),
                format!("application unknown, partner A1US, request {id}"),
            ),
            (
                "amazon_callback_uri=https%3A%2F%2Famazon.com%2Fapps%2Fauthorize%2Fconfirm%2Famzn1.sp.solution.1&\
                 selling_partner_id=%3Cscript%3E"
                    .to_owned(),
                "application amzn1.sp.solution.1, partner unknown, request unknown".to_owned(),
            ),
            (
                format!("application=amzn1.sp.solution.1&request={id}&proof={secret}"),
                format!("application amzn1.sp.solution.1, partner unknown, request {id}"),
            ),
            (
                format!("link={id}.{secret}&x=1&x=1&%zz"),
                format!("application unknown, partner unknown, request unknown, link {id}"),
            ),
            ("%".to_owned(), "application unknown, partner unknown, request unknown".to_owned()),
        ] {
            let stopped = Stopped::with_query(&query, Timestamp::UNIX_EPOCH);
            let line = format!("{line}, reference {}", stopped.reference().as_str());
            assert_eq!(stopped.to_string(), line, "{query}");
        }
    }
}
