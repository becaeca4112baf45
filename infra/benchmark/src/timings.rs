//! Measures the times of the function and the floors in turn, so that a drift of the machine's speed affects all of them.

use serde_json::Value;

use crate::{
    Fault,
    binaries::{Binary, Subject},
    partners::Partners,
    process::Process,
    sample::Sample,
    tls::Tls,
};

/// The number of cold starts of each binary.
const COLD_STARTS: usize = 100;

/// The number of blocks of a series. The binaries take turns by block: within a block, an environment is as warm as under load.
const BLOCKS: usize = 20;

/// The number of invocations in a block.
const BLOCK: usize = 100;

/// The number of requests that fetch a token from Amazon.
const MISSES: usize = 1000;

/// The measurements of one binary. A floor has no misses.
#[derive(Debug, Default)]
pub(crate) struct Timings {
    /// The times from the spawn to the first request for an event.
    pub(crate) init: Sample,
    /// The times from the spawn to the first answer, which is a store hit.
    pub(crate) first_answer: Sample,
    /// Repeated requests for one partner.
    pub(crate) repeated: Sample,
    /// Requests in turn for more partners than the function caches.
    pub(crate) in_turn: Sample,
    /// The same with DynamoDB and KMS over TLS.
    pub(crate) in_turn_tls: Sample,
    /// Requests for tokens that are neither cached nor stored.
    pub(crate) misses: Option<Sample>,
    /// The peak memory after all of this, in KiB.
    pub(crate) peak_memory: u64,
}

/// The number of partners that are requested in turn: more than the 500 tokens that the function caches. So at the next request
/// for a partner, its token is no longer cached, and the function reads it from the table and decrypts it.
const IN_TURN: usize = 600;

/// The partner of the repeated requests.
const THE_SAME: usize = IN_TURN;

/// The number of partners that must exist.
pub(crate) const PARTNERS: usize = IN_TURN + 1;

/// Measures every binary.
pub(crate) async fn measure(binaries: &[Binary; 4], partners: &Partners) -> Result<[Timings; 4], Fault> {
    let mut timings: [Timings; 4] = Default::default();
    let tls = Tls::in_front_of(partners.stack.ports().aws).await?;
    cold_starts(binaries, partners, &tls, &mut timings).await?;

    let mut processes = Vec::new();
    let mut over_tls = Vec::new();
    for binary in binaries {
        processes.push(Process::spawn(binary, partners.stack.ports(), &[])?);
        over_tls.push(Process::spawn(binary, partners.stack.ports(), &tls.variables())?);
    }
    let mut requested = 0;
    for _ in 0..BLOCKS {
        for (subject, (process, over_tls)) in Subject::ALL.into_iter().zip(processes.iter().zip(&over_tls)) {
            let which = |number| (requested + number) % IN_TURN;
            let in_turn = block(over_tls, partners, which, reads(subject)).await?;
            timings[subject as usize].in_turn_tls.extend(in_turn);
            let repeated_reads = if subject == Subject::Function { 0 } else { reads(subject) };
            let repeated = block(process, partners, |_| THE_SAME, repeated_reads).await?;
            let in_turn = block(process, partners, which, reads(subject)).await?;
            timings[subject as usize].repeated.extend(repeated);
            timings[subject as usize].in_turn.extend(in_turn);
        }
        requested += BLOCK;
    }
    let function = Subject::Function as usize;
    timings[function].misses = Some(misses(&processes[function], partners, requested).await?);
    for (timings, process) in timings.iter_mut().zip(&processes) {
        timings.peak_memory = process.peak_memory()?;
    }
    Ok(timings)
}

async fn cold_starts(
    binaries: &[Binary; 4],
    partners: &Partners,
    tls: &Tls,
    timings: &mut [Timings; 4],
) -> Result<(), Fault> {
    // The first round is not counted: it loads the files into the page cache.
    for round in 0..=COLD_STARTS {
        for (subject, binary) in Subject::ALL.into_iter().zip(binaries) {
            partners.stack.aws().reset_calls();
            let mut process = Process::spawn(binary, partners.stack.ports(), &tls.variables())?;
            let (cold_start, answer) = process.cold_start(&partners.request(round), partners.now()).await?;
            let calls = ["DynamoDB", "TrentService", "secretsmanager"].map(|name| partners.aws_calls(name));
            if calls != cold_calls(subject) {
                return Err(format!("{subject:?}: unexpected calls of a cold start: {calls:?}").into());
            }
            if subject == Subject::Function {
                token(&answer.body)?;
            }
            if round > 0 {
                timings[subject as usize].init.push(cold_start.init);
                timings[subject as usize].first_answer.push(cold_start.first_answer);
            }
        }
    }
    Ok(())
}

/// The calls to DynamoDB, KMS and Secrets Manager of a cold start whose first invocation is a store hit.
fn cold_calls(subject: Subject) -> [u64; 3] {
    match subject {
        Subject::Empty => [0, 0, 0],
        Subject::GetItem => [1, 0, 0],
        Subject::Function | Subject::SameCalls => [1, 1, 0],
    }
}

/// The reads of one invocation without a cached token.
fn reads(subject: Subject) -> u64 {
    cold_calls(subject)[0]
}

/// Measures one block of invocations: number `n` is for partner `which(n)`. Fails unless each makes `reads` reads.
async fn block(
    process: &Process,
    partners: &Partners,
    which: impl Fn(usize) -> usize,
    reads: u64,
) -> Result<Sample, Fault> {
    // The state of the environment is unknown, so one more invocation is not counted.
    process.invoke(&partners.request(THE_SAME), partners.now()).await?;
    partners.stack.aws().reset_calls();
    let mut sample = Sample::default();
    for number in 0..BLOCK {
        sample.push(process.invoke(&partners.request(which(number)), partners.now()).await?.took);
    }
    match partners.aws_calls("DynamoDB") {
        made if made == reads * BLOCK as u64 => Ok(sample),
        made => {
            Err(format!("expected {reads} reads of each of {BLOCK} invocations, found {made} in total")
                .into())
        }
    }
}

/// Measures requests for tokens that were just deleted and are no longer cached, from partner `first` on.
async fn misses(process: &Process, partners: &Partners, first: usize) -> Result<Sample, Fault> {
    let mut sample = Sample::default();
    let before = partners.lwa_calls().await?;
    for number in (first..).take(MISSES).map(|number| number % IN_TURN) {
        partners.forget(number).await?;
        let answer = process.invoke(&partners.request(number), partners.now()).await?;
        token(&answer.body)?;
        sample.push(answer.took);
    }
    match partners.lwa_calls().await? - before {
        calls if calls == MISSES as u64 => Ok(sample),
        calls => Err(format!("expected {MISSES} calls to Amazon, found {calls}").into()),
    }
}

fn token(body: &[u8]) -> Result<(), Fault> {
    let answer: Value = serde_json::from_slice(body)?;
    answer["accessToken"]
        .as_str()
        .map(|_| ())
        .ok_or_else(|| format!("the answer has no access token: {answer}").into())
}
