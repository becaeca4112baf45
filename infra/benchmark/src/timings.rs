//! What takes how long, for the function and the floors in turn, so that a machine that drifts drifts for all of them.

use serde_json::Value;

use crate::{
    Fault,
    binaries::{Binary, Subject},
    partners::Partners,
    process::Process,
    sample::Sample,
    tls::Tls,
};

/// How many cold starts of each binary.
const COLD_STARTS: usize = 100;

/// A series is cut into this many blocks, and the binaries take turns by the block: within one, an environment is as
/// warm as it is under load.
const BLOCKS: usize = 20;

/// How many invocations one block has.
const BLOCK: usize = 100;

/// How many times a token is fetched from Amazon.
const MISSES: usize = 1000;

/// Everything that one binary was measured at; what a floor cannot do is missing.
#[derive(Debug, Default)]
pub(crate) struct Timings {
    /// From the spawn to the first request for an event.
    pub(crate) init: Sample,
    /// From the spawn to the first answer, which is a store hit.
    pub(crate) first_answer: Sample,
    /// The same request again and again.
    pub(crate) repeated: Sample,
    /// Requests for more partners in turn than the function remembers.
    pub(crate) in_turn: Sample,
    /// Requests for tokens that are kept nowhere.
    pub(crate) misses: Option<Sample>,
    /// The most memory after all of this, in KiB.
    pub(crate) peak_memory: u64,
}

/// Partners who are asked for in turn: more than the 500 tokens that the function remembers, so that by the time one
/// is asked for again its token is forgotten, and comes from the table and is opened.
const IN_TURN: usize = 600;

/// The partner who is asked for again and again.
const THE_SAME: usize = IN_TURN;

/// How many partners there must be.
pub(crate) const PARTNERS: usize = IN_TURN + 1;

/// Measures every binary.
pub(crate) async fn measure(binaries: &[Binary; 4], partners: &Partners) -> Result<[Timings; 4], Fault> {
    let mut timings: [Timings; 4] = Default::default();
    let tls = Tls::in_front_of(partners.stack.ports().aws).await?;
    cold_starts(binaries, partners, &tls, &mut timings).await?;

    let mut processes = Vec::new();
    for binary in binaries {
        // Without TLS: the door's own turns on the processors would be more than what is measured.
        processes.push(Process::spawn(binary, partners.stack.ports(), &[])?);
    }
    let mut asked = 0;
    for _ in 0..BLOCKS {
        for (subject, process) in Subject::ALL.into_iter().zip(&processes) {
            let kept = if subject == Subject::Function { 0 } else { reads(subject) };
            let repeated = block(process, partners, |_| THE_SAME, kept).await?;
            let in_turn =
                block(process, partners, |number| (asked + number) % IN_TURN, reads(subject)).await?;
            timings[subject as usize].repeated.extend(repeated);
            timings[subject as usize].in_turn.extend(in_turn);
        }
        asked += BLOCK;
    }
    let function = Subject::Function as usize;
    timings[function].misses = Some(misses(&processes[function], partners, asked).await?);
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
    // The first round is not counted: it brings the files into the page cache.
    for round in 0..=COLD_STARTS {
        for (subject, binary) in Subject::ALL.into_iter().zip(binaries) {
            partners.stack.aws().reset_calls();
            let mut process = Process::spawn(binary, partners.stack.ports(), &tls.variables())?;
            let (cold_start, answer) = process.cold_start(&partners.request(round), partners.now()).await?;
            let calls = ["DynamoDB", "TrentService", "secretsmanager"].map(|name| partners.aws_calls(name));
            if calls != cold_calls(subject) {
                return Err(format!("{subject:?}: a cold start made {calls:?} calls").into());
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

/// The calls to DynamoDB, KMS and Secrets Manager of a start whose first invocation is a store hit.
fn cold_calls(subject: Subject) -> [u64; 3] {
    match subject {
        Subject::Empty => [0, 0, 0],
        Subject::GetItem => [1, 0, 0],
        Subject::Function | Subject::SameCalls => [1, 1, 0],
    }
}

/// The reads that each of its invocations makes, unless it remembers.
fn reads(subject: Subject) -> u64 {
    cold_calls(subject)[0]
}

/// One block of invocations, the `n`th of them for the partner that `which` tells, each with so many reads.
async fn block(
    process: &Process,
    partners: &Partners,
    which: impl Fn(usize) -> usize,
    reads: u64,
) -> Result<Sample, Fault> {
    // Where the environment stood before, nobody knows; one invocation more is not counted.
    process.invoke(&partners.request(THE_SAME), partners.now()).await?;
    partners.stack.aws().reset_calls();
    let mut sample = Sample::default();
    for number in 0..BLOCK {
        sample.push(process.invoke(&partners.request(which(number)), partners.now()).await?.took);
    }
    match partners.aws_calls("DynamoDB") {
        made if made == reads * BLOCK as u64 => Ok(sample),
        made => Err(format!("{BLOCK} invocations made {made} reads, not {reads} each").into()),
    }
}

/// Requests for tokens that have just been deleted, and are no longer remembered, from the partner `first` on.
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
        calls => Err(format!("{MISSES} misses made {calls} calls to Amazon").into()),
    }
}

fn token(body: &[u8]) -> Result<(), Fault> {
    let answer: Value = serde_json::from_slice(body)?;
    answer["accessToken"].as_str().map(|_| ()).ok_or_else(|| format!("no token: {answer}").into())
}
