//! `amazon_callback_uri`: the page to which the application returns the browser after its own sign-in (F§1.2, F§2).

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    response::Response,
};

use crate::{
    amazon::SimulatedAmazon,
    facts::PageCode,
    layout::redirect,
    pages::OfficialHost,
    urls::Parameters,
    validation::{self, PageError},
};

/// Ends a journey: redirects the browser to the redirect URI with a code.
pub(crate) async fn finish(
    State(amazon): State<SimulatedAmazon>,
    Extension(OfficialHost(host)): Extension<OfficialHost>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let now = amazon.now();
    let mut backend = amazon.backend();
    let application = validation::application(backend.ledger(), &application_id, &parameters)?;
    let redirect_uri = validation::redirect_uri(&application, &parameters)?;
    let state = validation::state(&parameters)?;
    let amazon_state = parameters.value("amazon_state").unwrap_or_default();
    let journey = backend
        .ledger()
        .journeys
        .get(amazon_state)
        .filter(|journey| journey.grant.application_id == application_id && now < journey.ends_at)
        .ok_or_else(|| {
            PageError::Coded(PageCode::Md5100, "amazon_state is unknown, used or expired".to_owned())
        })?;
    if !journey.ends_on(&host) {
        return Err(PageError::Coded(PageCode::Md4010, "the journey began on another host".to_owned()));
    }

    let grant = journey.grant.clone();
    let ledger = backend.ledger_mut();
    ledger.journeys.remove(amazon_state);
    Ok(redirect(&ledger.redirect_url(grant, &redirect_uri, state, now)))
}
