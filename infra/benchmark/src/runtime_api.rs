//! Stands for Lambda's Runtime API of one environment: it sends events, receives answers and measures the time between.
//!
//! It runs on its own thread, so that work of the local stack does not delay the measurement.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing,
    serve::ListenerExt,
};
use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Mutex as Turn, mpsc, oneshot},
};

use crate::Fault;

/// The Runtime API of one environment. Dropping this stops it.
pub(crate) struct RuntimeApi {
    pub(crate) address: SocketAddr,
    events: mpsc::UnboundedSender<Event>,
    asked_first: oneshot::Receiver<Instant>,
    _running: oneshot::Sender<()>,
}

/// An answer of the function.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) body: Bytes,
    /// The time since the function received the event.
    pub(crate) took: Duration,
    /// The moment at which the answer was complete.
    pub(crate) at: Instant,
}

struct Event {
    payload: Bytes,
    deadline_ms: i64,
    answered: Answered,
}

type Answered = oneshot::Sender<Result<Answer, Bytes>>;

struct Desk {
    events: Turn<mpsc::UnboundedReceiver<Event>>,
    first: Mutex<Option<oneshot::Sender<Instant>>>,
    in_flight: Mutex<HashMap<String, (Instant, Answered)>>,
    sent: AtomicU64,
}

impl RuntimeApi {
    /// Starts on a free port.
    pub(crate) fn open() -> Result<Self, Fault> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (events, received) = mpsc::unbounded_channel();
        let (first, asked_first) = oneshot::channel();
        let (running, stopped) = oneshot::channel::<()>();
        let desk = Arc::new(Desk {
            events: Turn::new(received),
            first: Mutex::new(Some(first)),
            in_flight: Mutex::default(),
            sent: AtomicU64::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        thread::spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    ended = serve(listener, desk) => ended,
                    _ = stopped => Ok(()),
                }
            })
        });
        Ok(Self { address, events, asked_first, _running: running })
    }

    /// Waits for the first request for an event, which ends the start of the function. Returns its moment.
    pub(crate) async fn asked_first(&mut self) -> Result<Instant, Fault> {
        Ok((&mut self.asked_first).await?)
    }

    /// Sends the function an event and waits for its answer. `Lambda-Runtime-Deadline-Ms` is `now` plus `timeout`. Fails if the
    /// function returns an error.
    pub(crate) async fn invoke(
        &self,
        payload: &Value,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<Answer, Fault> {
        let (answered, answer) = oneshot::channel();
        let deadline_ms = now.as_millisecond() + i64::try_from(timeout.as_millis())?;
        let event = Event { payload: serde_json::to_vec(payload)?.into(), deadline_ms, answered };
        self.events.send(event).map_err(|_| "the Runtime API has ended")?;
        match tokio::time::timeout(timeout, answer).await?? {
            Ok(answer) => Ok(answer),
            Err(error) => Err(format!("function error: {}", String::from_utf8_lossy(&error)).into()),
        }
    }
}

async fn serve(listener: std::net::TcpListener, desk: Arc<Desk>) -> io::Result<()> {
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", routing::get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", routing::post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", routing::post(error))
        .with_state(desk);
    let listener = TcpListener::from_std(listener)?.tap_io(|connection| {
        // A delay of the network must not count as one of the function.
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, router).await
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    if let Some(first) = desk.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let _ = first.send(Instant::now());
    }
    let Some(event) = desk.events.lock().await.recv().await else {
        // There are no more events: the environment is about to end.
        return std::future::pending().await;
    };
    let id = format!("00000000-0000-4000-8000-{:012}", desk.sent.fetch_add(1, Ordering::Relaxed));
    let response = Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", &id)
        .header("lambda-runtime-deadline-ms", event.deadline_ms)
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:get-access-token",
        )
        .body(event.payload.into())
        .expect("these headers are well-formed");
    let mut in_flight = desk.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
    in_flight.insert(id, (Instant::now(), event.answered));
    response
}

async fn response(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    desk.settle(&id, |took, at| Ok(Answer { body, took, at }))
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    desk.settle(&id, |_, _| Err(body))
}

impl Desk {
    fn settle(
        &self,
        id: &str,
        outcome: impl FnOnce(Duration, Instant) -> Result<Answer, Bytes>,
    ) -> StatusCode {
        let at = Instant::now();
        let event = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        let Some((sent, answered)) = event else {
            return StatusCode::BAD_REQUEST;
        };
        let _ = answered.send(outcome(at - sent, at));
        StatusCode::ACCEPTED
    }
}
