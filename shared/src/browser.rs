//! Exchanges with a browser: cookies, queries, pages, and the integrator's addresses to which it may return.

pub mod cookie;
pub mod integrator_url;
pub mod origin_secret;
pub mod page;
pub mod query;
pub mod reference;
pub mod stopped;

/// Returns the path of a request without slashes at its end: `/callback/` is `/callback`.
pub fn without_slash(path: &str) -> &str {
    path.trim_end_matches('/')
}
