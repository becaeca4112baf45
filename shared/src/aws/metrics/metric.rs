//! The metrics and their dimensions. The dimension is part of a metric's type, so that no value of a partner becomes
//! one.

use crate::ids::ApplicationId;

/// A metric and its dimension.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Metric {
    /// Errors of the class Internal, and panics.
    Internal,
    /// Errors of the class `ApplicationCredentialsRejected`.
    ApplicationCredentialsRejected,
    /// How long Login with Amazon took to answer, in milliseconds. The number of values is that of the calls.
    LwaLatency,
    /// The calls to which it gave no usable answer, or answered that there were too many.
    LwaFailures,
    /// Tokens handed out from memory or from the tables.
    CacheHits,
    /// Tokens handed out that Amazon issued for the request.
    CacheMisses,
    /// Due tokens whose refresh failed, by the class of the failure.
    RefreshFailed(&'static str),
    /// How long the first due token of a run had been due, in seconds.
    DueLag,
    /// Grants that the refresher checked, by their status. Active grants are counted once a day (UTC).
    GrantsSeen(&'static str),
    /// Those of them whose partner must authorize again.
    GrantsNeedingAttention(ApplicationId),
    /// Runs in which so many grants were refused that no refusal counted.
    RefusalsDisbelieved,
    /// Refreshes that Amazon refused in other words than `invalid_grant`, at least twenty minutes after a first
    /// refusal.
    LastingRefusals,
    /// Grants that the daily sweep put back into the refresher's work.
    GrantsRepaired,
    /// Grants that the daily sweep could not read.
    GrantsUnreadable,
    /// Codes that Amazon refused, in journeys of browsers.
    CodesRefused(ApplicationId),
    /// Journeys that were held back before Amazon was asked, because too many codes were refused.
    CodesHeldBack(ApplicationId),
    /// Refresh tokens that Amazon issued and that could not be stored.
    RefreshTokensLost,
    /// Whole days until the first active authorization expires. Negative after that.
    DaysToNearestRenewal(ApplicationId),
    /// Whole days until the client secret ends.
    ClientSecretDaysLeft(ApplicationId),
    /// Whole days for which the client secret should have been replaced. None until a day after the lead time began.
    ClientSecretDaysLate(ApplicationId),
    /// Notifications about the end of a client secret that do not fit what is known.
    ClientSecretExpiryDoubted(ApplicationId),
    /// Client secrets that were requested and did not arrive.
    RotationDidNotCome(ApplicationId),
}

impl Metric {
    /// Returns the metric's name, its unit, and its dimension with the value. The writer adds the name of the
    /// function.
    pub fn described(&self) -> (&'static str, &'static str, (&'static str, &str)) {
        const FUNCTION: (&str, &str) = ("Function", "");
        match self {
            Self::Internal => ("Internal", "Count", FUNCTION),
            Self::ApplicationCredentialsRejected => ("ApplicationCredentialsRejected", "Count", FUNCTION),
            Self::LwaFailures => ("LwaFailures", "Count", FUNCTION),
            Self::LwaLatency => ("LwaLatency", "Milliseconds", FUNCTION),
            Self::CacheHits => ("CacheHits", "Count", FUNCTION),
            Self::CacheMisses => ("CacheMisses", "Count", FUNCTION),
            Self::RefreshFailed(class) => ("RefreshFailed", "Count", ("Class", class)),
            Self::DueLag => ("DueLag", "Seconds", FUNCTION),
            Self::GrantsSeen(status) => ("GrantsSeen", "Count", ("Status", status)),
            Self::GrantsNeedingAttention(id) => ("GrantsNeedingAttention", "Count", application(id)),
            Self::RefusalsDisbelieved => ("RefusalsDisbelieved", "Count", FUNCTION),
            Self::LastingRefusals => ("LastingRefusals", "Count", FUNCTION),
            Self::GrantsRepaired => ("GrantsRepaired", "Count", FUNCTION),
            Self::GrantsUnreadable => ("GrantsUnreadable", "Count", FUNCTION),
            Self::CodesRefused(id) => ("CodesRefused", "Count", application(id)),
            Self::CodesHeldBack(id) => ("CodesHeldBack", "Count", application(id)),
            Self::RefreshTokensLost => ("RefreshTokensLost", "Count", FUNCTION),
            Self::DaysToNearestRenewal(id) => ("DaysToNearestRenewal", "None", application(id)),
            Self::ClientSecretDaysLeft(id) => ("ClientSecretDaysLeft", "None", application(id)),
            Self::ClientSecretDaysLate(id) => ("ClientSecretDaysLate", "None", application(id)),
            Self::ClientSecretExpiryDoubted(id) => ("ClientSecretExpiryDoubted", "Count", application(id)),
            Self::RotationDidNotCome(id) => ("RotationDidNotCome", "Count", application(id)),
        }
    }
}

fn application(id: &ApplicationId) -> (&'static str, &str) {
    ("Application", id.as_str())
}
