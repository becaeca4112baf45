//! The table of the agent, in Markdown.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::{
    binaries::Binary,
    report::{both, mebibytes},
    sample::Sample,
};

/// All measurements of the agent.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) binary: Binary,
    /// The times from the start of the extension until it says that it is ready.
    pub(crate) init: Sample,
    /// Requests of one client for a token in memory.
    pub(crate) hits: Sample,
    /// Requests under load, in `took`, with the processor time of the agent.
    pub(crate) answered: usize,
    pub(crate) took: Duration,
    pub(crate) processor: Duration,
    /// The peak memory after that, in KiB.
    pub(crate) memory: u64,
    /// The invocations for 200 callers of one cold token.
    pub(crate) cold: usize,
    /// The peak memory after these callers, in KiB.
    pub(crate) memory_of_crowd: u64,
}

impl Display for Figures {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "| spapi-auth-agent | Measured | Target |")?;
        writeln!(f, "| --- | --: | --: |")?;
        let mut row =
            |name: &str, measured: String, target: &str| writeln!(f, "| {name} | {measured} | {target} |");
        row("added to the init of a function, p50 / p99 in ms", both(&self.init), "at most 15")?;
        row("a token in memory, p50 / p99 in ms", both(&self.hits), "at most 0.3 at p50")?;
        row("answers a second, 16 clients", self.per_second(self.took), "")?;
        row("answers for each second of processor time", self.per_second(self.processor), "at least 5,000")?;
        row("peak memory with 17 clients, MiB", mebibytes(self.memory * 1024), "at most 12")?;
        row("invocations for 200 callers of one cold token", self.cold.to_string(), "1")?;
        row("peak memory with these 200 callers, MiB", mebibytes(self.memory_of_crowd * 1024), "")?;
        row("zip, MiB", mebibytes(self.binary.zipped as u64), "at most 4")
    }
}

impl Figures {
    #[expect(clippy::cast_precision_loss, reason = "a table shows whole numbers")]
    fn per_second(&self, time: Duration) -> String {
        format!("{:.0}", self.answered as f64 / time.as_secs_f64())
    }
}
