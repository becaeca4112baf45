//! Which function and version an invocation names: by name, partial ARN or ARN, with or without a qualifier.

use crate::{
    arn::{ACCOUNT, REGION, function_arn},
    aws::{aliases::Aliases, lambda::Refusal},
    environment::PREFIX,
    functions::Functions,
};

/// A function of this stack that an invocation names.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Named<'a> {
    pub(super) function: &'a str,
    /// The alias, or `$LATEST`, if it is named.
    pub(super) qualifier: Option<&'a str>,
}

/// The version that answers, by whatever alias: none is ever published.
pub(super) const VERSION: &str = "$LATEST";

impl<'a> Named<'a> {
    /// Returns the function of an identifier and of the parameter `Qualifier`, if this stack has both and it may be invoked.
    pub(super) fn find(
        identifier: &'a str,
        parameter: Option<&'a str>,
        functions: &Functions,
        aliases: &Aliases,
    ) -> Result<Self, Refusal> {
        let named = Self::function(identifier, parameter, functions)?;
        let known = named.qualifier.is_none_or(|name| name == VERSION || aliases.has(named.function, name));
        known.then_some(()).ok_or_else(|| not_found(named.function, named.qualifier))?;
        Ok(named)
    }

    /// Returns the function, if this stack has it, and the qualifier, which it may not have.
    pub(super) fn function(
        identifier: &'a str,
        parameter: Option<&'a str>,
        functions: &Functions,
    ) -> Result<Self, Refusal> {
        let parts = Parts::of(identifier).ok_or_else(|| Refusal::malformed_name(identifier))?;
        if let Some(region) = parts.region.filter(|region| *region != REGION) {
            return Err(Refusal::not_found(format!(
                "Functions from '{region}' are not reachable in this region ('{REGION}')"
            )));
        }
        if let (Some(own), Some(parameter)) = (parts.qualifier, parameter)
            && own != parameter
        {
            return Err(Refusal::invalid(
                "The derived qualifier from the function name does not match the specified qualifier.",
            ));
        }
        let qualifier = parts.qualifier.or(parameter);
        let arn = function_arn(parts.account.unwrap_or(ACCOUNT), parts.function, qualifier);
        if parts.account.is_some_and(|account| account != ACCOUNT) {
            return Err(Refusal::denied(&arn));
        }
        // With the prefix of a deployed stack, and without one.
        let mut names = [parts.function.strip_prefix(PREFIX), Some(parts.function)].into_iter().flatten();
        let known = names.find(|name| functions.knows(name));
        let function = known.ok_or_else(|| not_found(parts.function, qualifier))?;
        Ok(Self { function, qualifier })
    }
}

fn not_found(function: &str, qualifier: Option<&str>) -> Refusal {
    Refusal::not_found(format!("Function not found: {}", function_arn(ACCOUNT, function, qualifier)))
}

/// The parts of an identifier: `arn:aws:lambda:<region>:<account>:function:<name>:<qualifier>`, of which all but the name may be
/// left out.
struct Parts<'a> {
    region: Option<&'a str>,
    account: Option<&'a str>,
    function: &'a str,
    qualifier: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(identifier: &'a str) -> Option<Self> {
        let parts: Vec<_> = identifier.split(':').collect();
        let (region, account, rest) = match parts.as_slice() {
            ["arn", _, "lambda", region, account, "function", rest @ ..] => {
                (Some(*region), Some(*account), rest)
            }
            [region, account, "function", rest @ ..] => (Some(*region), Some(*account), rest),
            [account, "function", rest @ ..] => (None, Some(*account), rest),
            ["function", rest @ ..] if !rest.is_empty() => (None, None, rest),
            rest => (None, None, rest),
        };
        let (function, qualifier) = match rest {
            [function] => (*function, None),
            [function, qualifier] => (*function, Some(*qualifier)),
            _ => return None,
        };
        let well_formed = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let qualifier_fits =
            qualifier.is_none_or(|qualifier| qualifier == "$LATEST" || well_formed(qualifier));
        (well_formed(function) && qualifier_fits).then_some(Self { region, account, function, qualifier })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::aws::aliases::AliasRequest;

    async fn found<'a>(
        identifier: &'a str,
        parameter: Option<&'a str>,
    ) -> Result<Option<&'a str>, (u16, &'static str)> {
        let (functions, aliases) = (Functions::default(), Aliases::open(None).await.unwrap());
        functions.register("echo", Arc::new(|event| Box::pin(async { Ok(event) })));
        aliases.create("echo", AliasRequest::of_latest("orders")).await.unwrap();
        let found = Named::find(identifier, parameter, &functions, &aliases);
        found.map(|named| named.qualifier).map_err(|refusal| (refusal.status.as_u16(), refusal.kind))
    }

    #[tokio::test]
    async fn a_function_is_found_by_each_form_of_its_name() {
        for name in [
            "echo",
            "echo:$LATEST",
            "spapi-auth-echo",
            "spapi-auth-echo:$LATEST",
            "arn:aws:lambda:us-east-1:123456789012:function:spapi-auth-echo",
            "function:echo",
            "123456789012:function:echo",
            "123456789012:function:echo:$LATEST",
            "us-east-1:123456789012:function:echo",
            "arn:aws:lambda:us-east-1:123456789012:function:echo",
            "arn:aws:lambda:us-east-1:123456789012:function:echo:$LATEST",
        ] {
            let own = name.ends_with(VERSION).then_some(VERSION);
            assert_eq!(found(name, None).await, Ok(own), "{name}");
            assert_eq!(found(name, Some(VERSION)).await, Ok(Some(VERSION)), "{name}");
        }
        for (name, parameter) in [
            ("echo:orders", None),
            ("echo", Some("orders")),
            ("echo:orders", Some("orders")),
            ("arn:aws:lambda:us-east-1:123456789012:function:echo:orders", None),
        ] {
            assert_eq!(found(name, parameter).await, Ok(Some("orders")), "{name} {parameter:?}");
        }
    }

    #[tokio::test]
    async fn what_this_stack_does_not_have_is_refused_as_aws_refuses_it() {
        let not_found = Err((404, "ResourceNotFoundException"));
        for (name, parameter, refusal) in [
            ("nothing", None, not_found),
            ("spapi-auth-nothing", None, not_found),
            ("staging-echo", None, not_found),
            ("spapi-auth-", None, not_found),
            ("echo:live", None, not_found),
            ("echo:1", None, not_found),
            ("echo", Some("live"), not_found),
            ("arn:aws:lambda:us-east-1:123456789012:function:echo:nosuch", None, not_found),
            ("arn:aws:lambda:eu-west-1:123456789012:function:echo", None, not_found),
            (
                "arn:aws:lambda:us-east-1:210987654321:function:echo",
                None,
                Err((403, "AccessDeniedException")),
            ),
            ("210987654321:function:echo", None, Err((403, "AccessDeniedException"))),
            ("echo:$LATEST", Some("live"), Err((400, "InvalidParameterValueException"))),
            ("", None, Err((400, "ValidationException"))),
            ("echo:", None, Err((400, "ValidationException"))),
            ("a:b:c:d", None, Err((400, "ValidationException"))),
            ("arn:aws:sqs:us-east-1:123456789012:echo", None, Err((400, "ValidationException"))),
        ] {
            assert_eq!(found(name, parameter).await, refusal, "{name}, {parameter:?}");
        }
    }
}
