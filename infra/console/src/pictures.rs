//! Pictures of an application's grants, as SVG in the page, each with a table of its numbers.

use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use crate::{page::table, views::Grant};

/// The number of weeks in the picture: a year.
const WEEKS: usize = 53;

/// The height of the picture.
const HEIGHT: usize = 120;

/// The states of grants that are not removed.
const STATUSES: [&str; 3] = ["active", "reauthorizationRequired", "disabled"];

/// How many renewals are due in each week of the coming year, and before and after it.
pub(crate) struct Renewals {
    overdue: usize,
    weeks: [usize; WEEKS],
    later: usize,
}

impl Renewals {
    pub(crate) fn of<'g>(grants: impl IntoIterator<Item = &'g Grant>, now: Timestamp) -> Self {
        let mut counted = Self { overdue: 0, weeks: [0; WEEKS], later: 0 };
        for due in grants.into_iter().filter_map(|grant| grant.renewal_due_at) {
            let seconds = due.duration_since(now).as_secs();
            match usize::try_from(seconds / WEEK.as_secs()) {
                _ if seconds < 0 => counted.overdue += 1,
                Ok(week) if week < WEEKS => counted.weeks[week] += 1,
                _ => counted.later += 1,
            }
        }
        counted
    }

    /// The picture, and its numbers.
    pub(crate) fn shown(&self, now: Timestamp) -> Markup {
        let most = self.weeks.iter().copied().max().unwrap_or(0).max(1);
        let total: usize = self.weeks.iter().sum();
        let beginning = |week: usize| {
            let weeks = i32::try_from(week).unwrap_or_default();
            now.saturating_add(WEEK * weeks).unwrap_or(now).strftime("%F").to_string()
        };
        let rows = html! {
            @for (week, count) in self.weeks.iter().enumerate().filter(|(_, count)| **count > 0) {
                tr { th scope="row" { (beginning(week)) } td { (count) } }
            }
        };
        html! {
            p {
                (total) " due within a year, at most " (self.weeks.iter().max().unwrap_or(&0)) " in a week. "
                (self.overdue) " overdue, " (self.later) " later."
            }
            svg.picture role="img" viewBox={ "0 0 " (WEEKS * 10) " " (HEIGHT) } preserveAspectRatio="none"
                aria-label={ "Bars: renewals due in each of the " (WEEKS) " weeks from today" } {
                @for (week, count) in self.weeks.iter().enumerate() {
                    @let height = count * HEIGHT / most;
                    rect.bar x=(week * 10 + 1) y=(HEIGHT - height) width="8" height=(height) {
                        title { "Week of " (beginning(week)) ": " (count) }
                    }
                }
            }
            p.axis aria-hidden="true" { span { (beginning(0)) } span { (beginning(WEEKS / 2)) } span { (beginning(WEEKS - 1)) } }
            details {
                summary { "Renewals as a table" }
                (table("renewals", "Renewals by week", &["Week from", "Grants"], &rows))
            }
        }
    }
}

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The grants by status and region: a bar for each region, and the numbers.
pub(crate) fn by_status_and_region(grants: &[Grant]) -> Markup {
    let regions = ["na", "eu", "fe"];
    let count = |region: &str, status: &str| {
        grants.iter().filter(|grant| grant.region == region && grant.status == status).count()
    };
    let in_region = |region: &str| grants.iter().filter(|grant| grant.region == region).count();
    let most = regions.into_iter().map(in_region).max().unwrap_or(0).max(1);
    let rows = html! {
        @for region in regions {
            tr {
                th scope="row" { (region) }
                @for status in STATUSES { td { (count(region, status)) } }
                td { (in_region(region)) }
                td { (bar(&STATUSES.map(|status| (status, count(region, status))), most)) }
            }
        }
    };
    let [active, required, disabled] = STATUSES;
    table(
        "counts",
        "Grants by region and status",
        &["Region", active, required, disabled, "all", "Shares"],
        &rows,
    )
}

/// A bar of parts, of which the longest bar of all has `most` in all.
fn bar(parts: &[(&str, usize)], most: usize) -> Markup {
    let mut from = 0;
    html! {
        svg.shares viewBox="0 0 600 12" preserveAspectRatio="none" aria-hidden="true" {
            @for (status, count) in parts {
                @let width = count * 600 / most;
                rect class={ "part " (status) } x=(from) y="0" width=(width) height="12" {}
                @let () = from += width;
            }
        }
    }
}
