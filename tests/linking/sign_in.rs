//! A partner who comes from Amazon signs in at the integrator's before it goes back.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{
    browser::{Browser, Shown},
    linking::SIGN_IN_URL,
    world::World,
};

/// A partner in the Appstore, up to the integrator's sign-in; the name of its request.
async fn arrived(world: &World, browser: &Browser, partner: &str) -> (Shown, String) {
    let sign_in = browser.open(&world.appstore(browser, partner).await).await;
    assert_eq!(sign_in.status, StatusCode::FOUND, "{}", sign_in.body);
    let request = sign_in.location_parameter("request");
    (sign_in, request)
}

async fn signed_in(world: &World, request: &str, account: &str) -> String {
    let answer = world.ask("completeSignIn", json!({"request": request, "account": account})).await.unwrap();
    answer["continueUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_arrival_from_the_appstore_ends_in_a_grant_of_the_account_that_signed_in() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let login = world.appstore(&browser, "A1US").await;
    let sign_in = browser.open(&login).await;
    let request = sign_in.location_parameter("request");
    assert_eq!(sign_in.location(), format!("{SIGN_IN_URL}?request={request}"), "and nothing of Amazon's");

    let described = world.ask("describeSignIn", json!({"request": request})).await.unwrap();
    assert_eq!(described["applicationName"], "Example Application");
    assert_eq!(described["sellingPartnerId"], "A1US");
    let continue_url = signed_in(&world, &request, "tenant-1").await;
    assert!(continue_url.starts_with(&world.site(&format!("/login/continue?request={request}&proof="))));
    let back = browser.open(&continue_url).await;

    let raw = |url: &str, name: &str| {
        let query = url.split_once('?').unwrap().1.to_owned();
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")).map(str::to_owned))
    };
    assert_eq!(raw(back.location(), "amazon_state"), raw(&login, "amazon_state"), "byte for byte");
    let page = browser.follow(back.location()).await;
    assert!(page.is_connected(), "{}", page.body);
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
}

#[tokio::test]
async fn re_authorization_goes_by_the_sign_in_for_known_and_unknown_partners_alike() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let (_, request) = arrived(&world, &browser, "A1US").await;
    browser.follow(&signed_in(&world, &request, "tenant-1").await).await;

    let again = format!("/apps/manage/{}/reauthorize?_as=A1US", world.application());
    let again = world.amazon("sellercentral.amazon.com", &again);
    let other = world.browser();
    let login = other.follow_until(&again, "/login?").await;
    let sign_in = other.open(&login).await;
    assert!(sign_in.location().starts_with(SIGN_IN_URL));
    let request = sign_in.location_parameter("request");
    assert!(other.follow(&signed_in(&world, &request, "tenant-1").await).await.is_connected());

    let login = world.browser().follow_until(&again, "/login?").await;
    let unknown = world.browser().open(&login.replace("A1US", "A9US")).await;
    assert_eq!(unknown.location().split('?').next(), sign_in.location().split('?').next());
}

#[tokio::test]
async fn the_proof_is_for_one_browser_which_gets_the_same_answer_however_often_it_continues() {
    let world = World::with_integrator(true).await;
    let (browser, stranger) = (world.browser(), world.browser());
    arrived(&world, &stranger, "A2US").await;
    let (_, request) = arrived(&world, &browser, "A1US").await;
    let url = signed_in(&world, &request, "tenant-1").await;

    assert_eq!(stranger.open(&url).await.support_code(), Some("OTHER_BROWSER"));
    assert_eq!(world.browser().open(&url).await.support_code(), Some("OTHER_BROWSER"));
    let back = browser.open(&url).await;
    assert_eq!(back.status, StatusCode::FOUND);
    let (reload, prefetch) = tokio::join!(browser.open(&url), browser.open(&url));
    assert_eq!([reload.location(), prefetch.location()], [back.location(); 2]);
    assert_eq!(stranger.open(&url).await.support_code(), Some("OTHER_BROWSER"));

    assert!(browser.follow(back.location()).await.is_connected(), "and the journey is unharmed");
    assert!(browser.open(&url).await.is_connected(), "and shows its success again");
    let late = world.ask("completeSignIn", json!({"request": request, "account": "tenant-1"})).await;
    assert_eq!(late.unwrap_err().error_type, "RequestRefused");
    world.advance(600).await;
    assert!(browser.open(&url).await.is_connected(), "ten minutes later it has still succeeded");
    assert_eq!(stranger.open(&url).await.support_code(), Some("OTHER_BROWSER"));
}

#[tokio::test]
async fn a_sign_in_that_is_sent_twice_continues_with_either_answer_and_only_for_its_account() {
    for first_wins in [false, true] {
        let world = World::with_integrator(true).await;
        let browser = world.browser();
        let (_, request) = arrived(&world, &browser, "A1US").await;
        let first = signed_in(&world, &request, "tenant-1").await;
        let second = signed_in(&world, &request, "tenant-1").await;
        let other = world.ask("completeSignIn", json!({"request": request, "account": "tenant-2"})).await;

        assert_eq!(other.unwrap_err().error_type, "RequestRefused");
        let stranger = world.browser().open(&first).await;
        assert_eq!(stranger.support_code(), Some("OTHER_BROWSER"), "{}", stranger.body);
        let (one, other) = if first_wins { (&second, &first) } else { (&first, &second) };
        assert!(browser.open(one).await.status.is_redirection());
        assert!(browser.follow(other).await.is_connected());
        assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
    }
}

#[tokio::test]
async fn a_sign_in_may_be_completed_again_by_the_same_account_until_its_browser_has_come_back() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let (_, request) = arrived(&world, &browser, "A1US").await;
    let first = signed_in(&world, &request, "tenant-1").await;
    browser.open(&first).await;

    assert!(world.ask("describeSignIn", json!({"request": request})).await.is_ok());
    let other = world.ask("completeSignIn", json!({"request": request, "account": "tenant-2"})).await;
    assert_eq!(other.unwrap_err().error_type, "RequestRefused");
    let second = signed_in(&world, &request, "tenant-1").await;

    assert!(browser.open(&first).await.status.is_redirection());
    assert!(browser.follow(&second).await.is_connected());
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
}

#[tokio::test]
async fn a_website_journey_is_nobodys_to_sign_in_for() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let consent = browser.open(&world.site("/authorize?marketplace=US&type=seller")).await;
    let request = consent.location_parameter("state").split_once('.').unwrap().0.to_owned();

    let refused = world.ask("completeSignIn", json!({"request": request, "account": "tenant-1"})).await;

    assert_eq!(refused.unwrap_err().error_type, "RequestRefused");
    let random = shared::secret::random_word();
    let guess = world.site(&format!("/login/continue?request={request}&proof={random}"));
    assert_eq!(browser.open(&guess).await.support_code(), Some("UNKNOWN_STATE"));
}

#[tokio::test]
async fn an_unfinished_sign_in_expires_with_its_request() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let (_, request) = arrived(&world, &browser, "A1US").await;
    let url = signed_in(&world, &request, "tenant-1").await;
    world.advance(601).await;

    assert_eq!(browser.open(&url).await.support_code(), Some("EXPIRED"));
    for operation in ["describeSignIn", "completeSignIn"] {
        let mut fields = json!({"request": request});
        if operation == "completeSignIn" {
            fields["account"] = json!("tenant-1");
        }
        assert_eq!(world.ask(operation, fields).await.unwrap_err().error_type, "RequestRefused");
    }
}

#[tokio::test]
async fn a_callback_for_a_request_that_is_signing_in_is_refused() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let (_, request) = arrived(&world, &browser, "A1US").await;
    let random = shared::secret::random_word();
    let callback = format!("/callback?state={request}.{random}&selling_partner_id=A1US&spapi_oauth_code=x");

    assert_eq!(browser.open(&world.site(&callback)).await.support_code(), Some("UNKNOWN_STATE"));
    assert_eq!(world.exchanges().await, 0);
}

#[tokio::test]
async fn the_second_leg_of_a_link_does_not_go_by_the_sign_in_again() {
    let world = World::with_integrator(true).await;
    let page = world.browser().authorize_with(&world.link("tenant-1").await, "A1US").await;

    assert!(page.is_connected());
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
}

#[tokio::test]
async fn promise_5_a_journey_that_another_site_began_in_the_browser_does_not_spare_the_sign_in() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    browser.open(&world.site("/authorize?marketplace=US&type=seller")).await;

    let (_, request) = arrived(&world, &browser, "A1US").await;
    let ended = browser.follow(&signed_in(&world, &request, "tenant-1").await).await;

    assert!(ended.is_connected(), "{}", ended.body);
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
}
