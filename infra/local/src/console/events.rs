//! The events on the bus, as they come.

use axum::{extract::State, response::Response};
use http::Uri;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::{
    aws::Told,
    console::{
        Console,
        fields::{Visit, application_path, grant_path},
        moment::moment,
        page::table,
    },
};

/// Shows the latest, or those after a number.
pub(super) async fn show(State(console): State<Console>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let after = visit.fields.text("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let follows = visit.fields.text("follow").is_some();
    let told = console.aws.events(after).await;
    let newest = told.last().map_or(after, |told| told.n).to_string();
    let content = html! {
        p {
            "What the functions tell on the event bus, newest first. The stack remembers the latest 1,000 since it was "
            "started; "
            a href={ "http://127.0.0.1:" (console.ports.amazon) "/_control/events" } { "all of them as JSON" }
            "."
        }
        p {
            a href=(visit.address(&[])) { "Look again" }
            ", "
            a href={ (visit.path()) "?after=" (newest) } { "only newer than these" }
            ", "
            @if after > 0 { a href=(visit.path()) { "show all" } ", " }
            @if follows {
                a href=(visit.path()) { "stop looking by itself" } " (every " (FOLLOWS) " seconds)"
            } @else {
                a href={ (visit.path()) "?follow=1" } { "look again by itself" } " (every " (FOLLOWS) " seconds)"
            }
        }
        (recent(&told, MOST, console.clock.now()))
    };
    if follows {
        console.page_that_follows(&visit, TITLE, &content, FOLLOWS).await
    } else {
        console.page(&visit, TITLE, &content).await
    }
}

/// The latest events, at most so many, the newest first.
pub(super) fn recent(told: &[Told], most: usize, now: Timestamp) -> Markup {
    if told.is_empty() {
        return html! { p.quiet { "Nothing yet." } };
    }
    let rows = html! { @for told in told.iter().rev().take(most) { (row(told, now)) } };
    table("events", "Events, newest first", &["No.", "When", "Event", "About", "Why", "Whole"], &rows)
}

fn row(told: &Told, now: Timestamp) -> Markup {
    let detail = &told.event["detail"];
    let text = |member: &str| detail[member].as_str().unwrap_or_default();
    let (application, region, partner) = (text("applicationId"), text("region"), text("sellingPartnerId"));
    html! {
        tr {
            td { (told.n) }
            td { @if let Ok(at) = text("at").parse() { (moment(at, now)) } }
            th scope="row" { (told.event["detail-type"].as_str().unwrap_or_default()) }
            td.id {
                @if partner.is_empty() {
                    a href=(application_path(application)) { "the application" }
                } @else {
                    a href=(grant_path(application, region, partner)) { bdi { (partner) } }
                    " "
                    span.quiet { "(" (region) ")" }
                }
            }
            td { bdi { (text("reason")) } }
            td {
                details {
                    summary { "Detail" span.hidden { " of event " (told.n) } }
                    pre { (pretty(&told.event)) }
                }
            }
        }
    }
}

fn pretty(event: &serde_json::Value) -> String {
    serde_json::to_string_pretty(event).unwrap_or_default()
}

const TITLE: &str = "Events";

/// Enough for a look; the rest is there as JSON.
const MOST: usize = 100;

/// Seconds between two looks.
const FOLLOWS: u32 = 5;
