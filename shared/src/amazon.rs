//! Amazon's addresses: the only place that makes a URL from one of Amazon's hosts.
//!
//! Local runs use a simulated Amazon. Its port is the only setting, so that no setting can send the client secret
//! anywhere but to Amazon or to this machine.

pub mod credentials;
pub mod failure;
pub mod http;
pub mod look_alike;
pub mod lwa;
pub mod marketplace;
pub mod restricted_data;
pub mod scope;
pub mod sp_api;
pub mod verification;

use std::net::{Ipv4Addr, SocketAddr};

use crate::{
    amazon::marketplace::Marketplaces,
    env::{Env, Unset},
    region::Region,
};

/// The host of Login with Amazon's token endpoint, for every region (F§4.1).
const LWA_HOST: &str = "api.amazon.com";

/// Hosts to which Amazon takes the browser back and that belong to no marketplace (F§2.1).
const OTHER_CALLBACK_HOSTS: [&str; 2] = ["amazon.com", "www.amazon.com"];

/// Amazon's addresses.
#[derive(Clone, Debug)]
pub struct Amazon {
    marketplaces: Marketplaces,
    simulated_port: Option<u16>,
}

impl Amazon {
    /// Reads `MARKETPLACES` (a JSON array of rows that extend the table) and `SIMULATED_AMAZON_PORT`.
    pub fn from_env(env: &Env) -> Result<Self, Unset> {
        let marketplaces = match env.optional("MARKETPLACES") {
            None => Marketplaces::default(),
            Some(json) => serde_json::from_str(json)
                .map_err(|error| error.to_string())
                .and_then(|rows| Marketplaces::extended_by(rows).map_err(|error| error.to_string()))
                .map_err(|reason| Unset::malformed("MARKETPLACES", &reason))?,
        };
        Ok(Self { marketplaces, simulated_port: env.optional_parsed("SIMULATED_AMAZON_PORT")? })
    }

    /// Returns the marketplaces and their hosts.
    pub fn marketplaces(&self) -> &Marketplaces {
        &self.marketplaces
    }

    /// Returns the scheme and authority under which a browser or a function reaches `host`.
    pub fn origin(&self, host: &str) -> String {
        match self.simulated_port {
            None => format!("https://{host}"),
            Some(port) => format!("http://{host}.localhost:{port}"),
        }
    }

    /// Returns every address to which Amazon may lead a browser from one of its hosts, as sources of a content
    /// security policy. The hosts of Amazon's sign-in are not documented (F§2.2), so for the real Amazon this is all
    /// of https.
    pub fn sources(&self) -> String {
        match self.simulated_port {
            None => "https:".to_owned(),
            Some(port) => format!("http://*.localhost:{port}"),
        }
    }

    /// Returns the Amazon host with whose origin `text` begins, and what follows it. Port 443 may be written out.
    ///
    /// The comparison is textual, and `text` is never parsed as a URL: what does not look exactly like an origin of
    /// Amazon is not one, so two parsers cannot disagree on it.
    pub fn split_origin<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let rest = text.strip_prefix(if self.simulated_port.is_some() { "http://" } else { "https://" })?;
        let (authority, path) = rest.split_at(rest.find('/')?);
        let host = match self.simulated_port {
            None => authority.strip_suffix(":443").unwrap_or(authority),
            Some(port) => authority.strip_suffix(&format!(".localhost:{port}"))?,
        };
        let known = OTHER_CALLBACK_HOSTS.contains(&host) || self.marketplaces.central_host(host).is_some();
        known.then_some((host, path))
    }

    /// Returns the page at `host` where a partner sees what it has authorized, and can authorize it again (F§3.1).
    pub fn manage_your_apps_url(&self, host: &str) -> String {
        format!("{}/apps/manage", self.origin(host))
    }

    /// Returns Login with Amazon's token endpoint.
    pub fn token_endpoint(&self) -> String {
        format!("{}/auth/o2/token", self.origin(LWA_HOST))
    }

    /// Returns the base address of SP-API in `region`. That of the simulated Amazon has no host name, because callers get it
    /// and many clients cannot resolve names under `localhost`.
    pub fn sp_api_endpoint(&self, region: Region) -> String {
        match self.simulated_port {
            None => self.origin(region.sp_api_host()),
            Some(port) => format!("http://{}:{port}/{region}", Ipv4Addr::LOCALHOST),
        }
    }

    /// Returns the base address of the sandbox of SP-API in `region`, which takes the same tokens and answers with made-up data
    /// (F§7.1).
    pub fn sp_api_sandbox_endpoint(&self, region: Region) -> String {
        match self.simulated_port {
            None => self.origin(&format!("sandbox.{}", region.sp_api_host())),
            Some(port) => format!("http://{}:{port}/sandbox/{region}", Ipv4Addr::LOCALHOST),
        }
    }

    /// Returns host names that the machine's resolver need not know: the simulated host that functions call, on loopback.
    pub(crate) fn resolved(&self) -> impl Iterator<Item = (String, SocketAddr)> {
        let on_loopback =
            |port| (format!("{LWA_HOST}.localhost"), SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        self.simulated_port.into_iter().map(on_loopback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_exact_origin_of_amazon_is_split_off() {
        let amazon = Amazon::from_env(&Env::default()).unwrap();

        assert_eq!(
            amazon.split_origin("https://www.vendorcentral.in/x"),
            Some(("www.vendorcentral.in", "/x"))
        );
        assert_eq!(amazon.split_origin("https://amazon.com:443/x"), Some(("amazon.com", "/x")));
        assert_eq!(
            amazon.sp_api_sandbox_endpoint(Region::Fe),
            "https://sandbox.sellingpartnerapi-fe.amazon.com"
        );
        for other in [
            "http://amazon.com/x",
            "https://amazon.com",
            "https://amazon.com.evil/x",
            "https://a@amazon.com/x",
        ] {
            assert_eq!(amazon.split_origin(other), None, "{other}");
        }
    }

    #[test]
    fn a_simulated_amazon_is_always_on_this_machine() {
        let amazon = Amazon::from_env(&Env::from_pairs([("SIMULATED_AMAZON_PORT", "9001")])).unwrap();

        assert_eq!(amazon.token_endpoint(), "http://api.amazon.com.localhost:9001/auth/o2/token");
        assert_eq!(amazon.sp_api_endpoint(Region::Eu), "http://127.0.0.1:9001/eu");
        assert_eq!(amazon.split_origin("https://amazon.com/x"), None);
        assert!(amazon.resolved().all(|(_, address)| address.ip().is_loopback()));
        assert!(Amazon::from_env(&Env::from_pairs([("SIMULATED_AMAZON_PORT", "evil.example")])).is_err());
    }
}
