//! Manage Your Apps: a partner's grants with their dates and actions (F§3.1, F§3.3).

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::{
    accounts::{Account, GrantKey, SellingPartnerId},
    amazon::SimulatedAmazon,
    layout::{page, redirect},
    ledger::{Ledger, What},
    marketplaces::Central,
    pages::sign_in_fields,
    tokens::{Grant, GrantStatus},
    urls::Parameters,
    validation::{self, PageError},
};

/// Shows the grants of the partner whom `_as` names, or the sign-in form.
pub(crate) async fn show(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let parameters = Parameters::of_query(query.as_deref())?;
    let mut backend = amazon.backend();
    let Some(partner) = validation::partner(&parameters)? else {
        let content = html! {
            form method="get" action=(PATH) {
                (sign_in_fields(backend.ledger(), central))
                p { button type="submit" { "Sign in" } }
            }
        };
        return Ok(page(TITLE, &content));
    };
    let ledger = backend.ledger_mut();
    let account = ledger.sign_in(partner, central)?;
    let content = html! { (table(&account, ledger, amazon.now())) (history(&account, ledger)) };
    Ok(page(TITLE, &content))
}

/// Begins a journey at the login URI, without a state of the application (F§3.1).
pub(crate) async fn reauthorize(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
    form: String,
) -> Result<Response, PageError> {
    let partner = signed_in(query.as_deref(), &form)?;
    let mut backend = amazon.backend();
    let application = validation::known_application(backend.ledger(), &application_id)?;
    let account = own_grant(backend.ledger_mut(), application_id, partner, central)?.account;
    let url = backend.ledger_mut().login_url(&application, &account, central, amazon.port(), amazon.now());
    Ok(redirect(&url))
}

/// Disables the authorization.
pub(crate) async fn disable(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
    form: String,
) -> Result<Response, PageError> {
    let partner = signed_in(query.as_deref(), &form)?;
    set_disabled(&amazon, application_id, partner, central, true)
}

/// Enables the authorization again.
pub(crate) async fn enable(
    State(amazon): State<SimulatedAmazon>,
    Extension(central): Extension<Central>,
    Path(application_id): Path<String>,
    RawQuery(query): RawQuery,
    form: String,
) -> Result<Response, PageError> {
    let partner = signed_in(query.as_deref(), &form)?;
    set_disabled(&amazon, application_id, partner, central, false)
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
                @let status = grant.status(now);
                tr {
                    td { (label(status)) }
                    td { (name(key, ledger)) }
                    td { (grant.authorized_at.strftime(DATE)) }
                    td { @if let Some(ends_at) = shown_end(grant, status) { (ends_at.strftime(DATE)) } }
                    td {
                        (action(key, "reauthorize", "Re-authorize"))
                        @if status == GrantStatus::Disabled {
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

/// What the partner did with each permission, the newest at the top. The older form of Amazon's page has such a table; its columns are not
/// documented.
fn history(account: &Account, ledger: &Ledger) -> Markup {
    let own = ledger.history.iter().filter(|(key, _)| key.account == *account);
    let mut changes: Vec<_> =
        own.flat_map(|(key, changes)| changes.iter().map(move |change| (key, change))).collect();
    changes.sort_by_key(|(_, change)| std::cmp::Reverse(change.at));
    html! {
        @if !changes.is_empty() {
            h2 { "History of permissions" }
            table border="1" cellpadding="6" style="border-collapse: collapse" {
                tr {
                    @for column in ["Date", "Application", "Change"] { th { (column) } }
                }
                @for (key, change) in changes {
                    tr {
                        td { (change.at.strftime(DATE)) }
                        td { (name(key, ledger)) }
                        td { (word(change.what)) }
                    }
                }
            }
        }
    }
}

fn word(what: What) -> &'static str {
    match what {
        What::Authorized => "authorized",
        What::Renewed => "authorized again",
        What::Disabled => "disabled",
        What::Enabled => "enabled",
    }
}

/// The application's name, or the id of one that is not registered any more.
fn name<'l>(key: &'l GrantKey, ledger: &'l Ledger) -> &'l str {
    let application = ledger.applications.get(&key.application_id);
    application.map_or(key.application_id.as_str(), |known| known.name.as_str())
}

/// Returns the expiration date, if there is one to show: not while the grant is disabled, and never for a self-authorization, of which no
/// end is documented (F§3.2).
fn shown_end(grant: &Grant, status: GrantStatus) -> Option<Timestamp> {
    (status != GrantStatus::Disabled && grant.ends_at != Timestamp::MAX).then_some(grant.ends_at)
}

fn label(status: GrantStatus) -> &'static str {
    match status {
        GrantStatus::Active => "active",
        GrantStatus::Disabled => "disabled",
        GrantStatus::Expired => "expired",
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

/// Returns the partner whom the query or the form names.
fn signed_in(query: Option<&str>, form: &str) -> Result<SellingPartnerId, PageError> {
    let by_query = validation::partner(&Parameters::of_query(query)?)?;
    let by_form = validation::partner(&Parameters::of_form(form)?)?;
    by_query
        .or(by_form)
        .ok_or_else(|| PageError::Plain(StatusCode::FORBIDDEN, "no partner is signed in".to_owned()))
}

fn own_grant(
    ledger: &mut Ledger,
    application_id: String,
    partner: SellingPartnerId,
    central: Central,
) -> Result<GrantKey, PageError> {
    let key = GrantKey { application_id, account: ledger.sign_in(partner, central)? };
    let because = "this partner has not authorized this application";
    let known = ledger.grants.contains_key(&key);
    known.then_some(key).ok_or_else(|| PageError::Plain(StatusCode::NOT_FOUND, because.to_owned()))
}

fn set_disabled(
    amazon: &SimulatedAmazon,
    application_id: String,
    partner: SellingPartnerId,
    central: Central,
    disabled: bool,
) -> Result<Response, PageError> {
    let back = format!("{PATH}?_as={partner}");
    let mut backend = amazon.backend();
    let key = own_grant(backend.ledger_mut(), application_id, partner, central)?;
    backend.ledger_mut().set_disabled(&key, disabled, amazon.now());
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response())
}
