//! Hands out tokens: from memory, or by one invocation for all who ask for the same at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{sync::watch, task::AbortHandle, time::sleep};

use crate::{
    audit::Audit,
    failure::{Failure, Verdict},
    invoker::Invoker,
    is_recent, log,
    memory::{Answer, Memory},
    request::TokenRequest,
};

/// The wall clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The memory, and the invocations in flight.
pub(crate) struct Agent {
    invoker: Invoker,
    clock: Clock,
    state: Mutex<State>,
    audit: Mutex<Audit>,
    health: tokio::sync::Mutex<Option<(Timestamp, Result<(), Failure>)>>,
}

struct State {
    memory: Memory,
    flights: HashMap<String, Flight>,
    flown: u64,
}

/// One invocation and those who wait for it.
struct Flight {
    number: u64,
    started_at: Timestamp,
    task: AbortHandle,
    outcome: watch::Receiver<Option<Outcome>>,
}

type Outcome = Result<Arc<Answer>, Failure>;

/// What a look at the state finds.
enum Found {
    Token(Arc<Answer>),
    Flight(watch::Receiver<Option<Outcome>>),
}

/// The longest time for an invocation: more than the function may take.
const TIME_LIMIT: Duration = Duration::from_secs(25);

/// The same while a token is there that may be handed out unconfirmed.
const TIME_LIMIT_WITH_TOKEN: Duration = Duration::from_secs(2);

/// What is transient is tried again for about two seconds, as long as `get-access-token` itself does not ask Amazon again.
const RETRYING: SignedDuration = SignedDuration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(700);

/// For how long a `DryRun` is believed.
const HEALTH_LASTS: SignedDuration = SignedDuration::from_secs(30);
const HEALTH_TIME_LIMIT: Duration = Duration::from_secs(5);

impl Agent {
    pub(crate) fn new(invoker: Invoker, confirm_every: SignedDuration, clock: Clock) -> Arc<Self> {
        let state = State { memory: Memory::new(confirm_every), flights: HashMap::new(), flown: 0 };
        Arc::new(Self {
            invoker,
            clock,
            state: Mutex::new(state),
            audit: Mutex::default(),
            health: tokio::sync::Mutex::default(),
        })
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// A token for the request, written down in the log.
    pub(crate) async fn token(self: &Arc<Self>, request: &TokenRequest) -> Outcome {
        let (answer, from) = self.answer(request).await?;
        let mut audit = self.audit.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = audit.line(&request.subject(), &answer.abridged_fingerprint(), from, self.now()) {
            log(&line);
        }
        Ok(answer)
    }

    /// A token, and whether it was `kept` or `fetched` by an invocation.
    async fn answer(
        self: &Arc<Self>,
        request: &TokenRequest,
    ) -> Result<(Arc<Answer>, &'static str), Failure> {
        loop {
            let mut outcome = match self.find(request) {
                Found::Token(answer) => return Ok((answer, "kept")),
                Found::Flight(outcome) => outcome,
            };
            // An error: the flight was dropped because it is too old, and another took its place.
            if let Ok(outcome) = outcome.wait_for(Option::is_some).await
                && let Some(outcome) = outcome.clone()
            {
                return outcome.map(|answer| (answer, "fetched"));
            }
        }
    }

    /// Whether the function may be invoked; asked at most every 30 seconds.
    pub(crate) async fn health(&self) -> Result<(), Failure> {
        let mut last = self.health.lock().await;
        let now = self.now();
        if let Some((at, health)) = last.as_ref()
            && (SignedDuration::ZERO..HEALTH_LASTS).contains(&now.duration_since(*at))
        {
            return health.clone();
        }
        let health = self.invoker.try_out(HEALTH_TIME_LIMIT, now).await;
        *last = Some((now, health.clone()));
        health
    }

    fn find(self: &Arc<Self>, request: &TokenRequest) -> Found {
        let mut state = self.state();
        // Read while nobody else changes the state. Read before, it could be older than what another caller stores meanwhile.
        let now = self.now();
        if let Some(answer) = state.memory.confirmed(request, now) {
            return Found::Token(answer);
        }
        let payload = request.payload();
        if let Some(flight) = state.flights.get(&payload) {
            if is_recent(flight.started_at, now) {
                return Found::Flight(flight.outcome.clone());
            }
            // The environment may have been frozen since, and the connection be dead. If the function is only slow, it joins the two.
            flight.task.abort();
        }
        state.flown += 1;
        let number = state.flown;
        let (sender, outcome) = watch::channel(None);
        let (agent, request) = (Arc::clone(self), request.clone());
        let task = tokio::spawn(async move {
            let asked = agent.ask(&request).await;
            sender.send_replace(Some(agent.land(&request, number, asked)));
        });
        let flight = Flight { number, started_at: now, task: task.abort_handle(), outcome: outcome.clone() };
        state.flights.insert(payload, flight);
        Found::Flight(outcome)
    }

    /// Invokes the function, with retries if no token can stand in.
    async fn ask(&self, request: &TokenRequest) -> Outcome {
        let stands_in = self.state().memory.unconfirmed(request, self.now()).is_some();
        let time_limit = if stands_in { TIME_LIMIT_WITH_TOKEN } else { TIME_LIMIT };
        let started_at = self.now();
        let mut sent_at = started_at;
        loop {
            match self.invoker.invoke(request.payload(), time_limit, sent_at).await {
                Ok(body) => return Answer::parse(&body, sent_at).map(Arc::new),
                Err(failure) if stands_in || failure.verdict != Verdict::Transient => return Err(failure),
                Err(failure) if self.now().duration_since(started_at) >= RETRYING => return Err(failure),
                Err(_) => sleep(PAUSE).await,
            }
            sent_at = self.now();
        }
    }

    /// Ends a flight: what it brought is stored, or decides about the token that is there.
    fn land(&self, request: &TokenRequest, number: u64, asked: Outcome) -> Outcome {
        let now = self.now();
        let mut state = self.state();
        let payload = request.payload();
        if state.flights.get(&payload).is_some_and(|flight| flight.number == number) {
            state.flights.remove(&payload);
        }
        match asked {
            Ok(answer) => {
                state.memory.confirm(request, Arc::clone(&answer), now);
                Ok(answer)
            }
            Err(failure) if failure.leaves_the_token() => match state.memory.unconfirmed(request, now) {
                Some(answer) => {
                    log(&format!(
                        "a token is handed out unconfirmed, for {}: {} ({})",
                        request.subject(),
                        failure.message,
                        failure.error_type
                    ));
                    Ok(answer)
                }
                None => Err(failure),
            },
            Err(failure) => {
                state.memory.forget(request);
                Err(failure)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
