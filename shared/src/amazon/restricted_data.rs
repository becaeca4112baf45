//! Requests for restricted data tokens, checked as SP-API checks them (F§6), so that an invalid request costs no
//! call.

pub mod operation;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::operation::{RestrictedOperation, operation_of};
use crate::ids::{ApplicationId, Malformed, parsed_text};

/// How many resources one token may cover.
const MOST_RESOURCES: usize = 50;

/// The maximum length of a path. The path of every operation is much shorter.
const LONGEST_PATH: usize = 1000;

parsed_text!(
    /// The application that a partner's personal data is delegated to: its id, and `&version=beta` behind it if it is named
    /// as a draft (F§6).
    TargetApplication,
    "an application id such as amzn1.sp.solution.00000000-0000-0000-0000-000000000000, with &version=beta for a draft",
    |text| text.strip_suffix("&version=beta").unwrap_or(text).parse::<ApplicationId>().is_ok()
);

/// The resources that a restricted data token covers. Requests that differ only in order are equal.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedRequest {
    restricted_resources: BTreeSet<RestrictedResource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_application: Option<TargetApplication>,
}

/// An operation that returns personal data.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestrictedResource {
    method: Method,
    path: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    data_elements: BTreeSet<DataElement>,
}

/// The method of a restricted operation.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `GET`
    Get,
    /// `PUT`
    Put,
    /// `POST`
    Post,
    /// `DELETE`
    Delete,
}

/// A part of an answer with personal data.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DataElement {
    /// Who the buyer is.
    BuyerInfo,
    /// Where the order goes.
    ShippingAddress,
    /// What a tax invoice needs.
    BuyerTaxInformation,
}

impl DataElement {
    /// Every data element.
    pub const ALL: [Self; 3] = [Self::BuyerInfo, Self::ShippingAddress, Self::BuyerTaxInformation];
}

impl TargetApplication {
    /// Returns the id of the application, without the version.
    pub fn application_id(&self) -> &str {
        self.as_str().strip_suffix("&version=beta").unwrap_or(self.as_str())
    }
}

impl RestrictedRequest {
    /// Checks the resources: 1 to 50, with concrete or generic paths, and data elements only for orders.
    pub fn new(
        resources: Vec<RestrictedResource>,
        target_application: Option<TargetApplication>,
    ) -> Result<Self, Malformed> {
        if !(1..=MOST_RESOURCES).contains(&resources.len()) {
            return Err(Malformed("1 to 50 resources"));
        }
        for resource in &resources {
            if !is_path(&resource.path) {
                return Err(Malformed(
                    "paths of SP-API operations, such as /orders/v0/orders/{orderId}, without a query",
                ));
            }
            let operation = resource.operation();
            if !resource.data_elements.is_empty()
                && operation.is_none_or(|known| known.data_elements.is_empty())
            {
                return Err(Malformed(
                    "dataElements only for GET getOrders, getOrder and getOrderItems of Orders v0; Orders 2026-01-01 needs \
                     no restricted token",
                ));
            }
            if operation.is_some_and(|known| known.concrete_only) && resource.is_generic() {
                return Err(Malformed(
                    "the path of a report document with its id: a token is for one document",
                ));
            }
        }
        Ok(Self { restricted_resources: resources.into_iter().collect(), target_application })
    }

    /// Returns the application that the personal data is delegated to, if it is.
    pub fn target_application(&self) -> Option<&TargetApplication> {
        self.target_application.as_ref()
    }

    /// Returns the resources.
    pub fn resources(&self) -> impl Iterator<Item = &RestrictedResource> {
        self.restricted_resources.iter()
    }

    /// Returns the request's body. Equal requests have the same text.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("a request is made of texts and lists")
    }
}

impl RestrictedResource {
    /// Returns the restricted operation that this is, if it is one of the table.
    pub fn operation(&self) -> Option<&'static RestrictedOperation> {
        operation_of(self.method, &self.path)
    }

    /// Returns the parts of the answer that the token must open.
    pub fn data_elements(&self) -> &BTreeSet<DataElement> {
        &self.data_elements
    }

    /// Returns whether a segment of the path stands for any value. A brace may be percent-encoded.
    fn is_generic(&self) -> bool {
        let path = self.path.to_ascii_lowercase();
        ["{", "}", "%7b", "%7d"].iter().any(|brace| path.contains(brace))
    }
}

fn is_path(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && path.starts_with('/')
        && path.len() > 1
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.~{}%".contains(&b))
        && path.split('/').skip(1).all(|segment| !matches!(segment, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(json: serde_json::Value) -> Result<RestrictedRequest, String> {
        let resources = serde_json::from_value(json).map_err(|error| error.to_string())?;
        RestrictedRequest::new(resources, None).map_err(|error| error.to_string())
    }

    #[test]
    fn equal_requests_have_one_text_in_whatever_order() {
        let one = request(serde_json::json!([
            {"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo", "shippingAddress"]},
            {"method": "GET", "path": "/mfn/v0/shipments/1"},
        ]));
        let other = request(serde_json::json!([
            {"path": "/mfn/v0/shipments/1", "method": "GET"},
            {"dataElements": ["shippingAddress", "buyerInfo", "buyerInfo"], "method": "GET", "path": "/orders/v0/orders"},
        ]));

        assert_eq!(one.unwrap().canonical(), other.unwrap().canonical());
    }

    #[test]
    fn what_sp_api_would_refuse_is_refused_here() {
        let resource = |more: serde_json::Value| {
            let mut resource = serde_json::json!({"method": "GET", "path": "/orders/v0/orders"});
            resource.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            serde_json::json!([resource])
        };
        for refused in [
            serde_json::json!([]),
            serde_json::Value::Array(vec![resource(serde_json::json!({}))[0].clone(); 51]),
            resource(serde_json::json!({"method": "PATCH"})),
            resource(serde_json::json!({"method": "get"})),
            resource(serde_json::json!({"path": "orders"})),
            resource(serde_json::json!({"path": "/"})),
            resource(serde_json::json!({"path": "/orders?x=1"})),
            resource(serde_json::json!({"path": "/orders/../x"})),
            resource(serde_json::json!({"path": "//evil"})),
            resource(serde_json::json!({"path": format!("/{}", "x".repeat(1000))})),
            resource(serde_json::json!({"dataElements": ["everything"]})),
            resource(serde_json::json!({"path": "/mfn/v0/shipments/1", "dataElements": ["buyerInfo"]})),
            resource(serde_json::json!({"method": "POST", "dataElements": ["buyerInfo"]})),
            resource(serde_json::json!({"colour": "red"})),
            resource(serde_json::json!({"path": "/orders/2026-01-01/orders", "dataElements": ["buyerInfo"]})),
            resource(serde_json::json!({"path": "/reports/2021-06-30/documents/{reportDocumentId}"})),
            resource(serde_json::json!({"path": "/reports/2021-06-30/documents/%7BreportDocumentId%7d"})),
        ] {
            assert!(request(refused.clone()).is_err(), "{refused}");
        }
        for path in ["/orders/v0/orders/123-1234567-1234567", "/orders/v0/orders/{orderId}/orderItems"] {
            assert!(
                request(resource(serde_json::json!({"path": path, "dataElements": ["buyerInfo"]}))).is_ok(),
                "{path}"
            );
        }
    }
}
