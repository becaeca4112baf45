//! An application's page in the Selling Partner Appstore (F§2).

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::html;

use crate::{
    SimulatedAmazon,
    checks::{self, Refusal},
    marketplaces::Central,
    pages::{page, redirect, sign_in_fields},
    parameters::Parameters,
};

/// Shows the application, or authorizes it at once for the partner whom `_as` names.
pub(crate) async fn show(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let mut office = amazon.office();
    if checks::known_application(office.ledger(), &application_id)?.draft {
        let because = "an application in draft is not listed in the Appstore";
        return Err(Refusal::Plain(StatusCode::NOT_FOUND, because.to_owned()));
    }
    let application = checks::application(office.ledger(), &application_id, &Parameters::default())?;

    let Some(partner) = checks::partner(&parameters)? else {
        let content = html! {
            p { strong { (application.name) } " works with your selling partner account." }
            form method="get" {
                (sign_in_fields(office.ledger(), central))
                p { button type="submit" { "Authorize Now" } }
            }
        };
        return Ok(page(&application.name, &content));
    };
    let now = amazon.now();
    let ledger = office.ledger_mut();
    let account = ledger.sign_in(partner, central)?;
    Ok(redirect(&ledger.login_url(&application, &account, central, amazon.port(), now)))
}
