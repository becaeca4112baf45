//! Where the application sends the browser back to, once it has signed the partner in (F§1.2, F§2).

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    response::Response,
};

use crate::{
    SimulatedAmazon,
    checks::{self, Refusal},
    facts::PageCode,
    pages::redirect,
    parameters::Parameters,
    sites::OfficialHost,
};

/// Ends a journey: a code for the redirect URI.
pub(crate) async fn finish(
    State(amazon): State<SimulatedAmazon>,
    Extension(OfficialHost(host)): Extension<OfficialHost>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let now = amazon.now();
    let mut office = amazon.office();
    let application = checks::application(office.ledger(), &application_id, &parameters)?;
    let redirect_uri = checks::redirect_uri(&application, &parameters)?;
    let state = checks::state(&parameters)?;
    let amazon_state = parameters.value("amazon_state").unwrap_or_default();
    let journey = office
        .ledger()
        .journeys
        .get(amazon_state)
        .filter(|journey| journey.grant.application_id == application_id && now < journey.ends_at)
        .ok_or_else(|| {
            Refusal::Coded(PageCode::Md5100, "amazon_state is not one that is under way".to_owned())
        })?;
    if !journey.ends_on(&host) {
        return Err(Refusal::Coded(PageCode::Md4010, "the journey began on another host".to_owned()));
    }

    let grant = journey.grant.clone();
    let ledger = office.ledger_mut();
    ledger.journeys.remove(amazon_state);
    Ok(redirect(&ledger.redirect_url(grant, &redirect_uri, state, now)))
}
