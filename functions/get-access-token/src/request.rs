//! What callers may ask, parsed field by field so that an error names the field that is wrong.

use std::str::FromStr;

use jiff::SignedDuration;
use serde_json::{Map, Value};
use shared::{
    amazon::restricted_data::{RestrictedRequest, RestrictedResource},
    error::Error,
    ids::{Account, ApplicationId, MarketplaceId, SellingPartnerId},
    region::Region,
    secret::Fingerprint,
};

/// The longest life that may be asked for: an access token lives an hour, and a new one needs time to arrive.
const LONGEST_MIN_VALID: i64 = 3300;

/// The life that a token has at least when the caller does not say.
const DEFAULT_MIN_VALID: SignedDuration = SignedDuration::from_secs(60);

const FIELDS: [&str; 10] = [
    "account",
    "applicationId",
    "marketplaceId",
    "minValidSeconds",
    "region",
    "rejectedToken",
    "restrictedResources",
    "scope",
    "sellingPartnerId",
    "targetApplication",
];

/// A request for an access token.
#[derive(Debug)]
pub(crate) struct TokenRequest {
    /// Whose token.
    pub(crate) of: Whose,
    /// Which application's; may be left out while one is registered.
    pub(crate) application_id: Option<ApplicationId>,
    /// In which region; may be left out where one grant fits.
    pub(crate) region: Option<Region>,
    /// In which marketplace, which tells the region.
    pub(crate) marketplace_id: Option<MarketplaceId>,
    /// How much life the token must have.
    pub(crate) min_valid: SignedDuration,
    /// A token that SP-API refused.
    pub(crate) rejected: Option<Fingerprint>,
    /// What a restricted token is to open.
    pub(crate) restricted: Option<RestrictedRequest>,
}

/// Whose token is wanted.
#[derive(Debug)]
pub(crate) enum Whose {
    /// The partner's with Amazon's id of it.
    Partner(SellingPartnerId),
    /// The partner's with the caller's own name for it.
    Account(Account),
    /// The application's own, for one scope.
    Scope(String),
}

impl TokenRequest {
    /// Reads the payload of an invocation.
    pub(crate) fn parse(payload: &Value) -> Result<Self, Error> {
        let Value::Object(fields) = payload else {
            return Err(Error::invalid("payload", "a JSON object"));
        };
        if fields.keys().any(|field| !FIELDS.contains(&field.as_str())) {
            return Err(Error::invalid("payload", format!("no fields but {}", FIELDS.join(", "))));
        }
        let of = whose(fields)?;
        let restricted = restricted(fields)?;
        if restricted.is_some() && matches!(of, Whose::Scope(_)) {
            return Err(Error::invalid("restrictedResources", "none together with scope"));
        }
        Ok(Self {
            of,
            application_id: parsed(fields, "applicationId")?,
            region: parsed(fields, "region")?,
            marketplace_id: parsed(fields, "marketplaceId")?,
            min_valid: min_valid(fields)?,
            rejected: parsed(fields, "rejectedToken")?,
            restricted,
        })
    }
}

fn whose(fields: &Map<String, Value>) -> Result<Whose, Error> {
    let scope: Option<String> = parsed(fields, "scope")?;
    match (parsed(fields, "sellingPartnerId")?, parsed(fields, "account")?, scope) {
        (Some(partner), None, None) => Ok(Whose::Partner(partner)),
        (None, Some(account), None) => Ok(Whose::Account(account)),
        (None, None, Some(scope)) if is_scope(&scope) => Ok(Whose::Scope(scope)),
        (None, None, Some(_)) => {
            Err(Error::invalid("scope", "a scope such as sellingpartnerapi::notifications"))
        }
        (None, None, None) => Err(Error::invalid("sellingPartnerId", "it, or account, or scope")),
        (Some(_), Some(_), _) => Err(Error::invalid("account", "either it or sellingPartnerId, not both")),
        (Some(_), None, Some(_)) | (None, Some(_), Some(_)) => Err(Error::invalid(
            "scope",
            "none together with a selling partner: a token of a scope is the application's own",
        )),
    }
}

fn is_scope(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with("sellingpartnerapi::")
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b":_-.".contains(&b))
}

fn restricted(fields: &Map<String, Value>) -> Result<Option<RestrictedRequest>, Error> {
    const NAME: &str = "restrictedResources";
    let target: Option<ApplicationId> = parsed(fields, "targetApplication")?;
    match fields.get(NAME) {
        None | Some(Value::Null) if target.is_some() => {
            Err(Error::invalid("targetApplication", "none without restrictedResources"))
        }
        None | Some(Value::Null) => Ok(None),
        Some(resources) => {
            let resources: Vec<RestrictedResource> =
                serde_json::from_value(resources.clone()).map_err(|_| {
                    Error::invalid(NAME, "a list of {method: GET, PUT, POST or DELETE, path, dataElements?}")
                })?;
            RestrictedRequest::new(resources, target)
                .map(Some)
                .map_err(|malformed| Error::invalid(NAME, malformed.to_string()))
        }
    }
}

fn parsed<T: FromStr<Err: ToString>>(
    fields: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<T>, Error> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            text.parse().map(Some).map_err(|error: T::Err| Error::invalid(name, error.to_string()))
        }
        Some(_) => Err(Error::invalid(name, "a string")),
    }
}

fn min_valid(fields: &Map<String, Value>) -> Result<SignedDuration, Error> {
    const NAME: &str = "minValidSeconds";
    match fields.get(NAME) {
        None | Some(Value::Null) => Ok(DEFAULT_MIN_VALID),
        Some(value) => value
            .as_i64()
            .filter(|seconds| (0..=LONGEST_MIN_VALID).contains(seconds))
            .map(SignedDuration::from_secs)
            .ok_or_else(|| Error::invalid(NAME, format!("a whole number from 0 to {LONGEST_MIN_VALID}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wrong_field_is_named() {
        let resource = json!({"method": "GET", "path": "/orders/v0/orders"});
        for (payload, field) in [
            (json!(null), "payload"),
            (json!([]), "payload"),
            (json!({"sellingPartnerId": "A1", "colour": "red"}), "payload"),
            (json!({}), "sellingPartnerId"),
            (json!({"sellingPartnerId": 7}), "sellingPartnerId"),
            (json!({"sellingPartnerId": "A 1"}), "sellingPartnerId"),
            (json!({"sellingPartnerId": "A".repeat(65)}), "sellingPartnerId"),
            (json!({"sellingPartnerId": "A1", "account": "t"}), "account"),
            (json!({"account": ""}), "account"),
            (json!({"sellingPartnerId": "A1", "region": "us"}), "region"),
            (
                json!({"sellingPartnerId": "A1", "applicationId": "amzn1.application-oa2-client.1"}),
                "applicationId",
            ),
            (json!({"sellingPartnerId": "A1", "marketplaceId": "US!"}), "marketplaceId"),
            (json!({"sellingPartnerId": "A1", "minValidSeconds": -1}), "minValidSeconds"),
            (json!({"sellingPartnerId": "A1", "minValidSeconds": 3301}), "minValidSeconds"),
            (json!({"sellingPartnerId": "A1", "minValidSeconds": 1.5}), "minValidSeconds"),
            (json!({"sellingPartnerId": "A1", "minValidSeconds": "60"}), "minValidSeconds"),
            (json!({"sellingPartnerId": "A1", "rejectedToken": "Atza|x"}), "rejectedToken"),
            (json!({"sellingPartnerId": "A1", "rejectedToken": "A".repeat(64)}), "rejectedToken"),
            (json!({"sellingPartnerId": "A1", "scope": "sellingpartnerapi::notifications"}), "scope"),
            (json!({"scope": "profile"}), "scope"),
            (json!({"scope": "sellingpartnerapi::a sellingpartnerapi::b"}), "scope"),
            (
                json!({"scope": "sellingpartnerapi::x", "restrictedResources": [resource]}),
                "restrictedResources",
            ),
            (json!({"sellingPartnerId": "A1", "restrictedResources": []}), "restrictedResources"),
            (json!({"sellingPartnerId": "A1", "restrictedResources": {}}), "restrictedResources"),
            (
                json!({"sellingPartnerId": "A1", "restrictedResources": vec![&resource; 51]}),
                "restrictedResources",
            ),
            (
                json!({"sellingPartnerId": "A1", "targetApplication": "amzn1.sp.solution.1"}),
                "targetApplication",
            ),
            (
                json!({"sellingPartnerId": "A1", "restrictedResources": [resource], "targetApplication": "x"}),
                "targetApplication",
            ),
        ] {
            let error = TokenRequest::parse(&payload).unwrap_err();

            assert_eq!(error.error_type(), "InvalidRequest");
            assert!(error.to_string().starts_with(&format!("{field}:")), "{payload} gave: {error}");
        }
    }

    #[test]
    fn sixty_seconds_of_life_are_asked_for_unless_the_caller_says() {
        let request = TokenRequest::parse(&json!({"sellingPartnerId": "A1"})).unwrap();

        assert_eq!(request.min_valid, SignedDuration::from_secs(60));
    }
}
