//! What is exchanged with a browser: cookies, queries, pages, and the addresses to which it may be sent back.

pub mod cookie;
pub mod integrator_url;
pub mod page;
pub mod query;
pub mod stopped;
