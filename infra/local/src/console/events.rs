//! The page of the events on the bus.

use axum::{extract::State, response::Response};
use console::{Visit, application_path, grant_path, moment, table};
use http::Uri;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::{aws::PublishedEvent, console::Local};

/// Shows the latest events, or those after a number.
pub(super) async fn show(State(local): State<Local>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let after = visit.fields.text("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let follows = visit.fields.text("follow").is_some();
    let events = local.simulation.aws.events(after).await;
    let newest = events.last().map_or(after, |event| event.n).to_string();
    let content = html! {
        p {
            "Events on the bus, newest first. The stack stores the latest 1,000 since its start: "
            a href={ "http://127.0.0.1:" (local.simulation.ports.amazon) "/_control/events" } { "all stored events as JSON" }
            "."
        }
        p {
            a href=(visit.address(&[])) { "Reload" }
            ", "
            a href={ (visit.path()) "?after=" (newest) } { "show only newer events" }
            ", "
            @if after > 0 { a href=(visit.path()) { "show all events" } ", " }
            @if follows {
                a href=(visit.path()) { "stop the automatic reload" } " (every " (FOLLOWS) " seconds)"
            } @else {
                a href={ (visit.path()) "?follow=1" } { "reload automatically" } " (every " (FOLLOWS) " seconds)"
            }
        }
        (recent(&events, MOST, local.console.now()))
    };
    if follows {
        local.console.reloading_page(&visit, TITLE, &content, FOLLOWS).await
    } else {
        local.console.page(&visit, TITLE, &content).await
    }
}

/// A table of at most `most` of the latest events, newest first.
pub(super) fn recent(events: &[PublishedEvent], most: usize, now: Timestamp) -> Markup {
    if events.is_empty() {
        return html! { p.quiet { "Nothing yet." } };
    }
    let rows = html! { @for event in events.iter().rev().take(most) { (row(event, now)) } };
    table("events", "Events, newest first", &["No.", "Time", "Event", "Concerns", "Reason", "JSON"], &rows)
}

fn row(published: &PublishedEvent, now: Timestamp) -> Markup {
    let detail = &published.event["detail"];
    let text = |member: &str| detail[member].as_str().unwrap_or_default();
    let (application, region, partner) = (text("applicationId"), text("region"), text("sellingPartnerId"));
    html! {
        tr {
            td { (published.n) }
            td { @if let Ok(at) = text("at").parse() { (moment(at, now)) } }
            th scope="row" { (published.event["detail-type"].as_str().unwrap_or_default()) }
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
                    summary { "Detail" span.hidden { " of event " (published.n) } }
                    pre { (pretty(&published.event)) }
                }
            }
        }
    }
}

fn pretty(event: &serde_json::Value) -> String {
    serde_json::to_string_pretty(event).unwrap_or_default()
}

const TITLE: &str = "Events";

/// The number of events on the page. The others are available as JSON.
const MOST: usize = 100;

/// The seconds between two automatic reloads.
const FOLLOWS: u32 = 5;
