//! Consumers: who may have which tokens (promise 17).

mod authorizations;
mod policies;
mod races;
mod tokens;
mod unreadable;

use serde_json::{Value, json};

use crate::support::{
    environments::{Environment, Outcome},
    world::World,
};

/// What every request hears that a policy does not cover.
const NOT_COVERED: &str = "the request was refused: the policy of this consumer does not cover it";

/// Gives the consumer `orders` a policy for the first application in North America, with `more`.
async fn put(world: &World, more: &Value) -> Value {
    let mut request = json!({
        "operation": "putConsumer", "consumer": "orders", "applicationIds": [world.application()], "regions": ["na"],
    });
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    world.caller().invoke("administration", &request).await.unwrap()
}

/// An environment in which the consumer `orders` has a policy with `more`.
async fn consumer(world: &World, more: &Value) -> Environment {
    put(world, more).await;
    world.fresh().by("orders")
}

fn of(partner: &str) -> Value {
    json!({"sellingPartnerId": partner, "region": "na"})
}

fn restricted(partner: &str, target: Option<&str>) -> Value {
    let mut request = of(partner);
    request["restrictedResources"] =
        json!([{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]);
    if let Some(target) = target {
        request["targetApplication"] = json!(target);
    }
    request
}

#[track_caller]
fn is_refused(outcome: &Outcome, what: &str) {
    let failure = outcome.as_ref().expect_err(what);
    assert_eq!(
        (failure.error_type.as_str(), failure.error_message.as_str()),
        ("RequestRefused", NOT_COVERED),
        "{what}"
    );
}
