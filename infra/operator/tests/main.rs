//! Tests of the built `spapi-auth`, against functions whose answers a test decides, and against the local stack.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod applications;
mod bulk;
mod changes;
mod configuration;
mod console;
mod consumers;
mod doctor;
mod exports;
mod failures;
mod grants;
mod last_day;
mod links_and_events;
mod local_stack;
mod reading;
mod restore;
mod roles;
mod secrecy;
mod service;
mod settings;
mod streaming;
mod support;
mod tail;
