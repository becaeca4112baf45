//! The constants among the facts about Amazon, each with its section of `FACTS.md`, which is the documentation of this crate.
//! The table of marketplaces is in `marketplaces.rs`.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// One of the three parts of the world that an authorization covers (F§1.8).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    Na,
    Eu,
    Fe,
}

impl Region {
    pub(crate) const ALL: [Self; 3] = [Self::Na, Self::Eu, Self::Fe];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Na => "na",
            Self::Eu => "eu",
            Self::Fe => "fe",
        }
    }

    /// The host that serves SP-API for this region (F§7.1).
    pub(crate) fn sp_api_host(self) -> &'static str {
        match self {
            Self::Na => "sellingpartnerapi-na.amazon.com",
            Self::Eu => "sellingpartnerapi-eu.amazon.com",
            Self::Fe => "sellingpartnerapi-fe.amazon.com",
        }
    }

    /// Returns the region of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.name() == name)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The codes that Amazon's own pages show when a journey cannot go on (F§1.6).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PageCode {
    /// The application is unknown, or the version asked for does not fit it.
    Md1000,
    /// The application id is malformed, or the host is the wrong one.
    Md4010,
    /// The OAuth URL is bad in general.
    Md5100,
    /// The redirect URI is not a registered one.
    Md5101,
    /// A URI has a fragment.
    Md5110,
    /// The application was registered without a login URI or without a redirect URI.
    Md9100,
    /// The URL itself is malformed.
    Md9999,
}

impl PageCode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Md1000 => "MD1000",
            Self::Md4010 => "MD4010",
            Self::Md5100 => "MD5100",
            Self::Md5101 => "MD5101",
            Self::Md5110 => "MD5110",
            Self::Md9100 => "MD9100",
            Self::Md9999 => "MD9999",
        }
    }
}

/// An SP-API operation with a usage plan of its own.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Operation {
    Account,
    ClientSecret,
    Destinations,
    OrdersV0,
    Participations,
    RestrictedDataToken,
    SearchOrders,
}

impl Operation {
    /// Requests a second, and requests that may come at once, per application and selling partner (F§5.1, F§6, F§7.3, F§7.4).
    fn usage_plan(self) -> (f64, f64) {
        match self {
            Self::Account | Self::Participations => (0.016, 15.0),
            Self::ClientSecret => (0.0167, 1.0),
            Self::Destinations => (1.0, 5.0),
            Self::OrdersV0 => (0.0167, 20.0),
            Self::RestrictedDataToken => (1.0, 10.0),
            Self::SearchOrders => (0.0056, 20.0),
        }
    }

    /// Requests a second.
    pub(crate) fn rate(self) -> f64 {
        self.usage_plan().0
    }

    /// Requests that may come at once.
    pub(crate) fn burst(self) -> f64 {
        self.usage_plan().1
    }
}

/// Login with Amazon, for all regions (F§4.1).
pub(crate) const LOGIN_WITH_AMAZON_HOST: &str = "api.amazon.com";

/// Hosts beside the central ones that `amazon_callback_uri` may name (F§2.1).
pub(crate) const STOREFRONT_HOSTS: [&str; 2] = ["amazon.com", "www.amazon.com"];

/// The path of the token endpoint, and the variant in which it occurs in Amazon's samples (F§4.1).
pub(crate) const TOKEN_PATHS: [&str; 2] = ["/auth/o2/token", "/auth/O2/token"];

/// The paths that describe an access token, in both spellings (F§4.6).
pub(crate) const TOKEN_INFO_PATHS: [&str; 2] = ["/auth/o2/tokeninfo", "/auth/O2/tokeninfo"];

/// What an application id begins with (F§1.1).
pub(crate) const APPLICATION_ID_PREFIXES: [&str; 2] = ["amzn1.sellerapps.app.", "amzn1.sp.solution."];

/// What a Login with Amazon client id begins with (F§1.1).
pub(crate) const CLIENT_ID_PREFIX: &str = "amzn1.application-oa2-client.";

/// What `version` says for an application in draft (F§1.3).
pub(crate) const DRAFT_VERSION: &str = "beta";

/// Scopes of grantless tokens whose operations exist (F§4.3).
pub(crate) const SCOPES: [&str; 3] =
    [ROTATION_SCOPE, NOTIFICATIONS_SCOPE, "sellingpartnerapi::shipments:track"];

/// The scope of the operations on destinations (F§4.3).
pub(crate) const NOTIFICATIONS_SCOPE: &str = "sellingpartnerapi::notifications";

/// The scope of an operation that was removed; it may still be served (F§4.3, F§3.5).
pub(crate) const MIGRATION_SCOPE: &str = "sellingpartnerapi::migration";

/// The scope of the operation that rotates a client secret (F§4.3).
pub(crate) const ROTATION_SCOPE: &str = "sellingpartnerapi::client_credential:rotation";

/// How long an authorization code is good (F§1.4).
pub(crate) const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// How long a whole journey may take, from consent to confirmation (F§1.4).
pub(crate) const JOURNEY_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How long an access token or restricted data token is good (F§4.4, F§6).
pub(crate) const ACCESS_TOKEN_LIFE: SignedDuration = SignedDuration::from_secs(3600);

/// How long a partner's authorization of a public application lasts (F§3.2).
pub(crate) const GRANT_LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);

/// How long a client secret is good (F§5.1).
pub(crate) const CLIENT_SECRET_LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// How long the secrets before stay good after a rotation (F§5.1).
pub(crate) const CLIENT_SECRET_OVERLAP: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a client secret begins with (F§1.1).
pub(crate) const CLIENT_SECRET_PREFIX: &str = "amzn1.oa2-cs.v1.";

/// How many days before its end a secret is announced to expire. Unconfirmed: the example in Amazon's documents comes 53 days
/// before (F§5.3), reminders by e-mail begin 90 days before (F§5.1), and nothing tells the schedule of the messages (F§11).
pub(crate) const EXPIRY_REMINDERS: [i64; 6] = [90, 60, 53, 30, 14, 7];

/// The longest `User-Agent` that SP-API takes (F§7.1).
pub(crate) const USER_AGENT_LIMIT: usize = 500;

/// The most resources that one restricted data token covers (F§6).
pub(crate) const RESTRICTED_RESOURCES_LIMIT: usize = 50;
