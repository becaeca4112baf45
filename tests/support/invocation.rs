//! One invocation of a function, as its runtime makes it, which a test can stop in the middle.

use std::{future::Future, pin::pin, task::Poll, time::Duration};

use lambda_http::{Body, Response};
use serde_json::{Value, json};
use shared::{
    consumer::Invoked,
    deadline::{Clock, Deadline},
    lambda::runtime::answer_http,
};

use super::world::World;

/// When the environment dies.
#[derive(Clone, Copy, Debug)]
pub enum Dies {
    /// Immediately, while the call that it waits for may still be in flight.
    AtOnce,
    /// A moment later: what it asked for has happened, and it has not heard of it.
    AfterTheAnswer,
}

/// Invokes `code-exchange` for a browser at `url`.
pub async fn callback(world: &World, url: &str, cookie: &str) -> Value {
    let lambdas = world.stack.lambdas().clone();
    let (now, deadline) = (world.stack.clock().now(), Deadline::after(Duration::from_secs(90)));
    let event = serde_json::from_value(event(url, cookie)).unwrap();
    answer_http(event, async |request| -> Response<Body> {
        lambdas.code_exchange.handle(&request, Clock::starting_at(now, deadline)).await
    })
    .await
}

/// Invokes `login-uri` with a form that posts `link`.
pub async fn post_link(world: &World, link: &str, cookie: &str) -> Value {
    let lambdas = world.stack.lambdas().clone();
    let now = world.stack.clock().now();
    let mut event = event("http://127.0.0.1/authorize", cookie);
    event["routeKey"] = json!("POST /authorize");
    event["requestContext"]["http"]["method"] = json!("POST");
    event["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
    event["body"] = json!(format!("link={link}"));
    let event = serde_json::from_value(event).unwrap();
    answer_http(event, async |request| -> Response<Body> { lambdas.login_uri.handle(&request, now).await })
        .await
}

/// Invokes `authorizations`.
pub async fn authorizations(world: &World, payload: &Value) -> Result<Value, shared::error::Error> {
    authorizations_as(world, &Invoked::Unqualified, payload).await
}

/// How Lambda says that a function was invoked by this qualifier.
pub fn invoked_by(function: &str, qualifier: &str) -> Invoked {
    Invoked::of_arn(&format!("arn:aws:lambda:us-east-1:123456789012:function:{function}:{qualifier}"))
}

/// Invokes `authorizations`, in whatever way.
pub async fn authorizations_as(
    world: &World,
    invoked: &Invoked,
    payload: &Value,
) -> Result<Value, shared::error::Error> {
    let lambdas = world.stack.lambdas().clone();
    let (now, deadline) = (world.stack.clock().now(), Deadline::after(Duration::from_secs(30)));
    Box::pin(lambdas.authorizations.handle(payload, invoked, Clock::starting_at(now, deadline))).await
}

/// Stops an invocation at its `awaits`th wait. `None` if it was stopped, and its answer if it came to its end before.
pub async fn stopped_after<F: Future>(awaits: u32, dies: Dies, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = awaits;
    let ended = std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await;
    if ended.is_none() && matches!(dies, Dies::AfterTheAnswer) {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    ended
}

fn event(url: &str, cookie: &str) -> Value {
    let url = reqwest::Url::parse(url).unwrap();
    json!({
        "version": "2.0",
        "routeKey": "GET /callback",
        "rawPath": url.path(),
        "rawQueryString": url.query().unwrap_or_default(),
        "cookies": [cookie],
        "headers": {"host": "127.0.0.1"},
        "requestContext": {
            "stage": "$default",
            "http": {"method": "GET", "path": url.path(), "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
        },
        "isBase64Encoded": false,
    })
}
