//! Shows the page of one grant.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::json;

use super::Key;
use crate::{
    Console,
    ask::with,
    fields::{Visit, application_path, grants_path},
    grants::status,
    history::{next_page, records, shortened},
    moment::{day, moment},
    page::{table, trail},
    stack::Spot,
    views::{Conflict, Grant, Store},
};

/// Shows the page.
pub(crate) async fn show(
    State(console): State<Console>,
    Path((application, region, partner)): Path<(String, String, String)>,
    uri: Uri,
) -> Response {
    let (visit, key) = (Visit::of(&uri), Key { application, region, partner });
    let grant = match console.grant(&key).await {
        Ok(grant) => grant,
        Err(error) => return console.refusal(&visit, &error).await,
    };
    let asked = with(json!({ "operation": "getHistory" }), key.fields());
    let (history, cursor) = match console.history(&visit, asked).await {
        Ok(page) => page,
        Err(error) => return console.refusal(&visit, &error).await,
    };
    let known = console.application(&key.application).await;
    let name = known.map_or_else(|_| key.application.clone(), |known| known.name);
    let (now, page) = (console.now(), key.path());
    let at_amazon = console.stack.addition(Spot::GrantFacts(&grant)).await;
    let at_amazons_buttons = console.stack.addition(Spot::GrantButtons).await;
    let token = html! {
        button name="do" value="fetch" { "Request a token" }
        button name="do" value="invalidate" { "Invalidate the stored tokens" }
    };
    let content = html! {
        (trail(&[
            (&application_path(&key.application), &name),
            (&grants_path(&key.application), "Grants"),
        ]))
        (facts(&grant, &at_amazon, now))
        @if grant.status != "removed" && !console.is_read_only() { (buttons(&console, &grant, &at_amazons_buttons)) }
        @if !grant.conflicts.is_empty() {
            h2 #conflicts { "Conflicts" }
            p {
                "A browser authorized under this partner's id, and nothing proves that it was the same partner. The grant "
                "continues to work with its old token until you decide."
            }
            @for (number, conflict) in grant.conflicts.iter().enumerate() {
                (conflict_to_decide(&console, conflict, number + 1, &page))
            }
        }
        h2 { "Access token" }
        @if grant.status != "removed" { (console.form("row", &page, &token)) }
        (console.stack.addition(Spot::GrantToken(&grant)).await)
        h2 { "Stores" }
        (stores("stores", "Stores of the grant", &grant.stores))
        h2 { "History" }
        (records(&history, now))
        (next_page(&visit, cursor.as_deref()))
    };
    console.page(&visit, &format!("Grant of {}", key.partner), &content).await
}

fn facts(grant: &Grant, at_amazon: &Markup, now: Timestamp) -> Markup {
    let kind = if grant.kind == "self" { "self-authorized" } else { "authorized in a browser" };
    html! {
        dl.facts {
            div { dt { "Status" } dd { (status(&grant.status)) @if grant.roles_outdated { " authorized before the roles changed" } } }
            (at_amazon)
            div { dt { "Authorization date" } dd { @if grant.authorized_at_unknown { "unknown, imported " } (day(grant.authorized_at, now)) } }
            div {
                dt { "Expiration date" }
                dd { @match grant.renewal_due_at { Some(at) => (day(at, now)), None => "never" } }
            }
            div { dt { "Region" } dd {
                (grant.region)
                @if grant.region_assumed { " (assumed: nothing has shown it yet)" }
                @if let Some(region) = &grant.moved_to { " (moved to " (region) ")" }
            } }
            div { dt { "Partner" } dd { (grant.partner_type.as_deref().unwrap_or("seller or vendor (not known)")) } }
            div {
                dt { "Account" }
                dd { @match &grant.account { Some(account) => bdi { (account) }, None => span.quiet { "none" } } }
            }
            div { dt { "Authorization" } dd { (kind) @if grant.draft { ", of a draft application" } } }
            div {
                dt { "Verified" }
                dd { @if grant.verified { "yes, by its stores" } @else { "no: Amazon returned no stores" } }
            }
            div { dt { "Version" } dd { (grant.version) } }
            div { dt { "Fingerprint of the refresh token" } dd { code { (shortened(&grant.fingerprint)) } } }
        }
    }
}

fn buttons(console: &Console, grant: &Grant, at_amazon: &Markup) -> Markup {
    let page = grant.path();
    let reason = html! { label { "Reason, for the history" input name="reason" maxlength="200"; } };
    let status = html! {
        (reason)
        @for (action, name) in [("disable", "Disable"), ("enable", "Enable")] {
            @if grant.can(action) { button name="do" value=(action) { (name) } }
        }
    };
    let account = html! {
        label { "Account (empty to remove it)" input name="account" maxlength="128" value=[grant.account.as_deref()]; }
        button name="do" value="link" { "Link account" }
    };
    let remove = html! {
        (reason)
        button.danger name="do" value="remove" { "Remove…" }
    };
    html! {
        h2 { "Actions" }
        (console.form("row", &page, &status))
        (console.form("row", &page, &account))
        @if !at_amazon.0.is_empty() { (console.form("row", &page, at_amazon)) }
        @if let Some(url) = &grant.manage_your_apps_url { p { a href=(url) { "Renew in Manage Your Apps" } } }
        (console.form("row", &page, &remove))
    }
}

fn conflict_to_decide(console: &Console, conflict: &Conflict, number: usize, page: &str) -> Markup {
    let decide = html! {
        input type="hidden" name="fingerprint" value=(conflict.fingerprint);
        button name="do" value="accept" { "Accept…" }
        button.danger name="do" value="reject" { "Reject…" }
    };
    let id = format!("conflict-{number}");
    html! {
        h3 { "Conflict " (number) }
        p {
            "Authorized " (moment(conflict.at, console.now()))
            @if let Some(account) = &conflict.account { ", for the account " bdi { (account) } }
            ". Fingerprint: " code { (shortened(&conflict.fingerprint)) } ". Differences:"
        }
        ul { @for sentence in &conflict.differs { li { bdi { (sentence) } } } }
        (stores(&id, "Stores of the new token", &conflict.stores))
        (console.form("row", page, &decide))
    }
}

fn stores(id: &str, caption: &str, stores: &[Store]) -> Markup {
    if stores.is_empty() {
        return html! { p.quiet { "None." } };
    }
    let rows = html! {
        @for store in stores {
            tr {
                th scope="row" { bdi { (store.name) } }
                td { (store.country.as_deref().unwrap_or("-")) }
                td { code { (store.marketplace_id) } }
                td { @if store.participating { "yes" } @else { "no" } }
            }
        }
    };
    table(id, caption, &["Store", "Country", "Marketplace id", "Participating"], &rows)
}
