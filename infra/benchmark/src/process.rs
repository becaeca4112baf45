//! One environment: a real process of a real binary, started as Lambda starts one.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use local::{environment::environment, ports::Numbers};
use serde_json::Value;

use crate::{
    Fault,
    binaries::Binary,
    runtime_api::{Answer, RuntimeApi},
};

/// A running environment. Dropping it ends the process.
pub(crate) struct Process {
    child: Child,
    api: RuntimeApi,
    spawned: Instant,
}

/// How long it took to be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColdStart {
    /// From the spawn to the first request for an event.
    pub(crate) init: Duration,
    /// From the spawn to the first answer.
    pub(crate) first_answer: Duration,
}

/// The time-out of `get-access-token`.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The kernel counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

impl Process {
    /// Starts `binary` with nothing but Lambda's variables, the function's own, and some that take their place or add to them.
    pub(crate) fn spawn(
        binary: &Binary,
        stack: Numbers,
        variables: &[(&str, String)],
    ) -> Result<Self, Fault> {
        let api = RuntimeApi::open()?;
        let mut command = Command::new(&binary.path);
        command
            .env_clear()
            .envs(LAMBDAS)
            .envs(environment(stack))
            .envs(variables.iter().cloned())
            .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let spawned = Instant::now();
        let child = command.spawn()?;
        Ok(Self { child, api, spawned })
    }

    /// The first invocation, whose event waits for the function as it does on Lambda.
    pub(crate) async fn cold_start(
        &mut self,
        payload: &Value,
        now: Timestamp,
    ) -> Result<(ColdStart, Answer), Fault> {
        let answer = self.invoke(payload, now).await?;
        let cold_start = ColdStart { init: self.started().await?, first_answer: answer.at - self.spawned };
        Ok((cold_start, answer))
    }

    /// How long it took from the spawn to the first request for an event, which this waits for.
    pub(crate) async fn started(&mut self) -> Result<Duration, Fault> {
        Ok(self.api.asked_first().await? - self.spawned)
    }

    /// Its number in the system.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A later invocation.
    pub(crate) async fn invoke(&self, payload: &Value, now: Timestamp) -> Result<Answer, Fault> {
        self.invoke_within(payload, now, TIMEOUT).await
    }

    /// An invocation of a function with another time-out.
    pub(crate) async fn invoke_within(
        &self,
        payload: &Value,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<Answer, Fault> {
        self.api.invoke(payload, now, timeout).await
    }

    /// The processor time that the process has taken so far.
    pub(crate) fn processor_time(&self) -> Result<Duration, Fault> {
        processor_time(&self.child.id().to_string())
    }

    /// The most memory that the process has ever had, in KiB.
    pub(crate) fn peak_memory(&self) -> Result<u64, Fault> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
        Ok(peak.ok_or("the system does not tell VmHWM")?.trim().parse()?)
    }
}

/// The processor time of this program, and with it of the services of its local stack.
pub(crate) fn own_processor_time() -> Result<Duration, Fault> {
    processor_time("self")
}

fn processor_time(process: &str) -> Result<Duration, Fault> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is the program's name in parentheses, which may hold anything.
    let after_name = stat.rsplit_once(')').ok_or("the system does not tell processor time")?.1;
    let ticks = |field: usize| -> Result<u32, Fault> {
        Ok(after_name
            .split_whitespace()
            .nth(field - 3)
            .ok_or("the system tells no processor time")?
            .parse()?)
    };
    Ok(TICK * (ticks(14)? + ticks(15)?))
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What Lambda sets itself, besides the region and the credentials.
const LAMBDAS: [(&str, &str); 11] = [
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_FUNCTION_NAME", "get-access-token"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/get-access-token"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "benchmark"),
    ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
    ("AWS_SESSION_TOKEN", "local"),
    ("LANG", "en_US.UTF-8"),
    ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ("TZ", ":UTC"),
];
