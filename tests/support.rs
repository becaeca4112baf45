//! What the tests drive: a whole local stack, browsers, and a caller of functions.

pub mod browser;
pub mod caller;
pub mod invocation;
pub mod world;
