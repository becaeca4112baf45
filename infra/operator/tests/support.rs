//! What several tests use.

pub(crate) mod console;
pub(crate) mod folder;
pub(crate) mod functions;
pub(crate) mod stack;
pub(crate) mod tool;
