//! Each button does what it says, through the functions and the controls.

use serde_json::json;

use super::notice;
use crate::support::world::World;

/// The status that the grant's page shows.
async fn status(world: &World, partner: &str) -> String {
    let page = world.look(&world.grant_page(partner)).await;
    let (_, rest) = page.body.split_once("<dt>Status</dt><dd><span class=\"status ").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn disable_stops_the_tokens_and_enable_brings_them_back() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    let (page, list) = (world.grant_page("A1US"), world.grants_page());

    let shown = world.press(&page, &[("do", "disable"), ("reason", "contract ended"), ("back", &list)]).await;
    assert!(notice(&shown).starts_with("Disabled"), "{}", shown.body);
    assert_eq!(shown.url.path(), list);
    assert_eq!(world.fresh().token_of("A1US").await.unwrap_err().error_type, "AuthorizationDisabled");
    let shown = world.look(&page).await;
    assert!(shown.body.contains("contract ended") && shown.body.contains("operator: <bdi>console</bdi>"));
    assert_eq!(status(&world, "A1US").await, "disabled");

    let shown = world.press(&page, &[("do", "enable")]).await;
    assert!(notice(&shown).starts_with("Enabled"), "{}", shown.body);
    world.fresh().token_of("A1US").await.unwrap();
}

#[tokio::test]
async fn a_failed_button_shows_the_functions_own_message() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    let page = world.grant_page("A1US");
    for (form, sentence) in [
        (&[("do", "disable"), ("reason", "a\u{202e}b")][..], "reason"),
        (&[("do", "link"), ("account", "a\u{1}")], "account"),
        (&[("do", "reject"), ("fingerprint", "x")], "fingerprint"),
        (&[("do", "accept")], "fingerprint"),
        (&[("do", "dance")], "do: expected"),
        (&[], "do: expected"),
    ] {
        let shown = world.press(&page, form).await;
        assert!(notice(&shown).contains(sentence), "{form:?}: {}", notice(&shown));
        assert!(shown.body.contains("role=\"alert\""), "{form:?}");
    }
    assert_eq!(status(&world, "A1US").await, "active");
    let nobody = world.grant_page("A1NOBODY");
    let home = world.press(&nobody, &[("do", "disable"), ("back", "/")]).await;
    assert!(notice(&home).contains("UnknownSellingPartner"), "{}", notice(&home));
}

#[tokio::test]
async fn the_clock_advances_and_a_token_in_use_is_refreshed() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    let page = world.grant_page("A1US");
    let shown = world.press(&page, &[("do", "fetch")]).await;
    assert!(notice(&shown).contains("It is not shown here"), "{}", notice(&shown));
    let (refreshes, offset) = (world.refreshes().await, world.stack.clock().offset_seconds());

    for (seconds, label) in [("3000", "token-refresher"), ("300", "The clock shows"), ("86400", "renewals")] {
        let shown = world.press("/console/clock", &[("seconds", seconds), ("back", &page)]).await;
        assert!(notice(&shown).contains(label), "{seconds}: {}", notice(&shown));
        assert_eq!(shown.url.path(), page);
        if seconds == "3000" {
            assert!(world.refreshes().await > refreshes, "the token was refreshed before it expired");
            assert!(shown.body.contains("<dt>Last requested</dt><dd><time"), "{}", shown.body);
            assert!(shown.body.contains("(in 59 minutes)"), "{}", shown.body);
        }
    }
    assert_eq!(world.stack.clock().offset_seconds() - offset, 3000 + 300 + 86_400);
    let refused = world.press("/console/clock", &[("seconds", "-1")]).await;
    assert!(notice(&refused).contains("expected"), "{}", notice(&refused));
}

#[tokio::test]
async fn every_fault_can_be_activated_is_shown_and_is_repaired() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let path = "/console/faults";
    for endpoint in ["token", "sp-api", "dynamodb", "kms", "secretsmanager", "sqs", "eventbridge"] {
        for fault in ["latency", "throttle", "http_error", "html", "reset", "hang", "invalid_client", "none"]
        {
            let form = [("do", "break"), ("endpoint", endpoint), ("fault", fault), ("times", "7")];
            let shown = world.press(path, &form).await;
            let is_broken = shown.body.contains(&format!("<strong>{fault}</strong>, 7 more requests"));
            assert_eq!(is_broken, fault != "none", "{endpoint} {fault}: {}", shown.body);
            assert_eq!(shown.body.contains("<strong>Broken: </strong>"), fault != "none");
        }
    }
    let eu = [("do", "break"), ("endpoint", "sp-api"), ("fault", "http_error"), ("region", "eu")];
    assert!(world.press(path, &eu).await.body.contains("marketplace participations in eu only"));
    let html = [("do", "break"), ("endpoint", "token"), ("fault", "html")];
    world.press(path, &html).await;
    assert!(world.look("/").await.body.contains("<strong>Broken: </strong>token"));
    assert_eq!(world.caller().token_of("A1US", "na").await.unwrap_err().error_type, "AmazonUnavailable");
    world.press(path, &[("do", "reset")]).await;
    world.advance(60).await;
    world.caller().token_of("A1US", "na").await.unwrap();
    let wrong = [("do", "break"), ("endpoint", "token"), ("fault", "http_error"), ("status", "99")];
    assert!(notice(&world.press(path, &wrong).await).contains("status"));
}

#[tokio::test]
async fn a_grant_that_is_revoked_at_amazon_is_restored_there() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let page = world.grant_page("A1US");

    let shown = world.press(&page, &[("do", "revoke")]).await;
    assert!(shown.body.contains("<dt>At Amazon</dt><dd><span class=\"status disabled\">"), "{}", shown.body);
    let refused = world.press(&page, &[("do", "fetch")]).await;
    assert!(notice(&refused).contains("ReauthorizationRequired"), "{}", notice(&refused));
    assert!(refused.body.contains("Refused by Amazon since</dt><dd><time"), "{}", refused.body);

    let shown = world.press(&page, &[("do", "restore")]).await;
    assert!(shown.body.contains("<dt>At Amazon</dt><dd><span class=\"status active\">"), "{}", shown.body);
    world.advance(3700).await;
    let fetched = world.press(&page, &[("do", "fetch")]).await;
    assert!(notice(&fetched).contains("A token was vended"), "{}", notice(&fetched));
}

#[tokio::test]
async fn a_conflict_shows_what_differs_and_is_decided_either_way() {
    for (button, stores) in [("accept", "A9STRANGER"), ("reject", "A1US")] {
        let world = World::attended().await;
        world.disputed_seller("A1US").await;
        let page = world.grant_page("A1US");
        let shown = world.look(&page).await;
        assert!(shown.body.contains("store names differ in US: had Store of A1US"), "{}", shown.body);
        assert!(world.look(&world.grants_page()).await.body.contains("conflict to resolve"));
        let (_, rest) = shown.body.split_once("name=\"fingerprint\" value=\"").unwrap();
        let fingerprint = rest.split_once('"').unwrap().0;

        let shown = world.press(&page, &[("do", button), ("fingerprint", fingerprint)]).await;

        assert!(shown.body.contains("role=\"status\""), "{button}: {}", notice(&shown));
        assert!(!shown.body.contains("<h2 id=\"conflicts\">"), "{button}");
        assert!(shown.body.contains(&format!("<bdi>Store of {stores}</bdi>")), "{button}: {}", shown.body);
    }
}

#[tokio::test]
async fn accounts_are_linked_tokens_invalidated_and_grants_removed() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let page = world.grant_page("A1US");

    world.press(&page, &[("do", "link"), ("account", "tenant-42")]).await;
    let by_account = json!({"account": "tenant-42", "region": "na"});
    let token = world.fresh().token(&by_account).await.unwrap();
    world.press(&page, &[("do", "invalidate")]).await;
    let shown = world.look(&page).await;
    assert!(shown.body.contains("older than the last change of the grant"), "{}", shown.body);
    let another = world.fresh().token(&by_account).await.unwrap();
    assert_ne!(token["accessToken"], another["accessToken"]);
    world.press(&page, &[("do", "link"), ("account", "")]).await;
    assert_eq!(world.fresh().token(&by_account).await.unwrap_err().error_type, "UnknownSellingPartner");

    let removed = world.press(&page, &[("do", "remove")]).await;
    assert!(notice(&removed).starts_with("Removed"), "{}", notice(&removed));
    assert_eq!(status(&world, "A1US").await, "removed");
    assert!(removed.body.contains("AuthorizationGranted"), "the history stays");
    assert!(!removed.body.contains("value=\"remove\""));
    assert!(!world.look(&world.grants_page()).await.body.contains("A1US"));
}

#[tokio::test]
async fn a_pressed_rotate_button_brings_a_new_client_secret() {
    let world = World::attended().await;
    let page = format!("/console/applications/{}", world.application());
    let before = world.current_secret().await;

    let shown = world.press(&page, &[("do", "rotate")]).await;
    assert!(notice(&shown).contains("new client secret"), "{}", notice(&shown));
    world.press("/console/clock", &[("seconds", "5")]).await;

    assert_ne!(world.current_secret().await["clientSecret"], before["clientSecret"]);
    assert!(world.look(&page).await.body.contains("ClientSecretRotated"));
    let answer = world.press(&page, &[("do", "request")]).await;
    assert!(!notice(&answer).is_empty());
    world.browser().website("US", "seller", "A1US").await;
    let invalidated = world.press(&page, &[("do", "invalidate")]).await;
    assert!(notice(&invalidated).contains("was invalidated"), "{}", notice(&invalidated));
    let request = json!({"sellingPartnerId": "A1US", "region": "na"});
    world.press(&page, &[("do", "disable")]).await;
    assert_eq!(world.fresh().token(&request).await.unwrap_err().error_type, "ApplicationDisabled");
    assert!(world.look(&page).await.body.contains("disabled, "));
    world.press(&page, &[("do", "enable")]).await;
    world.fresh().token(&request).await.unwrap();
    let unknown = world.press("/console/applications/x%2F..%2Fy", &[("do", "rotate"), ("back", "/")]).await;
    assert!(notice(&unknown).contains("no such application"), "{}", notice(&unknown));
}

#[tokio::test]
async fn the_website_form_is_switched_and_a_link_is_made_by_the_function() {
    let world = World::attended().await;
    let shown = world.press("/console/website-form", &[("form", "4a")]).await;
    assert!(shown.body.contains("has form <strong>4a</strong>"), "{}", shown.body);
    let refused = world.press("/console/website-form", &[("form", "4c")]).await;
    assert!(notice(&refused).contains("4c"), "{}", notice(&refused));

    let fields = [("account", "tenant-42"), ("label", "Shop"), ("marketplace", "US"), ("type", "seller")];
    let shown = world.press("/console/links", &fields).await;
    let same = json!({
        "operation": "createAuthorizationLink", "account": "tenant-42", "label": "Shop", "marketplace": "US",
        "type": "seller",
    });
    match world.caller().invoke("authorizations", &same).await {
        Ok(_) => assert!(shown.body.contains("/authorize?link="), "{}", shown.body),
        Err(failure) => assert!(notice(&shown).contains(&failure.error_type), "{}", notice(&shown)),
    }
}

#[tokio::test]
async fn events_are_shown_as_they_arrive_each_with_its_detail() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;

    let shown = world.look("/console/events").await;
    assert!(shown.body.contains("AuthorizationGranted") && shown.body.contains(&world.grant_page("A1US")));
    assert!(shown.body.contains("&quot;detail-type&quot;: &quot;AuthorizationGranted&quot;"));
    assert!(!shown.looks_again());
    assert!(world.look("/console/events?follow=1").await.looks_again());
    let (_, newer) = shown.body.split_once("<a href=\"/console/events?after=").unwrap();
    let newer = format!("/console/events?after={}", newer.split_once('"').unwrap().0);
    assert!(world.look(&newer).await.body.contains("Nothing yet."));

    world.press(&world.grant_page("A1US"), &[("do", "disable")]).await;
    let shown = world.look(&newer).await;
    assert!(shown.body.contains("AuthorizationDisabled") && !shown.body.contains("AuthorizationGranted"));
}
