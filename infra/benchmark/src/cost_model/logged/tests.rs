use std::{
    io::{Cursor, Write as _},
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use local::seed::FIRST_APPLICATION;
use shared::{
    aws::metrics::{Metric, Metrics},
    consumer::Invoked,
    env::Env,
    grant::GrantKey,
    lambda::log::{invocation_span, log_lines},
    region::Region,
    secret::Fingerprint,
    vending::{
        Wanted,
        audit::{Audit, HandedOut},
    },
};
use tracing::Level;
use tracing_subscriber::layer::SubscriberExt;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::*;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Digits that repeat nothing, for this number and purpose.
fn digits(purpose: &str, number: u32) -> String {
    Fingerprint::of(&format!("{purpose} {number}")).as_str().to_owned()
}

/// An id of a partner of this number, of the letters and digits of Amazon's.
fn partner(number: u32) -> String {
    const SIGNS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let digits = digits("partner", number);
    let sign = |two: &str| SIGNS[usize::from_str_radix(two, 16).unwrap() % SIGNS.len()];
    let signs = (0..13).map(|at| char::from(sign(&digits[at * 2..at * 2 + 2])));
    std::iter::once('A').chain(signs).collect()
}

/// The lines of a hand-out to each of 2,000 partners, ten times, as `get-access-token` writes them.
fn audited() -> Vec<u8> {
    let log = Log::default();
    let writer = log.clone();
    let lines = log_lines(Level::INFO, move || writer.clone());
    let audit = Audit::from_env(&Env::from_pairs(Vec::<(String, String)>::new())).unwrap();
    let invoked =
        Invoked::of_arn("arn:aws:lambda:us-east-1:111111111111:function:spapi-auth-get-access-token:orders");
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
        for number in 0..20_000 {
            let id = digits("request", number);
            let id = format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..32]);
            let span = invocation_span(&id, None);
            span.record("consumer", "orders");
            let _entered = span.enter();
            let grant = GrantKey {
                application_id: FIRST_APPLICATION.parse().unwrap(),
                region: Region::Na,
                selling_partner_id: partner(number % 2_000).parse().unwrap(),
            };
            let token = Fingerprint::of(&digits("token", number));
            audit.write_down(
                &invoked,
                HandedOut::new(&Wanted::Partner(grant), token),
                false,
                Timestamp::UNIX_EPOCH,
            );
        }
    });
    let bytes = log.0.lock().unwrap();
    bytes.clone()
}

#[track_caller]
fn assert_close(measured: f64, published: f64, by: f64) {
    assert!((measured - published).abs() <= by, "measured {measured}, the model has {published}");
}

#[test]
fn an_audit_line_is_as_long_and_as_compressible_as_the_model_says() {
    let lines = audited();
    let count = lines.split(|byte| *byte == b'\n').count() - 1;
    assert_eq!(count, 20_000);
    // CloudWatch does not count the line feed.
    let length = float(lines.len()) / float(count) - 1.0;
    assert_close(length, AUDIT_LINE, 0.5);

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6));
    zip.start_file("lines", options).unwrap();
    zip.write_all(&lines).unwrap();
    let mut zip = ZipArchive::new(zip.finish().unwrap()).unwrap();
    let compressed = zip.by_index(0).unwrap().compressed_size();
    assert_close(float(usize::try_from(compressed).unwrap()) / float(lines.len()), COMPRESSED, 0.005);
}

#[test]
fn the_metrics_of_hits_and_of_runs_are_as_long_as_the_model_says() {
    let line = |function: &str, measure: &dyn Fn(&Metrics)| {
        let written = Log::default();
        let writer = written.clone();
        let metrics = Metrics::written_by("spapi-auth", move |line| {
            writer.clone().write_all(line.as_bytes()).unwrap();
        });
        measure(&metrics);
        metrics.write_all(function, Timestamp::from_second(1_800_000_000).unwrap());
        let length = written.0.lock().unwrap().len();
        float(length)
    };
    let hits = line("spapi-auth-get-access-token", &|metrics| metrics.add(Metric::CacheHits, 400));
    assert_close(hits, HITS_LINE, 0.5);

    let empty = line("spapi-auth-token-refresher", &|metrics| metrics.record(Metric::DueLag, 0));
    assert_close(empty + float(EMPTY_RESULT.len()), EMPTY_RUN, 0.5);

    let busy = line("spapi-auth-token-refresher", &|metrics| {
        for _ in 0..32 {
            metrics.record(Metric::LwaLatency, 104);
        }
        metrics.add(Metric::GrantsSeen("active"), 2);
        metrics.record(Metric::DueLag, 2);
    });
    assert_close(busy + float(BUSY_RESULT.len()), BUSY_RUN, 0.5);
}

/// What the refresher logs about a run, copied from one in the local stack and given the request id of a Lambda.
const EMPTY_RESULT: &str = r#"{"requestId":"e721e9f5-7f5a-4857-aa22-220e72a820e9","level":"INFO","fields":{"message":"Shard 6 refreshed, Done: 0 tokens","shard":6,"refreshed":0,"failed":"{}","idle":0,"not_due":0,"left_due":0,"disabled":0,"lag":0,"ended":"Done"},"target":"token_refresher::shard"}"#;
const BUSY_RESULT: &str = r#"{"requestId":"e721e9f5-7f5a-4857-aa22-220e72a820e9","level":"INFO","fields":{"message":"Shard 6 refreshed, Done: 32 tokens","shard":6,"refreshed":32,"failed":"{}","idle":0,"not_due":0,"left_due":0,"disabled":0,"lag":2,"ended":"Done"},"target":"token_refresher::shard"}"#;

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
