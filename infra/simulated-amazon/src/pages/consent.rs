//! The consent page, with which the website workflow begins (F§1.2, F§1.3).

use axum::{
    Extension,
    extract::{RawQuery, State},
    response::Response,
};
use jiff::Timestamp;
use maud::html;

use crate::{
    accounts::{GrantKey, SellingPartnerId},
    amazon::SimulatedAmazon,
    applications::Registration,
    journeys::WebsiteForm,
    layout::{page, redirect},
    ledger::Ledger,
    marketplaces::Central,
    pages::sign_in_fields,
    urls::Parameters,
    validation::{self, PageError},
};

/// Asks the partner for consent; with `_as` in the query, consents at once as that partner.
pub(crate) async fn ask(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let mut backend = amazon.backend();
    let consent = Consent::parse(&parameters, backend.ledger())?;
    let Some(partner) = validation::partner(&parameters)? else {
        return Ok(question(&consent, &parameters, backend.ledger(), central));
    };
    let next = consent.confirm(partner, central, amazon.port(), backend.ledger_mut(), amazon.now())?;
    match next {
        Next::Code(url) | Next::Login(url) => Ok(redirect(&url)),
    }
}

/// Handles the partner's answer.
pub(crate) async fn answer(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    form: String,
) -> Result<Response, PageError> {
    let parameters = Parameters::of_form(&form)?;
    let mut backend = amazon.backend();
    let consent = Consent::parse(&parameters, backend.ledger())?;
    let Some(partner) = validation::partner(&parameters)? else {
        return Ok(question(&consent, &parameters, backend.ledger(), central));
    };
    let next = consent.confirm(partner, central, amazon.port(), backend.ledger_mut(), amazon.now())?;
    match next {
        Next::Code(url) => Ok(redirect(&url)),
        Next::Login(url) => {
            let name = &consent.application.name;
            let body = html! {
                p { "You have allowed " strong { (name) } " to access your selling partner account." }
                p { a href=(url) { "Login to " (name) " now" } }
            };
            Ok(page("Almost done", &body))
        }
    }
}

/// The parameters of a valid consent URL.
struct Consent {
    application: Registration,
    redirect_uri: String,
    state: String,
}

impl Consent {
    fn parse(parameters: &Parameters, ledger: &Ledger) -> Result<Self, PageError> {
        let id = parameters.value("application_id").unwrap_or_default();
        let application = validation::application(ledger, id, parameters)?;
        let redirect_uri = validation::redirect_uri(&application, parameters)?;
        let state = validation::state(parameters)?.to_owned();
        Ok(Self { application, redirect_uri, state })
    }

    fn confirm(
        &self,
        partner: SellingPartnerId,
        central: Central,
        port: u16,
        ledger: &mut Ledger,
        now: Timestamp,
    ) -> Result<Next, PageError> {
        let account = ledger.sign_in(partner, central)?;
        Ok(match ledger.website_form {
            WebsiteForm::Direct => {
                let grant = GrantKey::new(&self.application.application_id, &account);
                Next::Code(ledger.redirect_url(grant, &self.redirect_uri, &self.state, now))
            }
            WebsiteForm::ThroughLogin => {
                Next::Login(ledger.login_url(&self.application, &account, central, port, now))
            }
        })
    }
}

/// Where the browser goes after consent.
enum Next {
    /// To the redirect URI, with a code.
    Code(String),
    /// To the login URI.
    Login(String),
}

fn question(consent: &Consent, parameters: &Parameters, ledger: &Ledger, central: Central) -> Response {
    let name = &consent.application.name;
    let body = html! {
        p { strong { (name) } " asks for access to your selling partner account." }
        form method="post" action="/apps/authorize/consent" {
            @for (field, value) in parameters.iter().filter(|(field, _)| !["_as", "_other"].contains(field)) {
                input type="hidden" name=(field) value=(value);
            }
            (sign_in_fields(ledger, central))
            p {
                button type="submit" { "Confirm" }
                " "
                a href="/" { "Cancel" }
            }
        }
    };
    page(&format!("Authorize {name}"), &body)
}
