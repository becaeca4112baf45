//! The page of the last 24 hours: tokens that were handed out and fetched, and how long Amazon took, as pictures and as a table.

use axum::{extract::State, response::Response};
use http::Uri;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::{
    Console,
    day::{Day, HOURS, Series},
    fields::Visit,
    findings::not_shown,
    page::{table, trail},
};

/// Shows the page.
pub(crate) async fn show(State(console): State<Console>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let content = html! {
        (trail(&[]))
        p { "What the functions measured, for all applications together, by the hour (UTC). The last hour is not over." }
        @match console.last_day().await {
            Ok(day) => (pictures(&day)),
            Err(error) => (not_shown(&error)),
        }
    };
    console.page(&visit, "The last 24 hours", &content).await
}

/// A part of every bar: its name and its heights.
type Part = (&'static str, [u64; HOURS]);

/// The pictures of a day, and its numbers.
fn pictures(day: &Day) -> Markup {
    let (stored, fetched) = (day.of(Series::Stored), day.of(Series::Fetched));
    let (refreshed, calls, longest) =
        (day.of(Series::Refreshed), day.of(Series::Calls), day.of(Series::Longest));
    let average = day.average();
    let shown = average.map(Option::unwrap_or_default);
    let above = std::array::from_fn(|hour| longest[hour].saturating_sub(shown[hour]));
    let sum = |values: [u64; HOURS]| values.iter().sum::<u64>();
    let rows = html! {
        @for (hour, from) in day.hours().into_iter().enumerate() {
            tr {
                th scope="row" { (beginning(from)) }
                td { (stored[hour] + fetched[hour]) }
                td { (stored[hour]) }
                td { (fetched[hour]) }
                td { (refreshed[hour]) }
                td { (calls[hour]) }
                @match average[hour] {
                    Some(average) => { td { (average) } td { (longest[hour]) } }
                    None => { td { "-" } td { "-" } }
                }
            }
        }
    };
    let columns = [
        "Hour from",
        "Handed out",
        "of these stored",
        "of these fetched",
        "Calls of the refresher",
        "Calls",
        "Average ms",
        "Longest ms",
    ];
    html! {
        h2 { "Tokens handed out" }
        p {
            (sum(stored) + sum(fetched)) " tokens: " (sum(stored)) " that were stored, and " (sum(fetched))
            " that Amazon issued for the request."
        }
        (bars(day, "tokens handed out", &[("stored", stored), ("fetched for the request", fetched)], |hour| {
            format!("{} stored, {} fetched for the request", stored[hour], fetched[hour])
        }))
        h2 { "New tokens" }
        p {
            (sum(fetched)) " tokens were fetched for a request, and the refresher made " (sum(refreshed))
            " calls for tokens before they ended."
        }
        (bars(day, "new tokens", &[("fetched for a request", fetched), ("calls of the refresher", refreshed)], |hour| {
            format!("{} fetched for a request, {} calls of the refresher", fetched[hour], refreshed[hour])
        }))
        h2 { "Amazon's latency" }
        p {
            @match sum(day.of(Series::Milliseconds)).checked_div(sum(calls)) {
                Some(average) => {
                    "A call to Login with Amazon took " (average) " ms on average, and " (longest.iter().max().unwrap_or(&0))
                    " ms at most."
                }
                None => "No call to Login with Amazon was made.",
            }
        }
        (bars(day, "milliseconds of calls to Amazon", &[("average", shown), ("up to the longest call", above)], |hour| {
            format!("{} ms on average, {} ms at most", shown[hour], longest[hour])
        }))
        details {
            summary { "All numbers as a table" }
            (table("last-day", "Tokens, and calls to Login with Amazon, by hour", &columns, &rows))
        }
    }
}

/// The height of a picture.
const HEIGHT: u64 = 120;

/// The classes of the parts, from the bottom to the top of a bar.
const CLASSES: [&str; 2] = ["first", "second"];

/// A bar for each hour, of parts on top of each other, with what is said of the hour.
fn bars(day: &Day, what: &str, parts: &[Part; 2], said: impl Fn(usize) -> String) -> Markup {
    let height = |hour: usize| parts.iter().map(|(_, values)| values[hour]).sum::<u64>();
    let highest = (0..HOURS).map(height).max().unwrap_or(0);
    let hours = day.hours();
    html! {
        p.legend aria-hidden="true" {
            @for ((name, _), class) in parts.iter().zip(CLASSES) {
                span { svg viewBox="0 0 1 1" { rect class=(class) width="1" height="1" {} } " " (name) }
            }
            span.quiet { "highest bar: " (highest) }
        }
        svg.picture role="img" viewBox={ "0 0 " (HOURS * 10) " " (HEIGHT) } preserveAspectRatio="none"
            aria-label={ "Bars: " (what) " in each of the last " (HOURS) " hours; the highest is " (highest) } {
            @for hour in 0..HOURS {
                @let mut top = HEIGHT;
                g {
                    title { (beginning(hours[hour])) ": " (said(hour)) }
                    @for ((_, values), class) in parts.iter().zip(CLASSES) {
                        // What is not zero is seen.
                        @let height = (values[hour].saturating_mul(HEIGHT) / highest.max(1)).max(values[hour].min(1));
                        @let () = top = top.saturating_sub(height);
                        rect class=(class) x=(hour * 10 + 1) y=(top) width="8" height=(height) {}
                    }
                }
            }
        }
        p.axis aria-hidden="true" { @for hour in [0, HOURS / 2, HOURS - 1] { span { (hours[hour].strftime("%H:%M")) } } }
    }
}

/// The beginning of an hour.
fn beginning(hour: Timestamp) -> String {
    hour.strftime("%F %H:%M").to_string()
}

#[cfg(test)]
mod tests;
