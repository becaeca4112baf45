//! What a warm environment returns after a change, and what a caller does who cannot wait: `mintedAfter`.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    environments::{Environment, at_once, error_type, one_token, token},
    operator::{authorized, conflicting, operate},
    world::{World, attribute},
};

fn own() -> Value {
    json!({"sellingPartnerId": "A1US", "region": "na"})
}

fn restricted() -> Value {
    let resources = json!([{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]);
    json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": resources})
}

fn minted_after(mut request: Value, moment: Timestamp) -> Value {
    request["mintedAfter"] = json!(moment.to_string());
    request
}

fn now(world: &World) -> Timestamp {
    world.stack.clock().now()
}

/// The seller authorizes again on Amazon's page.
async fn authorize_again(world: &World) {
    let again = format!("/apps/manage/{}/reauthorize?_as=A1US", world.application());
    let page = world.browser().follow(&world.amazon("sellercentral.amazon.com", &again)).await;
    assert!(page.is_connected(), "{}", page.body);
}

/// When the last record of the grant's history was written, as its event says.
async fn last_event_at(world: &World) -> Timestamp {
    let history = world.history("na", "A1US").await;
    attribute(history.last().unwrap(), "at").parse().unwrap()
}

async fn warm(world: &World, count: usize) -> (Vec<Environment>, String) {
    authorized(world, "A1US").await;
    let environments = world.environments(count);
    let old = one_token(&at_once(&environments, &own()).await);
    (environments, old)
}

#[tokio::test]
async fn promise_6_no_warm_environment_returns_a_token_of_before_a_renewal_after_a_minute() {
    let world = World::new().await;
    world.control("old-tokens", json!({"onReauthorization": "kill"})).await;
    let (environments, old) = warm(&world, 5).await;
    for environment in &environments {
        token(&environment.token(&restricted()).await);
    }
    world.advance(3600 / 2).await;
    let old_restricted = token(&environments[0].token(&restricted()).await);
    for environment in &environments {
        assert_eq!(token(&environment.token(&own()).await), old);
    }

    authorize_again(&world).await;

    let new = token(&world.fresh().token(&own()).await);
    assert_ne!(new, old, "the tables have no older token from this moment");
    world.advance(60).await;
    assert_eq!(one_token(&at_once(&environments, &own()).await), new, "and memory has none after a minute");
    for environment in &environments {
        assert_ne!(token(&environment.token(&restricted()).await), old_restricted);
    }
}

#[tokio::test]
async fn promise_6_a_caller_that_names_the_time_of_the_renewal_gets_its_token_from_any_environment() {
    let world = World::new().await;
    let (environments, old) = warm(&world, 5).await;
    world.advance(600).await;
    for environment in &environments {
        assert_eq!(token(&environment.token(&own()).await), old);
    }
    authorize_again(&world).await;
    let renewed_at = last_event_at(&world).await;
    let calls = world.refreshes().await;

    for environment in &environments {
        let asked = minted_after(own(), renewed_at);
        let new = token(&environment.token(&asked).await);
        assert_ne!(new, old);
        assert_eq!(token(&environment.token(&own()).await), new, "memory has it from then on");
    }
    assert_eq!(world.refreshes().await, calls, "the token that came with the code is enough");
}

#[tokio::test]
async fn a_later_moment_fetches_a_token_once_however_many_ask_and_at_most_once_a_minute() {
    let world = World::new().await;
    let (environments, old) = warm(&world, 10).await;
    assert_eq!(world.refreshes().await, 0);
    world.advance(120).await;

    let asked = minted_after(own(), now(&world));
    let new = one_token(&at_once(&environments, &asked).await);
    assert_ne!(new, old);
    assert_eq!(world.refreshes().await, 1, "under one lease");

    world.advance(30).await;
    let asked = minted_after(own(), now(&world));
    assert_eq!(one_token(&at_once(&environments, &asked).await), new, "it is younger than a minute");
    assert_eq!(world.refreshes().await, 1);

    world.advance(31).await;
    assert_ne!(one_token(&at_once(&environments, &asked).await), new);
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn every_kind_of_token_takes_a_moment() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let environment = world.fresh();
    let scope = json!({"scope": "sellingpartnerapi::notifications"});
    for request in [own(), restricted(), scope] {
        let old = token(&environment.token(&request).await);
        world.advance(120).await;
        assert_eq!(token(&environment.token(&request).await), old);

        let new = token(&environment.token(&minted_after(request.clone(), now(&world))).await);

        assert_ne!(new, old, "{request}");
        assert_eq!(token(&environment.token(&request).await), new, "{request}");
    }
}

#[tokio::test]
async fn after_all_tokens_of_an_application_were_invalidated_a_moment_gets_a_new_one_from_any_environment() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let environments = world.environments(3);
    for request in [own(), restricted(), json!({"scope": "sellingpartnerapi::notifications"})] {
        let old = one_token(&at_once(&environments, &request).await);
        world.advance(2).await;
        let invalidate = json!({"operation": "invalidateTokens", "applicationId": world.application()});
        world.caller().invoke("administration", &invalidate).await.unwrap();

        // Rows store whole seconds, so a token of this second is not good either.
        world.advance(1).await;

        // The token is younger than a minute, and the environments have just read what the operator has stopped.
        let asked = minted_after(request.clone(), now(&world));
        assert_ne!(one_token(&at_once(&environments, &asked).await), old, "{request}");
    }
}

#[tokio::test]
async fn a_moment_in_the_future_is_refused_but_for_what_clocks_differ_by() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let environment = world.fresh();

    for ahead in [-3600, 0, 3] {
        let moment = now(&world) + SignedDuration::from_secs(ahead);
        token(&environment.token(&minted_after(own(), moment)).await);
    }
    // The clock goes on while the test runs, so the request is some seconds further ahead than the limit.
    for ahead in [15, 86_400] {
        let moment = now(&world) + SignedDuration::from_secs(ahead);
        let refused = environment.token(&minted_after(own(), moment)).await.unwrap_err();
        assert_eq!(refused.error_type, "InvalidRequest");
        assert!(refused.error_message.starts_with("mintedAfter:"), "{}", refused.error_message);
    }
    let mut odd = own();
    odd["mintedAfter"] = json!("yesterday");
    assert_eq!(error_type(&environment.token(&odd).await), "InvalidRequest");
}

#[tokio::test]
async fn what_an_operator_changes_reaches_warm_environments_within_a_minute_and_mintedafter_at_once() {
    for change in ["invalidateTokens", "removeGrant", "resolveConflict", "linkAccount"] {
        let world = World::new().await;
        let (environments, old) = warm(&world, 3).await;
        let by_account = json!({"account": "tenant-1"});
        let more = match change {
            "resolveConflict" => {
                let fingerprint = conflicting(&world, "A1US", "A1OTHER").await;
                json!({"fingerprint": fingerprint, "resolution": "accept"})
            }
            "linkAccount" => json!({"account": "tenant-1"}),
            _ => json!({}),
        };
        if change == "linkAccount" {
            operate(&world, change, "A1US", json!({"account": "tenant-0"})).await.unwrap();
        }
        world.advance(120).await;
        for environment in &environments {
            token(&environment.token(&own()).await);
        }
        operate(&world, change, "A1US", more).await.unwrap();
        let at_once_asked = minted_after(own(), last_event_at(&world).await);

        let asked = environments[0].token(&at_once_asked).await;
        world.advance(61).await;
        let later = at_once(&environments, &own()).await;

        if change == "removeGrant" {
            assert_eq!(error_type(&asked), "UnknownSellingPartner");
            assert!(later.iter().all(|outcome| error_type(outcome) == "UnknownSellingPartner"));
            continue;
        }
        assert_ne!(token(&asked), old, "{change}");
        assert_eq!(one_token(&later), token(&asked), "{change}");
        if change == "linkAccount" {
            assert_eq!(one_token(&at_once(&environments, &by_account).await), token(&asked));
            let before = json!({"account": "tenant-0"});
            assert_eq!(error_type(&environments[0].token(&before).await), "UnknownSellingPartner");
        }
    }
}
