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
    let row = |record: Record| {
        let by = if record.by.is_empty() { record.actor } else { format!("{} {}", record.actor, record.by) };
        let subject = [record.selling_partner_id, record.region].join(" ").trim().to_owned();
        vec![second(&record.at), record.event, by, subject, record.account, record.reason]
    };
    let table = Table::new(&["AT", "EVENT", "BY", "GRANT", "ACCOUNT", "REASON"]);
    list::print(Pages { request, field: "history", limit }, table, row, session).await
}
