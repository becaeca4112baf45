//! What the tests share.

pub(crate) mod functions;
pub(crate) mod tool;
