//! The log line of a browser that gets a page instead of going on: which page, and whose journey it was.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use crate::{
    browser::{page::Message, query::Query},
    ids::{ApplicationId, RequestId, SellingPartnerId},
    journey::request::State,
};

/// What is known of a stopped browser. Each id has the form of one; nothing says yet that it exists.
#[derive(Debug, Default)]
pub struct Stopped {
    /// The application that was to be authorized.
    pub application: Option<ApplicationId>,
    /// The partner, as Amazon wrote it into the URL.
    pub partner: Option<SellingPartnerId>,
    /// The authorization request: one journey of a browser.
    pub request: Option<RequestId>,
}

impl Stopped {
    /// Reads the ids from the raw query of a request to any of the browser's routes.
    #[must_use]
    pub fn with_query(query: &str) -> Self {
        let Ok(query) = Query::parse(query) else { return Self::default() };
        let text = |name| query.find(name)?.decoded().ok();
        let callback_uri = text("amazon_callback_uri");
        let in_path =
            callback_uri.as_ref().and_then(|uri| parsed(uri.trim_end_matches('/').rsplit('/').next()?));
        let of_state = text("state").and_then(|state| parsed::<State>(&state)).map(|state| state.request_id);
        Self {
            application: text("application").and_then(|id| parsed(&id)).or(in_path),
            partner: text("selling_partner_id").and_then(|id| parsed(&id)),
            request: text("request").and_then(|id| parsed(&id)).or(of_state),
        }
    }

    /// Writes that the browser got this page.
    pub fn log(&self, message: Message) {
        tracing::info!(
            code = message.support_code(),
            application.id = self.application.as_ref().map(ApplicationId::as_str),
            partner.id = self.partner.as_ref().map(SellingPartnerId::as_str),
            request.id = self.request.as_ref().map(RequestId::as_str),
            "Browser stopped with page {message:?}: {self}"
        );
    }

    /// Writes that the request of the browser failed.
    pub fn log_failure(&self, error: &crate::aws::AwsError) {
        tracing::error!(
            cause = %error,
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
        write!(f, "application {application}, partner {partner}, request {request}")
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
            ("%".to_owned(), "application unknown, partner unknown, request unknown".to_owned()),
        ] {
            assert_eq!(Stopped::with_query(&query).to_string(), line, "{query}");
        }
    }
}
