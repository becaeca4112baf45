//! `history`: the records of a grant or of an application, newest first.

use crate::{
    arguments::grants::History,
    commands::list,
    failure::Failure,
    session::{Pages, Session},
    table::Table,
    views::{Record, second},
};

pub(super) async fn run(history: History, session: &mut Session) -> Result<(), Failure> {
    let History { partner, account, narrowing, limit } = history;
    let request = session.request("getHistory").maybe("sellingPartnerId", partner).maybe("account", account);
    let request = narrowing.added_to(request);
    list::print(Pages { request, field: "history", limit }, Table::new(&HEADINGS), row, session).await
}

/// The headings of a table of records.
pub(super) const HEADINGS: [&str; 6] = ["AT", "EVENT", "BY", "GRANT", "ACCOUNT", "REASON"];

/// A record as a row of such a table.
pub(super) fn row(record: Record) -> Vec<String> {
    let by = if record.by.is_empty() { record.actor } else { format!("{} {}", record.actor, record.by) };
    let subject = [record.selling_partner_id, record.region].join(" ").trim().to_owned();
    vec![second(&record.at), record.event, by, subject, record.account, record.reason]
}
