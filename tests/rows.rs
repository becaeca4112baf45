//! Rows that an earlier version wrote are read by this one. Each file in `tests/rows` is what one version left behind: rows of every kind, as
//! its tables had them, with the state of the local stack that belongs to them (the key that sealed them, client secrets, Amazon's books),
//! and what the functions answered then. A released version's file never changes.

mod daily_work;
mod writing;

use std::{collections::BTreeMap, fs, path::PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::secret::random_word;

use crate::support::{browser::Browser, caller::Failure, repository::root, world::World};

/// The tables, and what keys of their rows begin with: each is a kind of row. The word before the first `#`, or the whole key of a row
/// that is there once; rows that are known by their own id are the kind `*`.
const KINDS: [(&str, &str, &[&str]); 6] = [
    (
        "spapi-auth-applications",
        "application_id",
        &["*", "brake", "consumer", "consumers", "directory", "erased", "erasures", "rotation"],
    ),
    ("spapi-auth-authorization-requests", "request_id", &["*", "browser"]),
    ("spapi-auth-authorization-links", "link_id", &["*"]),
    ("spapi-auth-grants", "grant_key", &["*"]),
    (
        "spapi-auth-access-tokens",
        "token_key",
        &["breaker", "partner", "restricted", "scope", "shard", "tally", "turns"],
    ),
    ("spapi-auth-history", "subject", &["*", "consumer"]),
];

/// What a version left behind.
#[derive(Deserialize, Serialize)]
struct Example {
    /// When: the local stack goes on a minute later.
    written_at: Timestamp,
    /// Rows in DynamoDB's JSON, by table.
    rows: BTreeMap<String, Vec<Value>>,
    /// The files of the local stack's folder.
    folder: BTreeMap<String, Value>,
    /// A link that nobody has opened yet: path and query.
    link: String,
    /// A browser in the middle of its journey: its cookies, and Amazon's consent page as host, path and query.
    cookies: String,
    consent: (String, String),
    /// Requests and what they were answered.
    answers: Vec<Answered>,
}

#[derive(Deserialize, Serialize)]
struct Answered {
    function: String,
    request: Value,
    answer: Value,
}

/// The files of a local stack's folder without which its rows are of no use.
const FOLDER: [&str; 3] = ["aws-kms.json", "aws-secretsmanager.json", "amazon.json"];

fn place() -> PathBuf {
    root().join("tests/rows")
}

/// The examples of all versions, by version.
fn examples() -> Vec<(String, Example)> {
    let files = fs::read_dir(place()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = |path: PathBuf| {
        let version = path.file_stem().unwrap().to_string_lossy().into_owned();
        (version, serde_json::from_slice(&fs::read(&path).unwrap()).unwrap())
    };
    files.map(read).collect()
}

/// A system whose tables hold these rows, at the time at which they were written, and its folder.
async fn continued(example: &Example, rows: &BTreeMap<String, Vec<Value>>) -> (World, PathBuf) {
    let folder = std::env::temp_dir().join(format!("spapi-auth-{}", random_word()));
    fs::create_dir_all(&folder).unwrap();
    for (name, content) in &example.folder {
        fs::write(folder.join(name), content.to_string()).unwrap();
    }
    let passed = simulated_amazon::Clock::default().now().duration_since(example.written_at);
    let offset = SignedDuration::from_mins(1).as_secs() - passed.as_secs();
    fs::write(folder.join("clock.json"), json!({"offset_seconds": offset}).to_string()).unwrap();
    let world = World::kept_in(&folder).await;
    let ports = world.stack.ports();
    for (table, rows) in rows {
        let rows = moved(&serde_json::to_string(rows).unwrap(), PORTS, [ports.gateway, ports.amazon]);
        world.stack.aws().import(table, serde_json::from_str(&rows).unwrap()).unwrap();
    }
    (world, folder)
}

/// What a function answers, an error too, without what differs from run to run.
async fn asked(world: &World, function: &str, request: &Value) -> Value {
    match world.caller().invoke(function, request).await {
        Ok(answer) => comparable(world, answer),
        Err(Failure { error_type, .. }) => json!({"errorType": error_type}),
    }
}

/// An answer without what passes, and without words for people, which a later version may choose better.
fn comparable(world: &World, answer: Value) -> Value {
    let ports = world.stack.ports();
    match answer {
        Value::Object(members) => {
            let passing =
                |name: &str| ["clockAheadSeconds", "cursor", "expiresIn", "says", "whatToDo"].contains(&name);
            let members = members.into_iter().filter(|(name, _)| !passing(name));
            members.map(|(name, value)| (name, comparable(world, value))).collect()
        }
        Value::Array(values) => values.into_iter().map(|value| comparable(world, value)).collect(),
        Value::String(text) => Value::String(moved(&text, [ports.gateway, ports.amazon], PORTS)),
        other => other,
    }
}

/// The ports in the files; those of a run are others.
const PORTS: [u16; 2] = [9000, 9001];

/// A text whose addresses have other ports.
fn moved(text: &str, from: [u16; 2], to: [u16; 2]) -> String {
    from.into_iter().zip(to).fold(text.to_owned(), |text, (from, to)| {
        text.replace(&format!(":{from}"), &format!(":{to}"))
            .replace(&format!("%3A{from}"), &format!("%3A{to}"))
    })
}

/// Asserts that `now` has all that `before` has, with the same values. It may have more members, and a newer version may check more: findings
/// are known by what they check.
#[track_caller]
fn has_all(now: &Value, before: &Value, what: &str) {
    match (now, before) {
        (Value::Object(now_members), Value::Object(members)) => {
            for (name, value) in members {
                let found = now_members.get(name).unwrap_or_else(|| panic!("{what}: {name} is gone: {now}"));
                has_all(found, value, &format!("{what}: {name}"));
            }
        }
        (Value::Array(now_values), Value::Array(findings))
            if findings.iter().any(|one| one.get("check").is_some()) =>
        {
            for finding in findings {
                let found = now_values.iter().find(|one| one["check"] == finding["check"]);
                has_all(found.unwrap_or_else(|| panic!("{what}: {finding} is gone: {now}")), finding, what);
            }
        }
        (Value::Array(now_values), Value::Array(values)) => {
            assert_eq!(now_values.len(), values.len(), "{what}: {now} {before}");
            for (now, value) in now_values.iter().zip(values) {
                has_all(now, value, what);
            }
        }
        _ => assert_eq!(now, before, "{what}"),
    }
}

/// The kind of a row, by its key.
fn kind<'r>(table: &str, row: &'r Value) -> &'r str {
    let (_, key, kinds) = KINDS.into_iter().find(|(name, ..)| *name == table).unwrap();
    let key = row[key]["S"].as_str().unwrap();
    let word = key.split('#').next().unwrap();
    if kinds.contains(&word) { word } else { "*" }
}

/// The browser that is in the middle of its journey.
fn browser(world: &World, example: &Example) -> Browser {
    let browser = world.browser();
    for cookie in example.cookies.split("; ") {
        browser.keep_cookie(cookie);
    }
    browser
}

#[tokio::test]
async fn rows_of_every_released_version_are_read_and_the_daily_work_goes_on() {
    let examples = examples();
    assert!(!examples.is_empty());
    for (version, example) in examples {
        let (world, folder) = continued(&example, &example.rows).await;
        Box::pin(daily_work::goes_on(&world, &example, &version)).await;
        fs::remove_dir_all(&folder).unwrap();
    }
}

/// What `CONTRIBUTING.md` permits every later version: a way back, since this version reads its rows.
#[tokio::test]
async fn rows_to_which_a_later_version_added_an_attribute_are_read_too() {
    for (version, example) in examples() {
        let mut rows = example.rows.clone();
        for row in rows.values_mut().flatten() {
            row["of_a_later_version"] = json!({"M": {"word": {"S": "unknown"}}});
        }
        let (world, folder) = continued(&example, &rows).await;
        Box::pin(daily_work::goes_on(&world, &example, &format!("{version} and more"))).await;
        fs::remove_dir_all(&folder).unwrap();
    }
}
