//! The simulated Amazon: its clock, its faults, its state file, and its backend behind one lock.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use crate::{
    applications::Application,
    backend::Backend,
    clock::Clock,
    faults::Faults,
    ledger::Ledger,
    state_file::{OpenError, StateFile},
};

/// Amazon on one port. Clones share everything.
#[derive(Clone)]
pub struct SimulatedAmazon(Arc<Shared>);

struct Shared {
    port: u16,
    clock: Clock,
    faults: Faults,
    state_file: Option<StateFile>,
    backend: Mutex<Backend>,
}

impl SimulatedAmazon {
    /// Starts on `port`, with the ledger of `state_file` if that exists; without a path, nothing is saved.
    pub fn open(
        port: u16,
        state_file: Option<PathBuf>,
        clock: Clock,
        faults: Faults,
    ) -> Result<Self, OpenError> {
        let state_file = state_file.map(StateFile::new);
        let ledger = state_file.as_ref().map_or_else(|| Ok(Ledger::default()), StateFile::load)?;
        let backend = Mutex::new(Backend::new(ledger, clock.now()));
        Ok(Self(Arc::new(Shared { port, clock, faults, state_file, backend })))
    }

    /// Registers an application. A registered one keeps its client id and secrets, and gets the new name, draft flag and
    /// URIs.
    pub fn register(&self, application: Application) {
        let id = application.application_id.clone();
        self.backend().ledger_mut().register(application, self.now());
        if let Err(error) = self.save() {
            tracing::error!(%error, "Application {id} was registered but could not be saved");
        }
    }

    /// Returns when the last of a client's secrets ends.
    pub fn client_secret_ends_at(&self, client_id: &str) -> Option<Timestamp> {
        let backend = self.backend();
        let application = backend.ledger().application_of(client_id)?;
        application.client_secrets.iter().map(|secret| secret.ends_at).max()
    }

    /// Returns the ids of all applications.
    pub fn application_ids(&self) -> Vec<String> {
        self.backend().ledger().applications.keys().cloned().collect()
    }

    pub(crate) fn backend(&self) -> MutexGuard<'_, Backend> {
        self.0.backend.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Returns whether changes are saved to a file.
    pub(crate) fn is_saved(&self) -> bool {
        self.0.state_file.is_some()
    }

    /// Saves unsaved changes. A caller that arrives during a save waits for the next one, which saves the changes of all
    /// callers that waited, so that many changes cost few saves.
    pub(crate) fn save(&self) -> io::Result<()> {
        let Some(state_file) = &self.0.state_file else {
            return Ok(());
        };
        state_file.write(|| self.backend().take_unsaved())
    }
}

#[cfg(test)]
mod tests;
