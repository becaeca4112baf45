//! Roles of an application that changed: grants from before are marked, listed and reported once.

use serde_json::{Value, json};

use crate::support::{
    caller::Failure,
    environments::{error_type, token},
    operator::events,
    world::World,
};

async fn roles_changed(world: &World, at: &Value) -> Result<Value, Failure> {
    let request =
        json!({"operation": "updateApplication", "applicationId": world.application(), "rolesChangedAt": at});
    world.caller().invoke("administration", &request).await
}

async fn listed(world: &World, filter: Value) -> Vec<String> {
    let mut request = json!({"operation": "listGrants"});
    request.as_object_mut().unwrap().extend(filter.as_object().cloned().unwrap());
    let answer = world.caller().invoke("authorizations", &request).await.unwrap();
    let id = |grant: &Value| grant["sellingPartnerId"].as_str().unwrap().to_owned();
    answer["grants"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_grant_from_before_a_change_of_roles_is_marked_reported_once_and_renewed() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    world.advance(3600).await;
    let changed = world.stack.clock().now().to_string();
    world.advance(60).await;
    world.browser().website("US", "seller", "A2US").await;
    assert_eq!(world.caller().token_of("A1US", "na").await.unwrap()["rolesOutdated"], Value::Null);

    let answer = roles_changed(&world, &json!(changed)).await.unwrap();
    assert!(answer["application"]["rolesChangedAt"].is_string(), "{answer}");
    world.advance(61).await;

    assert_eq!(world.caller().token_of("A1US", "na").await.unwrap()["rolesOutdated"], true);
    assert_eq!(world.caller().token_of("A2US", "na").await.unwrap()["rolesOutdated"], Value::Null);
    assert_eq!(listed(&world, json!({"outdated": true})).await, ["A1US"]);
    assert_eq!(listed(&world, json!({"outdated": false})).await, ["A2US"]);
    assert_eq!(listed(&world, json!({"authorizedBefore": changed})).await, ["A1US"]);

    for _ in 0..3 {
        world.advance(24 * 3600).await;
    }
    let reported = async |partner: &str| {
        let events = events(&world, partner).await;
        events.iter().filter(|event| *event == "AuthorizationOutdated").count()
    };
    assert_eq!((reported("A1US").await, reported("A2US").await), (1, 0));
    let sent = world.stack.events().await;
    let sent = sent.iter().find(|sent| sent.event["detail-type"] == "AuthorizationOutdated").unwrap();
    assert!(
        sent.event["detail"]["authorizeUrl"].as_str().is_some_and(|url| !url.is_empty()),
        "{:?}",
        sent.event
    );

    world.browser().website("US", "seller", "A1US").await;
    world.advance(61).await;
    assert_eq!(world.caller().token_of("A1US", "na").await.unwrap()["rolesOutdated"], Value::Null);
    assert!(listed(&world, json!({"outdated": true})).await.is_empty());

    // Another change is another report.
    world.advance(3600).await;
    roles_changed(&world, &json!(world.stack.clock().now().to_string())).await.unwrap();
    world.advance(24 * 3600).await;
    world.advance(24 * 3600).await;
    assert_eq!((reported("A1US").await, reported("A2US").await), (2, 1));
    roles_changed(&world, &Value::Null).await.unwrap();
    assert!(listed(&world, json!({"outdated": true})).await.is_empty());
}

#[tokio::test]
async fn a_change_of_roles_in_the_future_is_refused() {
    let world = World::new().await;
    for wrong in [json!("9999-01-01T00:00:00Z"), json!("now"), json!(7)] {
        let failure = roles_changed(&world, &wrong).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest");
        assert!(failure.error_message.starts_with("rolesChangedAt: "), "{}", failure.error_message);
    }
}

#[tokio::test]
async fn a_restricted_token_that_a_role_is_missing_for_is_refused_with_the_reason_first() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.advance(60).await;
    let missing = ["directToConsumerShipping", "professionalServices", "taxInvoicing", "taxRemittance"];
    let roles = json!({"applicationId": world.application(), "missing": missing});
    world.control("roles", roles).await;
    let wanted = json!({"sellingPartnerId": "A1US", "region": "na", "operation": "orders.v0.getOrders",
        "dataElements": ["buyerInfo"]});
    let refused = world.fresh().token(&wanted).await.unwrap_err();
    assert_eq!(refused.error_type, "RequestRefused");
    assert!(!refused.error_message.contains("roles changed"), "{}", refused.error_message);

    roles_changed(&world, &json!(world.stack.clock().now().to_string())).await.unwrap();
    for environment in [world.fresh(), world.fresh()] {
        let refused = environment.token(&wanted).await.unwrap_err();
        assert_eq!(refused.error_type, "RequestRefused");
        let said = "the request was refused: the selling partner authorized the application before its roles changed";
        assert!(refused.error_message.starts_with(said), "{}", refused.error_message);
    }
}

#[tokio::test]
async fn a_grant_gets_a_new_role_only_when_its_partner_authorizes_again() {
    let world = World::attended().await;
    let roles = async |missing: Value| {
        world.control("roles", json!({"applicationId": world.application(), "missing": missing})).await
    };
    let wanted = |partner: &str| {
        json!({"sellingPartnerId": partner, "region": "na", "operation": "orders.v0.getOrders",
            "dataElements": ["shippingAddress"]})
    };
    let is_outdated =
        async |partner: &str| world.fresh().token_of(partner).await.unwrap()["rolesOutdated"] == true;
    roles(json!(["directToConsumerShipping"])).await;
    world.browser().website("US", "seller", "A1US").await;
    assert_eq!(error_type(&world.fresh().token(&wanted("A1US")).await), "RequestRefused");
    world.advance(60).await;

    roles(json!([])).await;
    roles_changed(&world, &json!(world.stack.clock().now().to_string())).await.unwrap();
    // Long enough for refreshed tokens.
    world.advance(2 * 3600).await;
    world.browser().website("US", "seller", "A2US").await;

    let refused = world.fresh().token(&wanted("A1US")).await.unwrap_err();
    assert_eq!(refused.error_type, "RequestRefused");
    assert!(refused.error_message.contains("before its roles changed"), "{}", refused.error_message);
    assert!(is_outdated("A1US").await);
    token(&world.fresh().token(&wanted("A2US")).await);
    assert!(!is_outdated("A2US").await);

    let renewed = world.browser().website("US", "seller", "A1US").await;
    assert!(renewed.is_connected());
    for environment in [world.fresh(), world.fresh()] {
        token(&environment.token(&wanted("A1US")).await);
    }
    assert!(!is_outdated("A1US").await);
}
