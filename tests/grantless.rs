//! Tokens of an application itself, and requests among several applications.

use aws_sdk_dynamodb::types::AttributeValue;
use local::seed::NewApplication;
use serde_json::{Value, json};
use shared::{
    aws::{Aws, sealing::Sealer},
    grant::GrantKey,
    region::Region,
};

use crate::support::{
    environments::{error_type, token},
    world::World,
};

const SECOND: &str = "amzn1.sp.solution.22222222-2222-4333-8444-555555555555";
const ROTATION: &str = "sellingpartnerapi::client_credential:rotation";
const NOTIFICATIONS: &str = "sellingpartnerapi::notifications";

async fn register_second(world: &World, scopes: &[&str]) {
    let new = NewApplication {
        application_id: SECOND.to_owned(),
        name: "Second Application".to_owned(),
        draft: false,
        default_region: Region::Na,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    world.stack.register(new).await.unwrap();
}

/// The whole website workflow of the second application as this seller.
async fn authorize_second(world: &World, partner: &str) {
    let browser = world.browser();
    let start = world.site(&format!("/authorize?marketplace=US&type=seller&application={SECOND}"));
    let consent = browser.open(&start).await;
    let page = browser.follow(&format!("{}&_as={partner}", consent.location())).await;
    assert!(page.is_connected(), "{}", page.body);
}

#[tokio::test]
async fn a_scope_is_served_if_it_is_on_the_applications_list() {
    let world = World::new().await;

    let answer = world.fresh().token(&json!({"scope": NOTIFICATIONS, "region": "eu"})).await.unwrap();

    assert!(answer["accessToken"].as_str().unwrap().starts_with("Atc|"));
    assert_eq!(answer["applicationId"], world.application());
    assert!(answer.get("sellingPartnerId").is_none());
    assert!(answer["endpoint"].as_str().unwrap().contains("eu"));
    for scope in ["sellingpartnerapi::shipments:track", "sellingpartnerapi::nonsense", ROTATION] {
        let outcome = world.fresh().token(&json!({"scope": scope})).await;
        assert_eq!(error_type(&outcome), "RequestRefused", "{scope}");
    }
    assert_eq!(world.client_credentials().await, 1, "what is not on the list costs no call");
}

#[tokio::test]
async fn the_scope_of_rotation_is_never_served_even_if_it_is_listed() {
    let world = World::new().await;
    register_second(&world, &[ROTATION]).await;

    let outcome = world.fresh().token(&json!({"scope": ROTATION, "applicationId": SECOND})).await;

    assert_eq!(error_type(&outcome), "RequestRefused");
    assert_eq!(world.client_credentials().await, 0);
}

#[tokio::test]
async fn a_scope_that_amazon_refuses_is_asked_for_once_a_minute() {
    let world = World::new().await;
    let scope = "sellingpartnerapi::not-at-amazon";
    register_second(&world, &[scope, NOTIFICATIONS]).await;
    let request = json!({"scope": scope, "applicationId": SECOND});
    for minute in 1..=2 {
        for _ in 0..5 {
            assert_eq!(error_type(&world.fresh().token(&request).await), "RequestRefused");
        }
        assert_eq!(world.client_credentials().await, minute);
        world.advance(61).await;
    }
    token(&world.fresh().token(&json!({"scope": NOTIFICATIONS, "applicationId": SECOND})).await);
}

#[tokio::test]
async fn among_several_applications_a_request_names_one() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    register_second(&world, &[NOTIFICATIONS]).await;
    for request in
        [json!({"sellingPartnerId": "A1US"}), json!({"account": "tenant-1"}), json!({"scope": NOTIFICATIONS})]
    {
        let failure = world.fresh().token(&request).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest");
        assert!(failure.error_message.starts_with("applicationId:"), "{}", failure.error_message);
    }
    let named = json!({"sellingPartnerId": "A1US", "region": "na", "applicationId": world.application()});
    token(&world.fresh().token(&named).await);
    let other = json!({"sellingPartnerId": "A1US", "region": "na", "applicationId": SECOND});
    assert_eq!(error_type(&world.fresh().token(&other).await), "UnknownSellingPartner");
}

#[tokio::test]
async fn two_applications_of_one_partner_have_tokens_of_their_own() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    register_second(&world, &[NOTIFICATIONS]).await;
    authorize_second(&world, "A1US").await;
    let environment = world.fresh();
    let mut tokens = std::collections::BTreeSet::new();
    for application in [world.application(), SECOND] {
        for mut request in [json!({"sellingPartnerId": "A1US"}), json!({"scope": NOTIFICATIONS})] {
            request["applicationId"] = json!(application);
            tokens.insert(token(&environment.token(&request).await));
        }
    }
    assert_eq!(tokens.len(), 4);
}

#[tokio::test]
async fn two_applications_with_one_refresh_token_text_never_share_a_token() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    register_second(&world, &[]).await;
    let sealer = Sealer::new(Aws::new(world.stack.sdk_config()).kms(), "alias/spapi-auth".to_owned());
    let key = |application: &str| GrantKey {
        application_id: application.parse().unwrap(),
        region: Region::Na,
        selling_partner_id: "A1US".parse().unwrap(),
    };
    let mut row = world.grant("na", "A1US").await.unwrap();
    let kept = serde_dynamo::from_attribute_value(row["refresh_token"].clone()).unwrap();
    let now = world.stack.clock().now();
    let text = sealer.open(&kept, &key(world.application()).refresh_token_owner(), now).await.unwrap();
    let moved = sealer.seal(&text, &key(SECOND).refresh_token_owner(), now).await.unwrap();
    row.insert("refresh_token".to_owned(), serde_dynamo::to_attribute_value(moved).unwrap());
    row.insert("application_id".to_owned(), AttributeValue::S(SECOND.to_owned()));
    row.insert("grant_key".to_owned(), AttributeValue::S(key(SECOND).to_string()));
    world.put_grant(row).await;
    let environment = world.fresh();
    let request =
        |application: &str| json!({"sellingPartnerId": "A1US", "region": "na", "applicationId": application});

    token(&environment.token(&request(world.application())).await);

    // Amazon refuses a refresh token of another client's (F§4.5); a token stored for the one is not for the other.
    for environment in [&environment, &world.fresh()] {
        assert_eq!(error_type(&environment.token(&request(SECOND)).await), "ReauthorizationRequired");
        token(&environment.token(&request(world.application())).await);
    }
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn an_account_is_decided_on_the_grant_itself() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    token(&environment.token_of("A1US").await);
    let by = |account: &str| json!({"account": account, "region": "na"});

    world.change_grant("na", "A1US", "account", "tenant-1").await;
    let answer = environment.token(&by("tenant-1")).await.unwrap();
    assert_eq!(answer["sellingPartnerId"], "A1US");

    world.change_grant("na", "A1US", "account", "tenant-2").await;
    assert_eq!(error_type(&world.fresh().token(&by("tenant-1")).await), "UnknownSellingPartner");
    token(&world.fresh().token(&by("tenant-2")).await);
    world.advance(61).await;
    assert_eq!(error_type(&environment.token(&by("tenant-1")).await), "UnknownSellingPartner");
    token(&environment.token(&by("tenant-2")).await);
}

#[tokio::test]
async fn a_marketplace_that_the_grant_does_not_cover_is_named() {
    let world = World::new().await;
    let stores = json!({"ATVPDKIKX0DER": "Clocks"});
    let partner = json!({"sellingPartnerId": "A1US", "region": "na", "kind": "seller", "storeNames": stores});
    world.control("partners", partner).await;
    world.cold_seller("A1US").await;
    let environment = world.fresh();
    let at = |marketplace: &str| json!({"sellingPartnerId": "A1US", "marketplaceId": marketplace});
    for _ in 0..2 {
        assert_eq!(
            token(&environment.token(&at("ATVPDKIKX0DER")).await),
            token(&environment.token_of("A1US").await)
        );
        // Canada.
        let failure = environment.token(&at("A2EUQ1WTGCTBG2")).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest");
        assert!(failure.error_message.starts_with("marketplaceId:"), "{}", failure.error_message);
    }
    assert_eq!(world.refreshes().await, 1);
}

#[tokio::test]
async fn a_grant_that_was_removed_elsewhere_leaves_no_ambiguity() {
    let world = World::new().await;
    world.browser().website("DE", "seller", "A1TWO").await;
    world.browser().website("JP", "seller", "A1TWO").await;
    let request: Value = json!({"sellingPartnerId": "A1TWO"});
    assert_eq!(error_type(&world.fresh().token(&request).await), "AmbiguousSellingPartner");

    world.change_grant("fe", "A1TWO", "status", "disabled").await;
    assert_eq!(error_type(&world.fresh().token(&request).await), "AmbiguousSellingPartner");
    world.change_grant("fe", "A1TWO", "status", "removed").await;
    let answer = world.fresh().token(&request).await.unwrap();

    assert_eq!(answer["region"], "eu");
}

#[tokio::test]
async fn a_scope_that_is_nearly_a_known_one_is_questioned_with_the_known_one_named() {
    let world = World::new().await;
    for written in [
        "notifications",
        "sellingpartnerapi::notification",
        "SellingPartnerAPI::Notifications",
        "sellingpartnerapi:notifications",
        "sellingpartnerapi::notfications",
    ] {
        let failure = world.caller().token(&json!({"scope": written})).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest", "{written}");
        assert!(failure.error_message.ends_with(&format!("did you mean {NOTIFICATIONS}?")), "{failure:?}");
    }
    assert_eq!(world.client_credentials().await, 0);

    let change = async |scopes: Value| {
        let request =
            json!({"operation": "updateApplication", "applicationId": world.application(), "scopes": scopes});
        world.caller().invoke("administration", &request).await
    };
    let refused = change(json!(["notifications"])).await.unwrap_err();
    assert!(refused.error_message.ends_with(&format!("did you mean {NOTIFICATIONS}?")), "{refused:?}");
    let known = change(json!([NOTIFICATIONS, "sellingpartnerapi::orders"])).await.unwrap();
    assert!(known.get("questions").is_none(), "{known}");
    let questioned = change(json!([NOTIFICATIONS, "sellingpartnerapi::shipment:track"])).await.unwrap();
    let question =
        "scope sellingpartnerapi::shipment:track: did you mean sellingpartnerapi::shipments:track?";
    assert_eq!(questioned["questions"], json!([question]));

    let examine = json!({"operation": "examine", "applicationId": world.application()});
    let examined = world.caller().invoke("administration", &examine).await.unwrap();
    let findings = examined["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["check"] == "scopes").unwrap();
    assert_eq!((&finding["verdict"], &finding["says"]), (&json!("warning"), &json!(question)));
    assert!(finding["do"].as_str().unwrap().contains("updateApplication"));
}

#[tokio::test]
async fn a_scope_that_an_operator_has_listed_is_asked_for_as_it_is_written() {
    let world = World::new().await;
    let scope = "sellingpartnerapi::notification";
    register_second(&world, &[scope]).await;

    let outcome = world.fresh().token(&json!({"scope": scope, "applicationId": SECOND})).await;

    assert_eq!(error_type(&outcome), "RequestRefused");
    assert_eq!(world.client_credentials().await, 1, "Amazon decides");
}
