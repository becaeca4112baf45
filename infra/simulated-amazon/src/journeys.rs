//! Journeys of partners who are at the application's login URI: form 4b of the website workflow, the Appstore and
//! re-authorization (F§1.2, F§2).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{accounts::GrantKey, facts::STOREFRONT_HOSTS};

/// How the website workflow continues after consent. It is unknown which application gets which (F§1.2).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum WebsiteForm {
    /// Directly to the redirect URI.
    #[serde(rename = "4a")]
    Direct,
    /// Through the login URI.
    #[default]
    #[serde(rename = "4b")]
    ThroughLogin,
}

/// The shapes in which `amazon_callback_uri` has been seen (F§2.1).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CallbackUri {
    #[default]
    Central,
    #[serde(rename = "amazon.com")]
    AmazonCom,
    Relative,
    TrailingSlash,
}

/// The journey of a partner who was sent to an application's login URI and has not come back yet.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Journey {
    pub(crate) grant: GrantKey,
    /// The central site on which it began.
    pub(crate) host: String,
    pub(crate) callback_uri: CallbackUri,
    pub(crate) ends_at: Timestamp,
}

impl Journey {
    /// Returns whether it may end on this host: where it began, or where its callback URI pointed.
    pub(crate) fn ends_on(&self, host: &str) -> bool {
        let elsewhere = self.callback_uri == CallbackUri::AmazonCom && STOREFRONT_HOSTS.contains(&host);
        elsewhere || self.host == host
    }
}
