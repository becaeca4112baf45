//! Two pages over all grants of an application: its numbers with pictures, and its past permissions.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use maud::{Markup, html};
use serde_json::json;

use crate::{
    Console,
    census::{Census, sort},
    fields::{Visit, application_path, grants_path},
    grants::{pages, status},
    moment::{day, moment},
    page::{table, trail},
    pictures::{Renewals, by_status_and_region},
    stack::Refusal,
    views::{Grant, Record},
};

/// Shows the numbers.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    let visit = Visit::of(&uri);
    let page = numbers(&console, &application).await;
    console.answer(&visit, page).await
}

async fn numbers(console: &Console, application: &str) -> Result<(String, Markup), Refusal> {
    let known = console.application(application).await?;
    let census = console.census(application, false).await?;
    let count = |is: fn(&Grant) -> bool| census.grants.iter().filter(|grant| is(grant)).count();
    let lasting = census.grants.iter().filter(|grant| grant.status != "disabled");
    let content = html! {
        (trail(&[(&application_path(application), &known.name), (&grants_path(application), "Grants")]))
        (extent(&census))
        h2 { "By status and region" }
        (by_status_and_region(&census.grants))
        dl.facts {
            div { dt { "Conflicts to resolve" } dd { (count(|grant| !grant.conflicts.is_empty())) } }
            div { dt { "Authorized before the roles changed" } dd { (count(|grant| grant.roles_outdated)) } }
            div { dt { "Region assumed" } dd { (count(|grant| grant.region_assumed)) } }
            div { dt { "Without an account" } dd { (count(|grant| grant.account.is_none())) } }
        }
        h2 { "Renewals by week" }
        (Renewals::of(lasting, console.now()).shown(console.now()))
    };
    Ok((format!("Overview of {}", known.name), content))
}

/// Shows the past permissions: what is removed, disabled, refused or over, with the last thing that happened to it.
pub(crate) async fn past(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    let visit = Visit::of(&uri);
    let page = past_permissions(&console, &application, &visit).await;
    console.answer(&visit, page).await
}

/// The number of rows on a page. Each costs an invocation.
const ROWS: usize = 20;

async fn past_permissions(
    console: &Console,
    application: &str,
    visit: &Visit,
) -> Result<(String, Markup), Refusal> {
    let known = console.application(application).await?;
    let (lasting, removed): (Arc<Census>, Arc<Census>) =
        (console.census(application, false).await?, console.census(application, true).await?);
    let now = console.now();
    let is_over =
        |grant: &&Grant| grant.status != "active" || grant.renewal_due_at.is_some_and(|due| due <= now);
    let mut over: Vec<&Grant> = lasting.grants.iter().filter(is_over).chain(&removed.grants).collect();
    sort(&mut over, "-authorized");
    let (shown, turn) = pages(visit, &over, ROWS);
    let mut rows = Vec::new();
    for grant in shown {
        let asked = json!({
            "operation": "getHistory", "applicationId": application, "region": grant.region,
            "sellingPartnerId": grant.selling_partner_id, "limit": 1,
        });
        let last: Vec<Record> = console.read(asked, "history").await?;
        rows.push(html! {
            tr {
                td { (status(&grant.status)) }
                th.id scope="row" {
                    a href=(grant.path()) { bdi { (grant.selling_partner_id) } }
                    @if let Some(account) = &grant.account { br; span.quiet { "account " bdi { (account) } } }
                }
                td { (grant.region) }
                td { (grant.authorization_date(now)) }
                td { @match grant.renewal_due_at { Some(at) => (day(at, now)), None => span.quiet { "never" } } }
                @if let Some(last) = last.first() {
                    td { (moment(last.at, now)) }
                    td { (last.event) }
                    td { bdi { (last.reason) } }
                } @else { td {} td {} td {} }
            }
        });
    }
    let rows = html! { @for row in &rows { (row) } };
    let columns = [
        "Status",
        "Partner",
        "Region",
        "Authorization date",
        "Expiration date",
        "Last change",
        "Event",
        "Reason",
    ];
    let content = html! {
        (trail(&[(&application_path(application), &known.name), (&grants_path(application), "Grants")]))
        p { "Permissions that are removed, disabled, refused by Amazon, or past their year. The history of each is on its own page." }
        (extent(&lasting))
        (table("past", "Past permissions, the latest authorization first", &columns, &rows))
        @if over.is_empty() { p.quiet { "None." } }
        (turn)
    };
    Ok((format!("Past permissions of {}", known.name), content))
}

/// How many grants were read, and when.
pub(crate) fn extent(census: &Census) -> Markup {
    html! {
        p.quiet {
            (census.grants.len()) " grants"
            @if !census.is_complete { ", the first of more: use spapi-auth export for all of them" }
            ", read at " (census.read_at.strftime("%T")) " UTC."
        }
    }
}
