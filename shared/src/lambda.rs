//! The interface to Lambda: the start of a function, its events, its requests and its answers.

pub mod cursor;
pub mod log;
pub mod payload;
pub mod runtime;
pub mod trigger;
#[cfg(any(test, fuzzing))]
pub mod untrusted;
