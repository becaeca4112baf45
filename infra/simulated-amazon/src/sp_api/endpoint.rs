//! Under which hosts and paths SP-API and its sandbox are reached (F§7.1).

use axum::http::{Uri, uri::PathAndQuery};

use crate::facts::Region;

/// An endpoint of SP-API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Endpoint {
    /// The region; nothing at the endpoint of all regions, where a token's own region counts.
    pub(crate) region: Option<Region>,
    /// Whether this is the sandbox, which answers with made-up data and changes nothing.
    pub(crate) sandbox: bool,
}

impl Endpoint {
    /// The endpoint of all regions, which only loopback has.
    pub(crate) const ANY_REGION: Self = Self { region: None, sandbox: false };

    /// Returns the endpoint at an official host name.
    pub(crate) fn at(host: &str) -> Option<Self> {
        let (host, sandbox) = match host.strip_prefix("sandbox.") {
            Some(host) => (host, true),
            None => (host, false),
        };
        let region = Region::ALL.into_iter().find(|region| region.sp_api_host() == host)?;
        Some(Self { region: Some(region), sandbox })
    }

    /// Returns the endpoint at a path of loopback, and the address behind it: `/na/…`, or `/sandbox/na/…`. Many clients cannot
    /// resolve names under `localhost`, and no other address of loopback is there on every system.
    pub(crate) fn under(uri: &Uri) -> Option<(Self, Uri)> {
        let path = uri.path();
        let (rest, sandbox) = match path.strip_prefix("/sandbox/") {
            Some(rest) => (rest, true),
            None => (path.strip_prefix('/')?, false),
        };
        let (name, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let region = Region::named(name)?;
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let rest = if rest.is_empty() { "/" } else { rest };
        let behind = PathAndQuery::try_from(format!("{rest}{query}")).ok()?;
        Some((Self { region: Some(region), sandbox }, behind.into()))
    }
}
