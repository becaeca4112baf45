//! The directory in which the local AWS stores its state, and why it may not start with it.

use std::{
    fs::{self, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use thiserror::Error;

use crate::template::{TableError, queues::QueueError};

const LOCK_ATTEMPTS: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Why the local AWS did not start.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another local stack uses the same data directory.
    #[error("another local stack uses the data directory {}\nhint: stop that stack, or start this one with --ephemeral", .0.display())]
    InUse(PathBuf),
    /// A file of the data directory could not be read or written.
    #[error("could not use {}: {source}", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// The reason from the operating system.
        #[source]
        source: io::Error,
    },
    /// A file of the data directory is malformed.
    #[error("could not read {}: {source}\nhint: delete the data directory, or start with --ephemeral", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The DynamoDB engine did not open its file.
    #[error("could not start the DynamoDB engine: {0}")]
    Engine(#[from] dynoxide::DynoxideError),
    /// A table of the template could not be created.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A queue of the template could not be created.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// Locks the data directory for this process. A stack that has just stopped may hold the lock a little longer.
pub(super) async fn lock(directory: &Path) -> Result<fs::File, OpenError> {
    let path = directory.join("lock");
    let refused = |source| OpenError::File { path: path.clone(), source };
    fs::create_dir_all(directory).map_err(refused)?;
    let file = fs::File::create(&path).map_err(refused)?;
    for _ in 0..LOCK_ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
            Err(TryLockError::Error(source)) => return Err(refused(source)),
        }
    }
    Err(OpenError::InUse(directory.to_owned()))
}
