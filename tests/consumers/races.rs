//! A policy by account goes by the account that the grant carries at that moment.

use serde_json::json;

use super::{consumer, is_refused, of, restricted};
use crate::support::{
    environments::{at_once, error_type, token},
    operator::{authorized, operate},
    slow_motion::in_slow_motion,
    world::World,
};

#[tokio::test]
async fn promise_17_a_grant_that_moves_to_another_account_goes_by_the_account_stored_now() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    operate(&world, "linkAccount", "A1US", json!({"account": "tenant-1"})).await.unwrap();
    let one = consumer(&world, &json!({"accounts": ["tenant-1"], "restricted": true})).await;
    let requests = [
        of("A1US"),
        json!({"account": "tenant-1"}),
        json!({"sellingPartnerId": "A1US"}),
        restricted("A1US", None),
    ];
    for request in &requests {
        token(&one.token(request).await);
        token(&one.token(request).await);
    }

    operate(&world, "linkAccount", "A1US", json!({"account": "tenant-2"})).await.unwrap();

    for request in &requests {
        let outcome = one.token(request).await;
        match request.get("account") {
            // The account itself is covered, and has no grant any more.
            Some(_) => {
                assert_eq!(error_type(&outcome), "UnknownSellingPartner");
            }
            None => is_refused(&outcome, &request.to_string()),
        }
    }
    operate(&world, "linkAccount", "A1US", json!({"account": null})).await.unwrap();
    is_refused(&one.token(&of("A1US")).await, "without an account");
    operate(&world, "linkAccount", "A1US", json!({"account": "tenant-1"})).await.unwrap();
    token(&one.token(&of("A1US")).await);
}

#[tokio::test]
async fn promise_17_a_hundred_environments_that_may_not_have_a_cold_token_cost_no_call() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let one = consumer(&world, &json!({"accounts": {"prefix": "tenant-"}})).await;
    drop(one);
    let environments: Vec<_> = world.environments(100).iter().map(|each| each.by("orders")).collect();
    let (grant, calls) = (world.grant("na", "A1US").await, world.calls().await);
    let row = world.token_row("A1US").await;

    for outcome in in_slow_motion(at_once(&environments, &of("A1US"))).await {
        is_refused(&outcome, "cold");
    }

    assert_eq!(world.calls().await, calls);
    assert_eq!(
        (world.grant("na", "A1US").await, world.token_row("A1US").await),
        (grant, row),
        "nothing is written"
    );
}

#[tokio::test]
async fn promise_17_a_partner_that_a_consumer_may_not_have_costs_the_same_calls_as_one_that_does_not_exist() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    operate(&world, "linkAccount", "A1US", json!({"account": "tenant-2"})).await.unwrap();
    let one = consumer(&world, &json!({"accounts": ["tenant-1"], "restricted": true})).await;
    is_refused(&one.token(&of("A1US")).await, "the first one reads the policy");
    let requests = |partner: &str| {
        let mut by_country = of(partner);
        by_country["region"] = json!("eu");
        [
            of(partner),
            json!({"sellingPartnerId": partner}),
            json!({"sellingPartnerId": partner, "marketplaceId": "ATVPDKIKX0DER"}),
            json!({"sellingPartnerId": partner, "partnerType": "seller"}),
            by_country,
            restricted(partner, None),
        ]
    };

    for (there, nowhere) in requests("A1US").iter().zip(&requests("A1NOWHERE")) {
        let mut calls = Vec::new();
        for request in [there, nowhere] {
            world.stack.aws().reset_calls();
            is_refused(&one.token(request).await, &request.to_string());
            calls.push(world.stack.aws().calls());
        }

        assert_eq!(calls[0], calls[1], "{there}");
    }
}
