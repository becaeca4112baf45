//! The way back to the integrator, and the completion by its backend.

use serde_json::json;

use crate::support::{
    linking::RETURN_URL,
    world::{World, attribute},
};

async fn events(world: &World, region: &str, partner: &str) -> Vec<String> {
    let history = world.history(region, partner).await;
    history.iter().map(|row| attribute(row, "event").to_owned()).collect()
}

#[tokio::test]
async fn promise_5_a_grant_is_unlinked_until_the_integrator_says_who_came_back() {
    for form in ["4a", "4b"] {
        let world = World::with_integrator(false).await;
        world.website_form(form).await;
        let browser = world.browser();
        let url = world.returning_link("tenant-1").await;

        let returned = browser.authorize_with(&url, "A1US").await;

        assert_eq!(returned.status, 303);
        let result = returned.location_parameter("result");
        assert_eq!(returned.location(), format!("{RETURN_URL}&status=authorized&result={result}"));
        assert_eq!(world.account_of("A1US").await, None);
        let by_account = json!({"account": "tenant-1"});
        assert_eq!(world.caller().refusal(&by_account).await, "UnknownSellingPartner");

        let completed = world.complete(&result, "tenant-1").await.unwrap();

        for (field, value) in [
            ("applicationId", world.application()),
            ("region", "na"),
            ("sellingPartnerId", "A1US"),
            ("account", "tenant-1"),
            ("status", "active"),
        ] {
            assert_eq!(completed["grant"][field], value);
        }
        assert_eq!(world.caller().token(&by_account).await.unwrap()["sellingPartnerId"], "A1US");
        assert_eq!(events(&world, "na", "A1US").await, ["AuthorizationGranted", "AccountLinked"]);
        let again = world.complete(&result, "tenant-1").await.unwrap_err();
        assert_eq!(again.error_type, "RequestRefused", "a result is good for one completion");
    }
}

#[tokio::test]
async fn promise_5_another_account_completes_nothing_and_uses_nothing_up() {
    let world = World::with_integrator(false).await;
    let url = world.returning_link("tenant-1").await;
    let result = world.browser().authorize_with(&url, "A1US").await.location_parameter("result");
    let before = world.grant("na", "A1US").await;

    for account in ["tenant-2", "Tenant-1", "tenant-11"] {
        let refused = world.complete(&result, account).await.unwrap_err();
        assert_eq!(refused.error_type, "RequestRefused");
    }
    assert_eq!(world.grant("na", "A1US").await, before);
    assert_eq!(events(&world, "na", "A1US").await, ["AuthorizationGranted"]);

    world.complete(&result, "tenant-1").await.unwrap();
}

#[tokio::test]
async fn promise_5_a_result_lives_five_minutes() {
    let world = World::with_integrator(false).await;
    let url = world.returning_link("tenant-1").await;
    let result = world.browser().authorize_with(&url, "A1US").await.location_parameter("result");
    world.advance(301).await;

    assert_eq!(world.complete(&result, "tenant-1").await.unwrap_err().error_type, "RequestRefused");
    assert_eq!(world.account_of("A1US").await, None);
}

#[tokio::test]
async fn promise_3_a_finished_callback_leads_back_again_while_its_result_is_fresh() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let consent = browser.open_link(&world.returning_link("tenant-1").await).await;
    let callback = browser.consent(&consent, "A1US").await;
    let first = browser.open(&callback).await;

    let again = browser.open(&callback).await;
    assert_eq!((again.status.as_u16(), again.location()), (303, first.location()));
    assert_eq!(world.browser().open(&callback).await.support_code(), Some("OTHER_BROWSER"));
    world.complete(&first.location_parameter("result"), "tenant-1").await.unwrap();
    assert!(browser.open(&callback).await.is_connected(), "completed: the plain page");

    let consent = browser.open_link(&world.returning_link("tenant-2").await).await;
    let callback = browser.consent(&consent, "A2US").await;
    assert_eq!(browser.open(&callback).await.status, 303);
    world.advance(301).await;
    assert!(browser.open(&callback).await.is_connected(), "too late: the plain page");
    assert_eq!(world.exchanges().await, 2);
}

#[tokio::test]
async fn no_browser_is_sent_to_a_return_url_that_is_no_longer_registered_and_no_grant_is_nobodys() {
    for seconds in [0, 1, 59, 61] {
        let world = World::with_integrator(false).await;
        let browser = world.browser();
        // Every function has read the application, with its URL, in this minute.
        let warm = world.browser().authorize_with(&world.returning_link("tenant-0").await, "A0US").await;
        assert_eq!(warm.status, 303);
        let exchanges = world.exchanges().await;
        let consent = browser.open_link(&world.returning_link("tenant-1").await).await;
        let callback = browser.consent(&consent, "A1US").await;
        world.deregister_urls().await;
        world.advance(seconds).await;

        let page = browser.open(&callback).await;

        assert_eq!(page.support_code(), Some("LINK_EXPIRED"), "{}", page.body);
        assert_eq!(world.exchanges().await, exchanges);
        assert!(world.grant("na", "A1US").await.is_none());
        assert_eq!(browser.open(&callback).await.support_code(), Some("INTERRUPTED"));
    }
}

#[tokio::test]
async fn a_link_is_refused_before_consent_once_its_return_url_is_taken_away() {
    let world = World::with_integrator(false).await;
    let warm = world.browser();
    let pressed = world.returning_link("tenant-1").await;
    let unused = world.returning_link("tenant-2").await;
    // Every function has read the application in this minute.
    assert_eq!(warm.authorize_with(&world.returning_link("tenant-0").await, "A0US").await.status, 303);
    let consent = warm.open_link(&pressed).await;
    world.deregister_urls().await;

    let browser = world.browser();
    for shown in
        [browser.open(&unused).await, browser.post_link(&unused).await, warm.post_link(&pressed).await]
    {
        assert_eq!(shown.support_code(), Some("LINK_EXPIRED"), "{}", shown.body);
        assert!(shown.body.contains("Example Application"), "{}", shown.body);
    }
    let late = warm.follow(&format!("{}&_as=A1US", consent.location())).await;
    assert_eq!(late.support_code(), Some("LINK_EXPIRED"), "before the code is exchanged: {}", late.body);
    let fields =
        json!({"account": "tenant-1", "label": "Shop", "marketplace": "US", "returnUrl": RETURN_URL});
    assert_eq!(world.ask("createAuthorizationLink", fields).await.unwrap_err().error_type, "InvalidRequest");
    assert!(world.grant("na", "A1US").await.is_none());

    // The link is as good as before once the URL is back.
    world.register_urls(None, &[RETURN_URL]).await;
    assert_eq!(browser.authorize_with(&unused, "A2US").await.location_parameter("status"), "authorized");
}

#[tokio::test]
async fn a_link_works_at_once_with_a_return_url_that_was_registered_a_moment_ago() {
    let world = World::with_integrator(false).await;
    assert_eq!(
        world.browser().authorize_with(&world.returning_link("tenant-0").await, "A0US").await.status,
        303
    );
    let new = "https://app.example.com/new";
    world.register_urls(None, &[RETURN_URL, new]).await;

    let fields = json!({"account": "tenant-1", "label": "Shop", "marketplace": "US", "returnUrl": new});
    let returned = world.browser().authorize_with(&world.link_with(fields).await, "A1US").await;

    assert!(returned.location().starts_with(&format!("{new}?status=authorized")), "{}", returned.body);
    let result = returned.location_parameter("result");
    assert!(world.complete(&result, "tenant-1").await.is_ok());
}

#[tokio::test]
async fn a_refused_authorization_leads_back_with_its_status_and_nothing_to_complete() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let consent = browser.open_link(&world.returning_link("tenant-1").await).await;
    let callback = browser.consent(&consent, "A1US").await;
    world.advance(301).await;

    for _ in 0..2 {
        let returned = browser.open(&callback).await;
        assert_eq!(returned.location(), format!("{RETURN_URL}&status=code_refused"));
    }
}

#[tokio::test]
async fn promise_4_a_vendor_renews_by_its_account_only_after_the_account_is_proved() {
    let world = World::with_integrator(false).await;
    let fields = json!({"account": "vendor-1", "label": "Vendor 1", "marketplace": "DE", "type": "vendor",
        "returnUrl": RETURN_URL});
    let first = world.browser().authorize_with(&world.link_with(fields.clone()).await, "VDE01").await;
    world.complete(&first.location_parameter("result"), "vendor-1").await.unwrap();
    let before = world.grant("eu", "VDE01").await.unwrap();
    world.advance(60).await;

    let returned = world.browser().authorize_with(&world.link_with(fields).await, "VDE01").await;
    let result = returned.location_parameter("result");

    assert_eq!(returned.location_parameter("status"), "conflict", "the account is not proved yet");
    let waiting = world.grant("eu", "VDE01").await.unwrap();
    assert_eq!(attribute(&waiting, "fingerprint"), attribute(&before, "fingerprint"));
    assert!(!waiting["conflicts"].as_l().unwrap()[0].as_m().unwrap().contains_key("account"));
    assert_eq!(world.complete(&result, "vendor-2").await.unwrap_err().error_type, "RequestRefused");

    world.complete(&result, "vendor-1").await.unwrap();

    let after = world.grant("eu", "VDE01").await.unwrap();
    assert_ne!(attribute(&after, "fingerprint"), attribute(&before, "fingerprint"));
    assert!(!after.contains_key("conflicts"));
    let number = |row, name| attribute(row, name).parse::<i64>().unwrap();
    assert!(number(&after, "authorized_at") >= number(&before, "authorized_at") + 60);
    assert_eq!(number(&after, "version"), number(&before, "version") + 1);
    let expected = ["AuthorizationGranted", "AccountLinked", "AuthorizationConflict", "AuthorizationRenewed"];
    assert_eq!(events(&world, "eu", "VDE01").await, expected);
    assert!(world.caller().token(&json!({"account": "vendor-1"})).await.is_ok());
}

#[tokio::test]
async fn a_known_partner_keeps_its_account_and_no_link_moves_it() {
    for returning in [false, true] {
        let world = World::with_integrator(false).await;
        world.browser().authorize_with(&world.link("tenant-1").await, "A1US").await;

        let other =
            if returning { world.returning_link("tenant-2").await } else { world.link("tenant-2").await };
        let ended = world.browser().authorize_with(&other, "A1US").await;

        if returning {
            let result = ended.location_parameter("result");
            let refused = world.complete(&result, "tenant-2").await.unwrap_err();
            assert_eq!(refused.error_type, "RequestRefused");
        } else {
            assert_eq!(ended.support_code(), Some("AUTHORIZATION_CONFLICT"));
        }
        assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
        assert_eq!(world.caller().refusal(&json!({"account": "tenant-2"})).await, "UnknownSellingPartner");
    }
}

#[tokio::test]
async fn a_partner_linked_already_renews_and_completes_without_another_event() {
    let world = World::with_integrator(false).await;
    world.browser().authorize_with(&world.link("tenant-1").await, "A1US").await;

    let returned = world.browser().authorize_with(&world.returning_link("tenant-1").await, "A1US").await;
    world.complete(&returned.location_parameter("result"), "tenant-1").await.unwrap();

    assert_eq!(events(&world, "na", "A1US").await, ["AuthorizationGranted", "AuthorizationRenewed"]);
}

#[tokio::test]
async fn promise_12_two_completions_at_the_same_time_make_one_change() {
    let world = World::with_integrator(false).await;
    let url = world.returning_link("tenant-1").await;
    let result = world.browser().authorize_with(&url, "A1US").await.location_parameter("result");

    let ended = futures::future::join_all((0..10).map(|_| world.complete(&result, "tenant-1"))).await;

    assert_eq!(ended.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for failure in ended.into_iter().filter_map(Result::err) {
        assert_eq!(failure.error_type, "RequestRefused");
    }
    assert_eq!(events(&world, "na", "A1US").await, ["AuthorizationGranted", "AccountLinked"]);
}
