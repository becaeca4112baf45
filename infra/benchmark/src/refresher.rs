//! Measures the real `token-refresher`: a process of one environment, with a crowd of sellers whose tokens are due.
//!
//! A run is an invocation for one shard, which has all due tokens. It is repeated while it leaves tokens to the next message. The
//! rate is the number of refreshed tokens divided by the time of the invocations. This includes the first invocation, with
//! everything that a new environment does once. The ideal is the limit of LWA calls in flight divided by the latency of LWA.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::access_token::schedule::TIMES_WHEN_BEHIND;

use crate::{
    Fault,
    binaries::Binary,
    crowd::{Crowd, SHARD, Sealing},
    process::{Process, own_processor_time},
    sample::Sample,
};

/// The function's time limit.
const TIMEOUT: Duration = Duration::from_mins(2);

/// The largest number of invocations of a run.
const INVOCATIONS: usize = 50;

/// The number of due tokens for the rates.
const DUE: usize = 10_000;

/// The limits of LWA calls in flight, the latencies of LWA in milliseconds, and for how many minutes the tokens have been due, for the
/// rates. Of a run that is behind, the ideal is that of the limit to which it may grow. Without latency, the rate shows what this machine
/// can do for the refresher and all services that it calls.
const PACES: [(u16, u64, i64); 5] = [(64, 100, 0), (64, 400, 0), (16, 100, 0), (16, 100, 20), (64, 0, 0)];

/// The number of due tokens for the counts of requests.
pub(crate) const COUNTED: u16 = 1_000;

/// The numbers of due tokens for the peak memory.
const CROWDS: [usize; 3] = [1_000, 10_000, 100_000];

/// The number of due tokens, and of other stored tokens, for the comparison of a small table with a large one; and its rounds.
const DUE_AMONG: (usize, usize) = (1_000, 999_000);
const ROUNDS: usize = 7;

/// The measurements of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// The limit of LWA calls in flight.
    pub(crate) at_once: u16,
    /// Whether the tokens have been due for so long that the limit may grow.
    pub(crate) is_behind: bool,
    /// The latency of LWA.
    pub(crate) latency: Duration,
    /// The number of refreshed tokens.
    pub(crate) refreshed: usize,
    /// The total time of the invocations.
    pub(crate) took: Duration,
    /// The read requests to DynamoDB.
    pub(crate) reads: u64,
    /// The write requests to DynamoDB.
    pub(crate) writes: u64,
    /// The requests to KMS.
    pub(crate) kms: u64,
    /// The requests to SQS.
    pub(crate) sqs: u64,
    /// The requests to Secrets Manager.
    pub(crate) secrets_manager: u64,
    /// The peak memory of the process in KiB.
    pub(crate) peak_memory: u64,
    /// The processor time of the refresher.
    pub(crate) processor: Duration,
    /// The processor time of the simulated Amazon and the local AWS.
    pub(crate) stand_ins: Duration,
}

/// All measurements of the refresher.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) paces: Vec<Run>,
    /// A run with each refresh token under its own data key.
    pub(crate) first: Run,
    /// The next run, with the refresh tokens under shared data keys.
    pub(crate) later: Run,
    pub(crate) crowds: Vec<Run>,
    /// The times of runs in a table with only the due tokens.
    pub(crate) alone: Sample,
    /// The times of runs with as many due tokens in a large table.
    pub(crate) among: Sample,
    pub(crate) stored: usize,
    /// The sizes of a token's row and of a grant's row in bytes.
    pub(crate) token_row: u32,
    pub(crate) grant_row: u32,
}

/// Makes all measurements of the refresher.
pub(crate) async fn measure(binary: &Binary) -> Result<Figures, Fault> {
    let (first, later) = {
        let crowd = Crowd::gathered(COUNTED.into(), 0, Sealing::Apart).await?;
        let count = async || one_run(binary, &crowd, COUNTED.into(), (16, 0, 0)).await;
        (count().await?, count().await?)
    };
    let largest = CROWDS.into_iter().max().unwrap_or_default();
    let crowd = Crowd::gathered(largest, 0, Sealing::Together).await?;
    let mut paces = Vec::new();
    for pace in PACES {
        paces.push(one_run(binary, &crowd, DUE, pace).await?);
    }
    let mut crowds = Vec::new();
    for due in CROWDS {
        crowds.push(one_run(binary, &crowd, due, (64, 100, 0)).await?);
    }
    let (token_row, grant_row) = crowd.row_sizes().await?;
    drop(crowd);
    let (due, others) = DUE_AMONG;
    let small = Crowd::gathered(due, 0, Sealing::Together).await?;
    let large = Crowd::gathered(due, others, Sealing::Together).await?;
    let (mut alone, mut among) = (Sample::default(), Sample::default());
    for round in 0..=ROUNDS {
        for (crowd, sample) in [(&small, &mut alone), (&large, &mut among)] {
            let run = one_run(binary, crowd, due, (64, 0, 0)).await?;
            // The first round is not counted: rows that were just imported are in no cache yet.
            if round > 0 {
                sample.push(run.took);
            }
        }
    }
    Ok(Figures { paces, first, later, crowds, alone, among, stored: due + others, token_row, grant_row })
}

/// Refreshes all due tokens with a new environment.
async fn one_run(
    binary: &Binary,
    crowd: &Crowd,
    due: usize,
    (at_once, latency, late): (u16, u64, i64),
) -> Result<Run, Fault> {
    crowd.wait_at("token", latency).await?;
    crowd.make_due(due, SignedDuration::from_mins(late))?;
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
        is_behind: late > 0,
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
    // Shows progress: all runs together take minutes.
    eprintln!(
        "{due} tokens refreshed, {at_once} calls in flight, latency {latency} ms: {:.1} s",
        took.as_secs_f64()
    );
    Ok(run)
}

/// Invokes `process` until all due tokens are refreshed. Returns the total time of the invocations.
pub(crate) async fn refresh_all(process: &Process, crowd: &Crowd, due: usize) -> Result<Duration, Fault> {
    let before = crowd.refreshes().await?;
    let mut took = Duration::ZERO;
    for _ in 0..INVOCATIONS {
        let answer = process.invoke_within(&message(crowd), crowd.now(), TIMEOUT).await?;
        took += answer.took;
        let failures = serde_json::from_slice::<Value>(&answer.body)?["batchItemFailures"].take();
        if failures != json!([]) {
            return Err(format!("messages failed in a run: {failures}").into());
        }
        if crowd.refreshes().await? - before >= due {
            break;
        }
    }
    match crowd.refreshes().await? - before {
        refreshed if refreshed == due => Ok(took),
        refreshed => Err(format!("expected {due} refreshed tokens, found {refreshed}").into()),
    }
}

/// The message of a run that is planned for now.
fn message(crowd: &Crowd) -> Value {
    let body = json!({"task": "shard", "shard": SHARD, "plannedFor": crowd.now()}).to_string();
    json!({"Records": [{"messageId": "shard", "body": body}]})
}

impl Run {
    /// The refreshed tokens per second.
    pub(crate) fn rate(&self) -> f64 {
        self.count() / self.took.as_secs_f64()
    }

    /// The tokens per second if the limit of LWA calls were always in flight.
    pub(crate) fn ideal(&self) -> Option<f64> {
        let limit = f64::from(self.at_once) * if self.is_behind { TIMES_WHEN_BEHIND } else { 1.0 };
        (!self.latency.is_zero()).then(|| limit / self.latency.as_secs_f64())
    }

    /// Returns `of` per token.
    #[expect(clippy::cast_precision_loss, reason = "a table shows three decimal places")]
    pub(crate) fn each(&self, of: u64) -> f64 {
        of as f64 / self.count()
    }

    /// The processor time per token, in seconds.
    pub(crate) fn processor_each(&self) -> f64 {
        self.processor.as_secs_f64() / self.count()
    }

    /// The processor time of the simulated Amazon and the local AWS per token, in seconds.
    pub(crate) fn stand_ins_each(&self) -> f64 {
        self.stand_ins.as_secs_f64() / self.count()
    }

    /// The peak memory of the process in MiB.
    #[expect(clippy::cast_precision_loss, reason = "a table shows one decimal place")]
    pub(crate) fn peak_mebibytes(&self) -> f64 {
        self.peak_memory as f64 / 1024.0
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    fn count(&self) -> f64 {
        self.refreshed as f64
    }
}
