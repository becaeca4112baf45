//! The restricted operations: those that return personal data and need a restricted data token (F§6). Pure.
//!
//! A name is `api.version.operationId`, from the file, the version and the operation id of Amazon's model.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{DataElement, Method, RestrictedResource};
use crate::amazon::scope::{distance, letters};

/// Longer texts are no names, and are compared with none.
const LONGEST_NAME: usize = 100;

/// The operations that need no restricted token: a line for each version of an API, from Amazon's models (F§6).
const UNRESTRICTED: &str = include_str!("unrestricted.txt");

/// An operation that returns personal data.
#[derive(Debug, Eq, PartialEq)]
pub struct RestrictedOperation {
    /// The name, such as `orders.v0.getOrders`.
    pub name: &'static str,
    /// The method of its requests.
    pub method: Method,
    /// The path of its requests, with the names of its parameters in braces.
    pub path: &'static str,
    /// The parts of an answer that a token can be asked for. Most operations have none.
    pub data_elements: &'static [DataElement],
    /// Whether a token is for one concrete path only, and never for `{…}`.
    pub concrete_only: bool,
}

/// An operation as a request names it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedOperation {
    /// `api.version.operationId`, or `operationId` alone if only one restricted operation has it.
    pub operation: String,
    /// The parts of the answer that the token must open.
    #[serde(default)]
    pub data_elements: Option<BTreeSet<DataElement>>,
    /// The values of the path's parameters. A parameter without a value stays generic, as in `{orderId}`.
    #[serde(default)]
    pub parameters: Option<BTreeMap<String, String>>,
}

/// What is wrong with a [`NamedOperation`]. The value is never repeated.
#[derive(Debug, Eq, PartialEq)]
pub struct Misnamed {
    /// `operation`, `dataElements` or `parameters`.
    pub field: &'static str,
    /// What was expected of the field.
    pub expected: String,
}

/// Every restricted operation, in the order of their names. Sources: Amazon's list in its Tokens API guide and in its Java client;
/// methods and paths from its models (F§6).
pub static RESTRICTED: [RestrictedOperation; 32] = [
    other(
        "easyShip.2022-03-23.createScheduledPackageBulk",
        Method::Post,
        "/easyShip/2022-03-23/packages/bulk",
    ),
    other("merchantFulfillment.v0.cancelShipment", Method::Delete, "/mfn/v0/shipments/{shipmentId}"),
    other("merchantFulfillment.v0.cancelShipmentOld", Method::Put, "/mfn/v0/shipments/{shipmentId}/cancel"),
    other("merchantFulfillment.v0.createShipment", Method::Post, "/mfn/v0/shipments"),
    other("merchantFulfillment.v0.getShipment", Method::Get, "/mfn/v0/shipments/{shipmentId}"),
    of_order("orders.v0.getOrder", "/orders/v0/orders/{orderId}"),
    other("orders.v0.getOrderAddress", Method::Get, "/orders/v0/orders/{orderId}/address"),
    other("orders.v0.getOrderBuyerInfo", Method::Get, "/orders/v0/orders/{orderId}/buyerInfo"),
    of_order("orders.v0.getOrderItems", "/orders/v0/orders/{orderId}/orderItems"),
    other(
        "orders.v0.getOrderItemsBuyerInfo",
        Method::Get,
        "/orders/v0/orders/{orderId}/orderItems/buyerInfo",
    ),
    other("orders.v0.getOrderRegulatedInfo", Method::Get, "/orders/v0/orders/{orderId}/regulatedInfo"),
    of_order("orders.v0.getOrders", "/orders/v0/orders"),
    of_document("reports.2021-06-30.getReportDocument", "/reports/2021-06-30/documents/{reportDocumentId}"),
    other(
        "shipmentInvoicing.v0.getShipmentDetails",
        Method::Get,
        "/fba/outbound/brazil/v0/shipments/{shipmentId}",
    ),
    other("shipping.v1.getShipment", Method::Get, "/shipping/v1/shipments/{shipmentId}"),
    other(
        "vendorDirectFulfillmentOrders.2021-12-28.getOrder",
        Method::Get,
        "/vendor/directFulfillment/orders/2021-12-28/purchaseOrders/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentOrders.2021-12-28.getOrders",
        Method::Get,
        "/vendor/directFulfillment/orders/2021-12-28/purchaseOrders",
    ),
    other(
        "vendorDirectFulfillmentOrders.v1.getOrder",
        Method::Get,
        "/vendor/directFulfillment/orders/v1/purchaseOrders/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentOrders.v1.getOrders",
        Method::Get,
        "/vendor/directFulfillment/orders/v1/purchaseOrders",
    ),
    other(
        "vendorDirectFulfillmentShipping.2021-12-28.createShippingLabels",
        Method::Post,
        "/vendor/directFulfillment/shipping/2021-12-28/shippingLabels/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentShipping.2021-12-28.getCustomerInvoice",
        Method::Get,
        "/vendor/directFulfillment/shipping/2021-12-28/customerInvoices/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentShipping.2021-12-28.getCustomerInvoices",
        Method::Get,
        "/vendor/directFulfillment/shipping/2021-12-28/customerInvoices",
    ),
    other(
        "vendorDirectFulfillmentShipping.2021-12-28.getPackingSlip",
        Method::Get,
        "/vendor/directFulfillment/shipping/2021-12-28/packingSlips/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentShipping.2021-12-28.getPackingSlips",
        Method::Get,
        "/vendor/directFulfillment/shipping/2021-12-28/packingSlips",
    ),
    other(
        "vendorDirectFulfillmentShipping.2021-12-28.getShippingLabel",
        Method::Get,
        "/vendor/directFulfillment/shipping/2021-12-28/shippingLabels/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentShipping.2021-12-28.getShippingLabels",
        Method::Get,
        "/vendor/directFulfillment/shipping/2021-12-28/shippingLabels",
    ),
    other(
        "vendorDirectFulfillmentShipping.v1.getCustomerInvoice",
        Method::Get,
        "/vendor/directFulfillment/shipping/v1/customerInvoices/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentShipping.v1.getCustomerInvoices",
        Method::Get,
        "/vendor/directFulfillment/shipping/v1/customerInvoices",
    ),
    other(
        "vendorDirectFulfillmentShipping.v1.getPackingSlip",
        Method::Get,
        "/vendor/directFulfillment/shipping/v1/packingSlips/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentShipping.v1.getPackingSlips",
        Method::Get,
        "/vendor/directFulfillment/shipping/v1/packingSlips",
    ),
    other(
        "vendorDirectFulfillmentShipping.v1.getShippingLabel",
        Method::Get,
        "/vendor/directFulfillment/shipping/v1/shippingLabels/{purchaseOrderNumber}",
    ),
    other(
        "vendorDirectFulfillmentShipping.v1.getShippingLabels",
        Method::Get,
        "/vendor/directFulfillment/shipping/v1/shippingLabels",
    ),
];

const fn of_order(name: &'static str, path: &'static str) -> RestrictedOperation {
    let data_elements = &DataElement::ALL;
    RestrictedOperation { name, method: Method::Get, path, data_elements, concrete_only: false }
}

const fn of_document(name: &'static str, path: &'static str) -> RestrictedOperation {
    RestrictedOperation { name, method: Method::Get, path, data_elements: &[], concrete_only: true }
}

const fn other(name: &'static str, method: Method, path: &'static str) -> RestrictedOperation {
    RestrictedOperation { name, method, path, data_elements: &[], concrete_only: false }
}

/// Returns the restricted operation of a request with this method and path. The path may be concrete or generic.
pub fn operation_of(method: Method, path: &str) -> Option<&'static RestrictedOperation> {
    RESTRICTED.iter().find(|operation| operation.method == method && operation.has_path(path))
}

/// Returns the restricted operation that a text names, or what was expected instead.
pub fn named(text: &str) -> Result<&'static RestrictedOperation, String> {
    let candidates: Vec<_> =
        RESTRICTED.iter().filter(|known| known.name == text || known.id() == text).collect();
    match candidates[..] {
        [operation] => Ok(operation),
        [] => Err(unrestricted(text).map_or_else(
            || {
                let hint = nearest(text).map(|known| format!("; did you mean {}?", known.name));
                format!("a restricted operation such as orders.v0.getOrders{}", hint.unwrap_or_default())
            },
            |name| format!("a restricted operation: {name} needs no restricted token"),
        )),
        _ => {
            let names: Vec<_> = candidates.iter().map(|candidate| candidate.name).collect();
            Err(format!("one of {}", names.join(", ")))
        }
    }
}

impl NamedOperation {
    /// Returns the resource that the token must open.
    pub fn resource(&self) -> Result<RestrictedResource, Misnamed> {
        let operation =
            named(&self.operation).map_err(|expected| Misnamed { field: "operation", expected })?;
        let data_elements = self.data_elements.clone().unwrap_or_default();
        if !data_elements.is_empty() && operation.data_elements.is_empty() {
            let expected = format!("none for {}", operation.name);
            return Err(Misnamed { field: "dataElements", expected });
        }
        let none = BTreeMap::new();
        let path = operation.path_with(self.parameters.as_ref().unwrap_or(&none))?;
        Ok(RestrictedResource { method: operation.method, path, data_elements })
    }
}

impl RestrictedOperation {
    fn id(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    fn has_path(&self, path: &str) -> bool {
        let (mut own, mut others) = (self.path.split('/'), path.split('/'));
        loop {
            match (own.next(), others.next()) {
                (None, None) => return true,
                (Some(own), Some(other)) if own == other => {}
                // A value that Amazon may read as more than one segment could be of another operation.
                (Some(own), Some(other)) if parameter(own).is_some() && is_value(other) => {}
                _ => return false,
            }
        }
    }

    fn path_with(&self, values: &BTreeMap<String, String>) -> Result<String, Misnamed> {
        let wrong = |expected: String| Misnamed { field: "parameters", expected };
        let names: Vec<_> = self.path.split('/').filter_map(parameter).collect();
        if !values.keys().all(|name| names.contains(&name.as_str())) {
            return Err(wrong(match names.first() {
                None => format!("none for {}", self.name),
                Some(name) => format!("only {name} for {}", self.name),
            }));
        }
        if self.concrete_only && !names.iter().all(|name| values.contains_key(*name)) {
            let expected = format!("{} for {}: a token is for one document", names.join(", "), self.name);
            return Err(wrong(expected));
        }
        if !values.values().all(|value| is_segment(value)) {
            return Err(wrong("values of 1 to 500 letters, digits, dots, -, _ and ~".to_owned()));
        }
        let segment = |own: &'static str| match parameter(own) {
            Some(name) => values.get(name).map_or_else(|| own.to_owned(), Clone::clone),
            None => own.to_owned(),
        };
        Ok(self.path.split('/').map(segment).collect::<Vec<_>>().join("/"))
    }
}

/// Returns the name of the parameter that a segment of a path stands for.
fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Whether a segment of a path is one value, or stands for any: `{orderId}`, whose braces may be percent-encoded.
fn is_value(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%7b", "{").replace("%7d", "}");
    is_segment(parameter(&plain).unwrap_or(&plain))
}

/// The letters that need no encoding in a path (RFC 3986 section 2.3).
fn is_segment(value: &str) -> bool {
    (1..=500).contains(&value.len())
        && !matches!(value, "." | "..")
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// Returns the full name of the unrestricted operation that a text names.
fn unrestricted(text: &str) -> Option<String> {
    UNRESTRICTED.lines().find_map(|line| {
        let (api, ids) = line.split_once(' ')?;
        let id = ids.split(' ').find(|id| text == *id || text == format!("{api}.{id}"))?;
        Some(format!("{api}.{id}"))
    })
}

/// Returns the operation that a text names with up to three letters too many, too few or wrong, or with another API or version.
fn nearest(text: &str) -> Option<&'static RestrictedOperation> {
    if text.len() > LONGEST_NAME {
        return None;
    }
    let (whole, last) = (letters(text), letters(text.rsplit('.').next().unwrap_or(text)));
    let far = |known: &RestrictedOperation| {
        let whole = distance(&whole, &letters(known.name));
        (whole.min(distance(&last, &letters(known.id()))), whole)
    };
    RESTRICTED
        .iter()
        .map(|known| (far(known), known))
        .filter(|((least, _), _)| *least <= 3)
        .min_by_key(|(far, _)| *far)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests;
