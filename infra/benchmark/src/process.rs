//! One environment: a process of a real binary, started as Lambda starts it.

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

/// The times of a cold start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColdStart {
    /// The time from the spawn to the first request for an event.
    pub(crate) init: Duration,
    /// The time from the spawn to the first answer.
    pub(crate) first_answer: Duration,
}

/// The time limit of `get-access-token`.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The unit of the kernel's processor times.
const TICK: Duration = Duration::from_millis(10);

impl Process {
    /// Starts `binary` with Lambda's variables, the function's own, and `variables`, which add to them or replace them.
    pub(crate) fn spawn(
        binary: &Binary,
        stack: Numbers,
        variables: &[(&str, String)],
    ) -> Result<Self, Fault> {
        Self::spawn_command(Command::new(&binary.path), stack, variables)
    }

    /// Starts any program in the same way.
    pub(crate) fn spawn_command(
        mut command: Command,
        stack: Numbers,
        variables: &[(&str, String)],
    ) -> Result<Self, Fault> {
        let api = RuntimeApi::open()?;
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

    /// Makes the first invocation. Its event waits for the function to start, as on Lambda.
    pub(crate) async fn cold_start(
        &mut self,
        payload: &Value,
        now: Timestamp,
    ) -> Result<(ColdStart, Answer), Fault> {
        let answer = self.invoke(payload, now).await?;
        let cold_start = ColdStart { init: self.started().await?, first_answer: answer.at - self.spawned };
        Ok((cold_start, answer))
    }

    /// Waits for the first request for an event. Returns the time since the spawn.
    pub(crate) async fn started(&mut self) -> Result<Duration, Fault> {
        Ok(self.api.asked_first().await? - self.spawned)
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Makes a later invocation.
    pub(crate) async fn invoke(&self, payload: &Value, now: Timestamp) -> Result<Answer, Fault> {
        self.invoke_within(payload, now, TIMEOUT).await
    }

    /// Makes an invocation with another time limit.
    pub(crate) async fn invoke_within(
        &self,
        payload: &Value,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<Answer, Fault> {
        self.api.invoke(payload, now, timeout).await
    }

    /// The processor time that the process has used so far.
    pub(crate) fn processor_time(&self) -> Result<Duration, Fault> {
        processor_time(&self.child.id().to_string())
    }

    /// The peak memory of the process in KiB.
    pub(crate) fn peak_memory(&self) -> Result<u64, Fault> {
        peak_memory(self.child.id())
    }
}

/// The peak memory of a process in KiB.
pub(crate) fn peak_memory(process: u32) -> Result<u64, Fault> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    Ok(peak.ok_or("/proc has no VmHWM")?.trim().parse()?)
}

/// The processor time of this program, which includes the services of its local stack.
pub(crate) fn own_processor_time() -> Result<Duration, Fault> {
    processor_time("self")
}

/// The processor time that a process has used so far.
pub(crate) fn processor_time(process: &str) -> Result<Duration, Fault> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is the program's name in parentheses. It can contain any character.
    let after_name = stat.rsplit_once(')').ok_or("/proc has no processor time")?.1;
    let ticks = |field: usize| -> Result<u32, Fault> {
        Ok(after_name.split_whitespace().nth(field - 3).ok_or("/proc has no processor time")?.parse()?)
    };
    Ok(TICK * (ticks(14)? + ticks(15)?))
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The variables that Lambda sets, besides the region and the credentials.
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
