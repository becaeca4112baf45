//! Puts rows back from the copy of a table that point-in-time recovery has made, while the functions go on. A row is reconciled with
//! its history before it is written, so that nothing that was removed, disabled or cleared since is active for a moment.

mod grants;
pub(crate) mod record;
mod rows;

use std::{borrow::Cow, str::FromStr, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    aws::{
        copies::Row,
        transaction::{number, text},
    },
    deadline::{Clock, retry_until},
    error::Error,
    history::{
        Record,
        actor::{By, Who},
    },
    ids::Malformed,
    lambda::{cursor, payload::Fields},
};

use self::rows::{Kind, brake_of, braked, counted};
use crate::Administration;

/// The number of rows that are read together.
const PAGE: i32 = 50;

/// The time that is reserved for one page. No page begins with less time left.
const RESERVE: Duration = Duration::from_secs(20);

/// A request to put rows back.
pub(crate) struct RestoreRows {
    pub(crate) table: Restored,
    /// The name of the copy.
    pub(crate) from: String,
    /// The moment of the copy.
    pub(crate) moment: Timestamp,
    /// Whether a grant whose row can be read, or that is of another release, is replaced too where it differs.
    pub(crate) replace: bool,
    /// Whether nothing is to be changed.
    pub(crate) dry_run: bool,
    pub(crate) cursor: Option<String>,
    pub(crate) by: Option<By>,
}

impl RestoreRows {
    pub(crate) fn parse(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Self {
            table: fields.required("table")?,
            from: fields.must_have(Fields::text, "from")?,
            moment: fields.must_have(Fields::time, "moment")?,
            replace: fields.flag("replace")?.unwrap_or_default(),
            dry_run: fields.flag("dryRun")?.unwrap_or_default(),
            cursor: fields.text("cursor")?,
            by: fields.optional("by")?,
        })
    }
}

/// A table whose rows can be put back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Restored {
    Applications,
    Grants,
    History,
}

impl FromStr for Restored {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "applications" => Ok(Self::Applications),
            "grants" => Ok(Self::Grants),
            "history" => Ok(Self::History),
            _ => Err(Malformed("applications, grants or history")),
        }
    }
}

impl Restored {
    /// The names of the key's attributes.
    fn key(self) -> &'static [&'static str] {
        match self {
            Self::Applications => &["application_id"],
            Self::Grants => &["grant_key"],
            Self::History => &["subject", "revision"],
        }
    }
}

/// What becomes of a row of the copy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// The table has it, or a later one.
    Stays,
    /// It was put back.
    PutBack,
    /// It was put back, and an operator has to know this.
    PutBackBut(Cow<'static, str>),
    /// It was left as it is, for this reason.
    Left(Cow<'static, str>),
}

/// What a part of the rows showed.
#[derive(Default)]
struct Seen {
    read: u64,
    put_back: u64,
    left: Vec<Value>,
}

impl Seen {
    fn add(&mut self, row: &Row, key: &str, outcome: &Outcome) {
        self.read += 1;
        self.put_back += u64::from(matches!(outcome, Outcome::PutBack | Outcome::PutBackBut(_)));
        if let Outcome::Left(because) | Outcome::PutBackBut(because) = outcome {
            self.left.push(json!({"row": row.text(key), "because": because}));
        }
    }
}

impl Administration {
    /// Puts one part of the rows back. Sent again, it finds its result and changes nothing.
    pub(crate) async fn restore_rows(&self, request: RestoreRows, clock: Clock) -> Result<Value, Error> {
        let RestoreRows { table, ref from, moment, .. } = request;
        let name = self.tables.name(table);
        if !from.strip_prefix(name).is_some_and(|rest| rest.starts_with("-restore-")) {
            return Err(Error::invalid("from", "the name of a copy, such as spapi-auth-grants-restore-1"));
        }
        let query = format!("restore {from} {moment} {} {}", request.replace, request.dry_run);
        let mut after = match request.cursor.as_deref() {
            Some(cursor) => Some(place(table, &cursor::read(&query, cursor)?)?),
            None => None,
        };
        let (mut seen, who) = (Seen::default(), Who::operator(request.by.clone()));
        loop {
            let page = || self.copies.page(from, after.as_ref(), PAGE);
            let (rows, next) = retry_until(clock.deadline(), page).await?;
            for row in rows {
                let outcome = match table {
                    Restored::Applications => self.restore_application_row(&row, &request, clock).await?,
                    Restored::Grants => self.restore_grant(&row, &request, &who, clock).await?,
                    Restored::History => self.restore_record(&row, &request, clock).await?,
                };
                seen.add(&row, table.key()[0], &outcome);
            }
            after = next;
            if after.is_none() || clock.deadline().remaining() < RESERVE {
                break;
            }
        }
        let mut answer = json!({
            "read": seen.read, "putBack": seen.put_back, "left": seen.left, "dryRun": request.dry_run,
        });
        if let Some(next) = after {
            let next: Vec<_> = table.key().iter().map(|name| next.text(name)).collect();
            answer["cursor"] = cursor::written(&query, &json!(next).to_string()).into();
        }
        Ok(answer)
    }

    /// Puts a record back if its revision has none. Its stream sends the event again, with the same id.
    async fn restore_record(&self, row: &Row, request: &RestoreRows, clock: Clock) -> Result<Outcome, Error> {
        if let (Ok(key), Ok(at)) = (row.text("subject").parse(), row.text("at").parse())
            && self.is_erased_since(&key, at, clock).await?
        {
            return Ok(Outcome::Stays);
        }
        self.put_missing(row.clone(), request, clock).await
    }

    /// Puts a row of the applications table back if it is missing.
    async fn restore_application_row(
        &self,
        row: &Row,
        request: &RestoreRows,
        clock: Clock,
    ) -> Result<Outcome, Error> {
        let name = self.tables.name(Restored::Applications);
        let find = || self.copies.current(name, "application_id", row);
        let current = retry_until(clock.deadline(), find).await?;
        let kind = Kind::of(row.text("application_id"));
        if let Some(current) = current {
            let current_differs = current != *row;
            if kind == Kind::Names && current_differs && !request.dry_run {
                self.copies.add_lists(name, "application_id", row, clock.deadline()).await?;
            }
            let is_other_key = row.text("application_id") == "erasures" && current_differs;
            return Ok(if is_other_key {
                Outcome::Left(
                    "grants that were erased before the moment are not recognized in a restore to an earlier one"
                        .into(),
                )
            } else {
                Outcome::Stays
            });
        }
        let subject = match &kind {
            Kind::Names => return self.put_missing(row.clone(), request, clock).await,
            Kind::Application(subject) | Kind::Rotation(subject) | Kind::Consumer(subject) => *subject,
        };
        let (records, newest) = self.told_since(subject, request.moment, clock).await?;
        let revision = || number(counted(row, newest));
        let (row, but) = match kind {
            Kind::Application(_) => (braked(row.clone(), &records), None),
            // What was asked for and received since is not known, so nothing is asked for until a notification comes or an operator
            // insists. The secret itself is in Secrets Manager.
            Kind::Rotation(_) => (
                row.clone().only(&["application_id"]).with("revision", revision()),
                Some(
                    "nothing is known of the rotation of its client secret but the secret itself; hint: run `spapi-auth doctor`",
                ),
            ),
            Kind::Consumer(_) if !records.is_empty() => (
                row.clone().only(&["application_id"]).with("revision", revision()),
                Some(
                    "its policy changed after the copy, so it has none now; hint: give it one with `spapi-auth consumers add`",
                ),
            ),
            Kind::Consumer(_) | Kind::Names => (row.clone(), None),
        };
        if kind == Kind::Application(row.text("application_id")) && !request.dry_run {
            // The brake comes first: the copy may be of a time at which nothing was stopped, and have none.
            self.put_missing(brake_of(&row), request, clock).await?;
        }
        let outcome = self.put_missing(row, request, clock).await?;
        Ok(match but {
            Some(but) if outcome == Outcome::PutBack => Outcome::PutBackBut(but.into()),
            _ => outcome,
        })
    }

    async fn put_missing(&self, row: Row, request: &RestoreRows, clock: Clock) -> Result<Outcome, Error> {
        let (name, key) = (self.tables.name(request.table), request.table.key());
        let is_missing = match (request.dry_run, request.table) {
            (true, Restored::History) => self.has_no_record(&row, clock).await?,
            (true, _) => true,
            (false, _) => self.copies.put_missing(name, key[0], row, clock.deadline()).await?,
        };
        Ok(if is_missing { Outcome::PutBack } else { Outcome::Stays })
    }

    async fn has_no_record(&self, row: &Row, clock: Clock) -> Result<bool, Error> {
        let revision = row.text("revision").parse().ok();
        let page = || self.history.page(row.text("subject"), false, revision, 1);
        let (page, _) = retry_until(clock.deadline(), page).await?;
        Ok(page.first().map(|record| record.revision) != revision)
    }

    /// Returns the records of a subject since `moment`, oldest first, and its newest revision.
    async fn told_since(
        &self,
        subject: &str,
        moment: Timestamp,
        clock: Clock,
    ) -> Result<(Vec<Record>, u64), Error> {
        let mut records = self.records_since(subject, moment, clock).await?;
        let newest = records.last().map_or(0, |record| record.revision);
        records.retain(|record| record.at >= moment);
        Ok((records, newest))
    }
}

/// Returns the key of a row from the place in a cursor.
fn place(table: Restored, place: &str) -> Result<Row, Error> {
    let malformed = || Error::invalid("cursor", "the cursor of an answer to the same request");
    let values: Vec<String> = serde_json::from_str(place).map_err(|_| malformed())?;
    let names = table.key();
    if values.len() != names.len() {
        return Err(malformed());
    }
    let value = |name: &str, value: String| if name == "revision" { number(value) } else { text(value) };
    let key = names.iter().zip(values);
    Ok(key.fold(Row::default(), |row, (name, at)| row.with(name, value(name, at))))
}
