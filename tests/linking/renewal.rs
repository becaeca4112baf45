//! A link that asks a known partner to authorize again.

use serde_json::json;

use crate::support::{
    linking::RETURN_URL,
    world::{World, attribute},
};

#[tokio::test]
async fn a_renewal_leads_to_the_grants_own_host_and_renews_it_for_its_account() {
    let world = World::with_integrator(false).await;
    let fields = json!({"account": "vendor-1", "label": "Vendor 1", "marketplace": "DE", "type": "vendor"});
    world.browser().authorize_with(&world.link_with(fields).await, "VDE01").await;
    let before = world.grant("eu", "VDE01").await.unwrap();

    for asked in [
        json!({"account": "vendor-1"}),
        json!({"sellingPartnerId": "VDE01", "region": "eu", "by": "support"}),
    ] {
        let renewal = world.ask("requestRenewal", asked).await.unwrap();
        let manage = world.amazon("vendorcentral.amazon.de", "/apps/manage");
        assert_eq!(renewal["manageYourAppsUrl"], manage);
        let browser = world.browser();
        let consent = browser.open_link(renewal["url"].as_str().unwrap()).await;
        assert!(consent.location().starts_with(&world.amazon("vendorcentral.amazon.de", "/apps/")));
        let callback = browser.consent(&consent, "VDE01").await;
        assert!(browser.open(&callback).await.is_connected());
    }

    let after = world.grant("eu", "VDE01").await.unwrap();
    assert_ne!(attribute(&after, "fingerprint"), attribute(&before, "fingerprint"));
    assert_eq!((attribute(&after, "version"), attribute(&after, "account")), ("3", "vendor-1"));
}

#[tokio::test]
async fn a_renewal_is_for_the_partner_that_was_asked_and_another_one_gets_both_ways_on() {
    for form in ["4a", "4b"] {
        let world = World::with_integrator(false).await;
        world.website_form(form).await;
        world.browser().authorize_with(&world.link("tenant-1").await, "A1US").await;
        let before = world.grant("na", "A1US").await.unwrap();
        let renewal =
            world.ask("requestRenewal", json!({"account": "tenant-1", "label": "Shop"})).await.unwrap();
        let browser = world.browser();
        let consent = browser.open_link(renewal["url"].as_str().unwrap()).await;
        let exchanges = world.exchanges().await;

        let refused = browser.follow(&format!("{}&_as=A2US", consent.location())).await;

        assert_eq!(refused.support_code(), Some("OTHER_PARTNER"), "{form}: {}", refused.body);
        assert_eq!(world.exchanges().await, exchanges, "{form}: before the code is exchanged");
        assert!(world.grant("na", "A2US").await.is_none(), "{form}: no grant without an account is made");
        // One way on: as the partner that was asked, with the same link.
        let page = browser.open(&world.site(&refused.choice("Start again"))).await;
        assert!(page.body.contains("in the application: <bdi>Shop</bdi>"), "{form}: {}", page.body);
        let consent = browser.press(&page).await;
        let callback = browser.consent(&consent, "A1US").await;
        assert!(browser.open(&callback).await.is_connected(), "{form}");
        let after = world.grant("na", "A1US").await.unwrap();
        assert_ne!(attribute(&after, "fingerprint"), attribute(&before, "fingerprint"));
        assert_eq!(attribute(&after, "account"), "tenant-1");
        assert_eq!(browser.open(renewal["url"].as_str().unwrap()).await.support_code(), Some("LINK_USED"));
        // The other: as this partner, without the link.
        let way = world.site(&refused.choice("Connect this Amazon account instead: <bdi>A2US</bdi>"));
        let way = browser.open(&way).await;
        let page = browser.follow(&format!("{}&_as=A2US", way.location())).await;
        assert!(page.is_connected(), "{form}: {}", page.body);
        assert_eq!(world.account_of("A2US").await, None, "another store is not the account's");
        // The page says who is signed in and who is expected.
        assert!(refused.body.contains("signed in to Amazon as <bdi>A2US</bdi>"), "{form}: {}", refused.body);
        assert!(refused.body.contains("<dt>Expected Amazon account</dt><dd><bdi>A1US</bdi></dd>"), "{form}");
    }
}

#[tokio::test]
async fn an_unlinked_partner_renews_too_and_is_shown_its_own_store() {
    let world = World::with_integrator(false).await;
    world.browser().website("US", "seller", "A1US").await;
    let asked = json!({"sellingPartnerId": "A1US", "returnUrl": RETURN_URL});
    let renewal = world.ask("requestRenewal", asked).await.unwrap();
    let browser = world.browser();

    assert!(browser.open(renewal["url"].as_str().unwrap()).await.body.contains("<bdi>"));
    let returned = browser.authorize_with(renewal["url"].as_str().unwrap(), "A1US").await;

    assert_eq!(returned.location_parameter("status"), "authorized");
    let refused = world.complete(&returned.location_parameter("result"), "tenant-1").await.unwrap_err();
    assert_eq!(refused.error_type, "RequestRefused", "the renewal was for no account");
    assert_eq!(attribute(&world.grant("na", "A1US").await.unwrap(), "version"), "2");
}

#[tokio::test]
async fn a_renewal_that_fits_no_grant_or_several_says_so() {
    let world = World::with_integrator(false).await;
    world.browser().authorize_with(&world.link("tenant-1").await, "A1US").await;
    let fields = json!({"account": "tenant-1", "label": "Shop", "marketplace": "DE"});
    world.browser().authorize_with(&world.link_with(fields).await, "A1DE").await;
    for (asked, error_type) in [
        (json!({}), "InvalidRequest"),
        (json!({"account": "tenant-1", "sellingPartnerId": "A1US"}), "InvalidRequest"),
        (json!({"account": "tenant-1"}), "AmbiguousSellingPartner"),
        (json!({"account": "tenant-1", "region": "fe"}), "UnknownSellingPartner"),
        (json!({"account": "tenant-2"}), "UnknownSellingPartner"),
        (json!({"sellingPartnerId": "A9US"}), "UnknownSellingPartner"),
    ] {
        let failure = world.ask("requestRenewal", asked.clone()).await.unwrap_err();
        assert_eq!(failure.error_type, error_type, "{asked}");
    }
    assert!(world.ask("requestRenewal", json!({"account": "tenant-1", "region": "eu"})).await.is_ok());
    world.change_grant("na", "A1US", "status", "removed").await;
    assert!(world.ask("requestRenewal", json!({"account": "tenant-1"})).await.is_ok());
}

#[tokio::test]
async fn an_imported_sellers_renewal_leads_to_its_home_and_not_to_the_first_store_that_amazon_lists() {
    let world = World::with_integrator(false).await;
    for (partner, region, stores, host) in [
        ("A1US", "na", ["A1AM78C64UM0Y8", "ATVPDKIKX0DER"], "sellercentral.amazon.com"),
        ("A1MX", "na", ["A1AM78C64UM0Y8", "A2Q3Y263D00KWC"], "sellercentral.amazon.com.mx"),
        ("A1AE", "eu", ["A2VIGQ35RCS4UG", "A2VIGQ35RCS4UG"], "sellercentral.amazon.ae"),
        ("A1AU", "fe", ["A19VAU5U5O7RUS", "A39IBJ37TRP1C6"], "sellercentral.amazon.com.au"),
    ] {
        let stores: serde_json::Map<_, _> =
            stores.iter().map(|id| ((*id).to_owned(), json!("Shop"))).collect();
        let known =
            json!({"sellingPartnerId": partner, "kind": "seller", "region": region, "storeNames": stores});
        world.control("partners", known).await;
        let own = json!({"applicationId": world.application(), "sellingPartnerId": partner, "region": region,
            "kind": "seller"});
        let token = world.control("self-authorization", own).await["refreshToken"].clone();
        let import = json!({"operation": "importGrant", "applicationId": world.application(),
            "sellingPartnerId": partner, "refreshToken": token, "kind": "oauth",
            "authorizedAt": "2026-01-01T00:00:00Z", "by": "anne"});
        world.caller().invoke("administration", &import).await.unwrap();

        let asked = json!({"sellingPartnerId": partner, "region": region});
        let renewal = world.ask("requestRenewal", asked).await.unwrap();
        let browser = world.browser();
        let consent = browser.open_link(renewal["url"].as_str().unwrap()).await;

        assert!(
            consent.location().starts_with(&world.amazon(host, "/apps/authorize/")),
            "{}",
            consent.location()
        );
        assert_eq!(renewal["manageYourAppsUrl"], world.amazon(host, "/apps/manage"));
        let callback = browser.consent(&consent, partner).await;
        assert!(browser.open(&callback).await.is_connected());
        assert_eq!(attribute(&world.grant(region, partner).await.unwrap(), "version"), "2");
    }
}
