//! Seller Central, Vendor Central, Login with Amazon and SP-API on one loopback port, as strict as the facts about Amazon
//! (F§) describe the real ones.
//!
//! This crate is the oracle of the tests. It never imports `shared`, so that it cannot share a mistake with the code under
//! test.
//!
//! Its modules from bottom to top; a module uses only modules of the lines before its own, or further left in its line:
//!
//! 1. Values: `facts`, `marketplaces`, `accounts`, `roles`, `applications`, `tokens`, `journeys`
//! 2. Tools: `clock`, `random`, `urls`, `faults`, `fault_responses`, `layout`
//! 3. State: `token_settings`, `ledger`, `state_file`, `calls`, `rate_limits`, `notifications`, `backend`, `amazon`
//! 4. What changes the state: `rotation`, `validation`
//! 5. Sites: `login_with_amazon`, `sp_api`, `pages`
//! 6. The control calls: `control`
//! 7. The server: `router`
//!
#![doc = include_str!("../FACTS.md")]

mod accounts;
mod amazon;
mod applications;
mod backend;
mod calls;
mod clock;
mod control;
mod facts;
mod fault_responses;
mod faults;
mod journeys;
mod layout;
mod ledger;
mod login_with_amazon;
mod marketplaces;
mod notifications;
mod pages;
mod random;
mod rate_limits;
mod roles;
mod rotation;
mod router;
mod sp_api;
mod state_file;
#[cfg(test)]
mod testing;
mod token_settings;
mod tokens;
mod urls;
mod validation;

pub use accounts::MalformedId;
pub use amazon::SimulatedAmazon;
pub use applications::Application;
pub use clock::Clock;
pub use faults::{Endpoint, Fault, Faults, Order};
pub use notifications::Subscriber;
pub use state_file::OpenError;
