use std::time::Duration;

use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use crate::testing::{Reply, World};

impl World {
    async fn token_with_fault(&self, fault: Value) -> Reply {
        assert_eq!(self.control("faults", fault).await.status, StatusCode::OK);
        self.token(&[("grant_type", "x")]).await
    }

    /// Sends a request over a real connection; returns the bytes that arrive until it closes.
    async fn over_tcp(&self, request: &str) -> Vec<u8> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let router = self.amazon.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut connection = TcpStream::connect(address).await.expect("the server listens");
        connection.write_all(request.as_bytes()).await.expect("it is open");
        let mut answer = Vec::new();
        match connection.read_to_end(&mut answer).await {
            Ok(_) | Err(_) => answer,
        }
    }
}

#[tokio::test]
async fn each_fault_answers_as_it_says() {
    let world = World::new();

    let reply =
        world.token_with_fault(json!({ "endpoint": "token", "fault": "throttle", "retryAfter": 7 })).await;
    assert_eq!(
        (reply.status, &reply.headers[header::RETRY_AFTER]),
        (StatusCode::TOO_MANY_REQUESTS, &"7".parse().unwrap())
    );

    let reply =
        world.token_with_fault(json!({ "endpoint": "token", "fault": "http_error", "status": 503 })).await;
    assert_eq!(
        (reply.status, reply.text("error").as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
    );

    let reply = world.token_with_fault(json!({ "endpoint": "token", "fault": "html" })).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));

    let reply = world.token_with_fault(json!({ "endpoint": "token", "fault": "invalid_client" })).await;
    assert_eq!((reply.status, reply.text("error").as_str()), (StatusCode::UNAUTHORIZED, "invalid_client"));

    let reply = world.token_with_fault(json!({ "endpoint": "token", "fault": "ok_error" })).await;
    assert_eq!((reply.status, reply.text("error").as_str()), (StatusCode::OK, "invalid_client"));

    assert_eq!(world.token_with_fault(json!({ "endpoint": "token", "fault": "empty" })).await.body, "");

    let reply = world.token_with_fault(json!({ "endpoint": "token", "fault": "truncated" })).await;
    assert!(reply.status.is_success() && serde_json::from_str::<Value>(&reply.body).is_err());

    let reply = world.token_with_fault(json!({ "endpoint": "token", "fault": "oversized" })).await;
    assert!(reply.status.is_success() && reply.body.len() > 10_000_000);

    let reply = world.token_with_fault(json!({ "endpoint": "token", "fault": "redirect" })).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::FOUND, "https://elsewhere.invalid/"));

    let reply =
        world.token_with_fault(json!({ "endpoint": "token", "fault": "latency", "milliseconds": 1 })).await;
    assert_eq!(reply.text("error"), "unsupported_grant_type");

    let reply = world.token_with_fault(json!({ "endpoint": "token", "fault": "none" })).await;
    assert_eq!(reply.text("error"), "unsupported_grant_type");
}

#[tokio::test]
async fn sp_api_fails_in_its_own_format() {
    let world = World::new();
    world.control("faults", json!({ "endpoint": "sp-api", "fault": "throttle", "times": 1 })).await;

    let reply = world.participations("x", "na").await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.json()["errors"][0]["code"], "QuotaExceeded");
    assert_eq!(world.participations("x", "na").await.status, StatusCode::FORBIDDEN);
}

const REQUEST: &str =
    "POST /auth/o2/token HTTP/1.1\r\nHost: api.amazon.com.localhost\r\nContent-Length: 0\r\n\r\n";

#[tokio::test]
async fn a_reset_closes_the_connection_without_a_byte() {
    let world = World::new();
    world.control("faults", json!({ "endpoint": "token", "fault": "reset" })).await;

    assert_eq!(world.over_tcp(REQUEST).await, b"");
}

#[tokio::test]
async fn a_hanging_endpoint_does_not_answer() {
    let world = World::new();
    world.control("faults", json!({ "endpoint": "token", "fault": "hang" })).await;

    assert!(timeout(Duration::from_millis(200), world.over_tcp(REQUEST)).await.is_err());
}
