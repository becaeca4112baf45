//! The main job: every workflow, from "Authorize" to an access token that SP-API accepts.

use serde_json::json;

use crate::support::world::{World, attribute};

#[tokio::test]
async fn the_website_workflow_ends_in_a_token_in_both_forms_for_every_marketplace() {
    let world = World::new().await;
    let marketplaces = shared::amazon::marketplace::Marketplaces::default();
    for form in ["4a", "4b"] {
        world.website_form(form).await;
        for marketplace in marketplaces.iter() {
            for partner_type in ["seller", "vendor"] {
                // Vendors come back under the ids of their vendor groups (F§1.5).
                let prefix = if partner_type == "vendor" { "amzn1.vg." } else { "A" };
                let partner = format!("{prefix}{}{form}", marketplace.country);

                let page = world.browser().website(&marketplace.country, partner_type, &partner).await;

                assert!(page.is_connected(), "{partner}: {}", page.body);
                let token = world.caller().token_of(&partner, marketplace.region.as_str()).await.unwrap();
                assert!(token["accessToken"].as_str().unwrap().starts_with("Atza|"));
            }
        }
    }
    let calls = world.calls().await;
    assert_eq!(calls["token"]["authorization_code"], 92);
    assert_eq!(calls["token"]["refresh_token"], 0, "the token that came with the code is cached");
    assert_eq!(calls["participations"], 46, "one for each seller, none for a vendor");
}

#[tokio::test]
async fn the_appstore_workflow_ends_in_a_token() {
    let world = World::new().await;
    for (host, region, partner) in [
        ("sellercentral.amazon.com", "na", "A1US"),
        ("sellercentral.amazon.co.jp", "fe", "A1JP"),
        ("sellercentral-europe.amazon.com", "eu", "A1DE"),
    ] {
        let appstore = world.amazon(host, &format!("/appstore/{}?_as={partner}", world.application()));

        let page = world.browser().follow(&appstore).await;

        assert!(page.is_connected(), "{}", page.body);
        assert!(world.caller().token_of(partner, region).await.is_ok());
    }
}

#[tokio::test]
async fn a_draft_carries_its_version_and_a_published_application_carries_none() {
    let world = World::new().await;
    let draft = "amzn1.sp.solution.99999999-2222-4333-8444-555555555555";
    let new = local::seed::NewApplication {
        application_id: draft.to_owned(),
        name: "Draft".to_owned(),
        draft: true,
        default_region: shared::region::Region::Na,
        scopes: Vec::new(),
    };
    world.stack.register(new).await.unwrap();
    for form in ["4a", "4b"] {
        world.website_form(form).await;
        for (application, version) in [(draft, "beta"), (world.application(), "")] {
            let browser = world.browser();
            let start =
                world.site(&format!("/authorize?marketplace=US&type=seller&application={application}"));
            let consent = browser.open(&start).await;
            assert_eq!(consent.location_parameter("version"), version);

            let partner = format!("A{form}{}", &application[18..22]);
            let page = browser.follow(&format!("{}&_as={partner}", consent.location())).await;

            assert!(page.is_connected(), "{}", page.body);
            let request = json!({"sellingPartnerId": partner, "applicationId": application});
            assert_eq!(world.caller().token(&request).await.unwrap()["applicationId"], application);
        }
    }
}

#[tokio::test]
async fn promise_6_re_authorization_replaces_the_token_of_the_same_grant_in_each_region() {
    let world = World::new().await;
    world.control("old-tokens", json!({"onReauthorization": "kill"})).await;
    for (marketplace, host, region) in [
        ("US", "sellercentral.amazon.com", "na"),
        ("DE", "sellercentral-europe.amazon.com", "eu"),
        ("JP", "sellercentral.amazon.co.jp", "fe"),
    ] {
        let partner = format!("A1{marketplace}");
        world.browser().website(marketplace, "seller", &partner).await;
        let before = world.grant(region, &partner).await.unwrap();
        let old_token = world.caller().token_of(&partner, region).await.unwrap()["accessToken"].clone();
        world.advance(3 * 24 * 3600).await;

        let again = format!("/apps/manage/{}/reauthorize?_as={partner}", world.application());
        let page = world.browser().follow(&world.amazon(host, &again)).await;

        assert!(page.is_connected(), "{}", page.body);
        let after = world.grant(region, &partner).await.unwrap();
        assert_ne!(attribute(&before, "fingerprint"), attribute(&after, "fingerprint"));
        assert_eq!((attribute(&before, "version"), attribute(&after, "version")), ("1", "2"));
        let days = |row| attribute(row, "renewal_due_at").parse::<i64>().unwrap() / 86_400;
        assert_eq!(days(&after) - days(&before), 3);
        let new_token = world.caller().token_of(&partner, region).await.unwrap()["accessToken"].clone();
        assert_ne!(old_token, new_token, "the old access token is evicted immediately");
        let events: Vec<_> = world
            .history(region, &partner)
            .await
            .iter()
            .map(|row| attribute(row, "event").to_owned())
            .collect();
        assert_eq!(events, ["AuthorizationGranted", "AuthorizationRenewed"]);
    }
}

#[tokio::test]
async fn a_vendor_that_authorizes_again_without_an_account_keeps_its_working_token_and_waits_for_an_operator()
{
    let world = World::new().await;
    world.browser().website("DE", "vendor", "VDE01").await;
    let before = world.grant("eu", "VDE01").await.unwrap();

    let again = format!("/apps/manage/{}/reauthorize?_as=VDE01", world.application());
    let page = world.browser().follow(&world.amazon("vendorcentral.amazon.de", &again)).await;

    assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    let after = world.grant("eu", "VDE01").await.unwrap();
    assert_eq!(attribute(&before, "fingerprint"), attribute(&after, "fingerprint"));
    assert!(world.caller().token_of("VDE01", "eu").await.is_ok());
}

#[tokio::test]
async fn a_stack_started_again_on_its_data_still_serves_every_partner() {
    let directory = std::env::temp_dir().join(format!("spapi-auth-{}", shared::secret::random_word()));
    let world = World::kept_in(&directory).await;
    world.browser().website("US", "seller", "A1US").await;
    world.browser().website("JP", "seller", "A1JP").await;
    world.browser().website("DE", "vendor", "VDE01").await;
    let kept = world.caller().token_of("A1US", "na").await.unwrap();
    world.advance(100).await;
    drop(world);

    let world = World::kept_in(&directory).await;

    assert_eq!(world.caller().token_of("A1US", "na").await.unwrap()["accessToken"], kept["accessToken"]);
    world.advance(4000).await;
    for (partner, region) in [("A1US", "na"), ("A1JP", "fe"), ("VDE01", "eu")] {
        let fresh = world.caller().token_of(partner, region).await.unwrap();
        assert!(fresh["expiresIn"].as_i64().unwrap() > 3500, "a refreshed token: {fresh}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
