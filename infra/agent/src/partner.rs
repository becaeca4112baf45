//! The text that names a partner where an SDK carries a refresh token.
//!
//! `[na:|eu:|fe:|<marketplace id>:|<country code>:]`, then a selling partner id, `account:<account>` or
//! `account64:<base64url of it>`.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::failure::Failure;

const EXPECTED: &str = "a partner such as A3FHEXAMPLEYWS, na:A3FHEXAMPLEYWS, DE:A3FHEXAMPLEYWS or account:tenant-42; the agent \
                        takes no refresh token of Amazon's";

/// The fields of `get-access-token` that the text stands for. The error never repeats the text, which may be a refresh token.
pub(crate) fn fields(text: &str) -> Result<Map<String, Value>, Failure> {
    parse(text.trim()).ok_or_else(|| Failure::invalid("refresh_token", EXPECTED))
}

fn parse(text: &str) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    let mut insert = |name: &str, value: String| fields.insert(name.to_owned(), Value::String(value));
    let mut rest = text;
    if let Some((place, partner)) = text.split_once(':')
        && !matches!(place, "account" | "account64")
    {
        let (name, value) = where_is(place)?;
        insert(name, value);
        rest = partner;
    }
    match rest.split_once(':') {
        Some(("account", account)) => insert("account", non_empty(account)?),
        Some(("account64", encoded)) => {
            let decoded = BASE64_URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?;
            insert("account", non_empty(&String::from_utf8(decoded).ok()?)?)
        }
        Some(_) => return None,
        None => insert("sellingPartnerId", selling_partner_id(rest)?),
    };
    Some(fields)
}

/// A region, or a marketplace by its id or country.
fn where_is(place: &str) -> Option<(&'static str, String)> {
    let lower = place.to_ascii_lowercase();
    if matches!(lower.as_str(), "na" | "eu" | "fe") {
        return Some(("region", lower));
    }
    let upper = place.to_ascii_uppercase();
    if let Some((_, id)) = MARKETPLACES.iter().find(|(country, _)| *country == upper) {
        return Some(("marketplaceId", (*id).to_owned()));
    }
    // Amazon may add marketplaces, so any id of this form goes to the function.
    let is_id = (10..=32).contains(&upper.len()) && upper.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(("marketplaceId", upper))
}

/// The alphabet of `get-access-token`. A refresh token (`Atzr|…`) is not in it.
fn selling_partner_id(text: &str) -> Option<String> {
    let is_id = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    is_id.then(|| text.to_owned())
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The country code and the id of each marketplace (F§7.2), with both codes of the United Kingdom.
const MARKETPLACES: [(&str, &str); 24] = [
    ("AE", "A2VIGQ35RCS4UG"),
    ("AU", "A39IBJ37TRP1C6"),
    ("BE", "AMEN7PMS3EDWL"),
    ("BR", "A2Q3Y263D00KWC"),
    ("CA", "A2EUQ1WTGCTBG2"),
    ("DE", "A1PA6795UKMFR9"),
    ("EG", "ARBP9OOSHTCHU"),
    ("ES", "A1RKKUPIHCS9HS"),
    ("FR", "A13V1IB3VIYZZH"),
    ("GB", "A1F83G8C2ARO7P"),
    ("IE", "A28R8C7NBKEWEA"),
    ("IN", "A21TJRUUN4KGV"),
    ("IT", "APJ6JRA9NG5V4"),
    ("JP", "A1VC38T7YXB528"),
    ("MX", "A1AM78C64UM0Y8"),
    ("NL", "A1805IZSGTT6HS"),
    ("PL", "A1C3SOZRARQ6R3"),
    ("SA", "A17E79C6D8DWNP"),
    ("SE", "A2NODRKZP88ZB9"),
    ("SG", "A19VAU5U5O7RUS"),
    ("TR", "A33AVAJ2PDY3EV"),
    ("UK", "A1F83G8C2ARO7P"),
    ("US", "ATVPDKIKX0DER"),
    ("ZA", "AE08WJ6YKNBMC"),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_partner_is_named_by_id_or_account_with_a_region_a_marketplace_or_neither() {
        for (text, expected) in [
            ("A3FHEXAMPLEYWS", json!({"sellingPartnerId": "A3FHEXAMPLEYWS"})),
            (" na:A3FHEXAMPLEYWS\n", json!({"region": "na", "sellingPartnerId": "A3FHEXAMPLEYWS"})),
            ("amzn1.vg.1234", json!({"sellingPartnerId": "amzn1.vg.1234"})),
            ("DE:A3FH", json!({"marketplaceId": "A1PA6795UKMFR9", "sellingPartnerId": "A3FH"})),
            ("uk:A3FH", json!({"marketplaceId": "A1F83G8C2ARO7P", "sellingPartnerId": "A3FH"})),
            ("ATVPDKIKX0DER:A3FH", json!({"marketplaceId": "ATVPDKIKX0DER", "sellingPartnerId": "A3FH"})),
            ("account:tenant-42", json!({"account": "tenant-42"})),
            ("account:eu:a:b", json!({"account": "eu:a:b"})),
            ("fe:account:tenant-42", json!({"region": "fe", "account": "tenant-42"})),
            ("JP:account:a", json!({"marketplaceId": "A1VC38T7YXB528", "account": "a"})),
            ("account64:YSZiK2MlZA", json!({"account": "a&b+c%d"})),
            ("EU:account64:YSZiK2MlZA==", json!({"region": "eu", "account": "a&b+c%d"})),
        ] {
            assert_eq!(Value::Object(fields(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn what_names_no_partner_is_refused_and_not_repeated() {
        for text in [
            "",
            "account:",
            "account64:",
            "account64:*",
            "na:",
            "XX:A3FH",
            "na:eu:A3FH",
            "Atzr|IwEBsecret",
            "na:Atzr|IwEBsecret",
            "A3FH A4",
        ] {
            let failure = fields(text).unwrap_err();
            assert_eq!(failure.error_type, "InvalidRequest", "{text}");
            assert!(!failure.message.contains("IwEB"), "{}", failure.message);
        }
    }
}
