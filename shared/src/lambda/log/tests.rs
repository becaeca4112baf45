use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;

use super::*;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// What this thread logs from now on, until the guard is dropped.
    fn captured(level: Level) -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let lines = log_lines(level, move || writer.clone());
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines));
        (log, guard)
    }

    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// An invocation whose parts log: before and after a pause, in joined futures, and in a task.
async fn invocation(name: &'static str) {
    let step = async |part: &'static str| {
        tokio::task::yield_now().await;
        tracing::info!(of = name, "{part}");
    };
    tracing::info!(of = name, "begins");
    tokio::join!(step("one"), step("two"));
    let task = async move { tracing::warn!(of = name, "in a task") };
    tokio::spawn(task.in_current_span()).await.unwrap();
}

#[tokio::test]
async fn every_line_of_concurrent_invocations_carries_its_own_request_id() {
    let (log, _guard) = Log::captured(Level::INFO);

    let of = |name| invocation(name).instrument(invocation_span(name, None));
    tokio::join!(of("first"), of("second"));
    tracing::info!("between invocations");

    let mut lines = log.lines();
    let between = lines.pop().unwrap();
    assert!(between.get("requestId").is_none(), "{between}");
    assert_eq!(lines.len(), 8);
    for line in &lines {
        assert_eq!(line["requestId"], line["fields"]["of"], "{line}");
        assert!(line.get("gatewayRequestId").is_none(), "{line}");
    }
    let order: Vec<_> = lines.iter().map(|line| line["requestId"].as_str().unwrap()).collect();
    assert_ne!(order[..4], ["first"; 4], "they ran at the same time");
}

#[tokio::test]
async fn an_invocation_through_api_gateway_carries_the_gateways_id_too_at_every_log_level() {
    let (log, _guard) = Log::captured(Level::ERROR);

    async { tracing::error!("fails") }.instrument(invocation_span("lambda's", Some("gateway's"))).await;

    let line = &log.lines()[0];
    assert_eq!((&line["requestId"], &line["gatewayRequestId"]), (&"lambda's".into(), &"gateway's".into()));
    assert_eq!((&line["level"], &line["fields"]["message"]), (&"ERROR".into(), &"fails".into()));
}

#[test]
fn the_runtimes_repetition_of_an_error_is_not_logged_and_a_panic_is() {
    let (log, _guard) = Log::captured(Level::INFO);
    // As lambda_runtime 1.5 logs them.
    tracing::error!(target: "lambda_runtime::layers::panic", "{:?}", "AmazonUnavailable");
    tracing::error!(target: "lambda_runtime::layers::panic", error = ?"boom", "user handler panicked");
    tracing::error!("one of ours");

    let lines = log.lines();
    let messages: Vec<_> = lines.iter().map(|line| line["fields"]["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["user handler panicked", "one of ours"]);
}
