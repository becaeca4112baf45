//! Promise 12: wherever a function is stopped, a link opens one journey, and grant and history are of one mind.

use serde_json::json;

use crate::support::{
    invocation::{self, Dies, stopped_after},
    linking::token_of,
    world::{World, attribute},
};

#[tokio::test]
async fn promise_12_a_link_opens_one_journey_wherever_its_post_is_stopped() {
    let world = World::with_integrator(false).await;
    let mut stopped = 0;
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in 0.. {
            let partner = format!("A{awaits}{dies:?}");
            let url = world.link(&partner).await;
            let browser = world.browser();
            browser.open(&url).await;
            let cookies = browser.cookies();
            let token = token_of(&url);
            let post = invocation::post_link(&world, &token, &cookies);
            if stopped_after(awaits, dies, post).await.is_some() {
                break;
            }
            stopped += 1;

            let consent = browser.open_link(&url).await;
            assert_eq!(world.browser().post_link(&url).await.support_code(), Some("LINK_USED"));
            let callback = browser.consent(&consent, &partner).await;

            assert!(browser.open(&callback).await.is_connected());
            assert_eq!(world.account_of(&partner).await.as_deref(), Some(partner.as_str()));
        }
    }
    assert!(stopped > 4, "stopped {stopped} times");
}

#[tokio::test]
async fn promise_12_a_completion_is_whole_wherever_it_is_stopped() {
    let world = World::with_integrator(false).await;
    let mut stopped = 0;
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in 0.. {
            let partner = format!("A{awaits}{dies:?}");
            let url = world.returning_link(&partner).await;
            let returned = world.browser().authorize_with(&url, &partner).await;
            let result = returned.location_parameter("result");
            let payload = json!({"operation": "completeAuthorization", "result": result, "account": partner});
            let completion = invocation::authorizations(&world, &payload);
            if stopped_after(awaits, dies, completion).await.is_some() {
                break;
            }
            stopped += 1;
            let before = world.account_of(&partner).await;

            let again = world.complete(&result, &partner).await;

            assert!(again.is_ok() || before.is_some(), "{awaits} {dies:?}: {again:?}");
            assert_eq!(world.account_of(&partner).await.as_deref(), Some(partner.as_str()));
            let history = world.history("na", &partner).await;
            let events: Vec<_> = history.iter().map(|row| attribute(row, "event")).collect();
            assert_eq!(events, ["AuthorizationGranted", "AccountLinked"]);
            assert_eq!(attribute(&world.grant("na", &partner).await.unwrap(), "revision"), "2");
        }
    }
    assert!(stopped > 4, "stopped {stopped} times");
}
