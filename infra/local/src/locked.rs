//! A mutex that stays usable after a holder has panicked: no holder leaves its value half changed.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A value behind a mutex.
#[derive(Debug, Default)]
pub(crate) struct Locked<T>(Mutex<T>);

impl<T> Locked<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Waits for the mutex and locks it, also after a panic of an earlier holder.
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
