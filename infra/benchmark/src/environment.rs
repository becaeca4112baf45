//! An environment with the share of a processor that belongs to a memory size.

use std::time::Duration;

use local::ports::Numbers;

use crate::{Fault, binaries::Binary, process::Process, processor_share::ProcessorShare};

/// A process that starts on a whole processor and then runs with its share.
pub(crate) struct Environment {
    // The order matters: a control group can be removed only after its process has ended.
    pub(crate) process: Process,
    _share: ProcessorShare,
    /// The time from the spawn to the first request for an event.
    pub(crate) start: Duration,
}

impl Environment {
    /// Starts an environment with `memory` MB.
    pub(crate) async fn start(
        binary: &Binary,
        stack: Numbers,
        variables: &[(&str, String)],
        memory: u32,
    ) -> Result<Self, Fault> {
        let share = ProcessorShare::whole()?;
        let mut process = Process::spawn(binary, stack, variables)?;
        share.hold(process.id())?;
        let start = process.started().await?;
        share.narrow_to(memory)?;
        Ok(Self { process, _share: share, start })
    }
}
