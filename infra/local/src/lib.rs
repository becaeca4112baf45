//! The whole system on one machine: AWS, the simulated Amazon, the gateway and the functions, in one process.

mod arn;
pub mod aws;
pub mod console;
mod control;
pub mod demo;
pub mod environment;
pub mod functions;
pub mod gateway;
pub mod lambdas;
mod locked;
pub mod log_tail;
pub mod metrics;
pub mod poller;
pub mod ports;
pub mod schedules;
pub mod seed;
pub mod stack;
pub mod template;
mod timekeeper;
