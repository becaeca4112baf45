#![doc = include_str!("../README.md")]

pub mod access_token;
pub mod amazon;
pub mod application;
pub mod aws;
pub mod browser;
pub mod client_secret;
pub mod consumer;
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
mod tls;
pub mod vending;
