//! What the tests share.

pub mod functions;
pub mod tool;
