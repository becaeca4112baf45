//! Exchanges with a browser: cookies, queries, pages, and the integrator's addresses to which it may return.

pub mod cookie;
pub mod integrator_url;
pub mod page;
pub mod query;
pub mod stopped;
