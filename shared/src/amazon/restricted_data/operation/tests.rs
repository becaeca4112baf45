use serde_json::json;

use super::*;

fn resource(json: serde_json::Value) -> Result<serde_json::Value, Misnamed> {
    let named: NamedOperation = serde_json::from_value(json).unwrap();
    named.resource().map(|resource| serde_json::to_value(resource).unwrap())
}

#[test]
fn a_name_is_the_whole_one_or_an_operation_id_that_only_one_restricted_operation_has() {
    for (text, name) in [
        ("orders.v0.getOrders", "orders.v0.getOrders"),
        ("getOrderItems", "orders.v0.getOrderItems"),
        ("getReportDocument", "reports.2021-06-30.getReportDocument"),
        ("vendorDirectFulfillmentOrders.v1.getOrder", "vendorDirectFulfillmentOrders.v1.getOrder"),
        // Shipping v1 has one too, which is not restricted.
        ("cancelShipment", "merchantFulfillment.v0.cancelShipment"),
    ] {
        assert_eq!(named(text).unwrap().name, name);
    }
    assert_eq!(
        named("getOrders").unwrap_err(),
        "one of orders.v0.getOrders, vendorDirectFulfillmentOrders.2021-12-28.getOrders, \
         vendorDirectFulfillmentOrders.v1.getOrders"
    );
    assert_eq!(
        named("getShipment").unwrap_err(),
        "one of merchantFulfillment.v0.getShipment, shipping.v1.getShipment"
    );
}

#[test]
fn another_name_gets_the_nearest_and_an_unrestricted_operation_needs_no_token() {
    for (text, meant) in [
        ("orders.getOrders", "orders.v0.getOrders"),
        ("Orders.V0.GetOrders", "orders.v0.getOrders"),
        ("orders.v0.getOrdrs", "orders.v0.getOrders"),
        ("orders.v1.getOrderItems", "orders.v0.getOrderItems"),
        ("getReportDocuments", "reports.2021-06-30.getReportDocument"),
    ] {
        let expected = named(text).unwrap_err();
        assert!(expected.ends_with(&format!("; did you mean {meant}?")), "{text}: {expected}");
    }
    for (text, name) in [
        ("orders.2026-01-01.searchOrders", "orders.2026-01-01.searchOrders"),
        ("searchOrders", "orders.2026-01-01.searchOrders"),
        ("orders.2026-01-01.getOrder", "orders.2026-01-01.getOrder"),
        ("getMarketplaceParticipations", "sellers.v1.getMarketplaceParticipations"),
    ] {
        let expected = format!("a restricted operation: {name} needs no restricted token");
        assert_eq!(named(text).unwrap_err(), expected);
    }
    for none in ["", "x", "🦀", &"getOrders".repeat(1000)] {
        assert_eq!(named(none).unwrap_err(), "a restricted operation such as orders.v0.getOrders");
    }
}

#[test]
fn the_resource_has_the_parameters_and_the_data_elements_that_the_operation_takes() {
    assert_eq!(
        resource(json!({"operation": "orders.v0.getOrder", "dataElements": ["buyerInfo"]})).unwrap(),
        json!({"method": "GET", "path": "/orders/v0/orders/{orderId}", "dataElements": ["buyerInfo"]})
    );
    let id = "amzn1.spdoc.1.4.na.5e2b-7_~.T1";
    assert_eq!(
        resource(json!({"operation": "getReportDocument", "parameters": {"reportDocumentId": id}})).unwrap(),
        json!({"method": "GET", "path": format!("/reports/2021-06-30/documents/{id}")})
    );
    let of_document =
        |value: &str| json!({"operation": "getReportDocument", "parameters": {"reportDocumentId": value}});
    for (wrong, field) in [
        (json!({"operation": "getOrders"}), "operation"),
        (json!({"operation": "getReportDocument"}), "parameters"),
        (json!({"operation": "getReportDocument", "parameters": {}}), "parameters"),
        (of_document("{reportDocumentId}"), "parameters"),
        (of_document(""), "parameters"),
        (of_document(".."), "parameters"),
        (of_document("a/b"), "parameters"),
        (of_document("a%2fb"), "parameters"),
        (of_document(&"a".repeat(501)), "parameters"),
        (json!({"operation": "orders.v0.getOrders", "parameters": {"orderId": "1"}}), "parameters"),
        (json!({"operation": "getShipmentDetails", "dataElements": ["buyerInfo"]}), "dataElements"),
    ] {
        assert_eq!(resource(wrong.clone()).unwrap_err().field, field, "{wrong}");
    }
}

#[test]
fn every_operation_is_found_by_its_own_path_and_by_a_concrete_one() {
    assert!(RESTRICTED.iter().map(|operation| operation.name).is_sorted());
    for operation in &RESTRICTED {
        let path = operation.path;
        assert_eq!(operation_of(operation.method, path), Some(operation));
        let concrete: Vec<_> =
            path.split('/').map(|part| if parameter(part).is_some() { "123-1" } else { part }).collect();
        assert_eq!(operation_of(operation.method, &concrete.join("/")), Some(operation));
        assert_eq!(unrestricted(operation.name), None);
    }
    for (method, path) in [
        (Method::Put, "/orders/v0/orders"),
        (Method::Get, "/orders/v0"),
        (Method::Get, "/orders/v0/orders/1/x"),
        (Method::Get, "/orders/2026-01-01/orders"),
        (Method::Get, "/orders/v0/{x}"),
    ] {
        assert_eq!(operation_of(method, path), None, "{path}");
    }
}
