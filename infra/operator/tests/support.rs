//! What the tests share.

pub(crate) mod functions;
pub(crate) mod office;
pub(crate) mod tool;
