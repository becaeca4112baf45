//! An operator, who invokes `administration`.

use serde_json::{Value, json};

use super::{
    caller::Failure,
    world::{World, attribute},
};

/// An operation on the grant of a partner in North America.
pub async fn operate(world: &World, operation: &str, partner: &str, more: Value) -> Result<Value, Failure> {
    let mut request = json!({
        "operation": operation, "applicationId": world.application(), "sellingPartnerId": partner, "region": "na",
    });
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    world.caller().invoke("administration", &request).await
}

/// What happened to the grant of a partner in North America.
pub async fn events(world: &World, partner: &str) -> Vec<String> {
    let history = world.history("na", partner).await;
    history.iter().map(|record| attribute(record, "event").to_owned()).collect()
}

/// A seller in North America authorizes.
pub async fn authorized(world: &World, partner: &str) {
    assert!(world.browser().website("US", "seller", partner).await.is_connected());
}

/// A stranger authorizes its own store and writes another's id on the callback; the fingerprint of its token.
pub async fn conflicting(world: &World, victim: &str, stranger: &str) -> String {
    world.website_form("4a").await;
    let browser = world.browser();
    let callback = browser.website_until_callback("US", "seller", stranger).await;
    let page = browser.open(&callback.replace(stranger, victim)).await;
    assert_eq!(page.support_code(), Some("AUTHORIZATION_CONFLICT"));
    let shown = json!({"operation": "getGrant", "sellingPartnerId": victim});
    let grant = world.caller().invoke("authorizations", &shown).await.unwrap();
    let conflicts = grant["grant"]["conflicts"].as_array().unwrap().clone();
    conflicts.last().unwrap()["fingerprint"].as_str().unwrap().to_owned()
}
