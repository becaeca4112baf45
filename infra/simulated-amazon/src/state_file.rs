//! The file that stores the ledger across restarts.

use std::{
    fs, io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use crate::ledger::Ledger;

/// The file, and the lock under which it is written.
pub(crate) struct StateFile {
    path: PathBuf,
    write_lock: Mutex<()>,
}

impl StateFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, write_lock: Mutex::new(()) }
    }

    /// Reads the ledger; it is empty if there is no file yet.
    pub(crate) fn load(&self) -> Result<Ledger, OpenError> {
        let json = match fs::read(&self.path) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ledger::default()),
            Err(source) => {
                return Err(OpenError::Unreadable { path: self.path.clone(), source });
            }
        };
        serde_json::from_slice(&json)
            .map_err(|source| OpenError::Malformed { path: self.path.clone(), source })
    }

    /// Waits for other writers, then asks for unsaved content and writes it so that a reader sees the old file or the new
    /// one.
    pub(crate) fn write(
        &self,
        unsaved: impl FnOnce() -> serde_json::Result<Option<Vec<u8>>>,
    ) -> io::Result<()> {
        let _write_lock = self.write_lock.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(json) = unsaved()? else { return Ok(()) };
        if let Some(directory) = self.path.parent() {
            fs::create_dir_all(directory)?;
        }
        let beside = self.path.with_extension("json.new");
        fs::write(&beside, json)?;
        fs::rename(&beside, &self.path)
    }
}

/// Why the simulated Amazon cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The state file exists but cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The state file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file is not a state file.
    #[error("{} is not a state file of the simulated Amazon", path.display())]
    Malformed {
        /// The state file.
        path: PathBuf,
        /// Where the content is wrong.
        source: serde_json::Error,
    },
}
