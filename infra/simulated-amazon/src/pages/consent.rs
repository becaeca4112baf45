//! The consent page: where the website workflow begins (F§1.2, F§1.3).

use axum::{
    Extension,
    extract::{RawQuery, State},
    response::Response,
};
use jiff::Timestamp;
use maud::html;

use crate::{
    SimulatedAmazon,
    accounts::SellingPartnerId,
    applications::Registration,
    checks::{self, Refusal},
    journeys::{WebsiteForm, grant_key},
    ledger::Ledger,
    marketplaces::Central,
    pages::{page, redirect, sign_in_fields},
    parameters::Parameters,
};

/// Asks the partner for consent, or takes it at once from the partner whom `_as` names.
pub(crate) async fn ask(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let mut office = amazon.office();
    let consent = Consent::parse(&parameters, office.ledger())?;
    let Some(partner) = checks::partner(&parameters)? else {
        return Ok(question(&consent, &parameters, office.ledger(), central));
    };
    let next = consent.confirm(partner, central, amazon.port(), office.ledger_mut(), amazon.now())?;
    match next {
        Next::Code(url) | Next::Login(url) => Ok(redirect(&url)),
    }
}

/// Takes the partner's answer.
pub(crate) async fn answer(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    form: String,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_form(&form)?;
    let mut office = amazon.office();
    let consent = Consent::parse(&parameters, office.ledger())?;
    let Some(partner) = checks::partner(&parameters)? else {
        return Ok(question(&consent, &parameters, office.ledger(), central));
    };
    let next = consent.confirm(partner, central, amazon.port(), office.ledger_mut(), amazon.now())?;
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

/// A consent URL that Amazon accepts.
struct Consent {
    application: Registration,
    redirect_uri: String,
    state: String,
}

impl Consent {
    fn parse(parameters: &Parameters, ledger: &Ledger) -> Result<Self, Refusal> {
        let id = parameters.value("application_id").unwrap_or_default();
        let application = checks::application(ledger, id, parameters)?;
        let redirect_uri = checks::redirect_uri(&application, parameters)?;
        let state = checks::state(parameters)?.to_owned();
        Ok(Self { application, redirect_uri, state })
    }

    fn confirm(
        &self,
        partner: SellingPartnerId,
        central: Central,
        port: u16,
        ledger: &mut Ledger,
        now: Timestamp,
    ) -> Result<Next, Refusal> {
        let account = ledger.sign_in(partner, central)?;
        Ok(match ledger.website_form {
            WebsiteForm::Straight => {
                let grant = grant_key(&self.application, &account);
                Next::Code(ledger.redirect_url(grant, &self.redirect_uri, &self.state, now))
            }
            WebsiteForm::ByLogin => {
                Next::Login(ledger.login_url(&self.application, &account, central, port, now))
            }
        })
    }
}

/// Where consent leads.
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
