//! The result file: one JSON line for each outcome of a row. A run with the same file continues, so a row that is done is known
//! again by its partner, its region and the fingerprint of its token, wherever it stands in the file by then.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::{bulk::outcome::Outcome, failure::Failure, terminal};

/// A line of the result file. It never holds a token.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) selling_partner_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    pub(crate) outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The SHA-256 of the refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<String>,
    #[serde(default)]
    pub(crate) application_id: String,
    /// The stack, so that the file of a trial is not taken for that of production.
    #[serde(default)]
    pub(crate) stack: String,
}

/// The result file of a run.
pub(crate) struct Results {
    file: File,
    known: HashMap<[u8; 32], Outcome>,
    application: String,
    stack: String,
}

/// How every record begins. The end of a file that does not begin so was not written by an import.
const BEGINNING: &[u8] = b"{\"line\":";

impl Results {
    /// Opens or creates the file, readable by its owner alone. A last line that a run had no time to complete is removed.
    pub(crate) fn open(path: &Path, application: String, stack: String) -> Result<Self, Failure> {
        let shown = path.display();
        let unusable = |error: io::Error| {
            let hint = "name another one with `--result FILE`";
            Failure::usage(format!("the result file `{shown}` cannot be used: {error}"), hint)
        };
        let mut file = private(path).map_err(unusable)?;
        file.try_lock().map_err(|_| {
            Failure::usage(format!("another run is writing the result file `{shown}`"), "wait until it ends")
        })?;
        let mut results =
            Self { file: file.try_clone().map_err(unusable)?, known: HashMap::new(), application, stack };
        let mut reader = BufReader::new(&mut file);
        let (mut line, mut complete, mut number) = (Vec::new(), 0, 0_u64);
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line).map_err(unusable)?;
            if length == 0 {
                break;
            }
            number += 1;
            if line.ends_with(b"\n") {
                let record =
                    serde_json::from_slice::<Record>(&line).map_err(|_| another(&path.display(), number))?;
                results.learn(&record);
                complete += length as u64;
            } else if line.starts_with(BEGINNING) || BEGINNING.starts_with(&line) {
                results.file.set_len(complete).map_err(unusable)?;
            } else {
                return Err(another(&path.display(), number));
            }
        }
        results.file.seek(SeekFrom::End(0)).map_err(unusable)?;
        Ok(results)
    }

    /// The outcome of this row in an earlier run.
    pub(crate) fn known(&self, partner: &str, region: Option<&str>, fingerprint: &str) -> Option<Outcome> {
        self.known
            .get(&key([&self.application, &self.stack, partner, region.unwrap_or(""), fingerprint]))
            .copied()
    }

    /// Appends the record, in one write, so that a kill leaves a whole line or the beginning of one.
    pub(crate) fn append(&mut self, mut record: Record) -> Result<Record, Failure> {
        record.application_id.clone_from(&self.application);
        record.stack.clone_from(&self.stack);
        let mut line = terminal::json_text(serde_json::to_string(&record).map_err(io::Error::other)?);
        line.push('\n');
        self.file.write_all(line.as_bytes())?;
        self.learn(&record);
        Ok(record)
    }

    /// A row may name the region or leave it to Amazon, so its outcome is known both ways.
    fn learn(&mut self, record: &Record) {
        let Record { selling_partner_id: Some(partner), fingerprint: Some(fingerprint), .. } = record else {
            return;
        };
        for region in ["", record.region.as_deref().unwrap_or("")] {
            let key = key([&record.application_id, &record.stack, partner, region, fingerprint]);
            self.known.insert(key, record.outcome);
        }
    }
}

fn another(shown: &impl std::fmt::Display, number: u64) -> Failure {
    Failure::usage(
        format!("line {number} of `{shown}` is not the result of an import"),
        "name a new file, or that of an earlier import, with `--result FILE`",
    )
}

fn key(parts: [&str; 5]) -> [u8; 32] {
    let joined = parts.join("\n");
    digest(&SHA256, joined.as_bytes()).as_ref().try_into().unwrap_or_default()
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<File> {
    use std::{
        fs::Permissions,
        os::unix::fs::{OpenOptionsExt, PermissionsExt},
    };

    let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).open(path)
}
