//! `restore tables`: puts rows back from copies that DynamoDB makes of tables at one moment.
//!
//! The named tables stay, with all their settings, and the functions go on: only rows are written, each on the condition that it is
//! still what was read, and each reconciled with its history before it is written. So there is no switch of tables, and every step
//! may be interrupted: the same command goes on.

use std::{
    io::{self, IsTerminal},
    time::Duration,
};

use aws_sdk_dynamodb::Client;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    archive,
    copies::{Copy, State},
    reconcile, settings,
};
use crate::{
    arguments::service::{RestoreTables, RestoredTable},
    commands::changes::confirmed,
    failure::Failure,
    place::Place,
    request::Request,
    session::Session,
    views,
};

/// The order in which rows are put back: the history first, which says what became of the others.
const ORDER: [RestoredTable; 3] =
    [RestoredTable::History, RestoredTable::Applications, RestoredTable::Grants];

/// The pause between two looks at a copy that is being made, and their number: about a day.
const LOOKS: (Duration, u32) = (Duration::from_secs(15), 5_760);

pub(super) async fn run(restore: RestoreTables, session: &mut Session) -> Result<(), Failure> {
    let can_confirm = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !restore.yes && !restore.dry_run && !can_confirm {
        return Err(Failure::usage(
            "the restore is not confirmed, and there is no terminal",
            "look at the steps with `--dry-run`, then add `--yes`",
        ));
    }
    let moment = restore.to.before(session.now);
    let wanted = |table: &RestoredTable| restore.tables.is_empty() || restore.tables.contains(table);
    let client = Client::new(session.functions.config());
    let prefix = session.functions.prefix().to_owned();
    let copies: Vec<Copy> =
        ORDER.into_iter().filter(wanted).map(|table| Copy::of(&prefix, table, moment)).collect();
    settings::all_exist(&client, &prefix).await?;
    for copy in &copies {
        copy.check(&client).await?;
    }
    for line in steps(&copies, moment) {
        session.output.line(&line)?;
    }
    session.output.flush()?;
    if !restore.dry_run && !restore.yes {
        let question = "Put these rows back? Type yes: ";
        if !confirmed(question, &Place::of(&session.functions).await?)? {
            return Err(Failure::usage(
                "nothing was restored: the answer was not `yes`",
                "run the command again and type `yes`, or add `--yes`",
            ));
        }
    }
    let findings = settings::checked(&client, &prefix, restore.dry_run).await?;
    for finding in findings {
        session.output.line(&finding)?;
    }
    let mut all_made = true;
    for copy in &copies {
        all_made &= made(copy, &client, restore.dry_run, session).await?;
    }
    if !all_made {
        return session.output.line("The copies are not there yet, so no row was compared.");
    }
    for copy in &copies {
        put_back(copy, moment, &restore, session).await?;
        // The copy of the history ends at the moment; the others are reconciled with what came after it.
        if copy.short() == "history" && !restore.dry_run {
            archive::replay(moment, session).await?;
        }
    }
    for application in session.applications().await? {
        reconcile(&application, moment, restore.dry_run, session).await?;
    }
    if wanted(&RestoredTable::Grants) && !session.output.is_json() {
        session.output.line(&format!(
            "Not looked for: partners who authorized for the first time since {moment}, and whose rows are lost with their tokens; \
             hint: find them among the events AuthorizationGranted that you received, and have them authorize again"
        ))?;
    }
    if !restore.dry_run && !restore.keep_copies {
        for copy in &copies {
            copy.delete(&client).await?;
        }
        session.output.line("Deleted the copies.")?;
    }
    Ok(())
}

fn steps(copies: &[Copy], moment: Timestamp) -> Vec<String> {
    let mut steps = vec![format!("Puts rows back as they were at {moment}:")];
    for copy in copies {
        steps.push(format!(
            "- copy {} to {}, and close the copy to all but the functions",
            copy.table(),
            copy.name()
        ));
    }
    steps.extend([
        "- replay the archived events since then into the history, if the history is restored".to_owned(),
        "- check the settings of all tables, and put back what is missing".to_owned(),
        "- put back the rows that are missing, older than their history, or contradict it; newer ones stay"
            .to_owned(),
        "- reconcile all grants with their history".to_owned(),
        "- delete the copies".to_owned(),
        "The functions go on meanwhile. If this is interrupted, the same command goes on.".to_owned(),
    ]);
    steps
}

/// Makes a copy, unless it is there, and waits until it can be read. Returns whether it can.
async fn made(copy: &Copy, client: &Client, dry_run: bool, session: &mut Session) -> Result<bool, Failure> {
    let (pause, looks) = LOOKS;
    for look in 0..looks {
        match copy.state(client).await? {
            State::Missing | State::Creating if dry_run => return Ok(false),
            State::Missing => copy.begin(client).await?,
            State::Ready => {
                if !dry_run && !copy.close(client).await? {
                    session.output.line(&format!(
                        "warning: table {} has no policy of its own, so nothing but IAM closes {}",
                        copy.table(),
                        copy.name()
                    ))?;
                }
                return Ok(true);
            }
            State::Creating => {
                if look == 1 {
                    session.output.line(&format!("Waiting for {} …", copy.name()))?;
                    session.output.flush()?;
                }
                tokio::time::sleep(pause).await;
            }
        }
    }
    Err(Failure::usage(
        format!("the copy {} was not made in time", copy.name()),
        "look at it in the DynamoDB console, then run the same command again",
    ))
}

async fn put_back(
    copy: &Copy,
    moment: Timestamp,
    restore: &RestoreTables,
    session: &mut Session,
) -> Result<(), Failure> {
    let request = Request::new("restoreRows")
        .with("table", copy.short())
        .with("from", copy.name())
        .with("moment", moment.to_string())
        .with("replace", restore.replace)
        .with("dryRun", restore.dry_run)
        .maybe("by", session.by.clone());
    let (mut read, mut put, mut left) = (0_u64, 0_u64, Vec::<Value>::new());
    let mut cursor: Option<String> = None;
    loop {
        let answer = session.administer(request.clone().maybe("cursor", cursor.clone())).await?;
        read += views::field::<u64>(&answer, "read")?;
        put += views::field::<u64>(&answer, "putBack")?;
        left.extend(views::field::<Vec<Value>>(&answer, "left")?);
        let next: Option<String> = views::field(&answer, "cursor")?;
        if next.is_some() && next == cursor {
            return Err(Failure::NotUnderstood("it repeats its `cursor`".to_owned()));
        }
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    let words = if restore.dry_run { "would be put back" } else { "were put back" };
    if session.output.is_json() {
        let answer = json!({"table": copy.table(), "read": read, "putBack": put, "left": left, "dryRun": restore.dry_run});
        return session.output.document(&answer);
    }
    session.output.line(&format!("{}: {put} of {read} rows {words}", copy.table()))?;
    for one in left {
        let text = |name: &str| one[name].as_str().unwrap_or_default();
        session.output.line(&format!("  {}: {}", text("row"), text("because")))?;
    }
    session.output.flush()
}
