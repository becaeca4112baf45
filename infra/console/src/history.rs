//! The history of an application or a grant, as a table, page by page.

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{Console, ask::with, fields::Visit, moment::moment, page::table, stack::Refusal, views::Record};

impl Console {
    /// Returns the page of a history that the visit asks for.
    pub(crate) async fn history(
        &self,
        visit: &Visit,
        asked: Value,
    ) -> Result<(Vec<Record>, Option<String>), Refusal> {
        let from = json!({ "cursor": visit.fields.text("cursor"), "limit": RECORDS });
        self.read_page(with(asked, from), "history").await
    }
}

/// A table of history records.
pub(crate) fn records(history: &[Record], now: Timestamp) -> Markup {
    if history.is_empty() {
        return html! { p.quiet { "Nothing yet." } };
    }
    let rows = html! {
        @for record in history {
            tr {
                td { (moment(record.at, now)) }
                th scope="row" { (record.event) }
                td { (record.actor) @if !record.by.is_empty() { ": " bdi { (record.by) } } }
                td { bdi { (record.reason) } }
                td.id { bdi { (record.account) } }
                td { code { (shortened(&record.fingerprint)) } }
            }
        }
    };
    let columns = ["Time", "Event", "Actor", "Reason", "Account", "Fingerprint"];
    table("history", "History, newest first", &columns, &rows)
}

/// The links to the next page and to the first.
pub(crate) fn next_page(visit: &Visit, cursor: Option<&str>) -> Markup {
    let rest = visit.without("cursor");
    html! {
        @if visit.fields.text("cursor").is_some() || cursor.is_some() {
            nav aria-label="Pages" {
                @if visit.fields.text("cursor").is_some() { a href=(rest.address(&[])) { "First page" } }
                @if let Some(cursor) = cursor {
                    a rel="next" href=(rest.address(&[("cursor", cursor)])) { "Next page" }
                }
            }
        }
    }
}

/// The first digits of a fingerprint, enough to recognize it.
pub(crate) fn shortened(fingerprint: &str) -> &str {
    fingerprint.get(..12).unwrap_or(fingerprint)
}

/// The number of records on a page.
const RECORDS: u32 = 20;
