//! The simulated Amazon itself: its books behind one lock, saved before any answer that rests on a change.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

use crate::{
    applications::Application,
    calls::Calls,
    clock::Clock,
    control,
    faults::Faults,
    ledger::Ledger,
    notifications::Notifications,
    sites::Sites,
    sp_api::RateLimits,
    state_file::{OpenError, StateFile},
    terms::Terms,
};

/// Amazon on one port. Clones share everything.
#[derive(Clone)]
pub struct SimulatedAmazon(Arc<Shared>);

struct Shared {
    port: u16,
    clock: Clock,
    faults: Faults,
    state_file: Option<StateFile>,
    office: Mutex<Office>,
}

impl SimulatedAmazon {
    /// Opens on `port`, with the books of `state_file` if that exists; without a path, nothing is kept.
    pub fn open(
        port: u16,
        state_file: Option<PathBuf>,
        clock: Clock,
        faults: Faults,
    ) -> Result<Self, OpenError> {
        let state_file = state_file.map(StateFile::new);
        let ledger = state_file.as_ref().map_or_else(|| Ok(Ledger::default()), StateFile::load)?;
        let office = Mutex::new(Office {
            pruned_at: clock.now(),
            ledger,
            changed: false,
            calls: Calls::default(),
            rate_limits: RateLimits::default(),
            terms: Terms::default(),
            notifications: Notifications::default(),
            new_secrets_wait: None,
        });
        Ok(Self(Arc::new(Shared { port, clock, faults, state_file, office })))
    }

    /// Registers an application. One that is registered already keeps its client id and secrets, and takes
    /// over name, draft flag and URIs.
    pub fn register(&self, application: Application) {
        self.office().ledger_mut().register(application, self.now());
        if let Err(error) = self.save() {
            tracing::error!(%error, "an application was registered but could not be saved");
        }
    }

    /// Tells when the last of a client's secrets ends.
    #[must_use]
    pub fn client_secret_ends_at(&self, client_id: &str) -> Option<Timestamp> {
        let office = self.office();
        let application = office.ledger().application_of(client_id)?;
        application.client_secrets.iter().map(|secret| secret.ends_at).max()
    }

    /// The ids of all applications.
    #[must_use]
    pub fn application_ids(&self) -> Vec<String> {
        self.office().ledger().applications.keys().cloned().collect()
    }

    /// All sites, told apart by the Host header, and the control calls on every host.
    pub fn router(&self) -> Router {
        let sites = Arc::new(Sites::new(self));
        control::router()
            .with_state(self.clone())
            .fallback(move |request| async move { sites.serve(request).await })
            .layer(middleware::from_fn_with_state(self.clone(), save_before_the_answer))
    }

    pub(crate) fn office(&self) -> MutexGuard<'_, Office> {
        self.0.office.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Saves what changed. Whoever comes while another is saving waits, and finds its own change saved by
    /// the next, so that many changes cost few saves.
    pub(crate) fn save(&self) -> io::Result<()> {
        let Some(state_file) = &self.0.state_file else {
            return Ok(());
        };
        state_file.in_turn(|| self.office().unsaved())
    }
}

/// What is behind the counter.
pub(crate) struct Office {
    ledger: Ledger,
    changed: bool,
    pruned_at: Timestamp,
    pub(crate) calls: Calls,
    pub(crate) rate_limits: RateLimits,
    pub(crate) terms: Terms,
    pub(crate) notifications: Notifications,
    /// How long after a rotation Login with Amazon begins to accept the new secret, by order of a test.
    pub(crate) new_secrets_wait: Option<SignedDuration>,
}

impl Office {
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(crate) fn ledger_mut(&mut self) -> &mut Ledger {
        self.changed = true;
        &mut self.ledger
    }

    fn prune(&mut self, now: Timestamp) {
        if self.changed && now >= self.pruned_at + BETWEEN_PRUNINGS {
            self.pruned_at = now;
            self.ledger.prune(now);
        }
    }

    fn unsaved(&mut self) -> serde_json::Result<Option<Vec<u8>>> {
        let changed = std::mem::take(&mut self.changed);
        changed.then(|| serde_json::to_vec(&self.ledger)).transpose()
    }
}

async fn save_before_the_answer(
    State(amazon): State<SimulatedAmazon>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    // Amazon tells its time with every answer, and its clock is ours to move.
    let date = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&amazon.now());
    if let Some(date) = date.ok().and_then(|date| date.parse().ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    amazon.office().prune(amazon.now());
    if amazon.0.state_file.is_none() {
        return response;
    }
    let saved = tokio::task::spawn_blocking(move || amazon.save()).await.map_err(io::Error::other);
    match saved.flatten() {
        Ok(()) => response,
        Err(error) => {
            tracing::error!(%error, "the state of the simulated Amazon could not be saved");
            (StatusCode::INTERNAL_SERVER_ERROR, format!("the state could not be saved: {error}"))
                .into_response()
        }
    }
}

/// Looking through all tokens for ended ones is not worth it more often.
const BETWEEN_PRUNINGS: SignedDuration = SignedDuration::from_mins(1);

#[cfg(test)]
mod tests;
