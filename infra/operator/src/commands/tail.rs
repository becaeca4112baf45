//! `events tail`: follows the history of applications and grants.
//!
//! The history has no index by time. So each look lists the grants, whose `revision` rises with every record, and reads the
//! history of those that have risen. It reads no more than `list` and `history` do, and needs no permission of its own.

use std::{
    collections::{HashMap, HashSet},
    io::{self, IsTerminal},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    signal,
    task::JoinSet,
    time::{Instant, sleep},
};

use self::seen::{Seen, Subject};
use crate::{
    arguments::service::Tail,
    commands::history::{HEADINGS, row},
    failure::Failure,
    functions::{Function, Functions},
    request::Request,
    session::{Pages, Session},
    table::Table,
    terminal,
    views::{self, Record},
};

mod seen;

/// Histories that are read at once.
const AT_ONCE: usize = 8;

/// The longest pause after a look that failed.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The records of a page of a history. Most looks find one or two.
const PAGE: u64 = 20;

/// The clocks of this machine and of the functions differ by less.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(1);

/// Follows the history until Ctrl-C.
pub(super) async fn run(tail: &Tail, session: &mut Session) -> Result<(), Failure> {
    tokio::select! {
        ended = follow(tail, session) => ended,
        interrupted = signal::ctrl_c() => Ok(interrupted?),
    }
}

async fn follow(tail: &Tail, session: &mut Session) -> Result<(), Failure> {
    let since = tail.since.map(|since| since.before(session.now));
    let mut follower = Follower { seen: Seen::with_new_from(since), table: Table::new(&HEADINGS) };
    follower.look(since.is_some(), session).await?;
    if io::stderr().is_terminal() {
        let (grants, pause) = (follower.seen.listed(), tail.every.as_secs());
        eprintln!(
            "Following the history of {grants} grants, with a look every {pause} s. Press Ctrl-C to end."
        );
    }
    let start = session.now.saturating_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
    follower.seen.new_from = Some(since.unwrap_or(start));
    let mut pause = tail.every;
    loop {
        sleep(pause).await;
        let began = Instant::now();
        pause = match follower.look(false, session).await {
            Ok(()) => tail.every.max(began.elapsed()),
            Err(failure @ Failure::Output(_)) => return Err(failure),
            // The functions have answered before, and may again.
            Err(failure) => {
                let pause = (pause * 2).min(LONGEST_PAUSE);
                let sentence = terminal::escaped(&failure.to_string());
                eprintln!("A look failed, the next one is in {} s: {sentence}", pause.as_secs());
                pause
            }
        };
    }
}

/// What was shown, and the table in which it was.
struct Follower {
    seen: Seen,
    table: Table,
}

impl Follower {
    /// Shows what is new. What a failed look has not shown, the next one shows.
    async fn look(&mut self, removed_too: bool, session: &mut Session) -> Result<(), Failure> {
        let mut wanted = Vec::new();
        let mut listed = HashMap::new();
        for application in session.applications().await? {
            wanted.push(Subject::application(&application));
            list(&application, None, &mut listed, session).await?;
            if removed_too {
                list(&application, Some("removed"), &mut listed, session).await?;
            }
        }
        wanted.extend(self.seen.to_read(&listed));
        let seen = Arc::new(std::mem::take(&mut self.seen));
        let read = histories(wanted, &seen, &session.functions).await;
        // Every reader has ended, so nothing is copied.
        self.seen = Arc::unwrap_or_clone(seen);
        let mut found = read?;
        // The history of a grant that was moved is read under both regions.
        let mut once = HashSet::new();
        found.retain(|one| once.insert((one.subject.clone(), one.record.revision)));
        found.sort_by_key(|one| (one.at, one.record.revision));
        let new: Vec<&Found> = found.iter().filter(|one| one.is_new).collect();
        if session.output.is_json() {
            new.iter().try_for_each(|one| session.output.document(&one.document))?;
        } else {
            let rows = new.iter().map(|one| row(one.record.clone()));
            session.output.block(&self.table.page(rows))?;
        }
        session.output.flush()?;
        for one in found {
            self.seen.note(one.subject, one.record.revision);
        }
        self.seen.update(listed);
        Ok(())
    }
}

/// A grant in a list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    region: String,
    selling_partner_id: String,
    revision: u64,
}

/// Adds the revisions of an application's grants to `listed`.
async fn list(
    application: &str,
    status: Option<&str>,
    listed: &mut HashMap<Subject, u64>,
    session: &mut Session,
) -> Result<(), Failure> {
    let request = Request::new("listGrants").with("applicationId", application).maybe("status", status);
    let each = |_: &mut _, grants: Vec<Value>| {
        for grant in grants {
            let Listed { region, selling_partner_id, revision } = views::parse(&grant, "grants")?;
            listed.insert(Subject::grant(application, &region, &selling_partner_id), revision);
        }
        Ok(())
    };
    Pages { request, field: "grants", limit: None }.read(session, each).await.map(drop)
}

/// A record that was read.
struct Found {
    at: Timestamp,
    subject: Subject,
    record: Record,
    /// The record as JSON, with its application.
    document: Value,
    is_new: bool,
}

/// Reads what is new of these histories, and the newest record that is not.
async fn histories(
    wanted: Vec<Subject>,
    seen: &Arc<Seen>,
    functions: &Arc<Functions>,
) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    let mut reading = JoinSet::new();
    for subject in wanted {
        if reading.len() == AT_ONCE
            && let Some(read) = reading.join_next().await
        {
            found.append(&mut read.map_err(io::Error::other)??);
        }
        let (seen, functions) = (Arc::clone(seen), Arc::clone(functions));
        // Boxed, because the futures of the AWS SDK nest deeper than the compiler can lay out in one piece.
        reading.spawn(Box::pin(async move { history(&subject, &seen, &functions).await }));
    }
    while let Some(read) = reading.join_next().await {
        found.append(&mut read.map_err(io::Error::other)??);
    }
    Ok(found)
}

/// The same of one history. That of a grant that was moved goes on with the records of its earlier region.
async fn history(subject: &Subject, seen: &Seen, functions: &Functions) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let request = subject.added_to(Request::new("getHistory")).with("limit", PAGE);
        let answer = functions.invoke(Function::Authorizations, request.maybe("cursor", cursor)).await;
        let mut answer = match answer {
            // Erased, with its history.
            Err(Failure::Refused(refusal)) if refusal.kind == "UnknownSellingPartner" => return Ok(found),
            answer => answer?,
        };
        let Value::Array(records) = views::take(&mut answer, "history") else {
            return Err(views::not_understood("history"));
        };
        for mut document in records {
            let record = Record::deserialize(&document).map_err(|_| views::not_understood("history"))?;
            let at = record.at.parse().map_err(|_| views::not_understood("history"))?;
            document["applicationId"] = json!(subject.application);
            let subject = Subject::grant(&subject.application, &record.region, &record.selling_partner_id);
            let is_new = seen.is_new(&subject, record.revision, at);
            found.push(Found { at, subject, record, document, is_new });
            if !is_new {
                return Ok(found);
            }
        }
        match answer["cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(found),
        }
    }
}
