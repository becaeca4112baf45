//! Why there is no token, in the terms of `get-access-token` and in those of Login with Amazon.

use axum::http::StatusCode;

/// Why there is no token. The message holds no secret and no part of a request's body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Failure {
    /// The `errorType` of the function, the code of AWS's error, or a name of the agent's own.
    pub(crate) error_type: String,
    /// A sentence for a person.
    pub(crate) message: String,
    /// What follows from it for a cached token.
    pub(crate) verdict: Verdict,
}

/// What a failure says about a token that was confirmed before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// Nothing, and the same request may succeed soon: no connection, a time-out, 5xx, throttling.
    Transient,
    /// Nothing, but it is not worth a retry: the function met an internal error.
    Internal,
    /// The token must not be handed out again.
    Final,
}

impl Failure {
    /// The name of a failure to reach Lambda, and of one of Amazon's own: both are worth a retry.
    pub(crate) const UNAVAILABLE: &str = "AmazonUnavailable";
    /// The name of "slow down", from Lambda as from Amazon.
    pub(crate) const THROTTLED: &str = "AmazonThrottled";
    const INTERNAL: &str = "Internal";

    /// A failure with a name of the function's, which decides the verdict.
    pub(crate) fn of_function(error_type: impl Into<String>, message: impl Into<String>) -> Self {
        let error_type = error_type.into();
        let verdict = match error_type.as_str() {
            Self::UNAVAILABLE | Self::THROTTLED => Verdict::Transient,
            Self::INTERNAL => Verdict::Internal,
            _ => Verdict::Final,
        };
        Self { error_type, message: message.into(), verdict }
    }

    /// Lambda was not reached, did not answer in time, or answered with 5xx.
    pub(crate) fn unreachable(message: impl Into<String>) -> Self {
        Self::of_function(Self::UNAVAILABLE, message)
    }

    /// A field is wrong; `expected` says what it should be.
    pub(crate) fn invalid(field: &str, expected: &str) -> Self {
        Self::of_function("InvalidRequest", format!("{field}: expected {expected}"))
    }

    /// A cached token that has not ended may be handed out although it was not confirmed.
    pub(crate) fn leaves_the_token(&self) -> bool {
        self.verdict != Verdict::Final
    }

    /// The status and the `error` that Login with Amazon would answer (RFC 6749, section 5.2). `for_scope`: the request was for
    /// a scope.
    pub(crate) fn in_oauth(&self, for_scope: bool) -> (StatusCode, &'static str) {
        match self.error_type.as_str() {
            "UnknownSellingPartner" | "ReauthorizationRequired" | "AuthorizationDisabled" => {
                (StatusCode::BAD_REQUEST, "invalid_grant")
            }
            "UnknownApplication" | "ApplicationCredentialsRejected" | "InvalidKey" => {
                (StatusCode::UNAUTHORIZED, "invalid_client")
            }
            "InvalidRequest" | "AmbiguousSellingPartner" => (StatusCode::BAD_REQUEST, "invalid_request"),
            "RequestRefused" if for_scope => (StatusCode::BAD_REQUEST, "invalid_scope"),
            "RequestRefused" | "ApplicationDisabled" => (StatusCode::BAD_REQUEST, "unauthorized_client"),
            "InvalidScope" => (StatusCode::BAD_REQUEST, "invalid_scope"),
            "UnsupportedGrantType" => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            "Forbidden" => (StatusCode::FORBIDDEN, "access_denied"),
            "NotFound" => (StatusCode::NOT_FOUND, "not_found"),
            "MethodNotAllowed" => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::UNAVAILABLE | Self::THROTTLED => {
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
            }
            // `Internal`, what Lambda says of a function that crashed, and what AWS says to this agent's credentials.
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_nothing_about_the_grant_leaves_a_cached_token() {
        for error_type in ["AmazonThrottled", "AmazonUnavailable", "Internal"] {
            assert!(Failure::of_function(error_type, "").leaves_the_token(), "{error_type}");
        }
        for error_type in [
            "InvalidRequest",
            "UnknownApplication",
            "UnknownSellingPartner",
            "AmbiguousSellingPartner",
            "ReauthorizationRequired",
            "AuthorizationDisabled",
            "ApplicationDisabled",
            "ApplicationCredentialsRejected",
            "RequestRefused",
            "AccessDeniedException",
            "ResourceNotFoundException",
            "ExpiredTokenException",
            "Runtime.ExitError",
            "Unhandled",
        ] {
            assert!(!Failure::of_function(error_type, "").leaves_the_token(), "{error_type}");
        }
    }

    #[test]
    fn each_error_of_the_function_has_the_name_in_login_with_amazon_that_the_guide_says() {
        let quoted = |cell: &'static str| cell.split('`').skip(1).step_by(2);
        let table = |document: &'static str, head: &str| {
            let (_, table) = document.split_once(head).unwrap();
            let rows = table.lines().skip(2).take_while(|line| line.starts_with("| `"));
            rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let functions = include_str!("../../../functions/README.md");
        let known: Vec<_> =
            table(functions, "| `errorType` | Meaning").iter().flat_map(|row| quoted(row[1])).collect();
        assert!(known.len() >= 12 && known.contains(&"ApplicationDisabled"), "{known:?}");

        let mut said = Vec::new();
        for row in table(include_str!("../README.md"), "| `error` | Status") {
            let (error, status) = (quoted(row[1]).next().unwrap(), row[2].parse().unwrap());
            for error_type in quoted(row[3]).filter(|quoted| known.contains(quoted)) {
                let (found, name) = Failure::of_function(error_type, "").in_oauth(false);
                assert_eq!((found.as_u16(), name), (status, error), "{error_type}");
                said.push(error_type);
            }
        }
        for error_type in known {
            assert!(said.contains(&error_type), "the guide does not say what {error_type} becomes");
        }
    }

    #[test]
    fn what_else_fails_has_a_name_too() {
        for (error_type, status, error) in [
            ("InvalidKey", 401, "invalid_client"),
            ("InvalidScope", 400, "invalid_scope"),
            ("UnsupportedGrantType", 400, "unsupported_grant_type"),
            ("Runtime.ExitError", 500, "server_error"),
            ("AccessDeniedException", 500, "server_error"),
        ] {
            let (found, name) = Failure::of_function(error_type, "").in_oauth(false);
            assert_eq!((found.as_u16(), name), (status, error), "{error_type}");
        }
        let of_scope = Failure::of_function("RequestRefused", "").in_oauth(true);
        assert_eq!(of_scope, (StatusCode::BAD_REQUEST, "invalid_scope"));
    }
}
