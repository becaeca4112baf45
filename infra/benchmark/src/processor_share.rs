//! The share of a processor that Lambda gives to a function of some memory, by a control group of Linux.
//!
//! Lambda shares processors out in proportion to memory, and 1,769 MB have a whole one
//! (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>). A group of Linux may run for a part of each
//! period and then waits for the next. How long Lambda's periods are AWS does not say; 20 ms are assumed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::Fault;

/// The memory that a whole processor comes with, in MB.
pub(crate) const WHOLE: u32 = 1769;

/// The period in microseconds.
const PERIOD: u32 = 20_000;

/// Where Linux shows its control groups.
const GROUPS: &str = "/sys/fs/cgroup";

/// A group of processes that share so much of a processor. Dropping it removes the group, if its processes have ended.
#[derive(Debug)]
pub(crate) struct ProcessorShare {
    group: PathBuf,
}

impl ProcessorShare {
    /// What `memory` MB come with.
    pub(crate) fn of(memory: u32) -> Result<Self, Fault> {
        Self::under(Path::new(GROUPS), memory).map_err(|error| {
            format!("processors cannot be shared out: {error}; it takes Linux, its control groups, and root").into()
        })
    }

    fn under(groups: &Path, memory: u32) -> io::Result<Self> {
        let quota = PERIOD * memory / WHOLE;
        let name = format!("spapi-auth-benchmark-{}-{memory}", std::process::id());
        if groups.join("cgroup.controllers").exists() {
            let share = Self { group: groups.join(name) };
            fs::write(groups.join("cgroup.subtree_control"), "+cpu")?;
            fs::create_dir(&share.group)?;
            fs::write(share.group.join("cpu.max"), format!("{quota} {PERIOD}"))?;
            Ok(share)
        } else {
            let share = Self { group: groups.join("cpu").join(name) };
            fs::create_dir(&share.group)?;
            fs::write(share.group.join("cpu.cfs_period_us"), PERIOD.to_string())?;
            fs::write(share.group.join("cpu.cfs_quota_us"), quota.to_string())?;
            Ok(share)
        }
    }

    /// From now on `process` and its threads have no more than this share, together with all others that it holds.
    pub(crate) fn hold(&self, process: u32) -> Result<(), Fault> {
        Ok(fs::write(self.group.join("cgroup.procs"), process.to_string())?)
    }
}

impl Drop for ProcessorShare {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.group);
    }
}
