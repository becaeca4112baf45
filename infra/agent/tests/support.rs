//! A Lambda that a test orders about, and agents that invoke it.

pub(crate) mod fake;
pub(crate) mod here;
pub(crate) mod process;
