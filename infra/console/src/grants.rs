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
    fields::{Visit, application_path},
    history::next_page,
    moment::day,
    page::{table, trail},
    views::Grant,
};

/// Shows one page of grants.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(application): Path<String>,
    uri: Uri,
) -> Response {
    let visit = Visit::of(&uri);
    let known = match console.application(&application).await {
        Ok(known) => known,
        Err(error) => return console.refusal(&visit, &error).await,
    };
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
    let asked = with(json!({ "operation": "listGrants", "applicationId": application }), filters);
    let (grants, cursor): (Vec<Grant>, _) = match console.read_page(asked, "grants").await {
        Ok(page) => page,
        Err(error) => return console.refusal(&visit, &error).await,
    };
    let now = console.now();
    let columns: Vec<&str> =
        COLUMNS.into_iter().filter(|column| *column != TOKEN || console.stack.shows_tokens()).collect();
    let rows = html! { @for grant in &grants { (row(&console, grant, &known.name, &visit, now)) } };
    let content = html! {
        (trail(&[(&application_path(&application), &known.name)]))
        (filter(&visit))
        (table("grants", "Grants", &columns, &rows))
        @if grants.is_empty() { p.quiet { "No grants on this page." } }
        (next_page(&visit, cursor.as_deref()))
    };
    console.page(&visit, &format!("Grants of {}", known.name), &content).await
}

/// A status as text.
pub fn status(status: &str) -> Markup {
    let words = match status {
        "reauthorizationRequired" => "reauthorization required",
        other => other,
    };
    html! { span class={ "status " (status) } { (words) } }
}

/// The column that only some stacks have.
const TOKEN: &str = "Access token";

const COLUMNS: [&str; 8] =
    ["Status", "Partner", "Application", "Region", "Authorization date", "Expiration date", TOKEN, "Actions"];

fn row(console: &Console, grant: &Grant, application: &str, visit: &Visit, now: Timestamp) -> Markup {
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
            td { bdi { (application) } @if grant.draft { " " span.quiet { "(draft)" } } }
            td { (grant.region) }
            td { @if grant.authorized_at_unknown { "unknown" } @else { (day(grant.authorized_at, now)) } }
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
        ("reauthorizationRequired", "reauthorization required"),
        ("disabled", "disabled"),
        ("removed", "removed"),
    ];
    let regions = [("", "all"), ("na", "na"), ("eu", "eu"), ("fe", "fe")];
    html! {
        form.row method="get" action=(visit.path()) role="search" aria-label="Grants" {
            (choice("status", "Status", &statuses))
            (choice("region", "Region", &regions))
            label { "Partner" input name="partner" value=[fields.text("partner")]; }
            label { "Account" input name="account" value=[fields.text("account")]; }
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
