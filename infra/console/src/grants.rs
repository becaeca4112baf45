//! The page of an application's grants, with the columns of Amazon's own permission page.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::json;

use crate::{
    Console,
    ask::with,
    census::{is_found, sort},
    fields::{Visit, application_path},
    history::next_page,
    moment::day,
    page::{table_under, trail},
    stack::Refusal,
    views::{Application, Grant},
};

/// Shows one page of grants.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    let visit = Visit::of(&uri);
    let page = page(&console, &application, &visit).await;
    console.answer(&visit, page).await
}

async fn page(console: &Console, application: &str, visit: &Visit) -> Result<(String, Markup), Refusal> {
    let known = console.application(application).await?;
    let is_of_all = ["search", "sort"].iter().any(|name| visit.fields.text(name).is_some());
    let found = if is_of_all {
        among_all(console, &known, visit).await?
    } else {
        one_page(console, &known, visit).await?
    };
    let path = application_path(application);
    let content = html! {
        (trail(&[(&path, &known.name)]))
        p { a href={ (path) "/overview" } { "Overview" } ", " a href={ (path) "/past" } { "past permissions" }
            @if !console.is_read_only() { ", " a href={ (path) "/import" } { "import" } }
        }
        (filter(visit))
        (found)
        p.quiet {
            "Renew is the partner's own act at Amazon. Amazon's older page also had a developer id, an MWS auth token and an access \
             confirmation; SP-API has no counterpart to them."
        }
    };
    Ok((format!("Grants of {}", known.name), content))
}

/// The grants of a page of the function, which finds them by exact values.
async fn one_page(console: &Console, known: &Application, visit: &Visit) -> Result<Markup, Refusal> {
    let fields = &visit.fields;
    let filters = json!({
        "status": fields.text("status"),
        "region": fields.text("region"),
        "sellingPartnerId": fields.text("partner"),
        "account": fields.text("account"),
        "renewalDueBefore": fields.text("dueBefore").map(beginning_of_day),
        "limit": fields.number("limit"),
        "cursor": fields.text("cursor"),
    });
    let asked = with(json!({ "operation": "listGrants", "applicationId": known.id }), filters);
    let (grants, cursor): (Vec<Grant>, _) = console.read_page(asked, "grants").await?;
    let shown: Vec<&Grant> = grants.iter().collect();
    Ok(html! { (listed(console, known, visit, &shown)) (next_page(visit, cursor.as_deref())) })
}

/// The grants among all that a search finds, in an order.
async fn among_all(console: &Console, known: &Application, visit: &Visit) -> Result<Markup, Refusal> {
    let fields = &visit.fields;
    let status = fields.text("status");
    let census = console.census(&known.id, status == Some("removed")).await?;
    let is = |name: &str, value: Option<&str>| fields.text(name).is_none_or(|wanted| value == Some(wanted));
    let before: Option<Timestamp> =
        fields.text("dueBefore").and_then(|day| beginning_of_day(day).parse().ok());
    let mut found: Vec<&Grant> = census
        .grants
        .iter()
        .filter(|grant| fields.text("search").is_none_or(|text| is_found(grant, text)))
        .filter(|grant| is("status", Some(&grant.status)) && is("region", Some(&grant.region)))
        .filter(|grant| {
            is("partner", Some(&grant.selling_partner_id)) && is("account", grant.account.as_deref())
        })
        .filter(|grant| before.is_none_or(|before| grant.renewal_due_at.is_some_and(|due| due < before)))
        .collect();
    sort(&mut found, fields.text("sort").unwrap_or_default());
    let limit = fields.text("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
    let (shown, turn) = pages(visit, &found, limit);
    Ok(html! {
        p { strong { (found.len()) } " of " (census.grants.len()) " grants." @if !census.is_complete { " There are more, which were not read." } }
        (listed(console, known, visit, shown))
        (turn)
    })
}

/// The part of a list that the visit asks for, and the links to the others.
pub(crate) fn pages<'l, T>(visit: &Visit, list: &'l [T], limit: usize) -> (&'l [T], Markup) {
    let limit = limit.clamp(1, 100);
    let page: usize = visit.fields.text("page").and_then(|page| page.parse().ok()).unwrap_or(0);
    let from = page.saturating_mul(limit).min(list.len());
    let until = from.saturating_add(limit).min(list.len());
    let rest = visit.without("page");
    let links = html! {
        @if from > 0 || until < list.len() {
            nav aria-label="Pages" {
                span { (from + 1) " to " (until) " of " (list.len()) }
                @if page > 0 { a href=(rest.address(&[])) { "First page" } }
                @if until < list.len() {
                    a rel="next" href=(rest.address(&[("page", &(page + 1).to_string())])) { "Next page" }
                }
            }
        }
    };
    (&list[from..until], links)
}

/// The table of these grants.
fn listed(console: &Console, known: &Application, visit: &Visit, grants: &[&Grant]) -> Markup {
    let now = console.now();
    let heads = html! {
        @for (column, order) in COLUMNS {
            @if column != TOKEN || console.stack.shows_tokens() { (head(visit, column, order)) }
        }
    };
    let rows = html! { @for grant in grants { (row(console, grant, known, visit, now)) } };
    html! {
        (table_under("grants", "Grants", &heads, &rows))
        @if grants.is_empty() { p.quiet { "No grants on this page." } }
    }
}

/// A header cell: a link that sorts by its column, or in reverse.
fn head(visit: &Visit, column: &str, order: &str) -> Markup {
    let sorted = visit.fields.text("sort").unwrap_or_default();
    let (is_up, is_down) = (sorted == order, sorted.strip_prefix('-') == Some(order));
    let aria = if is_up { Some("ascending") } else { is_down.then_some("descending") };
    let next = if is_up { format!("-{order}") } else { order.to_owned() };
    let rest = visit.without("sort").without("cursor").without("page");
    html! {
        th scope="col" aria-sort=[aria.filter(|_| !order.is_empty())] {
            @if order.is_empty() { (column) } @else {
                a href=(rest.address(&[("sort", &next)])) { (column) @if is_up { " ↑" } @if is_down { " ↓" } }
            }
        }
    }
}

/// A status as text.
pub fn status(status: &str) -> Markup {
    html! { span class={ "status " (status) } { (status) } }
}

/// The column that only some stacks have.
const TOKEN: &str = "Access token";

/// The columns, and the order in which each can be sorted.
const COLUMNS: [(&str, &str); 8] = [
    ("Status", "status"),
    ("Partner", "partner"),
    ("Name and application id", ""),
    ("Region", ""),
    ("Authorization date", "authorized"),
    ("Expiration date", "expires"),
    (TOKEN, ""),
    ("Actions", ""),
];

fn row(console: &Console, grant: &Grant, known: &Application, visit: &Visit, now: Timestamp) -> Markup {
    let (page, partner) = (grant.path(), grant.selling_partner_id.as_str());
    html! {
        tr {
            td {
                (status(&grant.status))
                @if grant.roles_outdated { br; span.quiet { "authorized before the roles changed" } }
                @if !grant.conflicts.is_empty() { br; a href={ (page) "#conflicts" } { "conflict to resolve" } }
            }
            th.id scope="row" {
                a href=(page) { bdi { (partner) } }
                @if let Some(account) = &grant.account { br; span.quiet { "account " bdi { (account) } } }
                br;
                span.quiet {
                    (grant.partner_type.as_deref().unwrap_or("partner"))
                    @if let Some(store) = grant.stores.first() { ", " bdi { (store.name) } }
                    @if grant.stores.len() > 1 { " and " (grant.stores.len() - 1) " more" }
                }
            }
            td.id { bdi { (known.name) } @if grant.draft { " " span.quiet { "(draft)" } } br; span.quiet { (known.id) } }
            td { (grant.region) }
            td { (grant.authorization_date(now)) }
            td { @match grant.renewal_due_at { Some(at) => (day(at, now)), None => span.quiet { "never" } } }
            @if console.stack.shows_tokens() { td { (console.stack.token_cell(grant)) } }
            td { (actions(console, grant, &page, visit)) }
        }
    }
}

fn actions(console: &Console, grant: &Grant, page: &str, visit: &Visit) -> Markup {
    let partner = grant.selling_partner_id.as_str();
    let buttons = html! {
        input type="hidden" name="back" value=(visit.address(&[]));
        @for (action, name) in [("disable", "Disable"), ("enable", "Enable")] {
            @if grant.can(action) {
                button name="do" value=(action) { (name) span.hidden { " " (partner) } }
            }
        }
    };
    html! {
        (console.form("row", page, &buttons))
        @if let Some(url) = grant.manage_your_apps_url.as_deref().filter(|_| grant.can("renew")) {
            a href=(url) { "Renew" span.hidden { " " (partner) } }
        }
    }
}

fn filter(visit: &Visit) -> Markup {
    let fields = &visit.fields;
    let choice = |name: &str, label: &str, options: &[(&str, &str)]| {
        html! {
            label {
                (label)
                select name=(name) {
                    @for (value, words) in options {
                        option value=(value) selected[fields.text(name) == Some(value)] { (words) }
                    }
                }
            }
        }
    };
    let statuses = [
        ("", "all but removed"),
        ("active", "active"),
        ("reauthorizationRequired", "reauthorizationRequired"),
        ("disabled", "disabled"),
        ("removed", "removed"),
    ];
    let regions = [("", "all"), ("na", "na"), ("eu", "eu"), ("fe", "fe")];
    html! {
        form.row method="get" action=(visit.path()) role="search" aria-label="Grants" {
            (choice("status", "Status", &statuses))
            (choice("region", "Region", &regions))
            label { "Part of store, partner or account" input name="search" value=[fields.text("search")]; }
            label { "Partner (exact)" input name="partner" value=[fields.text("partner")]; }
            label { "Account (exact)" input name="account" value=[fields.text("account")]; }
            @if let Some(sort) = fields.text("sort") { input type="hidden" name="sort" value=(sort); }
            label {
                "Renewal due before"
                input name="dueBefore" type="date" value=[fields.text("dueBefore")];
            }
            label {
                "Grants on a page"
                input name="limit" type="number" min="1" max="100" placeholder="50" value=[fields.text("limit")];
            }
            button { "Filter" }
            a href=(visit.path()) { "Clear" }
        }
    }
}

fn beginning_of_day(day: &str) -> String {
    format!("{day}T00:00:00Z")
}
