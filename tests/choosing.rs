//! Which grant is meant where one account has several: by marketplace, by type of partner, and by what is active.

use serde_json::{Value, json};

use crate::support::{
    caller::Failure,
    environments::{error_type, token},
    world::World,
};

const JP: &str = "A1VC38T7YXB528";
const AU: &str = "A39IBJ37TRP1C6";
const SG: &str = "A19VAU5U5O7RUS";
const DE: &str = "A1PA6795UKMFR9";
const AE: &str = "A2VIGQ35RCS4UG";

/// A seller with stores in these marketplaces, which are all of one region, authorizes with a link of the account.
async fn seller(world: &World, account: &str, country: &str, partner: &str, stores: &[&str]) {
    let names: Value = stores.iter().map(|id| ((*id).to_owned(), json!(format!("Shop {id}")))).collect();
    let region = if matches!(country, "JP" | "AU") { "fe" } else { "eu" };
    let new = json!({"sellingPartnerId": partner, "region": region, "kind": "seller", "storeNames": names});
    world.control("partners", new).await;
    authorize(world, account, country, "seller", partner).await;
}

async fn authorize(world: &World, account: &str, country: &str, partner_type: &str, partner: &str) {
    let fields = json!({"account": account, "label": partner, "marketplace": country, "type": partner_type});
    let page = world.browser().authorize_with(&world.link_with(fields).await, partner).await;
    assert!(page.is_connected(), "{}", page.body);
}

/// The same request for the account, with more fields.
fn with(account: &str, more: &Value) -> Value {
    let mut request = json!({"account": account});
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    request
}

/// What every way to a grant of the account answers: the partner, or the error.
async fn everywhere(world: &World, account: &str, more: Value) -> Vec<String> {
    let request = with(account, &more);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let failed = |failure: Failure| format!("{}: {}", failure.error_type, failure.error_message);
    let token = world.fresh().token(&request).await;
    let shown = world.ask("getGrant", request.clone()).await;
    let history = world.ask("getHistory", request.clone()).await;
    vec![
        token.map_or_else(failed, |answer| text(&answer["sellingPartnerId"])),
        shown.map_or_else(failed, |answer| text(&answer["grant"]["sellingPartnerId"])),
        history.map_or_else(failed, |answer| text(&answer["history"][0]["sellingPartnerId"])),
    ]
}

async fn all_answer(world: &World, account: &str, more: Value, expected: &str) {
    for (way, answer) in everywhere(world, account, more.clone()).await.iter().enumerate() {
        assert!(answer.starts_with(expected), "way {way}, {more}: {answer}");
    }
}

#[tokio::test]
async fn an_account_with_two_sellers_in_one_region_chooses_by_marketplace() {
    let world = World::new().await;
    seller(&world, "acme", "JP", "A1JP", &[JP]).await;
    seller(&world, "acme", "AU", "A1AU", &[AU, "A0NEWCOUNTRY00"]).await;

    all_answer(&world, "acme", json!({"marketplaceId": JP}), "A1JP").await;
    all_answer(&world, "acme", json!({"marketplaceId": AU, "region": "fe"}), "A1AU").await;
    all_answer(&world, "acme", json!({"marketplaceId": "A0NEWCOUNTRY00"}), "A1AU").await;
    let ambiguous = "AmbiguousSellingPartner: several authorizations fit; add marketplaceId";
    for open in [json!({}), json!({"region": "fe"}), json!({"partnerType": "seller"})] {
        all_answer(&world, "acme", open, ambiguous).await;
    }
    for (nowhere, expected) in [
        (SG, "InvalidRequest: marketplaceId: expected a marketplace that the selling partner takes part in"),
        (
            "A0OTHERCOUNTRY",
            "InvalidRequest: marketplaceId: expected the id of a marketplace of Amazon, or of",
        ),
    ] {
        all_answer(&world, "acme", json!({"marketplaceId": nowhere}), expected).await;
    }
    all_answer(&world, "acme", json!({"marketplaceId": JP, "region": "eu"}), "InvalidRequest: region:").await;
    all_answer(&world, "acme", json!({"marketplaceId": DE}), "UnknownSellingPartner").await;
}

#[tokio::test]
async fn two_sellers_that_both_sell_in_a_marketplace_are_told_apart_by_their_ids_alone() {
    let world = World::new().await;
    seller(&world, "acme", "DE", "A1DE", &[DE]).await;
    seller(&world, "acme", "AE", "A1AE", &[AE, DE]).await;
    seller(&world, "acme", "JP", "A1JP", &[JP]).await;

    all_answer(&world, "acme", json!({"marketplaceId": AE}), "A1AE").await;
    let by_id =
        "AmbiguousSellingPartner: several authorizations fit; name sellingPartnerId in place of account";
    all_answer(&world, "acme", json!({"marketplaceId": DE}), by_id).await;
    let by_region = "AmbiguousSellingPartner: several authorizations fit; add region";
    all_answer(&world, "acme", json!({}), by_region).await;
    all_answer(&world, "acme", json!({"region": "fe"}), "A1JP").await;
    // In the region, the marketplace of one of them would do.
    let by_marketplace = "AmbiguousSellingPartner: several authorizations fit; add marketplaceId";
    all_answer(&world, "acme", json!({"region": "eu"}), by_marketplace).await;
}

#[tokio::test]
async fn the_seller_and_the_vendor_of_one_company_are_told_apart_by_their_type() {
    let world = World::new().await;
    seller(&world, "acme", "JP", "A1JP", &[JP]).await;
    authorize(&world, "acme", "JP", "vendor", "VJP01").await;

    all_answer(&world, "acme", json!({"partnerType": "seller"}), "A1JP").await;
    all_answer(&world, "acme", json!({"partnerType": "vendor", "region": "fe"}), "VJP01").await;
    let ambiguous = "AmbiguousSellingPartner: several authorizations fit; add partnerType";
    all_answer(&world, "acme", json!({}), ambiguous).await;
    // The stores of a vendor are not known, so a marketplace means the seller that lists it, unless a vendor is named.
    all_answer(&world, "acme", json!({"marketplaceId": JP}), "A1JP").await;
    all_answer(&world, "acme", json!({"marketplaceId": JP, "partnerType": "vendor"}), "VJP01").await;
    let none = json!({"sellingPartnerId": "A1JP", "partnerType": "vendor"});
    assert_eq!(error_type(&world.fresh().token(&none).await), "UnknownSellingPartner");
}

#[tokio::test]
async fn a_seller_that_is_disabled_lapsed_or_removed_is_no_ambiguity_beside_the_active_one() {
    for (status, alone) in [
        ("disabled", "AuthorizationDisabled"),
        ("reauthorizationRequired", "ReauthorizationRequired"),
        ("removed", "UnknownSellingPartner"),
    ] {
        let world = World::new().await;
        seller(&world, "acme", "JP", "A1OLD", &[JP]).await;
        world.change_grant("fe", "A1OLD", "status", status).await;
        let environment = world.fresh();
        assert_eq!(error_type(&environment.token(&json!({"account": "acme"})).await), alone);
        seller(&world, "acme", "JP", "A1NEW", &[JP]).await;

        for more in [json!({}), json!({"region": "fe"}), json!({"marketplaceId": JP})] {
            all_answer(&world, "acme", more, "A1NEW").await;
        }
        token(&environment.token(&json!({"account": "acme"})).await);

        world.change_grant("fe", "A1NEW", "status", "disabled").await;
        let neither = world.fresh().token(&json!({"account": "acme"})).await.unwrap_err();
        let expected = if status == "removed" { "AuthorizationDisabled" } else { "AmbiguousSellingPartner" };
        assert_eq!(neither.error_type, expected, "{status}");
    }
}

#[tokio::test]
async fn a_renewal_link_and_a_disabling_take_the_grant_that_is_meant() {
    let world = World::new().await;
    seller(&world, "acme", "JP", "A1JP", &[JP]).await;
    seller(&world, "acme", "AU", "A1AU", &[AU]).await;
    authorize(&world, "acme", "AU", "vendor", "VAU01").await;
    let at = |more: Value| with("acme", &more);

    for (more, partner) in [
        (json!({"marketplaceId": AU, "partnerType": "seller"}), "A1AU"),
        (json!({"partnerType": "vendor"}), "VAU01"),
        (json!({"marketplaceId": JP}), "A1JP"),
    ] {
        let renewal = world.ask("requestRenewal", at(more.clone())).await.unwrap();
        let page = world.browser().authorize_with(renewal["url"].as_str().unwrap(), partner).await;
        assert!(page.is_connected(), "{more}: {}", page.body);

        let disabled = world.ask("disableGrant", at(more)).await.unwrap();
        assert_eq!(disabled["grant"]["sellingPartnerId"], partner);
    }
    for operation in ["requestRenewal", "disableGrant"] {
        let refused = world.ask(operation, at(json!({}))).await.unwrap_err();
        assert_eq!(refused.error_type, "AmbiguousSellingPartner", "{operation}");
    }
}

#[tokio::test]
async fn a_marketplace_without_an_account_is_a_seller_of_that_marketplace() {
    let world = World::new().await;
    seller(&world, "acme", "JP", "A1BOTH", &[JP]).await;
    seller(&world, "other", "DE", "A1BOTH", &[DE, "A0NEWCOUNTRY00"]).await;
    let partner = |more: Value| {
        let mut request = more;
        request["sellingPartnerId"] = json!("A1BOTH");
        request
    };

    for (more, region) in [
        (json!({"marketplaceId": JP}), "fe"),
        (json!({"marketplaceId": DE}), "eu"),
        (json!({"marketplaceId": "A0NEWCOUNTRY00"}), "eu"),
        (json!({"marketplaceId": "A0NEWCOUNTRY00", "region": "eu", "partnerType": "seller"}), "eu"),
    ] {
        let answer = world.fresh().token(&partner(more.clone())).await.unwrap();
        assert_eq!(answer["region"], region, "{more}");
        let shown = world.ask("getGrant", partner(more.clone())).await.unwrap();
        assert_eq!(shown["grant"]["region"], region, "{more}");
    }
    for (more, error) in [
        (json!({"marketplaceId": "A0NEWCOUNTRY00", "region": "fe"}), "InvalidRequest"),
        (json!({"marketplaceId": AU}), "InvalidRequest"),
        (json!({"marketplaceId": "ATVPDKIKX0DER"}), "UnknownSellingPartner"),
        (json!({}), "AmbiguousSellingPartner"),
    ] {
        assert_eq!(error_type(&world.fresh().token(&partner(more.clone())).await), error, "{more}");
    }
}
