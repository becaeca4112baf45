//! Limits a process to the share of a processor that Lambda gives to a memory size, with a control group of Linux.
//!
//! Lambda assigns processor time in proportion to memory: 1,769 MB have one processor
//! (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>). A control group runs for a part of each
//! period and then waits for the next one. AWS does not publish the length of Lambda's periods; 20 ms are assumed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::Fault;

/// The memory size that has a whole processor, in MB.
pub(crate) const WHOLE: u32 = 1769;

/// The period in microseconds.
const PERIOD: u32 = 20_000;

/// The file system of control groups.
const GROUPS: &str = "/sys/fs/cgroup";

/// A control group with a limited share of a processor. Dropping this removes the group, if its processes have ended.
#[derive(Debug)]
pub(crate) struct ProcessorShare {
    group: PathBuf,
    /// The version of control groups, 1 or 2.
    version: u8,
}

/// The number of groups that were created.
static GROUPS_SO_FAR: AtomicU32 = AtomicU32::new(0);

impl ProcessorShare {
    /// Creates a group with a whole processor.
    pub(crate) fn whole() -> Result<Self, Fault> {
        Self::under(Path::new(GROUPS))
            .map_err(|error| format!("could not create a control group: {error}").into())
    }

    fn under(groups: &Path) -> io::Result<Self> {
        let number = GROUPS_SO_FAR.fetch_add(1, Ordering::Relaxed);
        let name = format!("spapi-auth-benchmark-{}-{number}", std::process::id());
        let share = if groups.join("cgroup.controllers").exists() {
            fs::write(groups.join("cgroup.subtree_control"), "+cpu")?;
            Self { group: groups.join(name), version: 2 }
        } else {
            Self { group: groups.join("cpu").join(name), version: 1 }
        };
        fs::create_dir(&share.group)?;
        share.narrow_to(WHOLE)?;
        Ok(share)
    }

    /// Reduces the share to that of `memory` MB.
    pub(crate) fn narrow_to(&self, memory: u32) -> io::Result<()> {
        let quota = PERIOD * memory / WHOLE;
        if self.version == 2 {
            return fs::write(self.group.join("cpu.max"), format!("{quota} {PERIOD}"));
        }
        fs::write(self.group.join("cpu.cfs_period_us"), PERIOD.to_string())?;
        fs::write(self.group.join("cpu.cfs_quota_us"), quota.to_string())
    }

    /// Adds `process` and its threads to the group.
    pub(crate) fn hold(&self, process: u32) -> io::Result<()> {
        fs::write(self.group.join("cgroup.procs"), process.to_string())
    }
}

impl Drop for ProcessorShare {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a group with 128 MB, under a directory that stands for the system's groups.
    fn written(second_version: bool) -> Vec<(&'static str, String)> {
        let groups = std::env::temp_dir()
            .join(format!("spapi-auth-benchmark-test-{}-{second_version}", std::process::id()));
        fs::create_dir_all(groups.join("cpu")).unwrap();
        if second_version {
            fs::write(groups.join("cgroup.controllers"), "cpu").unwrap();
        }
        let share = ProcessorShare::under(&groups).unwrap();
        share.hold(7).unwrap();
        share.narrow_to(128).unwrap();
        let files = ["cpu.max", "cpu.cfs_period_us", "cpu.cfs_quota_us", "cgroup.procs"];
        let written =
            files.map(|file| fs::read_to_string(share.group.join(file)).ok().map(|text| (file, text)));
        fs::remove_dir_all(groups).unwrap();
        written.into_iter().flatten().collect()
    }

    #[test]
    fn a_group_has_the_share_that_comes_with_its_memory_in_either_version_of_control_groups() {
        let expected = |pairs: &[(&'static str, &str)]| -> Vec<_> {
            pairs.iter().map(|(file, text)| (*file, (*text).to_owned())).collect()
        };

        assert_eq!(written(true), expected(&[("cpu.max", "1447 20000"), ("cgroup.procs", "7")]));
        assert_eq!(
            written(false),
            expected(&[("cpu.cfs_period_us", "20000"), ("cpu.cfs_quota_us", "1447"), ("cgroup.procs", "7")])
        );
    }
}
