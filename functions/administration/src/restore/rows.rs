//! What a row of the copy becomes. Pure.

use std::collections::BTreeSet;

use serde_json::Map;
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
    Left(String),
    /// This grant is stored.
    PutBack(Box<Grant>),
}

/// Decides on a grant of the copy. A row that can be read stays if its history confirms it, because it may hold a newer token; with
/// `replace`, one that nothing explains does not, unless it holds the newest token that the history knows.
pub(super) fn fate(copy: &Grant, current: Current<'_>, records: &[Record], replace: bool) -> Fate {
    let (mut differing, mut has_newest_token) = (Vec::new(), false);
    let base = match current {
        Current::Missing => copy,
        Current::Unreadable if replace => copy,
        Current::Unreadable => {
            let because = "this release cannot read it; hint: `--replace` puts back what the copy has";
            return Fate::Left(because.to_owned());
        }
        Current::Grant(row) => {
            differing = unexplained(copy, row, records);
            has_newest_token =
                records.iter().rev().find_map(token).is_some_and(|newest| newest == row.fingerprint.as_str());
            let is_replaced = replace && !has_newest_token && !differing.is_empty();
            if row.revision < copy.revision || is_replaced { copy } else { row }
        }
    };
    let Comparison { steps, history_behind, .. } = compared(base, records);
    let mut grant = base.clone();
    for step in &steps {
        // A step that fails on this row has nothing to undo in it.
        if let Ok(Decision::Changes(change)) = step.decide(&grant, base.revision) {
            grant = change.grant;
        }
    }
    match current {
        // What a history that is behind has no reason for may have one.
        Current::Grant(row) if is_same(&grant, row) && (differing.is_empty() || history_behind) => {
            Fate::Stays
        }
        Current::Grant(row) if is_same(&grant, row) => {
            let hint = if has_newest_token {
                "it has the newest token, so correct it with `spapi-auth`, not with the copy"
            } else {
                "`--replace` puts back what the copy has"
            };
            let fields = differing.join(", ");
            Fate::Left(format!(
                "it differs from the copy without a reason in its history: {fields}; hint: {hint}"
            ))
        }
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

/// Fields that change without a record.
const UNRECORDED: [&str; 7] =
    ["revision", "version", "epoch", "resealed", "reminded", "outdated_reported", "sighting"];

/// Returns the fields in which a row differs from its copy although no record after the copy explains it. The pointer that a move leaves
/// has no record of its own.
fn unexplained(copy: &Grant, row: &Grant, records: &[Record]) -> Vec<String> {
    if row.revision < copy.revision || row.points_to().is_some() {
        return Vec::new();
    }
    let fields =
        |grant| serde_json::to_value(grant).unwrap_or_default().as_object().cloned().unwrap_or_default();
    let (before, now): (Map<_, _>, Map<_, _>) = (fields(copy), fields(row));
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let since = records.iter().filter(|record| record.revision > copy.revision);
    let events: Vec<Event> = since.map(|record| record.event).collect();
    let is_explained = |name: &str| {
        UNRECORDED.contains(&name)
            || (name == "refresh_token" && row.resealed && !copy.resealed)
            || events.iter().any(|event| explains(*event, name))
    };
    let differs = |name: &&&String| before.get(**name) != now.get(**name) && !is_explained(name);
    names.iter().filter(differs).map(|name| (*name).clone()).collect()
}

/// Returns whether a change with this event can change the field.
fn explains(event: Event, field: &str) -> bool {
    let (is_token, is_account, is_status) =
        (matches!(field, "fingerprint" | "refresh_token"), field == "account", field == "status");
    match event {
        Event::GrantRepaired
        | Event::TokensInvalidated
        | Event::RefreshRefused
        | Event::AuthorizationExpiring
        | Event::AuthorizationOverdue
        | Event::AuthorizationOutdated => false,
        Event::AccountLinked => is_account,
        Event::AuthorizationDisabled
        | Event::AuthorizationEnabled
        | Event::ReauthorizationRequired
        | Event::AuthorizationRestored => is_status,
        Event::RefreshTokenReplaced => is_token,
        Event::AuthorizationGranted
        | Event::AuthorizationRenewed
        | Event::AuthorizationRemoved
        | Event::AuthorizationConflict
        | Event::AuthorizationMoved => true,
        _ => !(is_token || is_account || is_status),
    }
}

#[cfg(test)]
mod tests;
