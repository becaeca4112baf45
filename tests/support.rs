//! What the tests drive: a whole local stack, browsers, and a caller of functions.

pub mod browser;
pub mod built;
pub mod caller;
pub mod crowd;
pub mod environments;
pub mod invocation;
pub mod linking;
pub mod log;
pub mod operator;
pub mod port;
pub mod repository;
pub mod secrets;
pub mod slow_motion;
pub mod world;
