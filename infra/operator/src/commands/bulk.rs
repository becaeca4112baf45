//! `import --file`: every row of a file, some at once, until the last one has an outcome.

use std::{
    io::BufReader,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::json;

use crate::{
    arguments::bulk::ImportFile,
    bulk::{
        display::Display,
        outcome::{Counts, Outcome},
        results::Results,
        row,
        rows::{self, Row},
        run::Run,
        source::open,
    },
    failure::Failure,
    functions::Function,
    output::Output,
    place::Place,
    request::Request,
    session::Session,
};

/// Imports the file.
pub(super) async fn import(options: &ImportFile, session: &mut Session) -> Result<(), Failure> {
    let path = options.file.as_deref().unwrap_or(Path::new("-"));
    let (source, size) = open(path, session.output.is_json())?;
    // Without AWS no row gets an outcome.
    session.functions.reach(Function::Administration).await?;
    Place::announce(&session.functions).await?;
    let application = session.application().await?;
    let result = options.result.clone().unwrap_or_else(|| result_of(path));
    let results = Results::open(&result, application.clone(), stack(session))?;
    let common = Request::default().with("applicationId", application).maybe("by", session.by.clone());
    let display = Display::of(size, session.output.is_json());
    let (functions, most) = (Arc::clone(&session.functions), options.concurrency.into());
    let mut run = Run::new(functions, results, display, most, &mut session.output);
    let now = session.now;
    let read = |row: Row| match row.cells {
        Ok(cells) => (row.line, row.position, row::import(cells, now)),
        Err(reason) => (row.line, row.position, Err(row::Invalid { partner: None, reason })),
    };
    let ended = run.all(rows::of(BufReader::new(source), options.format), read, &common).await;
    run.display.end();
    let Run { counts, display, output, stopped, .. } = run;
    let note =
        (path != Path::new("-")).then(|| format!("delete `{}`: it contains refresh tokens", path.display()));
    summarize(&counts, display.is_json(), &result, note, output)?;
    ended?;
    match stopped {
        Some(failure) => Err(failure),
        None if counts.bad() > 0 => Err(Failure::Unhealthy),
        None => Ok(()),
    }
}

/// Checks the form of every row, without a call.
pub(crate) async fn check(
    options: &ImportFile,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<(), Failure> {
    let path = options.file.as_deref().unwrap_or(Path::new("-"));
    let (source, _) = open(path, output.is_json())?;
    let mut rows = rows::of(BufReader::new(source), options.format);
    let (mut valid, mut invalid) = (0_u64, 0_u64);
    while let Some(row) = rows.recv().await {
        let Row { line, cells, .. } = row?;
        let checked = cells.map_err(|reason| row::Invalid { partner: None, reason });
        match checked.and_then(|cells| row::import(cells, now)) {
            Ok(_) => valid += 1,
            Err(row::Invalid { partner, reason }) => {
                invalid += 1;
                let named =
                    partner.as_ref().map(|partner| format!("partner {partner}: ")).unwrap_or_default();
                let record = json!({
                    "line": line, "sellingPartnerId": partner, "outcome": "invalid", "reason": reason,
                });
                output.either(&record, &format!("line {line}: {named}{reason}"))?;
            }
        }
    }
    let summary = json!({ "rows": valid + invalid, "valid": valid, "invalid": invalid });
    output.either(
        &summary,
        &format!("{} rows, {invalid} of them invalid. Nothing was sent.", valid + invalid),
    )?;
    output.flush()?;
    if invalid > 0 { Err(Failure::Unhealthy) } else { Ok(()) }
}

fn result_of(path: &Path) -> PathBuf {
    if path == Path::new("-") {
        return PathBuf::from("import.result.jsonl");
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".result.jsonl");
    PathBuf::from(name)
}

/// What distinguishes the stack from others, as far as this machine knows without a call.
fn stack(session: &Session) -> String {
    let config = session.functions.config();
    let place = config.endpoint_url().map(ToOwned::to_owned);
    let place = place.or_else(|| config.region().map(ToString::to_string)).unwrap_or_default();
    let profile = session.profile.as_ref().map(|profile| format!(" {profile}")).unwrap_or_default();
    format!("{place} {}{profile}", session.functions.name(Function::Administration))
}

fn summarize(
    counts: &Counts,
    json: bool,
    result: &Path,
    note: Option<String>,
    output: &mut Output,
) -> Result<(), Failure> {
    if json {
        let mut summary = counts.document();
        summary["result"] = json!(result.display().to_string());
        summary["note"] = json!(note);
        // Its reader may have gone before the end; the result file has everything.
        let _ = output.document(&summary);
        return Ok(());
    }
    let mut facts: Vec<_> =
        Outcome::ALL.into_iter().map(|outcome| (outcome.as_str(), counts.of(outcome).to_string())).collect();
    facts.push(("done earlier", counts.earlier.to_string()));
    output.facts(&facts)?;
    output.block("\n")?;
    output.line(&format!("The outcome of each row is in `{}`.", result.display()))?;
    if counts.bad() > 0 {
        output.line(
            "Correct the rows that are not imported and run the command again: what is done is skipped.",
        )?;
    }
    if let Some(note) = note {
        output.line(&format!("When all is done, {note}."))?;
    }
    Ok(())
}
