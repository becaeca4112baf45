//! Sends events again, from the history. The stream that feeds the bus drops records after 24 hours; the history does not.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    deadline::{Deadline, retry_until},
    error::Error,
    grant::{GrantKey, store::Place},
    history::{Record, event_bus::detail},
    ids::{ApplicationId, SellingPartnerId},
    region::Region,
    secret::Fingerprint,
};

use crate::Administration;

/// The number of records that one query returns at most.
const PAGE: i32 = 100;

/// The number of pages that one invocation reads at most, which takes some seconds.
const PAGES: usize = 500;

/// The time that is reserved for one page. No page begins with less time left.
const RESERVE: Duration = Duration::from_secs(5);

/// The events that are requested again.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The grant, if only its events are requested. Otherwise the events of the application and of all its grants are.
    pub(crate) grant: Option<(SellingPartnerId, Region)>,
    /// The beginning of the span, inclusive.
    pub(crate) from: Timestamp,
    /// The end of the span, exclusive.
    pub(crate) until: Timestamp,
}

/// The progress of a replay: the next record to read.
#[derive(Debug, Eq, PartialEq)]
struct Position {
    subject: Subject,
    revision: u64,
}

/// The grant or the application whose history is read.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Subject {
    /// The grant that the request names, or the application itself.
    First,
    /// The application's grant that follows this place in the list.
    GrantAfter(Option<Place>),
}

impl Administration {
    /// Sends one part of the events. A grant that is authorized again meanwhile moves in the list, so its events may be sent
    /// twice.
    pub(crate) async fn replay_events(
        &self,
        application: &ApplicationId,
        wanted: &Wanted,
        cursor: Option<&str>,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        if wanted.from >= wanted.until {
            return Err(Error::invalid("until", "a time after from"));
        }
        let query = query_of(application, wanted);
        let mut position = match cursor {
            Some(cursor) => position_in(cursor, &query, application)?,
            None => Position { subject: Subject::First, revision: 0 },
        };
        let mut sent = 0;
        for page in 0..PAGES {
            if page > 0 && deadline.remaining() < RESERVE {
                break;
            }
            let (records, next) = self.page(application, wanted, position, deadline).await?;
            let due: Vec<_> = records
                .into_iter()
                .filter(|record| wanted.from <= record.at && record.at < wanted.until)
                .map(|record| detail(&record))
                .collect();
            self.events.send(&due, deadline).await?;
            sent += due.len();
            let Some(next) = next else {
                return Ok(json!({ "sent": sent }));
            };
            position = next;
        }
        Ok(json!({ "sent": sent, "cursor": cursor_at(&position, &query) }))
    }

    /// Returns the records at `position`, and the next position.
    async fn page(
        &self,
        application: &ApplicationId,
        wanted: &Wanted,
        position: Position,
        deadline: Deadline,
    ) -> Result<(Vec<Record>, Option<Position>), Error> {
        let (name, following) = match &position.subject {
            Subject::First => match &wanted.grant {
                Some((partner, region)) => {
                    let selling_partner_id = partner.clone();
                    let key =
                        GrantKey { application_id: application.clone(), region: *region, selling_partner_id };
                    (key.to_string(), None)
                }
                None => (application.to_string(), Some(Subject::GrantAfter(None))),
            },
            Subject::GrantAfter(place) => {
                // Grants are read one by one, so that the cursor can name each of them.
                let find = || self.grants.keys_of_application(application, place.as_ref(), 1);
                let (keys, next) = retry_until(deadline, find).await?;
                let following = next.map(|place| Subject::GrantAfter(Some(place)));
                let Some(key) = keys.first() else {
                    return Ok((Vec::new(), following.map(beginning)));
                };
                (key.to_string(), following)
            }
        };
        let read = || self.history.page(&name, false, Some(position.revision), PAGE);
        let (records, next) = retry_until(deadline, read).await?;
        if wanted.grant.is_some() && position.revision == 0 && records.is_empty() {
            return Err(Error::UnknownSellingPartner);
        }
        let next = match next {
            Some(revision) => Some(Position { subject: position.subject, revision }),
            None => following.map(beginning),
        };
        Ok((records, next))
    }
}

fn beginning(subject: Subject) -> Position {
    Position { subject, revision: 0 }
}

/// Returns the text to which a cursor is bound.
fn query_of(application: &ApplicationId, wanted: &Wanted) -> String {
    let text = format!("{application} {wanted:?}");
    Fingerprint::of(&text).as_str()[..16].to_owned()
}

fn cursor_at(position: &Position, query: &str) -> String {
    let subject = match &position.subject {
        Subject::First => "first".to_owned(),
        Subject::GrantAfter(None) => "grants".to_owned(),
        Subject::GrantAfter(Some(place)) => place.to_string(),
    };
    format!("{query}/{}/{subject}", position.revision)
}

fn position_in(cursor: &str, query: &str, application: &ApplicationId) -> Result<Position, Error> {
    let foreign = || Error::invalid("cursor", "one from an answer to the same request");
    let mut parts = cursor.splitn(3, '/');
    let (Some(bound_to), Some(revision), Some(subject)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(foreign());
    };
    let subject = match subject {
        "first" => Subject::First,
        "grants" => Subject::GrantAfter(None),
        place => Subject::GrantAfter(Some(place.parse().map_err(|_| foreign())?)),
    };
    let of_another = |place: &Place| place.key.application_id != *application;
    if bound_to != query || matches!(&subject, Subject::GrantAfter(Some(place)) if of_another(place)) {
        return Err(foreign());
    }
    Ok(Position { subject, revision: revision.parse().map_err(|_| foreign())? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application() -> ApplicationId {
        "amzn1.sp.solution.1".parse().unwrap()
    }

    fn wanted() -> Wanted {
        let (from, until) =
            ("2026-01-01T00:00:00Z".parse().unwrap(), "2026-01-02T00:00:00Z".parse().unwrap());
        Wanted { grant: None, from, until }
    }

    #[test]
    fn a_cursor_leads_back_to_where_it_was_made() {
        let query = query_of(&application(), &wanted());
        let place = "1798761600#amzn1.sp.solution.1#na#A1US".parse().unwrap();
        for subject in [Subject::First, Subject::GrantAfter(None), Subject::GrantAfter(Some(place))] {
            let position = Position { subject, revision: 7 };

            let cursor = cursor_at(&position, &query);

            assert_eq!(position_in(&cursor, &query, &application()).unwrap(), position);
        }
    }

    #[test]
    fn a_cursor_from_another_query_or_made_up_is_refused_by_name() {
        let query = query_of(&application(), &wanted());
        let other = query_of(&application(), &Wanted { until: Timestamp::MAX, ..wanted() });
        for cursor in [
            format!("{other}/0/first"),
            format!("{query}/x/first"),
            format!("{query}/0/1798761600#amzn1.sp.solution.2#na#A1US"),
            format!("{query}/0"),
            query.clone(),
            String::new(),
        ] {
            let error = position_in(&cursor, &query, &application()).unwrap_err().to_string();
            assert!(error.starts_with("cursor:"), "{cursor}: {error}");
        }
    }
}
