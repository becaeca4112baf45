//! Manage Your Apps: what a partner has authorized, until when, and what can be done about it (F§3.1, F§3.3).

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::{
    SimulatedAmazon,
    accounts::{Account, GrantKey, SellingPartnerId},
    checks::{self, Refusal},
    ledger::Ledger,
    marketplaces::Central,
    pages::{page, redirect, sign_in_fields},
    parameters::Parameters,
    tokens::{Grant, Standing},
};

/// Shows the grants of the partner whom `_as` names, or asks who is there.
pub(crate) async fn show(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let mut office = amazon.office();
    let Some(partner) = checks::partner(&parameters)? else {
        let content = html! {
            form method="get" action=(PATH) {
                (sign_in_fields(office.ledger(), central))
                p { button type="submit" { "Sign in" } }
            }
        };
        return Ok(page(TITLE, &content));
    };
    let ledger = office.ledger_mut();
    let account = ledger.sign_in(partner, central)?;
    Ok(page(TITLE, &table(&account, ledger, amazon.now())))
}

/// Begins a journey from the login URI on, without any state of the application's (F§3.1).
pub(crate) async fn reauthorize(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
    form: String,
) -> Result<Response, Refusal> {
    let partner = signed_in(query.as_deref(), &form)?;
    let mut office = amazon.office();
    let application = checks::known_application(office.ledger(), &application_id)?;
    let account = own_grant(office.ledger_mut(), application_id, partner, central)?.account;
    let url = office.ledger_mut().login_url(&application, &account, central, amazon.port(), amazon.now());
    Ok(redirect(&url))
}

/// Takes the authorization away.
pub(crate) async fn disable(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
    form: String,
) -> Result<Response, Refusal> {
    let partner = signed_in(query.as_deref(), &form)?;
    set_disabled(amazon.office().ledger_mut(), application_id, partner, central, true)
}

/// Gives the authorization back.
pub(crate) async fn enable(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
    form: String,
) -> Result<Response, Refusal> {
    let partner = signed_in(query.as_deref(), &form)?;
    set_disabled(amazon.office().ledger_mut(), application_id, partner, central, false)
}

const PATH: &str = "/apps/manage";

const COLUMNS: [&str; 5] = ["Status", "Application", "Authorization date", "Expiration date", "Actions"];

const TITLE: &str = "Manage Your Apps";

fn table(account: &Account, ledger: &Ledger, now: Timestamp) -> Markup {
    let own = |(key, _): &(&GrantKey, &Grant)| key.account == *account;
    html! {
        p { "Signed in as " strong { (account.selling_partner_id) } " (" (account.region) ")" }
        table border="1" cellpadding="6" style="border-collapse: collapse" {
            tr {
                @for column in COLUMNS { th { (column) } }
            }
            @for (key, grant) in ledger.grants.iter().filter(own) {
                @let standing = grant.standing(now);
                tr {
                    td { (word(standing)) }
                    td {
                        @let application = ledger.applications.get(&key.application_id);
                        (application.map_or(key.application_id.as_str(), |known| known.name.as_str()))
                    }
                    td { (grant.authorized_at.strftime(DATE)) }
                    td { @if standing != Standing::Disabled { (grant.ends_at.strftime(DATE)) } }
                    td {
                        (action(key, "reauthorize", "Re-authorize"))
                        @if standing == Standing::Disabled {
                            (action(key, "enable", "Enable"))
                        } @else {
                            (action(key, "disable", "Disable"))
                        }
                    }
                }
            }
        }
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Disabled => "disabled",
        Standing::Expired => "expired",
    }
}

fn action(key: &GrantKey, action: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(format!("{PATH}/{}/{action}", key.application_id)) {
            input type="hidden" name="_as" value=(key.account.selling_partner_id);
            button type="submit" { (label) }
        }
    }
}

const DATE: &str = "%Y-%m-%d %H:%M:%S UTC";

/// The partner whom the query or the form names.
fn signed_in(query: Option<&str>, form: &str) -> Result<SellingPartnerId, Refusal> {
    let by_query = checks::partner(&Parameters::of_query(query)?)?;
    let by_form = checks::partner(&Parameters::of_form(form)?)?;
    by_query
        .or(by_form)
        .ok_or_else(|| Refusal::Plain(StatusCode::FORBIDDEN, "nobody is signed in".to_owned()))
}

fn own_grant(
    ledger: &mut Ledger,
    application_id: String,
    partner: SellingPartnerId,
    central: Central,
) -> Result<GrantKey, Refusal> {
    let key = GrantKey { application_id, account: ledger.sign_in(partner, central)? };
    let because = "this partner has not authorized this application";
    let known = ledger.grants.contains_key(&key);
    known.then_some(key).ok_or_else(|| Refusal::Plain(StatusCode::NOT_FOUND, because.to_owned()))
}

fn set_disabled(
    ledger: &mut Ledger,
    application_id: String,
    partner: SellingPartnerId,
    central: Central,
    disabled: bool,
) -> Result<Response, Refusal> {
    let back = format!("{PATH}?_as={partner}");
    let key = own_grant(ledger, application_id, partner, central)?;
    if let Some(grant) = ledger.grants.get_mut(&key) {
        grant.disabled = disabled;
    }
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response())
}
