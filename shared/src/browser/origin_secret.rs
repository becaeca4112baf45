//! Whether a request came through the distribution in front of this site: it proves it with a header that nobody else can send.

use std::str::FromStr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{HeaderMap, Method},
};

use crate::{
    browser::{
        page::{Message, Page},
        stopped::Stopped,
    },
    env::{Env, Unset},
    ids::Malformed,
    secret::Fingerprint,
};

/// The header in which the distribution of `infra/edge.yaml` sends the origin secret, in place of what a browser sends there.
pub const HEADER: &str = "x-spapi-auth-origin";

/// The SHA-256 of each origin secret that is valid: of two while one replaces the other. Without any, every request is answered.
#[derive(Clone, Debug, Default)]
pub struct OriginSecrets(Vec<Fingerprint>);

impl OriginSecrets {
    /// Reads `ORIGIN_SECRET_HASHES`: one or two SHA-256 in lower-case hex digits, with a comma between them, or nothing.
    pub fn from_env(env: &Env) -> Result<Self, Unset> {
        Ok(env.optional_parsed("ORIGIN_SECRET_HASHES")?.unwrap_or_default())
    }

    /// Returns the page for a request that did not come through the distribution, which is the one for an address that does not exist. It
    /// costs no read, and says nothing of the application.
    pub fn refusal(&self, request: &Request, now: Timestamp) -> Option<Response<Body>> {
        if self.admit(request.headers()) {
            return None;
        }
        let stopped =
            Stopped::unknown(now).because("the request did not come through the CloudFront distribution");
        stopped.log(Message::NotFound);
        let mut page = Page::new(Message::NotFound, request.headers(), stopped.reference()).response();
        if request.method() == Method::HEAD {
            *page.body_mut() = Body::Empty;
        }
        Some(page)
    }

    /// Compares hashes in constant time, so that nobody finds a secret piece by piece.
    fn admit(&self, headers: &HeaderMap) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let mut values = headers.get_all(HEADER).iter();
        let (Some(presented), None) = (values.next().and_then(|value| value.to_str().ok()), values.next())
        else {
            return false;
        };
        let presented = Fingerprint::of(presented);
        let equal = |valid: &Fingerprint| {
            verify_slices_are_equal(valid.as_str().as_bytes(), presented.as_str().as_bytes()).is_ok()
        };
        self.0.iter().fold(false, |found, valid| found | equal(valid))
    }
}

impl FromStr for OriginSecrets {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests;
