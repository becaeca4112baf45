//! Every promise of the design, through the front door: a browser with cookies, an AWS client, and nothing else.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(unreachable_pub, reason = "everything here is private to one binary")]

mod support;

mod administration;
mod agent;
mod applications;
mod architecture;
mod auditing;
mod bad_input;
mod caller_names;
mod changes;
mod choosing;
mod client_secret;
mod code_sends;
mod conflicts;
mod console;
mod consumers;
mod cost;
mod disabling;
mod documents;
mod entropy;
mod events;
mod grantless;
mod histories;
mod import;
mod just_written;
mod lasting_refusals;
mod linking;
mod listing;
mod logging;
mod lost_tokens;
mod marketplaces;
mod metrics;
mod minted_after;
mod misbehaviour;
mod ownership;
mod pages;
mod refreshing;
mod refusals;
mod regions;
mod restore;
mod restricted;
mod roles;
mod rotation;
mod sealing;
mod secrecy;
mod single_flight;
mod state;
mod stopping;
mod stores;
mod template;
mod transient_failures;
mod vending;
mod workflows;
