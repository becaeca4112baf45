//! An answer of Amazon's with a refresh token that replaces the one that was sent, and without an access token that can be used: the
//! refresh token is stored, because the one that was sent may be dead.

use futures::future::join;
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

/// A refresh token of this partner, from Amazon's portal.
async fn own_token(world: &World, region: &str, kind: &str) -> String {
    let own = json!({
        "applicationId": world.application(), "sellingPartnerId": "A1US", "region": region, "kind": kind,
    });
    world.control("self-authorization", own).await["refreshToken"].as_str().unwrap().to_owned()
}

/// The fingerprint of the partner's refresh token in a region, unless its grant was removed.
async fn token_in(world: &World, region: &str) -> Option<String> {
    let grant = world.grant(region, "A1US").await.filter(|grant| grant.contains_key("refresh_token"))?;
    Some(attribute(&grant, "fingerprint").to_owned())
}

#[tokio::test]
async fn an_import_without_a_region_stores_the_replacement_under_an_assumed_one_until_it_is_found() {
    const DAY: u32 = 24 * 3600;
    for (kind, access, fault) in
        [("seller", "REDACTED", "none"), ("seller", "Atza|x", "throttle"), ("vendor", "REDACTED", "none")]
    {
        let world = World::new().await;
        let (sent, issued) = (own_token(&world, "eu", kind).await, own_token(&world, "eu", kind).await);
        let body = json!({"access_token": access, "expires_in": 3600, "refresh_token": issued}).to_string();
        world.fault("token", "body", json!({"body": body})).await;
        world.fault("sp-api", fault, json!({})).await;

        let imported = import(&world, &sent, json!({"partnerType": kind})).await.unwrap();

        let shown = (&imported["outcome"], &imported["grant"]["region"], &imported["grant"]["regionAssumed"]);
        assert_eq!(shown, (&json!("imported"), &json!("na"), &json!(true)), "{kind} {fault}");
        assert_eq!(token_in(&world, "na").await, Some(fingerprint_of(&issued)), "{kind} {fault}");
        world.control("reset", json!({})).await;
        for _ in 0..2 {
            world.advance(DAY).await;
            world.refresh_all_due().await;
        }
        // Nothing shows the region of a vendor.
        let found = if kind == "seller" { "eu" } else { "na" };
        assert_eq!(token_in(&world, found).await, Some(fingerprint_of(&issued)), "{kind} {fault}");
        world.caller().token_of("A1US", found).await.unwrap();
    }
}

#[tokio::test]
async fn the_grant_that_has_an_imported_token_gets_the_replacement_in_whatever_region_it_is() {
    for (named, operation) in [("na", "none"), ("eu", "none"), ("eu", "disableGrant")] {
        let world = World::new().await;
        let (sent, issued) =
            (own_token(&world, "eu", "seller").await, own_token(&world, "eu", "seller").await);
        import(&world, &sent, json!({"region": "eu"})).await.unwrap();
        if operation != "none" {
            operate(&world, operation, "A1US", json!({"region": "eu"})).await.unwrap();
        }
        let status = attribute(&world.grant("eu", "A1US").await.unwrap(), "status").to_owned();
        let body = json!({"access_token": "REDACTED", "refresh_token": issued}).to_string();
        world.fault("token", "body", json!({"body": body})).await;

        let imported = import(&world, &sent, json!({"region": named})).await;

        if named == "eu" {
            assert_eq!(imported.unwrap()["outcome"], "present", "{operation}");
        } else {
            let said = imported.unwrap_err().error_message;
            assert!(said.starts_with("region: expected eu, where the partner's grant has"), "{said}");
        }
        assert_eq!(token_in(&world, "eu").await, Some(fingerprint_of(&issued)), "{named} {operation}");
        assert_eq!(attribute(&world.grant("eu", "A1US").await.unwrap(), "status"), status);
        assert!(world.grant("na", "A1US").await.is_none());
        assert_eq!(world.counted("RefreshTokensLost", ("Function", "administration")), 0);
    }
}

#[tokio::test]
async fn the_replacement_of_a_token_that_is_imported_beside_another_grant_waits_as_its_conflict() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let before = fingerprint(&world).await;
    let (sent, issued) = (own_token(&world, "na", "seller").await, own_token(&world, "na", "seller").await);
    answers_once(&world, &json!("REDACTED"), &issued).await;

    let failure = import(&world, &sent, json!({"region": "na"})).await.unwrap_err();

    assert!(failure.error_message.contains("accept or reject it with resolveConflict"), "{failure:?}");
    assert_eq!(world.counted("RefreshTokensLost", ("Function", "administration")), 0);
    assert_eq!(fingerprint(&world).await, before, "the grant keeps its own token");
    let accept = json!({"fingerprint": fingerprint_of(&issued), "resolution": "accept"});
    operate(&world, "resolveConflict", "A1US", accept).await.unwrap();
    assert_eq!(fingerprint(&world).await, fingerprint_of(&issued));
    token(&world.fresh().token_of("A1US").await);
}

#[tokio::test]
async fn a_token_that_is_imported_into_two_regions_at_once_is_in_use_in_one() {
    let world = World::new().await;
    let sent = own_token(&world, "na", "vendor").await;
    let into = |region: &str| json!({"region": region, "partnerType": "vendor"});

    let (one, two) = join(import(&world, &sent, into("na")), import(&world, &sent, into("eu"))).await;

    let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    let said = &refused[0].error_message;
    assert!(said.contains("where the partner's grant has this refresh token"), "{said}");
    assert!(token_in(&world, "na").await.is_some() != token_in(&world, "eu").await.is_some());
}
