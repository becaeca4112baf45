//! Restores tables, and what is left to do after a restore: compares the grants with the history.

mod archive;
mod copies;
mod settings;
mod tables;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{arguments::service::Restore, failure::Failure, request::Request, session::Session, views};

/// The lists of an answer, with the words for each.
const LISTS: [(&str, &str); 5] = [
    ("changes", "done again"),
    (
        "authorizeAgain",
        "the partner has authorized again since; if Amazon refuses the older token, ask it to do so once more",
    ),
    (
        "staysDisabled",
        "it was enabled since, but stays disabled, because its token is older, Amazon refused it or its history has a gap; hint: `spapi-auth enable` asks Amazon",
    ),
    ("historyBehind", "the history is older than the grant, and says nothing of it"),
    ("unreadable", "this release cannot read the grant or its history"),
];

pub(super) async fn run(command: Restore, session: &mut Session) -> Result<(), Failure> {
    match command {
        Restore::Tables(restore) => tables::run(restore, session).await,
        Restore::Reconcile { since, dry_run } => {
            let application = session.application().await?;
            reconcile(&application, since.before(session.now), dry_run, session).await
        }
    }
}

async fn reconcile(
    application: &str,
    since: Timestamp,
    dry_run: bool,
    session: &mut Session,
) -> Result<(), Failure> {
    let request = Request::new("reconcile")
        .with("applicationId", application)
        .with("since", since.to_string())
        .with("dryRun", dry_run);
    let (mut checked, mut newest, mut lists) = (0_u64, None::<String>, Map::new());
    let mut cursor: Option<String> = None;
    loop {
        let answer = session.administer(request.clone().maybe("cursor", cursor.clone())).await?;
        checked += views::field::<u64>(&answer, "checked")?;
        newest = newest.max(views::field(&answer, "newestRecordAt")?);
        for (list, _) in LISTS {
            let found: Vec<Value> = views::field(&answer, list)?;
            let all = lists.entry(list).or_insert_with(|| json!([]));
            all.as_array_mut().into_iter().for_each(|all| all.extend(found.clone()));
        }
        let next: Option<String> = views::field(&answer, "cursor")?;
        if next.is_none() {
            break;
        }
        if next == cursor {
            return Err(Failure::NotUnderstood("it repeats its `cursor`".to_owned()));
        }
        cursor = next;
    }
    let lines = lines(checked, newest.as_deref(), &lists, dry_run);
    let mut answer = json!({"checked": checked, "newestRecordAt": newest, "dryRun": dry_run});
    answer.as_object_mut().into_iter().for_each(|answer| answer.extend(lists.clone()));
    session.output.either_lines(&answer, &lines)
}

fn lines(checked: u64, newest: Option<&str>, lists: &Map<String, Value>, dry_run: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for (list, words) in LISTS {
        for one in lists[list].as_array().into_iter().flatten() {
            let text = |name: &str| one[name].as_str().unwrap_or_default();
            let what = one["event"].as_str().map(|event| format!(" {event}")).unwrap_or_default();
            let words = if list == "changes" && dry_run { "would be done again" } else { words };
            lines.push(format!("{} {}{what}: {words}", text("sellingPartnerId"), text("region")));
        }
    }
    lines.push(format!("Compared {checked} grants with their history."));
    lines.push(match newest {
        Some(at) => format!("The newest record that was read is of {at}; the history cannot tell what was done after it and before the restore."),
        None => "No grant has a record.".to_owned(),
    });
    lines
}
