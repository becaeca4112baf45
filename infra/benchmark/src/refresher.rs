//! What keeping tokens warm takes: the real `token-refresher`, a process of one environment, beside a crowd whose tokens are due.
//!
//! A run is the invocation for one shard, in which everything due is; it is invoked again while it hands a rest on. The rate
//! is what was refreshed over the time of the invocations, the first included, with everything that a new environment does
//! once. Beside it stands the ideal: as many as may be at Amazon at once, over the time that Amazon takes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Fault,
    binaries::Binary,
    crowd::{Crowd, SHARD, Sealing},
    process::{Process, own_processor_time},
    sample::Sample,
};

/// The function's time-out.
const TIMEOUT: Duration = Duration::from_mins(2);

/// The most invocations that a run may need.
const INVOCATIONS: usize = 50;

/// How many are due where rates are measured.
const DUE: usize = 10_000;

/// How often Amazon is asked at once, and how long it takes in milliseconds, where rates are measured. Where it takes no time,
/// the rate is what this machine can do for the refresher and all the services that it calls.
const PACES: [(u16, u64); 4] = [(64, 100), (64, 400), (16, 100), (64, 0)];

/// How many are due where requests are counted.
pub(crate) const COUNTED: u16 = 1_000;

/// How many are due where memory is measured.
const CROWDS: [usize; 3] = [1_000, 10_000, 100_000];

/// How many are due, and how many are stored besides, where one is held against the other; and how often.
const DUE_AMONG: (usize, usize) = (1_000, 999_000);
const ROUNDS: usize = 7;

/// What one run did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// How many may be at Amazon at once.
    pub(crate) at_once: u16,
    /// How long Amazon takes.
    pub(crate) latency: Duration,
    /// How many tokens were refreshed.
    pub(crate) refreshed: usize,
    /// The time of its invocations.
    pub(crate) took: Duration,
    /// The requests to DynamoDB that read.
    pub(crate) reads: u64,
    /// The requests to DynamoDB that write.
    pub(crate) writes: u64,
    /// The requests to KMS.
    pub(crate) kms: u64,
    /// The requests to SQS.
    pub(crate) sqs: u64,
    /// The requests to Secrets Manager.
    pub(crate) secrets_manager: u64,
    /// The most memory that the process has had, in KiB.
    pub(crate) peak_memory: u64,
    /// The processor time that it took.
    pub(crate) processor: Duration,
    /// The processor time of what stood in for Amazon and AWS.
    pub(crate) stand_ins: Duration,
}

/// Everything that was measured of the refresher.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) paces: Vec<Run>,
    /// Each refresh token under a data key of its own, and then under few.
    pub(crate) first: Run,
    pub(crate) later: Run,
    pub(crate) crowds: Vec<Run>,
    /// The times of runs for the same number due, among themselves and among many.
    pub(crate) alone: Sample,
    pub(crate) among: Sample,
    pub(crate) stored: usize,
    /// The bytes of a token's row and of a grant's.
    pub(crate) token_row: u32,
    pub(crate) grant_row: u32,
}

/// Measures it all.
pub(crate) async fn measure(binary: &Binary) -> Result<Figures, Fault> {
    let (first, later) = {
        let crowd = Crowd::gathered(COUNTED.into(), 0, Sealing::Apart).await?;
        let count = async || one_run(binary, &crowd, COUNTED.into(), 16, 0).await;
        (count().await?, count().await?)
    };
    let largest = CROWDS.into_iter().max().unwrap_or_default();
    let crowd = Crowd::gathered(largest, 0, Sealing::Together).await?;
    let mut paces = Vec::new();
    for (at_once, latency) in PACES {
        paces.push(one_run(binary, &crowd, DUE, at_once, latency).await?);
    }
    let mut crowds = Vec::new();
    for due in CROWDS {
        crowds.push(one_run(binary, &crowd, due, 64, 100).await?);
    }
    let (token_row, grant_row) = crowd.row_sizes().await?;
    drop(crowd);
    let (due, others) = DUE_AMONG;
    let small = Crowd::gathered(due, 0, Sealing::Together).await?;
    let large = Crowd::gathered(due, others, Sealing::Together).await?;
    let (mut alone, mut among) = (Sample::default(), Sample::default());
    for round in 0..=ROUNDS {
        for (crowd, sample) in [(&small, &mut alone), (&large, &mut among)] {
            let run = one_run(binary, crowd, due, 64, 0).await?;
            // The first round is not counted: what was just imported is not yet in any cache.
            if round > 0 {
                sample.push(run.took);
            }
        }
    }
    Ok(Figures { paces, first, later, crowds, alone, among, stored: due + others, token_row, grant_row })
}

/// A new environment refreshes what is due.
async fn one_run(
    binary: &Binary,
    crowd: &Crowd,
    due: usize,
    at_once: u16,
    latency: u64,
) -> Result<Run, Fault> {
    crowd.wait_at("token", latency).await?;
    crowd.make_due(due)?;
    let variables = [
        ("REFRESH_CONCURRENCY", at_once.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", "token-refresher".to_owned()),
    ];
    let process = Process::spawn(binary, crowd.stack.ports(), &variables)?;
    let stand_ins_before = own_processor_time()?;
    crowd.stack.aws().reset_calls();
    let took = refresh_all(&process, crowd, due).await?;
    let run = Run {
        at_once,
        latency: Duration::from_millis(latency),
        refreshed: due,
        took,
        reads: crowd.calls(&[
            "DynamoDB_20120810.Query",
            "DynamoDB_20120810.BatchGetItem",
            "DynamoDB_20120810.GetItem",
        ]),
        writes: crowd.calls(&["UpdateItem", "PutItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"]),
        kms: crowd.calls(&["TrentService"]),
        sqs: crowd.calls(&["AmazonSQS.SendMessage"]),
        secrets_manager: crowd.calls(&["secretsmanager"]),
        peak_memory: process.peak_memory()?,
        processor: process.processor_time()?,
        stand_ins: own_processor_time()?.saturating_sub(stand_ins_before),
    };
    // All of it takes minutes.
    eprintln!("{due} refreshed, {at_once} at once, Amazon taking {latency} ms: {:.1} s", took.as_secs_f64());
    Ok(run)
}

/// Invokes `process` until everything that is due is refreshed, and tells how long its invocations took together.
pub(crate) async fn refresh_all(process: &Process, crowd: &Crowd, due: usize) -> Result<Duration, Fault> {
    let before = crowd.refreshes().await?;
    let mut took = Duration::ZERO;
    for _ in 0..INVOCATIONS {
        let answer = process.invoke_within(&message(crowd), crowd.now(), TIMEOUT).await?;
        took += answer.took;
        let failures = serde_json::from_slice::<Value>(&answer.body)?["batchItemFailures"].take();
        if failures != json!([]) {
            return Err(format!("a run failed: {failures}").into());
        }
        if crowd.refreshes().await? - before >= due {
            break;
        }
    }
    match crowd.refreshes().await? - before {
        refreshed if refreshed == due => Ok(took),
        refreshed => Err(format!("{due} were due, and {refreshed} refreshed").into()),
    }
}

/// The message of a run that is planned now.
fn message(crowd: &Crowd) -> Value {
    let body = json!({"task": "shard", "shard": SHARD, "plannedFor": crowd.now()}).to_string();
    json!({"Records": [{"messageId": "shard", "body": body}]})
}

impl Run {
    /// How many were refreshed in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.count() / self.took.as_secs_f64()
    }

    /// How many Amazon would have answered in a second, had it always been asked by as many as may.
    pub(crate) fn ideal(&self) -> Option<f64> {
        (!self.latency.is_zero()).then(|| f64::from(self.at_once) / self.latency.as_secs_f64())
    }

    /// So much for each token.
    #[expect(clippy::cast_precision_loss, reason = "a table shows three places of it")]
    pub(crate) fn each(&self, of: u64) -> f64 {
        of as f64 / self.count()
    }

    /// The seconds of a processor for each token.
    pub(crate) fn processor_each(&self) -> f64 {
        self.processor.as_secs_f64() / self.count()
    }

    /// The same of what stood in for Amazon and AWS.
    pub(crate) fn stand_ins_each(&self) -> f64 {
        self.stand_ins.as_secs_f64() / self.count()
    }

    /// The most memory that the process has had.
    #[expect(clippy::cast_precision_loss, reason = "a table shows one place of it")]
    pub(crate) fn peak_mebibytes(&self) -> f64 {
        self.peak_memory as f64 / 1024.0
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    fn count(&self) -> f64 {
        self.refreshed as f64
    }
}
