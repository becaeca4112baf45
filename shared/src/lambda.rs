//! Where a function meets Lambda: its start, its events, and what callers send and receive.

pub mod cursor;
pub mod log;
pub mod payload;
pub mod runtime;
pub mod trigger;
