//! Shows the page of one grant.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::Key;
use crate::console::{
    Console,
    application::{next_page, records, shortened},
    ask::with,
    fields::{Visit, application_path, grants_path, segment},
    grants::status,
    moment::{day, moment},
    page::{table, trail},
    token_command,
    views::{Conflict, Grant, Store},
};

/// Shows the page.
pub(in crate::console) async fn show(
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
    let at_amazon = console.control(&format!("partner/{}", segment(&key.partner))).await.unwrap_or_default();
    let (now, page) = (console.clock.now(), key.path());
    let content = html! {
        (trail(&[
            (&application_path(&key.application), &key.application),
            (&grants_path(&key.application), "Grants"),
        ]))
        (facts(&grant, &at_amazon, now))
        @if grant.status != "removed" { (buttons(&grant, &page)) }
        @if !grant.conflicts.is_empty() {
            h2 #conflicts { "Conflicts" }
            p {
                "A browser authorized under this partner's id, and nothing proves that it was the same partner. The grant "
                "continues to work with its old token until you decide."
            }
            @for (number, conflict) in grant.conflicts.iter().enumerate() {
                (conflict_to_decide(conflict, number + 1, &page, now))
            }
        }
        h2 { "Access token" }
        (console.token_life(&grant.key()).long(grant.version, now))
        @if grant.status != "removed" {
            form.row method="post" action=(page) {
                button name="do" value="fetch" { "Request a token" }
                button name="do" value="invalidate" { "Invalidate the stored tokens" }
            }
        }
        pre { (token_command(console.ports, &key.partner, &key.region)) }
        h2 { "Stores" }
        (stores("stores", "Stores of the grant", &grant.stores))
        h2 { "History" }
        (records(&history, now))
        (next_page(&visit, cursor.as_deref()))
    };
    console.page(&visit, &format!("Grant of {}", key.partner), &content).await
}

fn facts(grant: &Grant, at_amazon: &Value, now: Timestamp) -> Markup {
    let known = at_amazon["grants"].as_array().into_iter().flatten().find(|known| {
        known["applicationId"] == grant.application_id.as_str() && known["region"] == grant.region.as_str()
    });
    let at_amazon = known.and_then(|known| known["standing"].as_str());
    let kind = if grant.kind == "self" { "self-authorized" } else { "authorized in a browser" };
    html! {
        dl.facts {
            div { dt { "Status" } dd { (status(&grant.status)) } }
            div {
                dt { "At Amazon" }
                dd { @match at_amazon { Some(known) => (status(known)), None => "not authorized" } }
            }
            div { dt { "Authorization date" } dd { @if grant.authorized_at_unknown { "unknown, imported " } (day(grant.authorized_at, now)) } }
            div {
                dt { "Expiration date" }
                dd { @match grant.renewal_due_at { Some(at) => (day(at, now)), None => "never" } }
            }
            div { dt { "Region" } dd {
                (grant.region)
                @if grant.region_assumed { " (assumed: nothing has shown it yet)" }
                @if let Some(region) = grant.moved_to { " (moved to " (region) ")" }
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

fn buttons(grant: &Grant, page: &str) -> Markup {
    html! {
        h2 { "Actions" }
        form.row method="post" action=(page) {
            label { "Reason, for the history" input name="reason" maxlength="200"; }
            @for (action, name) in [("disable", "Disable"), ("enable", "Enable")] {
                @if grant.can(action) { button name="do" value=(action) { (name) } }
            }
        }
        form.row method="post" action=(page) {
            label { "Account (empty to remove it)" input name="account" maxlength="128" value=[grant.account.as_deref()]; }
            button name="do" value="link" { "Link account" }
        }
        form.row method="post" action=(page) {
            span { "At Amazon:" }
            button name="do" value="revoke" { "Revoke" }
            button name="do" value="restore" { "Restore" }
            @if let Some(url) = &grant.manage_your_apps_url { a href=(url) { "Re-authorize in Manage Your Apps" } }
        }
        details {
            summary { "Remove…" }
            p { "This deletes the refresh token. Only the partner can restore the grant, by authorizing again." }
            form.row method="post" action=(page) {
                label { "Reason, for the history" input name="reason" maxlength="200"; }
                button.danger name="do" value="remove" { "Remove permanently" }
            }
        }
    }
}

fn conflict_to_decide(conflict: &Conflict, number: usize, page: &str, now: Timestamp) -> Markup {
    let id = format!("conflict-{number}");
    html! {
        h3 { "Conflict " (number) }
        p {
            "Authorized " (moment(conflict.at, now))
            @if let Some(account) = &conflict.account { ", for the account " bdi { (account) } }
            ". Fingerprint: " code { (shortened(&conflict.fingerprint)) } ". Differences:"
        }
        ul { @for sentence in &conflict.differs { li { bdi { (sentence) } } } }
        (stores(&id, "Stores of the new token", &conflict.stores))
        form.row method="post" action=(page) {
            input type="hidden" name="fingerprint" value=(conflict.fingerprint);
            button name="do" value="accept" { "Accept: same partner" }
            button.danger name="do" value="reject" { "Reject: another partner" }
        }
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
