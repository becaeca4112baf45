//! What users of the demo do, with links and with the sign-in.

use super::{Visitor, tenant};
use crate::support::world::World;

#[tokio::test]
async fn a_link_connects_the_tenant_of_the_user_and_the_return_page_shows_what_came_back() {
    let world = World::new().await;
    let carol = Visitor::signed_in(&world, "carol").await;
    let before = carol.open("/").await;
    assert!(tenant(&before, "Clocks Ltd").contains("not connected"), "{}", before.body);
    assert!(!tenant(&before, "Watches GmbH").contains("<form"), "only the user's own tenant has buttons");

    let back = carol.connected("A1US").await;
    assert_eq!(world.account_of("A1US").await, None, "the browser alone connects nothing");
    let returned = carol.browser.open(&back).await;

    assert!(returned.body.contains("<h1>Amazon is connected</h1>"), "{}", returned.body);
    assert!(returned.body.contains("<dt><code>status</code></dt><dd>authorized</dd>"), "{}", returned.body);
    let result = back.split_once("&result=").unwrap().1;
    assert!(returned.body.contains(&format!("<dd>{} characters</dd>", result.len())), "{}", returned.body);
    assert!(!returned.body.contains(result), "the result is a secret until it is used");
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("demo-clocks"));
    let home = carol.open("/").await;
    let own = tenant(&home, "Clocks Ltd");
    assert!(own.contains("A1US (na)") && own.contains("<strong>connected</strong>"), "{own}");
    let again = carol.browser.open(&back).await;
    assert!(again.body.contains("<h1>Nothing to complete</h1>"), "{}", again.body);
}

#[tokio::test]
async fn a_connection_can_be_checked_renewed_and_ended() {
    let world = World::new().await;
    let carol = Visitor::signed_in(&world, "carol").await;
    carol.browser.open(&carol.connected("A1US").await).await;
    let home = carol.open("/").await;

    let checked = carol.press(&home, "/check", &[]).await;
    assert!(checked.body.contains("has a valid access token"), "{}", checked.body);
    assert!(checked.body.contains("/na</dd>") && !checked.body.contains("Atza|"), "{}", checked.body);

    let renewal = carol.press(&home, "/renew", &[]).await;
    let back = carol.browser.authorize_with(renewal.location(), "A1US").await;
    let renewed = carol.browser.open(back.location()).await;
    assert!(renewed.body.contains("<h1>Amazon is connected</h1>"), "{}", renewed.body);

    let ended = carol.press(&home, "/disconnect", &[]).await;
    assert_eq!(ended.location(), "/", "{}", ended.body);
    let home = carol.open("/").await;
    let own = tenant(&home, "Clocks Ltd");
    assert!(own.contains("disconnected") && !own.contains("action=\"/check\""), "{own}");
    // An environment returns a token from memory for up to a minute.
    world.advance(61).await;
    let refused = world.caller().refusal(&serde_json::json!({"account": "demo-clocks"})).await;
    assert_eq!(refused, "AuthorizationDisabled");
}

#[tokio::test]
async fn a_partner_from_the_appstore_signs_in_and_is_asked_before_it_is_connected_to_the_tenant() {
    let world = World::new().await;
    Visitor::signed_in(&world, "carol").await;
    world.advance(61).await;
    let walter = Visitor::new(&world);
    let arrival = world.appstore(&walter.browser, "A2US").await;

    let sign_in = walter.browser.open(&arrival).await;
    assert!(sign_in.location().starts_with(&walter.url("/amazon/sign-in?request=")), "{}", sign_in.body);
    let who = walter.browser.open(sign_in.location()).await;
    let asked = walter.press(&who, "/sign-in", &[("user", "walter")]).await;
    assert_eq!(walter.url(asked.location()), sign_in.location());
    let asked = walter.open(asked.location()).await;
    assert!(asked.body.contains("<h1>Connect A2US to Watches GmbH?</h1>"), "{}", asked.body);
    let on = walter.press(&asked, "/amazon/sign-in", &[]).await;
    let policy = asked.headers["content-security-policy"].to_str().unwrap();
    let amazon = format!("http://*.localhost:{}", world.stack.ports().amazon);
    assert!(policy.contains(&format!("form-action 'self' {} {amazon};", world.site(""))), "{policy}");

    let end = walter.browser.follow(on.location()).await;

    assert!(end.is_connected(), "{}", end.body);
    assert_eq!(world.account_of("A2US").await.as_deref(), Some("demo-watches"));
    let home = walter.open("/").await;
    assert!(tenant(&home, "Watches GmbH").contains("A2US"), "{}", home.body);
    assert!(tenant(&home, "Clocks Ltd").contains("not connected"), "{}", home.body);
}

#[tokio::test]
async fn a_user_who_is_signed_out_on_the_way_signs_in_and_the_authorization_is_completed() {
    let world = World::new().await;
    let carol = Visitor::signed_in(&world, "carol").await;
    let back = carol.connected("A1US").await;
    let home = carol.open("/").await;
    carol.press(&home, "/sign-out", &[]).await;

    let who = carol.browser.open(&back).await;
    let on = carol.press(&who, "/sign-in", &[("user", "carol")]).await;
    let returned = carol.open(on.location()).await;

    assert!(returned.body.contains("<h1>Amazon is connected</h1>"), "{}", returned.body);
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("demo-clocks"));
}

#[tokio::test]
async fn where_consumers_are_required_the_demo_is_one_that_covers_its_own_tenants_alone() {
    let world = World::with_variables(&[("CONSUMERS", "required")]).await;
    let foreign = world.browser().website("US", "seller", "A9US").await;
    assert!(foreign.is_connected(), "{}", foreign.body);
    let carol = Visitor::signed_in(&world, "carol").await;
    let back = carol.connected("A1US").await;
    let returned = carol.browser.open(&back).await;
    assert!(returned.body.contains("<h1>Amazon is connected</h1>"), "{}", returned.body);
    let checked = carol.press(&carol.open("/").await, "/check", &[]).await;
    assert!(checked.body.contains("has a valid access token"), "{}", checked.body);
    world.advance(61).await;
    let arrival = world.appstore(&carol.browser, "A2US").await;
    let asked = carol.browser.open(carol.browser.open(&arrival).await.location()).await;
    let on = carol.press(&asked, "/amazon/sign-in", &[]).await;
    assert!(carol.browser.follow(on.location()).await.is_connected());
    let ended = carol.press(&carol.open("/").await, "/disconnect", &[]).await;
    assert_eq!(ended.location(), "/", "{}", ended.body);

    let lambda = aws_sdk_lambda::Client::new(&world.stack.sdk_config());
    for (partner, refused) in [("A2US", false), ("A9US", true)] {
        let payload = format!("{{\"sellingPartnerId\": \"{partner}\", \"region\": \"na\"}}");
        let invoke = lambda.invoke().function_name("get-access-token").qualifier("demo");
        let answer = invoke.payload(aws_sdk_lambda::primitives::Blob::new(payload)).send().await.unwrap();
        assert_eq!(answer.function_error().is_some(), refused, "{partner}");
    }
}
