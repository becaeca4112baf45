//! What a client asks for, as the payload of `get-access-token`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{failure::Failure, partner};

/// The life that a token for an SDK must have: what the SDK reads, and a minute for its own delays.
const MIN_VALID_FOR_SDKS: i64 = 360;

/// The life that `get-access-token` assumes where a request names none.
const DEFAULT_MIN_VALID: i64 = 60;

/// The life with which a token goes to an SDK where it cannot be confirmed.
const LEAST_LIFE: i64 = 30;

/// A request for a token.
#[derive(Clone)]
pub(crate) struct TokenRequest {
    fields: Map<String, Value>,
    /// The life that the function is asked for, in seconds.
    pub(crate) min_valid: i64,
    /// The life that a cached token needs to be handed out unconfirmed, in seconds.
    pub(crate) least_life: i64,
}

impl TokenRequest {
    /// Of the fields of Login with Amazon's token request. `basic_client` is the client id of HTTP Basic.
    pub(crate) fn of_oauth(
        form: &BTreeMap<String, String>,
        basic_client: Option<&str>,
    ) -> Result<Self, Failure> {
        let field = |name: &str| form.get(name).map(String::as_str);
        let mut fields = match field("grant_type") {
            Some("refresh_token") => partner::fields(field("refresh_token").unwrap_or_default())?,
            Some("client_credentials") => {
                let scope = the_scope(field("scope").unwrap_or_default())?;
                Map::from_iter([("scope".to_owned(), Value::from(scope))])
            }
            Some("authorization_code") => {
                return Err(unsupported("codes are exchanged by code-exchange alone"));
            }
            Some(_) => return Err(unsupported("expected refresh_token or client_credentials")),
            None => return Err(Failure::invalid("grant_type", "refresh_token or client_credentials")),
        };
        // Any other text is ignored: some SDKs cache tokens by client id alone, so their users put the partner there.
        let client = [field("client_id"), basic_client].into_iter().flatten().find(|id| is_application(id));
        if let Some(id) = client {
            fields.insert("applicationId".to_owned(), Value::from(id));
        }
        Ok(Self { fields, min_valid: MIN_VALID_FOR_SDKS, least_life: LEAST_LIFE })
    }

    /// Of a query with the fields of `get-access-token`, which checks all but `minValidSeconds`.
    pub(crate) fn of_query(query: &str) -> Result<Self, Failure> {
        let (mut fields, mut min_valid) = (Map::new(), DEFAULT_MIN_VALID);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "minValidSeconds" => {
                    min_valid =
                        value.parse().map_err(|_| Failure::invalid(&name, "a whole number of seconds"))?;
                }
                "dataElements" => {
                    let list = fields.entry(name).or_insert_with(|| Value::Array(Vec::new()));
                    let elements = value.split(',').map(str::trim).filter(|element| !element.is_empty());
                    list.as_array_mut()
                        .into_iter()
                        .for_each(|list| list.extend(elements.clone().map(Value::from)));
                }
                // An object, as the function takes it; what is none, the function refuses.
                "parameters" => {
                    let object = serde_json::from_str(&value).unwrap_or_else(|_| Value::from(value.as_ref()));
                    if fields.insert(name.to_string(), object).is_some() {
                        return Err(Failure::of_function("InvalidRequest", "a field is in the query twice"));
                    }
                }
                _ if fields.insert(name.to_string(), Value::from(value.as_ref())).is_some() => {
                    return Err(Failure::of_function("InvalidRequest", "a field is in the query twice"));
                }
                _ => {}
            }
        }
        Ok(Self { fields, min_valid, least_life: min_valid })
    }

    /// The payload of the invocation.
    pub(crate) fn payload(&self) -> String {
        let mut payload = self.fields.clone();
        payload.insert("minValidSeconds".to_owned(), Value::from(self.min_valid));
        Value::Object(payload).to_string()
    }

    /// What the token is for: requests of one subject can share a token.
    pub(crate) fn subject(&self) -> String {
        let about_a_token = |name: &str| matches!(name, "rejectedToken" | "mintedAfter");
        let subject = self.fields.iter().filter(|(name, _)| !about_a_token(name));
        Value::Object(subject.map(|(name, value)| (name.clone(), value.clone())).collect()).to_string()
    }

    /// The hex SHA-256 of a token that SP-API refused.
    pub(crate) fn rejected(&self) -> Option<&str> {
        self.fields.get("rejectedToken")?.as_str()
    }

    /// Whether only `get-access-token` can tell which token is new enough.
    pub(crate) fn wants_a_newer_token(&self) -> bool {
        self.fields.contains_key("mintedAfter")
    }

    /// Whether it asks for the application's own token.
    pub(crate) fn is_for_scope(&self) -> bool {
        self.fields.contains_key("scope")
    }
}

/// The only scope. `sellingpartnerapi::migration` does not count beside another: some C# libraries add it to every request.
fn the_scope(text: &str) -> Result<&str, Failure> {
    let mut scopes: Vec<&str> = text.split_ascii_whitespace().collect();
    if scopes.len() > 1 {
        scopes.retain(|scope| *scope != "sellingpartnerapi::migration");
    }
    match scopes[..] {
        [scope] => Ok(scope),
        _ => Err(Failure::of_function("InvalidScope", "scope: expected exactly one scope")),
    }
}

fn is_application(text: &str) -> bool {
    text.starts_with("amzn1.sp.solution.") || text.starts_with("amzn1.sellerapps.app.")
}

fn unsupported(why: &str) -> Failure {
    Failure::of_function("UnsupportedGrantType", format!("grant_type: {why}"))
}

/// The fields of a form or of a JSON object, without those that are empty or null. Numbers and truth values become text; lists and
/// objects are left out, as unknown fields are.
pub(crate) fn form(content_type: Option<&str>, body: &[u8]) -> Result<BTreeMap<String, String>, Failure> {
    let media_type = content_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    let mut form: BTreeMap<String, String> = if media_type.eq_ignore_ascii_case("application/json") {
        let fields: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| Failure::invalid("body", "a JSON object"))?;
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        fields.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
    } else {
        form_urlencoded::parse(body).into_owned().collect()
    };
    form.retain(|_, value| !value.is_empty());
    Ok(form)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn oauth(fields: &[(&str, &str)]) -> Result<Value, Failure> {
        let form = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Ok(serde_json::from_str(&TokenRequest::of_oauth(&form, None)?.payload()).unwrap())
    }

    #[test]
    fn json_may_hold_nulls_numbers_and_unknown_fields() {
        let body = br#"{"grant_type": "refresh_token", "scope": null, "client_id": 7, "x": {"y": []}, "z": true, "e": ""}"#;
        let fields = form(Some("Application/JSON; charset=utf-8"), body).unwrap();
        let expected = [("client_id", "7"), ("grant_type", "refresh_token"), ("z", "true")];
        assert!(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected));

        for broken in [&b"["[..], b"[]", b"{", b"\xff", b""] {
            assert_eq!(form(Some("application/json"), broken).unwrap_err().error_type, "InvalidRequest");
        }
    }

    #[test]
    fn a_form_is_decoded_once_and_json_never() {
        let fields = form(None, b"a=x%2541+y&b=%26&c=").unwrap();
        assert_eq!((fields["a"].as_str(), fields["b"].as_str(), fields.get("c")), ("x%41 y", "&", None));
        let fields = form(Some("application/json"), br#"{"a": "x%41+y"}"#).unwrap();
        assert_eq!(fields["a"], "x%41+y");
    }

    #[test]
    fn the_client_id_counts_only_if_it_is_an_application_id() {
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", "na:A1")];
        let with = |id| oauth(&[refresh[0], refresh[1], ("client_id", id)]).unwrap()["applicationId"].clone();
        assert_eq!(with("amzn1.sp.solution.1"), "amzn1.sp.solution.1");
        assert_eq!(with("amzn1.application-oa2-client.1"), Value::Null);
        assert_eq!(with("na:A1"), Value::Null);
    }

    #[test]
    fn one_scope_is_asked_for_and_a_code_is_refused() {
        let scope = |text| oauth(&[("grant_type", "client_credentials"), ("scope", text)]);
        let expected = json!({"scope": "sellingpartnerapi::notifications", "minValidSeconds": 360});
        assert_eq!(scope("sellingpartnerapi::notifications").unwrap(), expected);
        assert_eq!(scope("sellingpartnerapi::migration sellingpartnerapi::notifications").unwrap(), expected);
        for several in ["", " ", "sellingpartnerapi::a sellingpartnerapi::b"] {
            assert_eq!(scope(several).unwrap_err().error_type, "InvalidScope");
        }
        for grant_type in ["authorization_code", "password"] {
            let failure = oauth(&[("grant_type", grant_type), ("code", "x")]).unwrap_err();
            assert_eq!(failure.error_type, "UnsupportedGrantType");
        }
        assert_eq!(oauth(&[]).unwrap_err().error_type, "InvalidRequest");
    }

    #[test]
    fn a_query_has_the_fields_of_the_function() {
        let request = TokenRequest::of_query(
            "account=a%26b&region=na&operation=orders.v0.getOrders&dataElements=buyerInfo,shippingAddress&minValidSeconds=600\
             &rejectedToken=00",
        )
        .unwrap();
        let expected = json!({"account": "a&b", "region": "na", "operation": "orders.v0.getOrders",
            "dataElements": ["buyerInfo", "shippingAddress"], "minValidSeconds": 600, "rejectedToken": "00"});
        assert_eq!(serde_json::from_str::<Value>(&request.payload()).unwrap(), expected);
        assert!(!request.subject().contains("rejectedToken"), "requests of one subject share a token");

        assert_eq!(
            TokenRequest::of_query("operation=getReportDocument&parameters=%7B%22reportDocumentId%22%3A%22d%22%7D")
                .unwrap()
                .payload(),
            json!({"operation": "getReportDocument", "parameters": {"reportDocumentId": "d"}, "minValidSeconds": 60})
                .to_string()
        );
        assert_eq!(
            TokenRequest::of_query("minValidSeconds=soon").err().unwrap().error_type,
            "InvalidRequest"
        );
        assert_eq!(TokenRequest::of_query("region=na&region=eu").err().unwrap().error_type, "InvalidRequest");
    }
}
