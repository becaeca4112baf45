//! What a row of the copy becomes. Pure.

use shared::{
    aws::{
        copies::Row,
        transaction::{number, text},
    },
    grant::Grant,
    grant_change::{
        Decision,
        reconciliation::{Comparison, compared},
    },
    history::{Event, Record},
};

/// The kinds of rows in the applications table, with the subject of their history.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Kind<'a> {
    /// The lists of all applications and of all consumers.
    Names,
    /// An application, or its brake.
    Application(&'a str),
    /// What is known of an application's client secrets.
    Rotation(&'a str),
    /// A consumer.
    Consumer(&'a str),
}

impl<'a> Kind<'a> {
    pub(super) fn of(key: &'a str) -> Self {
        match key.split_once('#') {
            Some(("rotation", application)) => Self::Rotation(application),
            Some(("brake", application)) => Self::Application(application),
            Some(("consumer", _)) => Self::Consumer(key),
            _ if key == "directory" || key == "consumers" => Self::Names,
            _ => Self::Application(key),
        }
    }
}

/// Returns the revision of a row that counts on above the copy's and the `newest` record's.
pub(super) fn counted(row: &Row, newest: u64) -> u64 {
    row.text("revision").parse().unwrap_or(0).max(newest)
}

/// Returns the row of an application or its brake as the records since leave it: what was stopped stays so.
pub(super) fn braked(row: Row, records: &[Record]) -> Row {
    records.iter().fold(row, |row, record| match record.event {
        Event::ApplicationDisabled => row.with_flag("disabled", true),
        Event::ApplicationEnabled => row.with_flag("disabled", false),
        // As the operation does: rows have the time of a request in whole seconds.
        Event::ApplicationTokensInvalidated => row.with("not_before", number(record.at.as_second() + 1)),
        _ => row,
    })
}

/// Returns the row of the brake that belongs to the row of an application.
pub(super) fn brake_of(application: &Row) -> Row {
    let key = format!("brake#{}", application.text("application_id"));
    application
        .clone()
        .only(&["disabled", "not_before", "roles_changed_at"])
        .with("application_id", text(key))
}

/// What the table has in place of a row of the copy.
#[derive(Clone, Copy, Debug)]
pub(super) enum Current<'a> {
    Missing,
    /// A row that this release cannot read.
    Unreadable,
    Grant(&'a Grant),
}

/// What becomes of a grant.
#[derive(Debug)]
pub(super) enum Fate {
    Stays,
    Left(&'static str),
    /// This grant is stored.
    PutBack(Box<Grant>),
}

/// Decides on a grant of the copy. A row that can be read stays if its history confirms it, because it may hold a newer token; with
/// `replace`, only one that holds the newest token that the history knows.
pub(super) fn fate(copy: &Grant, current: Current<'_>, records: &[Record], replace: bool) -> Fate {
    let base = match current {
        Current::Missing => copy,
        Current::Unreadable if replace => copy,
        Current::Unreadable => {
            return Fate::Left("this release cannot read it; hint: `--replace` puts back what the copy has");
        }
        Current::Grant(row) => {
            let has_newest_token =
                records.iter().rev().find_map(token).is_some_and(|newest| newest == row.fingerprint.as_str());
            if row.revision < copy.revision || (replace && !has_newest_token) { copy } else { row }
        }
    };
    let Comparison { steps, .. } = compared(base, records);
    let mut grant = base.clone();
    for step in &steps {
        // A step that fails on this row has nothing to undo in it.
        if let Ok(Decision::Changes(change)) = step.decide(&grant, base.revision) {
            grant = change.grant;
        }
    }
    match current {
        Current::Grant(row) if is_same(&grant, row) => Fate::Stays,
        Current::Grant(row) => {
            grant.version = grant.version.max(row.version + 1);
            Fate::PutBack(Box::new(grant))
        }
        Current::Missing | Current::Unreadable => Fate::PutBack(Box::new(grant)),
    }
}

/// Returns the fingerprint of the refresh token that a record brought.
fn token(record: &Record) -> Option<&str> {
    let brings = matches!(
        record.event,
        Event::AuthorizationGranted | Event::AuthorizationRenewed | Event::RefreshTokenReplaced
    );
    brings.then_some(record.fingerprint.as_str())
}

/// Returns whether two grants differ in nothing but the numbers of their changes.
fn is_same(one: &Grant, other: &Grant) -> bool {
    let numbers = |grant: &Grant| Grant { revision: 0, version: 0, epoch: None, ..grant.clone() };
    serde_json::to_value(numbers(one)).ok() == serde_json::to_value(numbers(other)).ok()
}

#[cfg(test)]
mod tests;
