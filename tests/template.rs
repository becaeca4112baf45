//! The deployment's template agrees with the code, and says what no emulator checks.

mod consumers;
mod deployment;
mod edge;
mod lasting;
mod layer;
mod logs;
mod metrics;
mod permissions;
mod reminders;
mod resource_policies;
mod role;
mod safety;
mod sealing_key;
mod stages;
mod triggers;
mod variables;
