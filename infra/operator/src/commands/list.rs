//! `list` and `renewals`: grants, printed page by page.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    arguments::{
        Region,
        grants::{List, ListCommand, Renewals, Status},
    },
    columns::{self, Column},
    failure::Failure,
    output::Output,
    request::Request,
    session::{Pages, Session},
    table::Table,
    views::{self, Grant, day},
};

pub(super) async fn grants(command: ListCommand, session: &mut Session) -> Result<(), Failure> {
    let ListCommand { list, columns } = command;
    if !columns.is_empty() {
        return chosen(&list, &columns, session).await;
    }
    let pages = Pages { request: request(&list, session), field: "grants", limit: list.limit };
    let row = |grant: Grant| {
        let (store, countries, status) = (grant.store(), grant.countries(), grant.status_and_notes());
        let authorized = grant.authorized_on();
        vec![
            grant.selling_partner_id,
            grant.region,
            status,
            grant.partner_type.unwrap_or_default(),
            authorized,
            grant.renewal_due_at.as_deref().map(day).unwrap_or_default(),
            grant.account.unwrap_or_default(),
            countries,
            store,
        ]
    };
    let table = Table::new(&HEADINGS);
    print(pages, table, row, session).await
}

/// Prints these columns, or with `--json` these fields.
async fn chosen(list: &List, columns: &[Column], session: &mut Session) -> Result<(), Failure> {
    let pages = Pages { request: request(list, session), field: "grants", limit: list.limit };
    let mut table = Table::new(&columns.iter().map(|column| column.name()).collect::<Vec<_>>());
    let each = |output: &mut Output, grants: Vec<Value>| {
        if output.is_json() {
            return grants.iter().try_for_each(|grant| output.document(&columns::chosen(grant, columns)));
        }
        let row = |grant: &Value| columns.iter().map(|column| column.cell(grant)).collect();
        output.block(&table.page(grants.iter().map(row)))
    };
    pages.read(session, each).await?;
    end(&table, &mut session.output)
}

/// A list without a row is a heading, and no document.
fn end(table: &Table, output: &mut Output) -> Result<(), Failure> {
    if output.is_json() { Ok(()) } else { output.block(&table.end()) }
}

const HEADINGS: [&str; 9] =
    ["PARTNER", "REGION", "STATUS", "TYPE", "AUTHORIZED", "RENEWAL DUE", "ACCOUNT", "SELLS IN", "STORE"];

pub(super) async fn renewals(renewals: Renewals, session: &mut Session) -> Result<(), Failure> {
    let now = session.now;
    let request = session
        .request("listGrants")
        .with("renewalDueBefore", renewals.until.after(now).to_string())
        .maybe("region", renewals.region.map(Region::as_str));
    let row = |grant: Grant| {
        let due = grant.renewal_due_at.clone().unwrap_or_default();
        vec![
            day(&due),
            time_left(&due, now),
            grant.selling_partner_id.clone(),
            grant.region.clone(),
            grant.account.clone().unwrap_or_default(),
            grant.status_and_notes(),
            grant.manage_your_apps_url.unwrap_or_default(),
        ]
    };
    let table = Table::new(&[
        "RENEWAL DUE",
        "IN",
        "PARTNER",
        "REGION",
        "ACCOUNT",
        "STATUS",
        "WHERE THE PARTNER RENEWS",
    ]);
    print(Pages { request, field: "grants", limit: None }, table, row, session).await
}

/// The request for the grants that the options select.
pub(super) fn request(list: &List, session: &Session) -> Request {
    session
        .request("listGrants")
        .maybe("sellingPartnerId", list.partner.clone())
        .maybe("account", list.account.clone())
        .maybe("status", list.status.map(Status::as_str))
        .maybe("region", list.region.map(Region::as_str))
        .maybe("renewalDueBefore", list.due_before.map(|when| when.after(session.now).to_string()))
        .maybe("authorizedBefore", list.authorized_before.map(|when| when.before(session.now).to_string()))
        .maybe("outdated", list.outdated.then_some(true))
        .maybe("regionAssumed", list.region_assumed.then_some(true))
}

/// Prints every item of `pages`: as a document, or as the row that `row` makes of it.
pub(super) async fn print<T: for<'de> Deserialize<'de>>(
    pages: Pages,
    mut table: Table,
    row: impl Fn(T) -> Vec<String>,
    session: &mut Session,
) -> Result<(), Failure> {
    let field = pages.field;
    let each = |output: &mut Output, items: Vec<Value>| {
        if output.is_json() {
            return items.iter().try_for_each(|item| output.document(item));
        }
        let parsed = items.into_iter().map(|item| T::deserialize(item).map(&row));
        let rows: Vec<_> = parsed.collect::<Result<_, _>>().map_err(|_| views::not_understood(field))?;
        output.block(&table.page(rows))
    };
    pages.read(session, each).await?;
    end(&table, &mut session.output)
}

/// The whole days until `due`, or `overdue`. Empty if `due` is not a time.
fn time_left(due: &str, now: Timestamp) -> String {
    let Ok(due) = due.parse::<Timestamp>() else {
        return String::new();
    };
    match due.duration_since(now).as_hours().div_euclid(24) {
        days if days < 0 => "overdue".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewal_is_due_in_days_or_overdue() {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();

        assert_eq!(time_left("2026-11-21T13:00:00Z", now), "0 days");
        assert_eq!(time_left("2026-11-23T00:00:00Z", now), "1 day");
        assert_eq!(time_left("2026-12-21T12:00:00Z", now), "30 days");
        assert_eq!(time_left("2026-11-21T11:00:00Z", now), "overdue");
        assert_eq!(time_left("?", now), "");
    }
}
