//! What is wrong with the payload of an invocation, said by the field and never with what came.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    amazon::marketplace::PartnerType,
    error::Error,
    history::actor::{By, Reason},
    ids::{Account, ApplicationId, ClientId, SellingPartnerId},
    region::Region,
    secret::Fingerprint,
};

/// A field, the same in every operation that has it, with what it should be and a test of that.
type Field = (&'static str, &'static str, fn(&Value) -> bool);

const A_TIME: &str = "a time of RFC 3339 such as 2026-11-21T12:00:00Z";
const YES_OR_NO: &str = "true or false";

const FIELDS: [Field; 29] = [
    ("operation", "one of this function's operations", Value::is_string),
    ("account", "an account of 1 to 128 visible ASCII characters other than #", is::<Account>),
    (
        "applicationId",
        "an application id such as amzn1.sp.solution.00000000-0000-0000-0000-000000000000",
        is::<ApplicationId>,
    ),
    ("authorizedAt", A_TIME, is::<jiff::Timestamp>),
    ("by", "1 to 64 printable characters without a blank at either end", is::<By>),
    ("clientId", "a client id such as amzn1.application-oa2-client.0123456789abcdef", is::<ClientId>),
    ("cursor", "a text: the cursor of an answer to the same request", Value::is_string),
    ("defaultRegion", "na, eu or fe", is::<Region>),
    ("draft", YES_OR_NO, Value::is_boolean),
    ("expiresAt", A_TIME, is::<jiff::Timestamp>),
    ("fingerprint", "a SHA-256 in 64 lower-case hex digits", is::<Fingerprint>),
    ("from", A_TIME, is::<jiff::Timestamp>),
    ("kind", "oauth or self", |value| value == "oauth" || value == "self"),
    ("limit", "a whole number from 1 to 100", is::<u32>),
    ("name", "a text", Value::is_string),
    ("partnerType", "seller or vendor", is::<PartnerType>),
    ("reason", "1 to 200 printable characters without a blank at either end", is::<Reason>),
    ("refreshToken", "a text", Value::is_string),
    ("region", "na, eu or fe", is::<Region>),
    ("renewalDueBefore", A_TIME, is::<jiff::Timestamp>),
    ("resolution", "accept or reject", |value| value == "accept" || value == "reject"),
    ("returnUrls", "a list of texts", is::<Vec<String>>),
    ("scopes", "a list of texts", is::<Vec<String>>),
    ("secret", "a text", Value::is_string),
    ("sellingPartnerId", "a selling partner id of 1 to 64 letters, digits, - or _", is::<SellingPartnerId>),
    ("signInUrl", "a text", Value::is_string),
    ("status", "active, reauthorizationRequired, disabled or removed", is_status),
    ("until", A_TIME, is::<jiff::Timestamp>),
    ("vendorsNeedBeta", YES_OR_NO, Value::is_boolean),
];

/// Names the field that is wrong in a `payload` that could not be understood as an operation. The parser's own words may
/// quote a value, which may be a secret, so only those are passed on that it says of names of ours.
#[must_use]
pub fn not_understood(payload: &Value, error: &serde_json::Error) -> Error {
    let Value::Object(fields) = payload else {
        return Error::invalid("payload", "a JSON object with an operation and its fields");
    };
    let wrong =
        |(name, _, is): &&Field| fields.get(*name).is_some_and(|value| !value.is_null() && !is(value));
    if let Some((name, expected, _)) = FIELDS.iter().find(wrong) {
        return Error::invalid(name, *expected);
    }
    let text = error.to_string();
    // What the parser expects is a list of our own names; what it quotes before that is not.
    if let Some((_, operations)) = text.rsplit_once("`, expected ")
        && text.starts_with("unknown variant `")
    {
        return Error::invalid("operation", operations.replace('`', ""));
    }
    let name: String =
        text.chars().skip_while(|c| *c != '`').skip(1).take_while(|c| *c != '`').take(40).collect();
    let known = FIELDS.iter().find(|(known, ..)| *known == name);
    if let (true, Some((known, expected, _))) = (text.starts_with("missing field `"), known) {
        return Error::invalid(known, format!("{expected}, which this operation needs"));
    }
    // A name that is none may be a secret in the wrong place.
    if text.starts_with("unknown field `") && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') {
        return Error::invalid("payload", format!("the operation's fields; {name} is none of them"));
    }
    if text.starts_with("missing field `") {
        return Error::invalid("payload", format!("the operation's fields; {name} is missing"));
    }
    // Null stands for a field that is left out, where that may be.
    let null = |(name, _, _): &&Field| fields.get(*name).is_some_and(Value::is_null);
    if let Some((name, expected, _)) = FIELDS.iter().find(null) {
        return Error::invalid(name, *expected);
    }
    Error::invalid("payload", "the operation's fields and no others, each of its type")
}

fn is<T: DeserializeOwned>(value: &Value) -> bool {
    serde_json::from_value::<T>(value.clone()).is_ok()
}

fn is_status(value: &Value) -> bool {
    ["active", "reauthorizationRequired", "disabled", "removed"].iter().any(|known| value == *known)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(
        tag = "operation",
        rename_all = "camelCase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )]
    enum Operation {
        #[expect(dead_code, reason = "only its parsing is tested")]
        Dance {
            application_id: ApplicationId,
            region: Option<Region>,
            secret: Option<String>,
        },
        Sing {},
    }

    #[test]
    fn a_wrong_field_is_named_and_what_came_is_not() {
        let id = "amzn1.sp.solution.1";
        for (payload, said) in [
            (json!([]), "payload: expected a JSON object"),
            (json!({}), "operation: expected one of this function's operations, which"),
            (json!({"operation": 7}), "operation: expected one of"),
            (json!({"operation": "hunter2`, expected x"}), "operation: expected dance or sing"),
            (json!({"operation": "dance"}), "applicationId: expected an application id such as"),
            (json!({"operation": "dance", "applicationId": "hunter2"}), "applicationId: expected"),
            (
                json!({"operation": "dance", "applicationId": id, "region": "hunter2"}),
                "region: expected na, eu or fe",
            ),
            (
                json!({"operation": "dance", "applicationId": id, "secret": {"hunter2": 1}}),
                "secret: expected a text",
            ),
            (
                json!({"operation": "dance", "applicationId": id, "colour": "hunter2"}),
                "payload: expected the operation's fields; colour",
            ),
            (
                json!({"operation": "dance", "applicationId": id, "hunter2": ""}),
                "payload: expected the operation's fields and no",
            ),
            (
                json!({"operation": "sing", "region": "na"}),
                "payload: expected the operation's fields; region",
            ),
        ] {
            let error = Operation::deserialize(&payload).unwrap_err();
            let said_of_it = not_understood(&payload, &error).to_string();

            assert!(said_of_it.starts_with(said), "{payload}: {said_of_it}");
            assert!(!said_of_it.contains("hunter2"), "{said_of_it}");
        }
    }
}
