//! What the functions have in common.
//!
//! Arrows point one way:
//!
//! - values and pure decisions: [`ids`], [`secret`], [`region`], [`marketplace`], [`grant`], [`authorization`],
//!   [`authorization_link`], [`authorization_request`], [`completion`], [`access_token`], [`upkeep`], [`renewal`],
//!   [`invitation`], [`status_change`], [`restricted`], [`rotation`];
//! - neighbours, one store or client each: [`application`], [`authorization_link_store`], [`authorization_request_store`],
//!   [`grant_store`], [`history_store`], [`access_token_store`], [`rotation_store`], [`credentials`], [`secret_versions`],
//!   [`sealing`], [`lwa`], [`sp_api`], [`refresh_queue`], [`event_bus`];
//! - what sets functions going: [`trigger`] by schedules and queues, [`invocation`] by callers;
//! - the protocols that join them: [`vending`] hands out tokens, [`client_secret`] takes in new secrets;
//! - and [`runtime`], which alone reads the clock, and has written what all of them count in [`metrics`].

pub mod access_token;
pub mod access_token_store;
pub mod amazon;
pub mod application;
pub mod authorization;
pub mod authorization_link;
pub mod authorization_link_store;
pub mod authorization_request;
pub mod authorization_request_store;
pub mod aws;
pub mod by;
pub mod client_secret;
pub mod completion;
pub mod cookie;
pub mod credentials;
pub mod cursor;
pub mod deadline;
pub mod env;
pub mod error;
pub mod event_bus;
pub mod grant;
pub mod grant_change;
pub mod grant_store;
pub mod grant_view;
pub mod history;
pub mod history_store;
pub mod http_client;
pub mod ids;
pub mod integrator_url;
pub mod invitation;
pub mod invocation;
pub mod lwa;
pub mod marketplace;
pub mod memory;
pub mod metrics;
pub mod page;
pub mod query;
pub mod refresh_queue;
pub mod region;
pub mod renewal;
pub mod restricted;
pub mod rotation;
pub mod rotation_store;
pub mod runtime;
pub mod sealing;
pub mod secret;
pub mod secret_versions;
pub mod site;
pub mod sp_api;
pub mod status_change;
pub mod transaction;
pub mod trigger;
pub mod upkeep;
pub mod vending;
pub mod verification;
