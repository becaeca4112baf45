//! The deployment's template agrees with the code, and says what no emulator checks.

mod deployment;
mod permissions;
mod safety;
mod triggers;
mod variables;
