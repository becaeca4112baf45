use serde_json::{Value, json};

use super::*;

fn policy(json: Value) -> Policy {
    serde_json::from_value(json).unwrap()
}

fn covers(policy: &Policy, application: &str, region: Region, partner: &str, account: Option<&str>) -> bool {
    let account = account.map(|account| account.parse().unwrap());
    policy.covers(&application.parse().unwrap(), region, &partner.parse().unwrap(), account.as_ref())
}

const ONE: &str = "amzn1.sp.solution.1";

#[test]
fn an_absent_field_covers_nothing_and_all_must_be_written() {
    let whole = json!({"applicationIds": "all", "partners": "all", "regions": "all"});
    assert!(covers(&policy(whole.clone()), ONE, Region::Na, "A1", None));
    for field in ["applicationIds", "partners", "regions"] {
        for nothing in [json!([]), Value::Null] {
            let mut part = whole.clone();
            match nothing {
                Value::Null => _ = part.as_object_mut().unwrap().remove(field),
                empty => part[field] = empty,
            }
            assert!(!covers(&policy(part.clone()), ONE, Region::Na, "A1", Some("t")), "{part}");
        }
    }
    assert!(!covers(&Policy::default(), ONE, Region::Na, "A1", Some("t")));
    assert_eq!(policy(json!({})), Policy::default());
}

#[test]
fn application_and_region_and_either_partner_or_account_must_be_listed() {
    let policy = policy(json!({
        "applicationIds": [ONE], "regions": ["na", "eu"], "partners": ["A1"], "accounts": ["tenant-1"],
    }));
    for (application, region, partner, account, expected) in [
        (ONE, Region::Na, "A1", None, true),
        (ONE, Region::Eu, "A1", Some("tenant-2"), true),
        (ONE, Region::Na, "A2", Some("tenant-1"), true),
        (ONE, Region::Na, "A2", Some("tenant-10"), false),
        (ONE, Region::Na, "A2", None, false),
        (ONE, Region::Fe, "A1", Some("tenant-1"), false),
        ("amzn1.sp.solution.2", Region::Na, "A1", Some("tenant-1"), false),
    ] {
        let given = (application, region, partner, account);
        assert_eq!(covers(&policy, application, region, partner, account), expected, "{given:?}");
    }
}

#[test]
fn accounts_are_all_or_listed_or_begin_with_a_text() {
    for (accounts, account, expected) in [
        (json!("all"), Some("t"), true),
        (json!("all"), None, true),
        (json!({"prefix": "eu-"}), Some("eu-1"), true),
        (json!({"prefix": "eu-"}), Some("EU-1"), false),
        (json!({"prefix": "eu-"}), Some("1-eu-"), false),
        (json!({"prefix": "eu-"}), None, false),
        (json!([]), None, false),
    ] {
        let policy = policy(json!({"accounts": accounts}));
        let account: Option<Account> = account.map(|account| account.parse().unwrap());
        assert_eq!(policy.accounts.covers(account.as_ref()), expected, "{accounts} {account:?}");
        assert_eq!(policy.depends_on_account(&"A1".parse().unwrap()), accounts != "all");
    }
    for wrong in [json!({"prefix": ""}), json!({"prefix": "a", "more": 1}), json!("everything"), json!(7)] {
        assert!(serde_json::from_value::<Accounts>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn a_listed_operation_covers_its_own_data_elements_and_no_unnamed_resource() {
    let listed = |json: Value| serde_json::from_value::<Restricted>(json).unwrap();
    let asked = |json: Value| serde_json::from_value::<Vec<RestrictedOperation>>(json).unwrap();
    let some = listed(json!([
        {"operation": "orders.v0.getOrders", "dataElements": ["buyerInfo"]},
        {"operation": "messaging.v1.getAttributes"},
    ]));
    for (operations, expected) in [
        (json!([{"operation": "orders.v0.getOrders", "dataElements": ["buyerInfo"]}]), true),
        (json!([{"operation": "orders.v0.getOrders"}, {"operation": "messaging.v1.getAttributes"}]), true),
        (json!([{"operation": "orders.v0.getOrders", "dataElements": ["shippingAddress"]}]), false),
        (json!([{"operation": "orders.v0.getOrder", "dataElements": ["buyerInfo"]}]), false),
        (json!([{"operation": "messaging.v1.getAttributes"}, {"operation": "x"}]), false),
        (json!([]), false),
    ] {
        let operations = asked(operations);
        assert_eq!(some.covers(Some(&operations)), expected, "{operations:?}");
        assert!(listed(json!(true)).covers(Some(&operations)));
        assert!(!listed(json!(false)).covers(Some(&operations)));
    }
    assert!(!some.covers(None) && listed(json!(true)).covers(None) && !Restricted::default().covers(None));
}

#[test]
fn methods_and_paths_are_covered_as_the_operations_that_they_are() {
    let policy = policy(json!({"restricted": [
        {"operation": "orders.v0.getOrder", "dataElements": ["buyerInfo"]},
        {"operation": "orders.v0.getOrders"},
    ]}));
    let resource = |method: &str, path: &str, elements: &[&str]| {
        let mut resource = json!({"method": method, "path": path});
        if !elements.is_empty() {
            resource["dataElements"] = json!(elements);
        }
        resource
    };
    for (resources, expected) in [
        (json!([resource("GET", "/orders/v0/orders/{orderId}", &["buyerInfo"])]), true),
        (json!([resource("GET", "/orders/v0/orders/902-1-1", &["buyerInfo"])]), true),
        (
            json!([resource("GET", "/orders/v0/orders", &[]), resource("GET", "/orders/v0/orders/1", &[])]),
            true,
        ),
        (json!([resource("GET", "/orders/v0/orders/{orderId}", &["shippingAddress"])]), false),
        (json!([resource("GET", "/orders/v0/orders/1/address", &[])]), false),
        (json!([resource("GET", "/orders/v0/orders/1%2Faddress", &[])]), false),
        (json!([resource("GET", "/orders/v0/orders", &[]), resource("GET", "/unknown/v1/x", &[])]), false),
    ] {
        let request =
            RestrictedRequest::new(serde_json::from_value(resources.clone()).unwrap(), None).unwrap();
        assert_eq!(policy.covers_restricted(&request), expected, "{resources}");
    }
}

#[test]
fn personal_data_is_delegated_to_listed_applications_alone() {
    let resources =
        || serde_json::from_value(json!([{"method": "GET", "path": "/orders/v0/orders"}])).unwrap();
    let request = |target: Option<&str>| {
        RestrictedRequest::new(resources(), target.map(|id| id.parse().unwrap())).unwrap()
    };
    let policy = policy(json!({"restricted": true, "delegates": [ONE]}));
    for (target, expected) in [
        (None, true),
        (Some(ONE), true),
        (Some("amzn1.sp.solution.1&version=beta"), true),
        (Some("amzn1.sp.solution.2"), false),
    ] {
        assert_eq!(policy.covers_restricted(&request(target)), expected, "{target:?}");
    }
    assert!(!Policy { restricted: Restricted::default(), ..policy }.covers_restricted(&request(None)));
}
