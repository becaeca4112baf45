//! A browser's journey: an authorization request from its beginning to the callback, and the links that begin one.

pub mod link;
pub mod link_store;
pub mod request;
pub mod request_store;
