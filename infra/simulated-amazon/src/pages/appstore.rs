//! An application's page in the Selling Partner Appstore (F§2).

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::html;

use crate::{
    amazon::SimulatedAmazon,
    layout::{page, redirect},
    marketplaces::Central,
    pages::sign_in_fields,
    urls::Parameters,
    validation::{self, PageError},
};

/// Shows the application; with `_as` in the query, authorizes it at once as that partner.
pub(crate) async fn show(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let mut backend = amazon.backend();
    if validation::known_application(backend.ledger(), &application_id)?.draft {
        let because = "a draft application is not listed in the Appstore";
        return Err(PageError::Plain(StatusCode::NOT_FOUND, because.to_owned()));
    }
    let application = validation::application(backend.ledger(), &application_id, &Parameters::default())?;

    let Some(partner) = validation::partner(&parameters)? else {
        let content = html! {
            p { strong { (application.name) } " works with your selling partner account." }
            form method="get" {
                (sign_in_fields(backend.ledger(), central))
                p { button type="submit" { "Authorize Now" } }
            }
        };
        return Ok(page(&application.name, &content));
    };
    let now = amazon.now();
    let ledger = backend.ledger_mut();
    let account = ledger.sign_in(partner, central)?;
    Ok(redirect(&ledger.login_url(&application, &account, central, amazon.port(), now)))
}
