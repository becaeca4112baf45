//! Where we are ourselves: the addresses that are registered at Amazon.

use crate::env::{Env, Unset};

/// The origin under which browsers reach this service.
#[derive(Clone, Debug)]
pub struct SiteOrigin {
    origin: String,
}

impl SiteOrigin {
    /// Reads `SITE_ORIGIN`, such as `https://auth.example.com`. Only a loopback address may use http, because Amazon
    /// registers no other (F§1.1).
    pub fn from_env(env: &Env) -> Result<Self, Unset> {
        const EXPECTED: &str = "an https origin without a path, such as https://auth.example.com";
        let origin = env.required("SITE_ORIGIN")?;
        let authority = match origin.split_once("://") {
            Some(("https", authority)) => authority,
            Some(("http", authority)) if is_loopback(authority) => authority,
            _ => return Err(Unset::malformed("SITE_ORIGIN", EXPECTED)),
        };
        let well_formed = !authority.is_empty()
            && authority.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.:".contains(&b));
        if !well_formed {
            return Err(Unset::malformed("SITE_ORIGIN", EXPECTED));
        }
        Ok(Self { origin: origin.to_owned() })
    }

    /// Returns the origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the OAuth Redirect URI to register at Amazon. Every token exchange names exactly this one.
    pub fn redirect_uri(&self) -> String {
        format!("{}/callback", self.origin)
    }

    /// Returns the OAuth Login URI to register at Amazon.
    pub fn login_uri(&self) -> String {
        format!("{}/login", self.origin)
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    host == "localhost" || host == "127.0.0.1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_may_do_without_https() {
        let site = |origin| SiteOrigin::from_env(&Env::from_pairs([("SITE_ORIGIN", origin)]));

        assert_eq!(
            site("https://auth.example.com").unwrap().redirect_uri(),
            "https://auth.example.com/callback"
        );
        assert!(site("http://127.0.0.1:9000").is_ok());
        for refused in [
            "http://auth.example.com",
            "https://auth.example.com/",
            "https://",
            "ftp://x",
            "auth.example.com",
            "http://localhost.evil",
        ] {
            assert!(site(refused).is_err(), "{refused}");
        }
    }
}
