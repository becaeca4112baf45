//! An answer of Amazon's with a refresh token that replaces the one that was sent, and without an access token that can be used: the
//! refresh token is stored, because the one that was sent may be dead.

use serde_json::{Value, json};
use shared::secret::{Fingerprint, random_word};

use crate::support::{
    environments::{error_type, token},
    operator::{authorized, conflicting, events, operate},
    world::{World, attribute},
};

/// What stands in the place of an access token, and is none.
fn no_access_tokens() -> [Value; 8] {
    [
        json!("REDACTED"),
        json!(""),
        json!("<html></html>"),
        json!("Atzr|0123456789abcdefghijkl"),
        json!("null"),
        json!(null),
        json!(5),
        json!({"token": "Atza|x"}),
    ]
}

fn new_refresh_token() -> String {
    format!("Atzr|{}", random_word())
}

/// Amazon gives the next answer without an access token, and with this refresh token.
async fn answers_once(world: &World, access: &Value, refresh: &str) {
    let body = json!({"access_token": access, "expires_in": 3600, "refresh_token": refresh}).to_string();
    world.fault("token", "body", json!({"body": body, "times": 1})).await;
}

async fn fingerprint(world: &World) -> String {
    attribute(&world.grant("na", "A1US").await.unwrap(), "fingerprint").to_owned()
}

fn fingerprint_of(token: &str) -> String {
    Fingerprint::of(token).as_str().to_owned()
}

#[tokio::test]
async fn a_replaced_refresh_token_is_stored_whatever_is_in_the_place_of_the_access_token() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    for (number, access) in (1..).zip(no_access_tokens()) {
        let issued = new_refresh_token();
        answers_once(&world, &access, &issued).await;

        assert_eq!(error_type(&world.fresh().token_of("A1US").await), "AmazonUnavailable", "{access}");

        assert_eq!(fingerprint(&world).await, fingerprint_of(&issued), "{access}");
        assert_eq!(world.refreshes().await, number);
        // The pause holds under the new version of the grant too.
        assert_eq!(error_type(&world.fresh().token_of("A1US").await), "AmazonUnavailable", "{access}");
        assert_eq!(world.refreshes().await, number, "{access}: Amazon is not asked again immediately");
        world.advance(61).await;
    }
    let (first, rest) = (events(&world, "A1US").await[0].clone(), events(&world, "A1US").await.len() - 1);
    assert_eq!((first.as_str(), rest), ("AuthorizationGranted", no_access_tokens().len()));
}

#[tokio::test]
async fn an_answer_without_an_access_token_that_replaces_no_refresh_token_changes_nothing() {
    let world = World::new().await;
    let own = json!({
        "applicationId": world.application(), "sellingPartnerId": "A1US", "region": "na", "kind": "seller",
    });
    let sent = world.control("self-authorization", own).await["refreshToken"].as_str().unwrap().to_owned();
    import(&world, &sent, json!({"region": "na"})).await.unwrap();
    let before = world.grant("na", "A1US").await;
    for text in
        [&sent, "REDACTED", "Atzr|short", "Atza|0123456789abcdefghijkl", "another-form-of-a-refresh-token"]
    {
        world.advance(3601).await;
        answers_once(&world, &json!("REDACTED"), text).await;

        assert_eq!(error_type(&world.fresh().token_of("A1US").await), "AmazonUnavailable", "{text}");

        assert_eq!(world.grant("na", "A1US").await, before, "{text}");
    }
    world.advance(61).await;
    token(&world.fresh().token_of("A1US").await);
}

#[tokio::test]
async fn the_refresher_stores_a_replaced_refresh_token_without_an_access_token() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let issued = new_refresh_token();
    answers_once(&world, &json!("REDACTED"), &issued).await;

    world.refresh_all_due().await;

    assert_eq!(fingerprint(&world).await, fingerprint_of(&issued));
    assert_eq!(world.refreshes().await, 1);
    assert_eq!(error_type(&world.fresh().token_of("A1US").await), "AmazonUnavailable");
    assert_eq!(world.refreshes().await, 1, "the pause of the failure holds for callers too");
}

#[tokio::test]
async fn enabling_a_grant_and_accepting_a_conflict_store_a_replaced_refresh_token_without_an_access_token() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    let issued = new_refresh_token();
    answers_once(&world, &json!(""), &issued).await;
    let enabled = operate(&world, "enableGrant", "A1US", json!({})).await.unwrap();
    assert_eq!(enabled["grant"]["status"], "active");
    assert_eq!(fingerprint(&world).await, fingerprint_of(&issued));

    let world = World::new().await;
    world.website_form("4a").await;
    authorized(&world, "A1US").await;
    let conflict = conflicting(&world, "A1US", "A1OTHER").await;
    let issued = new_refresh_token();
    answers_once(&world, &json!(null), &issued).await;
    let accept = json!({"fingerprint": conflict, "resolution": "accept"});
    operate(&world, "resolveConflict", "A1US", accept).await.unwrap();
    assert_eq!(fingerprint(&world).await, fingerprint_of(&issued));
}

async fn import(world: &World, token: &str, more: Value) -> Result<Value, crate::support::caller::Failure> {
    let mut request = json!({
        "operation": "importGrant", "applicationId": world.application(), "sellingPartnerId": "A1US",
        "refreshToken": token, "kind": "self", "by": "anne",
    });
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    world.caller().invoke("administration", &request).await
}

#[tokio::test]
async fn an_import_stores_the_refresh_token_by_which_amazon_replaced_the_imported_one() {
    for (partner_type, region, fault) in [
        ("seller", json!("na"), "throttle"),
        ("seller", json!("na"), "http_error"),
        ("vendor", json!("na"), "none"),
        // The second answer has the access token by which SP-API shows the region.
        ("seller", json!(null), "none"),
    ] {
        let world = World::new().await;
        let own = json!({
            "applicationId": world.application(), "sellingPartnerId": "A1US", "region": "na", "kind": "seller",
        });
        let sent = world.control("self-authorization", own.clone()).await["refreshToken"].clone();
        let issued = world.control("self-authorization", own).await["refreshToken"].clone();
        let (sent, issued) = (sent.as_str().unwrap(), issued.as_str().unwrap());
        assert_ne!(sent, issued);
        answers_once(&world, &json!("REDACTED"), issued).await;
        world.fault("sp-api", fault, json!({})).await;

        let imported = import(&world, sent, json!({"region": region, "partnerType": partner_type})).await;

        assert_eq!(imported.unwrap()["outcome"], "imported", "{partner_type} {region} {fault}");
        let expected = fingerprint_of(issued);
        assert_eq!(fingerprint(&world).await, expected, "{partner_type} {region} {fault}");
    }
}

#[tokio::test]
async fn an_import_stores_the_replacement_under_the_named_region_if_no_answer_has_an_access_token() {
    let world = World::new().await;
    let own = json!({
        "applicationId": world.application(), "sellingPartnerId": "A1US", "region": "na", "kind": "seller",
    });
    let sent = world.control("self-authorization", own).await["refreshToken"].as_str().unwrap().to_owned();
    let issued = new_refresh_token();
    let body = json!({"access_token": "REDACTED", "expires_in": 3600, "refresh_token": issued}).to_string();
    world.fault("token", "body", json!({"body": body})).await;

    let imported = import(&world, &sent, json!({"region": "na"})).await.unwrap();

    assert_eq!((&imported["outcome"], &imported["grant"]["verified"]), (&json!("imported"), &json!(false)));
    assert_eq!(fingerprint(&world).await, fingerprint_of(&issued));
}
