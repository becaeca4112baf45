//! The state of one service in a file of the data directory.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    fs,
    sync::{Mutex, MutexGuard},
};

use crate::aws::OpenError;

/// The file of one service. Without a data directory there is none.
pub(super) struct StateFile {
    path: Option<PathBuf>,
    written: Mutex<Vec<u8>>,
}

impl StateFile {
    pub(super) fn new(data: Option<&Path>, service: &str) -> Self {
        Self { path: data.map(|data| data.join(format!("aws-{service}.json"))), written: Mutex::default() }
    }

    /// Reads the state of an earlier run, if there is one.
    pub(super) async fn read<T: DeserializeOwned>(&self) -> Result<Option<T>, OpenError> {
        let Some(path) = &self.path else { return Ok(None) };
        match fs::read(path).await {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|source| OpenError::Damaged { path: path.clone(), source: source.into() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(OpenError::File { path: path.clone(), source }),
        }
    }

    /// Waits for the turn to write, so that an older state never replaces a newer one.
    pub(super) async fn turn(&self) -> Turn<'_> {
        Turn { path: self.path.as_deref(), written: self.written.lock().await }
    }
}

/// The right to write a service's file.
pub(super) struct Turn<'a> {
    path: Option<&'a Path>,
    written: MutexGuard<'a, Vec<u8>>,
}

impl Turn<'_> {
    /// Replaces the file atomically.
    pub(super) async fn write(&mut self, state: &impl Serialize) -> io::Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        let bytes = serde_json::to_vec(state)?;
        if bytes == *self.written {
            return Ok(());
        }
        let draft = path.with_extension("json.tmp");
        fs::write(&draft, &bytes).await?;
        fs::rename(&draft, path).await?;
        *self.written = bytes;
        Ok(())
    }
}
