//! Tests of the agent against a Lambda whose answers a test decides.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod freezing;
mod guard;
mod health;
mod lambda_extension;
mod memory;
mod process;
mod protocol;
mod support;
