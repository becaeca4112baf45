//! Promise 11: a client secret that Amazon refuses says nothing about partners, and costs few calls.

use aws_sdk_secretsmanager::Client;
use serde_json::{Value, json};

use crate::support::{
    environments::{all_heard, error_type, token},
    world::World,
};

/// The first application's secret, in Secrets Manager and at Amazon.
struct Secret<'w> {
    world: &'w World,
    client: Client,
    name: String,
    client_id: String,
}

impl<'w> Secret<'w> {
    async fn of(world: &'w World) -> Self {
        let client = Client::new(&world.stack.sdk_config());
        let name = format!("spapi-auth/{}", world.application());
        let secret = client.get_secret_value().secret_id(&name).send().await.unwrap();
        let value: Value = serde_json::from_str(secret.secret_string().unwrap()).unwrap();
        Self { world, client, name, client_id: value["clientId"].as_str().unwrap().to_owned() }
    }

    /// What an operator or a rotation does: the present secret becomes the previous one.
    async fn store(&self, secret: &str) {
        let ends_at = self.world.stack.clock().now() + jiff::SignedDuration::from_hours(180 * 24);
        let value =
            json!({"clientId": self.client_id, "clientSecret": secret, "expiresAt": ends_at.to_string()});
        let put = self.client.put_secret_value().secret_id(&self.name).secret_string(value.to_string());
        put.send().await.unwrap();
    }

    /// Amazon knows it from now on.
    async fn register(&self, secret: &str) {
        let new = json!({"clientId": self.client_id, "clientSecret": secret});
        self.world.control("client-secret", new).await;
    }
}

/// Partners of the first application, whose first tokens have ended.
async fn cold_sellers(world: &World, count: usize) -> Vec<String> {
    let partners: Vec<_> = (0..count).map(|number| format!("A{number}")).collect();
    for partner in &partners {
        assert!(world.browser().website("US", "seller", partner).await.is_connected());
    }
    world.advance(3600).await;
    world.control("reset", json!({})).await;
    partners
}

async fn assert_no_partner_was_blamed(world: &World, partners: &[String]) {
    for partner in partners {
        let grant = world.grant("na", partner).await.unwrap();
        assert_eq!(grant["status"].as_s().unwrap(), "active");
        assert_eq!(grant["revision"].as_n().unwrap(), "1");
        let row = world.token_row(partner).await;
        assert_ne!(
            row.get("failure").and_then(|failure| failure.as_s().ok()).map(String::as_str),
            Some("grant_refused")
        );
    }
}

async fn each_asked_afresh(world: &World, partners: &[String]) {
    for partner in partners {
        let outcome = world.fresh().token_of(partner).await;
        assert_eq!(error_type(&outcome), "ApplicationCredentialsRejected");
    }
}

#[tokio::test]
async fn promise_11_a_refused_client_secret_costs_one_call_a_minute_and_blames_no_partner() {
    let world = World::new().await;
    let partners = cold_sellers(&world, 25).await;
    world.fault("token", "invalid_client", json!({})).await;

    each_asked_afresh(&world, &partners).await;
    assert_eq!(world.refreshes().await, 1);
    assert_no_partner_was_blamed(&world, &partners).await;

    world.advance(61).await;
    each_asked_afresh(&world, &partners).await;
    assert_eq!(world.refreshes().await, 2, "one more minute, one more try");

    world.fault("token", "none", json!({})).await;
    world.advance(61).await;
    for partner in &partners {
        token(&world.fresh().token_of(partner).await);
    }
}

#[tokio::test]
async fn promise_11_a_refused_secret_whose_predecessor_is_refused_too_costs_two_calls_a_minute() {
    let world = World::new().await;
    let partners = cold_sellers(&world, 25).await;
    let secret = Secret::of(&world).await;
    secret.store("refused").await;
    secret.store("refused as well").await;

    each_asked_afresh(&world, &partners).await;

    assert_eq!(world.refreshes().await, 2);
    assert_no_partner_was_blamed(&world, &partners).await;
}

#[tokio::test]
async fn promise_11_environments_that_had_a_good_secret_make_one_refused_call_each_at_most() {
    let world = World::new().await;
    let partners = cold_sellers(&world, 6).await;
    let environments = world.environments(5);
    for environment in &environments {
        token(&environment.token_of(&partners[0]).await);
    }
    world.control("reset", json!({})).await;
    world.fault("token", "invalid_client", json!({})).await;

    for partner in &partners[1..] {
        let mut outcomes = Vec::new();
        for environment in &environments {
            outcomes.push(environment.token_of(partner).await);
        }
        all_heard(&outcomes, "ApplicationCredentialsRejected");
    }

    let refused = world.refreshes().await;
    assert!(refused <= 5, "{refused} refused calls of 5 environments");
}

#[tokio::test]
async fn promise_11_a_secret_that_was_replaced_works_immediately_and_within_a_minute_where_the_old_was_refused()
 {
    let world = World::new().await;
    let partners = cold_sellers(&world, 4).await;
    let secret = Secret::of(&world).await;
    let refused = world.fresh();
    world.fault("token", "invalid_client", json!({})).await;
    assert_eq!(error_type(&refused.token_of(&partners[0]).await), "ApplicationCredentialsRejected");
    world.fault("token", "none", json!({})).await;

    secret.register("new").await;
    secret.store("new").await;

    token(&world.fresh().token_of(&partners[1]).await);
    // An environment that was refused looks for a newer secret at most once a minute.
    world.advance(61).await;
    token(&refused.token_of(&partners[2]).await);
    token(&refused.token_of(&partners[0]).await);
    token(&world.fresh().token_of(&partners[3]).await);
    assert_eq!(world.refreshes().await, 5, "the refused secret is not tried again");
}

#[tokio::test]
async fn promise_11_an_environment_that_was_just_refused_finds_the_new_secret_within_a_minute() {
    let world = World::new().await;
    let partners = cold_sellers(&world, 2).await;
    let secret = Secret::of(&world).await;
    secret.store("refused").await;
    secret.store("refused as well").await;
    let environment = world.fresh();
    assert_eq!(error_type(&environment.token_of(&partners[0]).await), "ApplicationCredentialsRejected");

    secret.register("new").await;
    secret.store("new").await;
    world.advance(61).await;

    token(&environment.token_of(&partners[1]).await);
}

#[tokio::test]
async fn promise_11_the_previous_secret_is_tried_while_its_overlap_lasts() {
    let world = World::new().await;
    let partners = cold_sellers(&world, 10).await;
    let secret = Secret::of(&world).await;
    // Amazon does not know it yet; the one before is good for its 180 days.
    secret.store("not known to Amazon").await;

    for partner in &partners {
        token(&world.fresh().token_of(partner).await);
    }

    let calls = world.refreshes().await;
    assert_eq!(calls, 11, "one call is refused, and all ten partners are served");

    world.advance(180 * 24 * 3600 - 3600 - 600).await;
    token(&world.fresh().token_of(&partners[0]).await);
    world.advance(3600).await;
    world.control("reset", json!({})).await;
    assert_eq!(error_type(&world.fresh().token_of(&partners[1]).await), "ApplicationCredentialsRejected");
    assert_eq!(world.refreshes().await, 1, "the previous secret has ended and is not tried");
}
