//! An environment with the share of a processor that a function of some memory has.

use std::time::Duration;

use local::ports::Numbers;

use crate::{Fault, binaries::Binary, process::Process, processor_share::ProcessorShare};

/// A process that has started on a whole processor, and has its share since.
pub(crate) struct Environment {
    // In this order: a group can be removed once its process has ended.
    pub(crate) process: Process,
    _share: ProcessorShare,
    /// From the spawn to the first request for an event.
    pub(crate) start: Duration,
}

impl Environment {
    /// Starts one with `memory` MB.
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
