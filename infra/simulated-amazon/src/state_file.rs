//! The file in which the books last across restarts.

use std::{
    fs, io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use crate::ledger::Ledger;

/// The file, and whose turn it is to write it.
pub(crate) struct StateFile {
    path: PathBuf,
    turn: Mutex<()>,
}

impl StateFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, turn: Mutex::new(()) }
    }

    /// Reads the books; empty ones if there is no file yet.
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

    /// Asks for unsaved content once it is this caller's turn, and writes it so that a reader sees the old
    /// file or the new one.
    pub(crate) fn in_turn(
        &self,
        unsaved: impl FnOnce() -> serde_json::Result<Option<Vec<u8>>>,
    ) -> io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(json) = unsaved()? else { return Ok(()) };
        if let Some(directory) = self.path.parent() {
            fs::create_dir_all(directory)?;
        }
        let beside = self.path.with_extension("json.new");
        fs::write(&beside, json)?;
        fs::rename(&beside, &self.path)
    }
}

/// Why the simulated Amazon cannot open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The state file is there but cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The state file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The state file holds something else.
    #[error("{} is not a state file of the simulated Amazon", path.display())]
    Malformed {
        /// The state file.
        path: PathBuf,
        /// Where it goes wrong.
        source: serde_json::Error,
    },
}
