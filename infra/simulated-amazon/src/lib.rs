//! Seller Central, Vendor Central, Login with Amazon and SP-API on one loopback port, as strict as the facts below say
//! that the real ones are.
//!
//! It is the oracle of the tests and shares no code with what it tests, so that both cannot share a mistake.
//!
#![doc = include_str!("../FACTS.md")]

mod accounts;
mod applications;
mod calls;
mod checks;
mod clock;
mod control;
mod facts;
mod faults;
mod journeys;
mod ledger;
mod login_with_amazon;
mod marketplaces;
mod misbehaviour;
mod notifications;
mod office;
mod pages;
mod parameters;
mod random;
mod rotation;
mod sites;
mod sp_api;
mod state_file;
mod terms;
#[cfg(test)]
mod testing;
mod tokens;

pub use accounts::MalformedId;
pub use applications::Application;
pub use clock::Clock;
pub use faults::{Endpoint, Fault, Faults, Order};
pub use notifications::Subscriber;
pub use office::SimulatedAmazon;
pub use state_file::OpenError;
