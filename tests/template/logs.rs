//! What Lambda sends to the log of a function: everything that the function writes, and of its own lines only what an operator asks for.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::Value;
use shared::{
    aws::metrics::{Metric, Metrics},
    lambda::log::{invocation_span, log_lines},
};
use tracing::Level;
use tracing_subscriber::layer::SubscriberExt;

use super::deployment::Deployment;

const LEVELS: [&str; 6] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/// Returns whether Lambda sends the line: its documentation says that a line without a level that it knows, or without a time, has the
/// level INFO, and that lines below `ApplicationLogLevel`, which is INFO by default, are not sent. Our lines have no time; a later
/// Lambda may obey their level all the same, so a line must be sent under either reading.
fn is_sent(line: &Value, config: &Value) -> bool {
    let place = |level: &str| LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level));
    let lowest = config["ApplicationLogLevel"].as_str().map_or(2, |level| place(level).unwrap());
    let obeyed = line["level"].as_str().and_then(place).unwrap_or(2);
    obeyed.min(2) >= lowest
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A line of metrics, and a message of each level, as a function writes them.
fn lines() -> Vec<Value> {
    let written = Written::default();
    let to = written.clone();
    let metrics = Metrics::written_by("spapi-auth", move |line| {
        let mut all = to.0.lock().unwrap();
        all.extend_from_slice(line.as_bytes());
        all.push(b'\n');
    });
    metrics.count(Metric::CacheHits);
    metrics.count(Metric::Internal);
    metrics.write_all("get-access-token", Timestamp::UNIX_EPOCH);
    let to = written.clone();
    let log = tracing_subscriber::registry().with(log_lines(Level::TRACE, move || to.clone()));
    tracing::subscriber::with_default(log, || {
        let _span = invocation_span("request", None).entered();
        tracing::trace!(target: "shared", "a trace");
        tracing::debug!(target: "shared", "a detail");
        tracing::info!(target: "shared", "a message");
        tracing::warn!(target: "shared", "a warning");
        tracing::error!(target: "shared", "an error");
    });
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn metrics_and_messages_of_every_level_are_sent_from_every_function() {
    let lines = lines();
    assert_eq!(lines.len(), 6);
    assert!(lines[0].get("_aws").is_some() && lines[0].get("level").is_none(), "{}", lines[0]);
    for (id, function) in Deployment::read().functions() {
        for line in &lines {
            assert!(is_sent(line, &function["LoggingConfig"]), "{id}: {line}");
        }
    }
}

#[test]
fn lambda_itself_neither_logs_nor_traces_an_invocation_that_goes_well_unless_a_parameter_says_so() {
    let asked_for = |level, tracing| {
        let (logged, traced) =
            (Deployment::with("PlatformLogLevel", level), Deployment::with("TracingMode", tracing));
        for (id, function) in logged.functions() {
            assert_eq!(function["LoggingConfig"]["SystemLogLevel"], level, "{id}");
            // Without this format, Lambda knows no levels.
            assert_eq!(function["LoggingConfig"]["LogFormat"], "JSON", "{id}");
            assert!(function.get("Tracing").is_none(), "{id}: all functions have the one of Globals");
        }
        assert_eq!(traced.globals()["Tracing"], tracing);
    };
    asked_for("INFO", "Active");
    let quiet = Deployment::read();
    let default = |parameter: &str| quiet.parameters()[parameter]["Default"].clone();
    assert_eq!((default("PlatformLogLevel"), default("TracingMode")), ("WARN".into(), "PassThrough".into()));
    asked_for("WARN", "PassThrough");
}
