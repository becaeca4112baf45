//! What the functions have in common, in rooms that stand on one another.
//!
//! From the ground up; a room uses only those above it in this list (`tests/architecture.rs` holds the order):
//!
//! | Room | What is in it |
//! | --- | --- |
//! | [`printable`], [`ids`], [`region`], [`secret`], [`env`], [`deadline`], [`site_origin`] | values that are parsed once, and time |
//! | [`aws`] | the way to AWS: clients and their errors, transactions, sealing, metrics |
//! | [`amazon`] | the way to Amazon: hosts and marketplaces, HTTP, Login with Amazon, SP-API |
//! | [`error`] | what an invoked function answers when it fails |
//! | [`history`] | what happened and who caused it; the event bus |
//! | [`application`] | registered applications |
//! | [`client_secret`] | an application's client secret: its versions, and the protocol of its rotation |
//! | [`grant`] | what a partner gave an application: its row, its calendar, how it is shown, whose token it is |
//! | [`access_token`] | access tokens: what may be handed out, the lease, the cache, when they are due |
//! | [`journey`] | a browser's authorization request, and the links that begin one |
//! | [`grant_change`] | changes of a grant, committed with their history |
//! | [`vending`] | the protocol that hands out tokens and refreshes them |
//! | [`browser`] | cookies, queries, pages |
//! | [`lambda`] | start, events, payloads and answers of a function; alone reads the clock |

pub mod access_token;
pub mod amazon;
pub mod application;
pub mod aws;
pub mod browser;
pub mod client_secret;
pub mod deadline;
pub mod env;
pub mod error;
pub mod grant;
pub mod grant_change;
pub mod history;
pub mod ids;
pub mod journey;
pub mod lambda;
pub mod printable;
pub mod region;
pub mod secret;
pub mod site_origin;
pub mod vending;
