use super::*;

#[tokio::test]
async fn a_restricted_data_token_opens_no_other_operation() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let body = json!({
        "restrictedResources": [
            { "method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"] },
            { "method": "GET", "path": "/orders/v0/orders/{orderId}/orderItems", "dataElements": [] },
            { "method": "GET", "path": "/orders/2026-01-01/orders", "dataElements": ["buyerInfo"] },
            { "method": "GET", "path": "/reports/2021-06-30/documents/1" },
        ],
        "targetApplication": PUBLISHED,
    });

    let reply = world.restricted(&access_token, &body).await;

    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    assert_eq!(reply.json()["expiresIn"], 3600);
    let token = reply.text("restrictedDataToken");
    assert!(token.starts_with("Atz.sprdt|"));
    assert_refused(&world.participations(&token, "na").await, 403, "Unauthorized", "");
    assert_refused(&world.restricted(&token, &body).await, 403, "Unauthorized", "");
}

#[tokio::test]
async fn a_request_for_a_restricted_data_token_is_validated() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let orders = json!({ "method": "GET", "path": "/orders/v0/orders" });
    let refused = [
        json!({}),
        json!({ "restrictedResources": [] }),
        json!({ "restrictedResources": vec![orders.clone(); 51] }),
        json!({ "restrictedResources": [{ "method": "PATCH", "path": "/x" }] }),
        json!({ "restrictedResources": [{ "method": "GET", "path": "x" }] }),
        json!({ "restrictedResources": [{ "method": "GET", "path": "/x", "dataElements": ["buyerInfo"] }] }),
        json!({ "restrictedResources": [{ "method": "GET", "path": "/reports/2021-06-30/documents/{reportDocumentId}" }] }),
        json!({ "restrictedResources": [{ "method": "POST", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"] }] }),
        json!({ "restrictedResources": [
            { "method": "GET", "path": "/orders/v0/orders/{orderId}/address", "dataElements": ["buyerInfo"] },
        ] }),
        json!({ "restrictedResources": [
            { "method": "GET", "path": "/orders/v0/orders", "dataElements": ["x"] },
        ] }),
        json!({ "restrictedResources": [orders.clone()], "targetApplication": "amzn1.sp.solution.unknown" }),
    ];

    for body in refused {
        assert_refused(&world.restricted(&access_token, &body).await, 400, "InvalidInput", "");
        world.clock.advance(1);
    }
    let fifty = json!({ "restrictedResources": vec![orders; 50] });
    assert_eq!(world.restricted(&access_token, &fifty).await.status, StatusCode::OK);
}

#[tokio::test]
async fn restricted_data_tokens_are_served_ten_times_and_then_once_a_second() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let body = json!({ "restrictedResources": [{ "method": "GET", "path": "/orders/v0/orders" }] });

    let mut statuses = Vec::new();
    for _ in 0..14 {
        statuses.push(world.restricted(&access_token, &body).await.status);
    }

    assert!(statuses[..10].iter().all(|status| *status == StatusCode::OK));
    assert_eq!(statuses[13], StatusCode::TOO_MANY_REQUESTS);
    world.clock.advance(1);
    assert_eq!(world.restricted(&access_token, &body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn unknown_fields_nulls_and_any_spelling_of_the_media_type_are_accepted() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let body = json!({
        "restrictedResources": [
            { "method": "GET", "path": "/orders/v0/orders", "dataElements": null, "marketplaceIds": [] },
        ],
        "targetApplication": null,
        "marketplaceIds": ["ATVPDKIKX0DER"],
        "MarketplaceIds": "ATVPDKIKX0DER",
    });

    for content_type in ["application/json", "Application/JSON; charset=utf-8"] {
        let reply = world.restricted_as(content_type, &access_token, &body).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    }
    let reply = world.restricted_as("text/plain", &access_token, &body).await;
    assert_refused(&reply, 415, "UnsupportedMediaType", "");
}

#[tokio::test]
async fn personal_data_needs_a_role_which_a_control_takes_away_and_gives_back() {
    let world = World::new();
    let (access_token, _) = world.authorize("A1").await;
    let orders = json!({ "restrictedResources": [
        { "method": "GET", "path": "/orders/v0/orders", "dataElements": ["shippingAddress", "buyerInfo"] },
    ] });
    let shipment = json!({ "restrictedResources": [{ "method": "GET", "path": "/mfn/v0/shipments/1" }] });
    let without = async |missing: &[&str]| {
        world.control("roles", json!({ "applicationId": PUBLISHED, "missing": missing })).await.status
    };
    let all = ["directToConsumerShipping", "professionalServices", "taxInvoicing", "taxRemittance"];
    let elements = "Application does not have access to one or more requested data elements: ";
    let resource = "Application do not have access to some or all requested resource";

    for (missing, body, message) in [
        (&all[..1], &orders, format!("{elements}[shippingAddress]")),
        (&all[2..], &orders, format!("{elements}[buyerInfo]")),
        (&all[..], &orders, format!("{elements}[buyerInfo, shippingAddress]")),
        (&all[..], &shipment, resource.to_owned()),
    ] {
        assert_eq!(without(missing).await, StatusCode::OK);
        let reply = world.restricted(&access_token, body).await;
        assert_refused(&reply, 400, "InvalidInput", "");
        assert_eq!(reply.json()["errors"][0]["message"], message);
        assert_eq!(reply.headers["x-amzn-RateLimit-Limit"], "1.0");
    }
    // One of the two roles for buyers is enough.
    assert_eq!(without(&["taxInvoicing"]).await, StatusCode::OK);
    assert_eq!(world.restricted(&access_token, &orders).await.status, StatusCode::OK);
    assert_eq!(without(&[]).await, StatusCode::OK);
    assert_eq!(world.restricted(&access_token, &shipment).await.status, StatusCode::OK);

    assert_eq!(without(&["everything"]).await, StatusCode::BAD_REQUEST);
    let unknown = world.control("roles", json!({ "applicationId": "x", "missing": [] })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tokens_have_the_roles_of_their_own_authorization_and_no_new_ones() {
    let world = World::new();
    let roles = async |missing: &[&str]| {
        world.control("roles", json!({ "applicationId": PUBLISHED, "missing": missing })).await
    };
    let orders = json!({ "restrictedResources": [
        { "method": "GET", "path": "/orders/v0/orders", "dataElements": ["shippingAddress"] },
    ] });
    let is_refused = async |access_token: &str| {
        let status = world.restricted(access_token, &orders).await.status;
        world.clock.advance(1);
        status == StatusCode::BAD_REQUEST
    };
    roles(&["directToConsumerShipping"]).await;
    let (old_access_token, old_refresh_token) = world.authorize("A1").await;
    roles(&[]).await;

    let refreshed = world.refresh(&old_refresh_token).await.text("access_token");
    assert!(is_refused(&old_access_token).await && is_refused(&refreshed).await);
    let (other, _) = world.authorize("A2").await;
    assert!(!is_refused(&other).await, "an authorization after the change");

    let (access_token, refresh_token) = world.authorize("A1").await;
    assert!(!is_refused(&access_token).await);
    let refreshed = world.refresh(&refresh_token).await.text("access_token");
    assert!(!is_refused(&refreshed).await);
    assert!(is_refused(&old_access_token).await, "a token of the authorization before");
    let refreshed = world.refresh(&old_refresh_token).await.text("access_token");
    assert!(is_refused(&refreshed).await, "also after a refresh");

    roles(&["directToConsumerShipping"]).await;
    assert!(is_refused(&access_token).await, "the application has lost it");
}
