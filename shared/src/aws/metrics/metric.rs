//! What is measured, and of what: a dimension is part of a metric's type, so that nothing of a partner's becomes one.

use crate::ids::ApplicationId;

/// What is measured, and of what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Metric {
    /// Errors of the class Internal, and panics.
    Internal,
    /// Errors of the class `ApplicationCredentialsRejected`.
    ApplicationCredentialsRejected,
    /// Calls to Login with Amazon.
    LwaCalls,
    /// Those to which it gave no usable answer, or asked to slow down.
    LwaFailures,
    /// How long it took to answer, in milliseconds.
    LwaLatency,
    /// Tokens handed out that were kept, in memory or in the tables.
    CacheHits,
    /// Tokens handed out that were fetched from Amazon.
    CacheMisses,
    /// Due tokens that were refreshed.
    TokensRefreshed,
    /// Due tokens that were not, by the class of the failure.
    RefreshFailed(&'static str),
    /// How long the first due token of a run had been due, in seconds.
    DueLag,
    /// Grants that the refresher looked at, by their status; those that mint tokens once a day of UTC.
    GrantsSeen(&'static str),
    /// Those of them that ask for their partner.
    GrantsNeedingAttention(ApplicationId),
    /// Runs in which so many grants were refused that none was believed to be.
    RefusalsDisbelieved,
    /// Whole days until the first of the active authorizations lapses; below zero once it has.
    DaysToNearestRenewal(ApplicationId),
    /// Whole days until the client secret ends.
    ClientSecretDaysLeft(ApplicationId),
    /// Client secrets that were asked for and did not come.
    RotationDidNotCome(ApplicationId),
}

impl Metric {
    /// Its name, its unit, and its dimension with the value; of the function, whoever writes knows the name.
    #[must_use]
    pub fn described(&self) -> (&'static str, &'static str, (&'static str, &str)) {
        const FUNCTION: (&str, &str) = ("Function", "");
        match self {
            Self::Internal => ("Internal", "Count", FUNCTION),
            Self::ApplicationCredentialsRejected => ("ApplicationCredentialsRejected", "Count", FUNCTION),
            Self::LwaCalls => ("LwaCalls", "Count", FUNCTION),
            Self::LwaFailures => ("LwaFailures", "Count", FUNCTION),
            Self::LwaLatency => ("LwaLatency", "Milliseconds", FUNCTION),
            Self::CacheHits => ("CacheHits", "Count", FUNCTION),
            Self::CacheMisses => ("CacheMisses", "Count", FUNCTION),
            Self::TokensRefreshed => ("TokensRefreshed", "Count", FUNCTION),
            Self::RefreshFailed(class) => ("RefreshFailed", "Count", ("Class", class)),
            Self::DueLag => ("DueLag", "Seconds", FUNCTION),
            Self::GrantsSeen(status) => ("GrantsSeen", "Count", ("Status", status)),
            Self::GrantsNeedingAttention(id) => ("GrantsNeedingAttention", "Count", application(id)),
            Self::RefusalsDisbelieved => ("RefusalsDisbelieved", "Count", FUNCTION),
            Self::DaysToNearestRenewal(id) => ("DaysToNearestRenewal", "None", application(id)),
            Self::ClientSecretDaysLeft(id) => ("ClientSecretDaysLeft", "None", application(id)),
            Self::RotationDidNotCome(id) => ("RotationDidNotCome", "Count", application(id)),
        }
    }
}

fn application(id: &ApplicationId) -> (&'static str, &str) {
    ("Application", id.as_str())
}
