//! The file of rows: opened, and looked at for who may read it.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use serde_json::json;

use crate::{failure::Failure, terminal};

/// Opens the file, and returns its size if it has one. Warns of a file that others may read.
pub(crate) fn open(path: &Path, json: bool) -> Result<(Box<dyn Read + Send>, Option<u64>), Failure> {
    if path == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let unreadable = |error: io::Error| {
        let message = format!("the file `{}` cannot be read: {error}", path.display());
        Failure::usage(message, "give a file of rows with `--file FILE`")
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if metadata.is_file() && is_open_to_others(&metadata) {
        let message = format!(
            "other users of this machine may read `{0}`, which contains refresh tokens: run `chmod 600 {0}`",
            path.display()
        );
        if json {
            eprintln!("{}", terminal::json(&json!({ "warning": message })));
        } else {
            eprintln!("warning: {}", terminal::escaped(&message));
        }
    }
    Ok((Box::new(file), metadata.is_file().then_some(metadata.len())))
}

#[cfg(unix)]
fn is_open_to_others(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}
