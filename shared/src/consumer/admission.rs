//! What an invocation may have: by the alias in the ARN by which the function was invoked, and by the variable `CONSUMERS`.

use std::{str::FromStr, sync::Arc};

use super::{ConsumerStore, May, Policy, WithoutPolicy};
use crate::{
    aws::Aws,
    deadline::{Clock, retry_until},
    env::{Env, Unset},
    error::Error,
    ids::{ApplicationId, ConsumerName, Malformed},
};

/// The one sentence for all that a policy does not cover, whether it exists or not.
const NOT_COVERED: &str = "the policy of this consumer does not cover it";

/// The sentence for an invocation that names no consumer where each must.
const CONSUMER_REQUIRED: &str = "CONSUMERS is required here, and this invocation names no consumer; hint: invoke the function by the \
                                 alias of a consumer, such as get-access-token:orders";

/// How a function was invoked, by the ARN of the invocation. IAM decides who may use which ARN.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Invoked {
    /// Without a qualifier, or as `$LATEST`.
    Unqualified,
    /// By an alias.
    By(ConsumerName),
    /// By the number of a version, or by an ARN that is not understood. No policy covers it.
    Otherwise,
}

impl Invoked {
    /// Parses `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]`.
    pub fn of_arn(arn: &str) -> Self {
        let parts: Vec<_> = arn.split(':').collect();
        match parts.as_slice() {
            ["arn", _, "lambda", _, _, "function", _]
            | ["arn", _, "lambda", _, _, "function", _, "$LATEST"] => Self::Unqualified,
            ["arn", _, "lambda", _, _, "function", _, alias] => {
                alias.parse().map_or(Self::Otherwise, Self::By)
            }
            _ => Self::Otherwise,
        }
    }
}

/// What invocations without a consumer get.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mode {
    /// Everything.
    Optional,
    /// Nothing.
    Required,
}

impl FromStr for Mode {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text {
            "optional" => Ok(Self::Optional),
            "required" => Ok(Self::Required),
            _ => Err(Malformed("optional or required")),
        }
    }
}

/// Decides what an invocation may have.
#[derive(Debug)]
pub struct Consumers {
    mode: Mode,
    store: ConsumerStore,
}

impl Consumers {
    /// Reads `CONSUMERS` (`optional`, the default, or `required`) and `APPLICATIONS_TABLE`.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let table = env.required("APPLICATIONS_TABLE")?.to_owned();
        Ok(Self {
            mode: env.optional_parsed("CONSUMERS")?.unwrap_or(Mode::Optional),
            store: ConsumerStore::new(aws.dynamodb(), table),
        })
    }

    /// Returns what the invocation may have. The policy is the one of at most 60 s ago. The lines of the invocation's log name the
    /// consumer from now on.
    pub async fn admit(&self, invoked: &Invoked, clock: Clock) -> Result<Reach, Error> {
        let name = match invoked {
            Invoked::Unqualified if self.mode == Mode::Optional => return Ok(Reach::everything()),
            Invoked::Unqualified => return Err(Error::RequestRefused(CONSUMER_REQUIRED)),
            Invoked::Otherwise => return Err(not_covered()),
            Invoked::By(name) => name,
        };
        tracing::Span::current().record("consumer", name.as_str());
        let policy = retry_until(clock.deadline(), || self.store.find(name, clock.now())).await?;
        match policy {
            Ok(policy) => return Ok(Reach(Some(policy))),
            Err(WithoutPolicy::Missing) => tracing::warn!(
                "Consumer {name} has no policy, and gets nothing; hint: give it one with putConsumer"
            ),
            Err(WithoutPolicy::Unreadable) => tracing::error!(
                "The policy of consumer {name} cannot be read by this release, and so it gets nothing; hint: install the release \
                 that wrote it, or replace it with putConsumer"
            ),
        }
        Err(not_covered())
    }
}

/// What an invocation may have: everything, or what a policy covers.
#[derive(Clone, Debug)]
pub struct Reach(Option<Arc<Policy>>);

impl Reach {
    /// What an invocation may have that names no consumer.
    pub fn everything() -> Self {
        Self(None)
    }

    /// Returns the policy, if there is one.
    pub fn policy(&self) -> Option<&Arc<Policy>> {
        self.0.as_ref()
    }

    /// Whether there is no policy, or it covers what is asked for.
    pub fn covers(&self, covers: impl FnOnce(&Policy) -> bool) -> bool {
        self.0.as_deref().is_none_or(covers)
    }

    /// The same, as a refusal.
    pub fn allows(&self, covers: impl FnOnce(&Policy) -> bool) -> Result<(), Error> {
        if self.covers(covers) { Ok(()) } else { Err(not_covered()) }
    }

    /// Refuses an operation of `authorizations` that the policy does not name.
    pub fn allows_to(&self, may: May) -> Result<(), Error> {
        self.allows(|policy| policy.may.contains(&may))
    }

    /// Returns the application that a request names, or the only one that the policy lists. `None` leaves the choice to the
    /// registry.
    pub fn application(&self, named: Option<ApplicationId>) -> Result<Option<ApplicationId>, Error> {
        let Some(policy) = &self.0 else { return Ok(named) };
        match (named, &policy.application_ids) {
            (Some(named), listed) if listed.covers(&named) => Ok(Some(named)),
            (None, super::Listed::All(_)) => Ok(None),
            (None, super::Listed::Of(listed)) if listed.len() == 1 => Ok(listed.first().cloned()),
            (None, super::Listed::Of(listed)) if listed.len() > 1 => {
                Err(Error::invalid("applicationId", "one, since the policy of this consumer lists several"))
            }
            _ => Err(not_covered()),
        }
    }
}

/// The refusal of what a policy does not cover.
pub fn not_covered() -> Error {
    Error::RequestRefused(NOT_COVERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_says_by_which_alias_a_function_was_invoked() {
        let name = "arn:aws:lambda:us-east-1:123456789012:function:get-access-token";
        let by = |alias: &str| Invoked::By(alias.parse().unwrap());
        for (arn, expected) in [
            (name.to_owned(), Invoked::Unqualified),
            (format!("{name}:$LATEST"), Invoked::Unqualified),
            (format!("{name}:orders"), by("orders")),
            (name.replace("arn:aws:", "arn:aws-cn:") + ":1a-_", by("1a-_")),
            (format!("{name}:7"), Invoked::Otherwise),
            (format!("{name}:"), Invoked::Otherwise),
            (format!("{name}:a:b"), Invoked::Otherwise),
            (format!("{name}:a b"), Invoked::Otherwise),
            (format!("{name}:{}", "a".repeat(129)), Invoked::Otherwise),
            (String::new(), Invoked::Otherwise),
            ("No header lambda-runtime-invoked-function-arn found.".to_owned(), Invoked::Otherwise),
        ] {
            assert_eq!(Invoked::of_arn(&arn), expected, "{arn}");
        }
    }

    #[test]
    fn an_application_is_chosen_among_those_of_the_policy() {
        let reach = |ids: serde_json::Value| {
            let policy = serde_json::json!({"applicationIds": ids});
            Reach(Some(Arc::new(serde_json::from_value(policy).unwrap())))
        };
        let (one, two) = ("amzn1.sp.solution.1", "amzn1.sp.solution.2");
        for (ids, named, expected) in [
            (serde_json::json!([one]), None, Ok(Some(one))),
            (serde_json::json!([one]), Some(one), Ok(Some(one))),
            (serde_json::json!([one]), Some(two), Err("RequestRefused")),
            (serde_json::json!([one, two]), None, Err("InvalidRequest")),
            (serde_json::json!([]), None, Err("RequestRefused")),
            (serde_json::json!("all"), None, Ok(None)),
            (serde_json::json!("all"), Some(two), Ok(Some(two))),
        ] {
            let chosen = reach(ids.clone()).application(named.map(|id| id.parse().unwrap()));
            let chosen = chosen.map(|id| id.map(String::from)).map_err(|error| error.error_type());
            assert_eq!(chosen, expected.map(|id| id.map(ToOwned::to_owned)), "{ids} {named:?}");
        }
    }
}
