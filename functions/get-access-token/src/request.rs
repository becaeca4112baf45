//! The requests of callers, and how they are parsed.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use shared::{
    amazon::{
        marketplace::PartnerType,
        restricted_data::RestrictedRequest,
        scope::{did_you_mean, is_scope},
    },
    error::Error,
    grant::lookup::Whose,
    ids::{ApplicationId, MarketplaceId},
    lambda::payload::Fields,
    region::Region,
    secret::Fingerprint,
};

use crate::restricted;

/// The longest remaining life that a caller may request, in seconds. An access token lives an hour, and a new one takes time
/// to arrive.
const LONGEST_MIN_VALID: i64 = 3300;

/// The minimum remaining life of a token if the request names none.
const DEFAULT_MIN_VALID: SignedDuration = SignedDuration::from_secs(60);

/// A request for an access token.
#[derive(Debug)]
pub(crate) struct TokenRequest {
    /// The owner of the token.
    pub(crate) owner: Owner,
    /// The application. It may be left out while only one is registered.
    pub(crate) application_id: Option<ApplicationId>,
    /// The region. It may be left out if only one grant matches.
    pub(crate) region: Option<Region>,
    /// A marketplace that the grant must cover. One of the table determines the region.
    pub(crate) marketplace_id: Option<MarketplaceId>,
    /// Whether the grant is a seller's or a vendor's.
    pub(crate) partner_type: Option<PartnerType>,
    /// The moment after which the token was issued, unless it belongs to the grant's present authorization.
    pub(crate) minted_after: Option<Timestamp>,
    /// The minimum remaining life of the token.
    pub(crate) min_valid: SignedDuration,
    /// A token that SP-API refused.
    pub(crate) rejected: Option<Fingerprint>,
    /// The resources that a restricted token must open.
    pub(crate) restricted: Option<RestrictedRequest>,
}

/// The owner of a token.
#[derive(Debug)]
pub(crate) enum Owner {
    /// A partner, found by its grant.
    Partner(Whose),
    /// The application itself, for one scope.
    Application(String),
}

impl TokenRequest {
    /// Parses the payload of an invocation.
    pub(crate) fn parse(payload: &Value) -> Result<Self, Error> {
        Fields::parse(payload, |fields| {
            let owner = owner(fields)?;
            let restricted = restricted::take(fields, matches!(owner, Owner::Application(_)))?;
            let partner_type = fields.optional("partnerType")?;
            if partner_type.is_some() && matches!(owner, Owner::Application(_)) {
                return Err(Error::invalid("partnerType", "none together with scope"));
            }
            let min_valid = fields.whole_number("minValidSeconds", 0..=LONGEST_MIN_VALID)?;
            Ok(Self {
                owner,
                application_id: fields.optional("applicationId")?,
                region: fields.optional("region")?,
                marketplace_id: fields.optional("marketplaceId")?,
                partner_type,
                minted_after: fields.time("mintedAfter")?,
                min_valid: min_valid.map_or(DEFAULT_MIN_VALID, SignedDuration::from_secs),
                rejected: fields.optional("rejectedToken")?,
                restricted,
            })
        })
    }
}

fn owner(fields: &mut Fields) -> Result<Owner, Error> {
    let whose = Whose::of(fields.optional("sellingPartnerId")?, fields.optional("account")?)?;
    match (whose, fields.text("scope")?) {
        (Some(whose), None) => Ok(Owner::Partner(whose)),
        (None, Some(scope)) if is_scope(&scope) => Ok(Owner::Application(scope)),
        (None, Some(scope)) => {
            let hint = did_you_mean(&scope).map(|hint| format!("; {hint}")).unwrap_or_default();
            Err(Error::invalid("scope", format!("a scope such as sellingpartnerapi::notifications{hint}")))
        }
        (None, None) => Err(Error::invalid("sellingPartnerId", "one of sellingPartnerId, account or scope")),
        (Some(_), Some(_)) => Err(Error::invalid(
            "scope",
            "none together with a selling partner: a token for a scope belongs to the application",
        )),
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
            (json!({"account": "t", "partnerType": "Vendor"}), "partnerType"),
            (json!({"scope": "sellingpartnerapi::x", "partnerType": "vendor"}), "partnerType"),
            (json!({"sellingPartnerId": "A1", "mintedAfter": 1_795_000_000}), "mintedAfter"),
            (json!({"sellingPartnerId": "A1", "mintedAfter": "2026-11-21"}), "mintedAfter"),
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
            (json!({"scope": "sellingpartnerapi::x", "operation": "orders.v0.getOrders"}), "operation"),
            (json!({"scope": "sellingpartnerapi::x", "operations": []}), "operations"),
            (json!({"sellingPartnerId": "A1", "operation": "getOrders"}), "operation"),
            (json!({"sellingPartnerId": "A1", "operation": "orders.2026-01-01.searchOrders"}), "operation"),
            (json!({"sellingPartnerId": "A1", "operation": ["orders.v0.getOrders"]}), "operation"),
            (
                json!({"sellingPartnerId": "A1", "operation": "orders.v0.getOrders", "operations": []}),
                "operations",
            ),
            (
                json!({"sellingPartnerId": "A1", "operation": "orders.v0.getOrders", "restrictedResources": [resource]}),
                "restrictedResources",
            ),
            (json!({"sellingPartnerId": "A1", "dataElements": ["buyerInfo"]}), "dataElements"),
            (json!({"sellingPartnerId": "A1", "parameters": {}}), "parameters"),
            (
                json!({"sellingPartnerId": "A1", "operation": "orders.v0.getOrders", "dataElements": ["all"]}),
                "dataElements",
            ),
            (
                json!({"sellingPartnerId": "A1", "operation": "getShipmentDetails", "dataElements": ["buyerInfo"]}),
                "dataElements",
            ),
            (json!({"sellingPartnerId": "A1", "operation": "getReportDocument"}), "parameters"),
            (
                json!({"sellingPartnerId": "A1", "operation": "getOrderItems", "parameters": {"orderId": 7}}),
                "parameters",
            ),
            (json!({"sellingPartnerId": "A1", "operations": []}), "operations"),
            (json!({"sellingPartnerId": "A1", "operations": ["orders.v0.getOrders"]}), "operations"),
            (json!({"sellingPartnerId": "A1", "operations": [{"operation": "getOrder"}]}), "operations"),
            (
                json!({"sellingPartnerId": "A1", "operations": [{"operation": "getOrderItems", "method": "GET"}]}),
                "operations",
            ),
            (
                json!({"sellingPartnerId": "A1", "operations": vec![json!({"operation": "getOrderItems"}); 51]}),
                "operations",
            ),
            (
                json!({"sellingPartnerId": "A1", "operations": [{"operation": "getOrderItems"}], "dataElements": ["buyerInfo"]}),
                "dataElements",
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
