//! One service's state in a file of the data directory.

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

/// The file of one service, or none if nothing shall be kept.
pub(super) struct Kept {
    path: Option<PathBuf>,
    written: Mutex<Vec<u8>>,
}

impl Kept {
    pub(super) fn new(data: Option<&Path>, service: &str) -> Self {
        Self { path: data.map(|data| data.join(format!("aws-{service}.json"))), written: Mutex::default() }
    }

    /// What an earlier run has left.
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

    /// Waits for the turn to write, so that no older state is written over a newer one.
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
    /// Replaces the file, whole or not at all.
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
