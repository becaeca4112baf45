//! The local AWS, through the clients of the SDK.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use axum::body::{self, Body};
use http::Request;
use serde_json::Value;
use simulated_amazon::{Endpoint, Fault, Order};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower::ServiceExt;

use super::*;
use crate::arn::REGION;

mod aliases;
mod dynamodb;
mod event_bridge;
mod faults;
mod kms;
mod lambda;
mod secrets_manager;
mod sqs;
mod sts;

/// A local AWS behind a real port.
struct Served {
    aws: Aws,
    functions: Functions,
    faults: Faults,
    clock: Clock,
    sdk: SdkConfig,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Served {
    async fn new() -> Self {
        Self::on(None).await
    }

    async fn on(data: Option<&Path>) -> Self {
        Self::at(data, Clock::default()).await
    }

    async fn at(data: Option<&Path>, clock: Clock) -> Self {
        let (functions, faults) = (Functions::default(), Faults::default());
        let aws = Aws::open(data, functions.clone(), faults.clone(), clock.clone()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let router = aws.router();
        let server = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            axum::serve(listener, router).with_graceful_shutdown(stopped).await.unwrap();
        });
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                "local", "local", None, None, "",
            )))
            .retry_config(RetryConfig::disabled())
            .build();
        Self { aws, functions, faults, clock, sdk, stop, server }
    }

    /// Stops as an orderly end of the process does.
    async fn stop(self) {
        let Self { aws, stop, server, .. } = self;
        drop(aws);
        stop.send(()).unwrap();
        server.await.unwrap();
    }

    fn order(&self, endpoint: Endpoint, fault: Fault) {
        self.faults.set(Order {
            endpoint,
            fault,
            body: None,
            milliseconds: Some(200),
            status: None,
            retry_after: None,
            share: 1.0,
            times: None,
            region: None,
            operation: None,
        });
    }

    /// One call without the SDK: status and JSON.
    async fn raw(&self, target: &str, body: &Value) -> (u16, Value) {
        let request = Request::post("/")
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.aws.router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }
}

/// A directory that is deleted when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("local-aws-{}-{number}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[tokio::test]
async fn an_unknown_operation_gets_the_error_of_aws() {
    let served = Served::new().await;

    for target in ["Nothing.Here", "", "DynamoDB_20120810.Nothing", "TrentService.Nothing"] {
        let (status, answer) = served.raw(target, &serde_json::json!({})).await;

        assert_eq!(status, 400, "{target}");
        assert!(
            answer["__type"].as_str().unwrap().ends_with("UnknownOperationException"),
            "{target}: {answer}"
        );
    }
}

#[tokio::test]
async fn calls_are_counted_by_operation_until_reset() {
    let served = Served::new().await;
    let kms = aws_sdk_kms::Client::new(&served.sdk);
    served.order(Endpoint::Kms, Fault::Throttle);

    kms.list_keys().send().await.unwrap_err();
    kms.list_keys().send().await.unwrap_err();

    assert_eq!(served.aws.calls(), BTreeMap::from([("TrentService.ListKeys".to_owned(), 2)]));
    served.aws.reset_calls();
    assert_eq!(served.aws.calls(), BTreeMap::new());
}

#[tokio::test]
async fn a_data_directory_belongs_to_one_stack_at_a_time() {
    let data = Scratch::new();
    let first = Served::on(Some(&data.0)).await;

    let second = Aws::open(Some(&data.0), Functions::default(), Faults::default(), Clock::default()).await;
    assert!(matches!(second, Err(OpenError::InUse(_))));

    first.stop().await;
    Served::on(Some(&data.0)).await.stop().await;
}

#[tokio::test]
async fn an_answered_change_survives_a_crash() {
    let (data, left) = (Scratch::new(), Scratch::new());
    let running = Served::on(Some(&data.0)).await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&running.sdk);
    let id = aws_sdk_dynamodb::types::AttributeValue::S("a".to_owned());
    let put = dynamodb.put_item().table_name("spapi-auth-applications").item("application_id", id.clone());
    put.send().await.unwrap();
    let secrets = aws_sdk_secretsmanager::Client::new(&running.sdk);
    secrets.create_secret().name("one").secret_string("value").send().await.unwrap();
    let url = running.raw("AmazonSQS.CreateQueue", &serde_json::json!({"QueueName": "one"})).await.1;

    // A copy of what a process that is killed at this moment leaves on disk.
    fs::create_dir_all(&left.0).unwrap();
    for file in fs::read_dir(&data.0).unwrap() {
        let path = file.unwrap().path();
        fs::copy(&path, left.0.join(path.file_name().unwrap())).unwrap();
    }
    let next = Served::on(Some(&left.0)).await;

    let dynamodb = aws_sdk_dynamodb::Client::new(&next.sdk);
    let get = dynamodb.get_item().table_name("spapi-auth-applications").key("application_id", id);
    assert!(get.send().await.unwrap().item.is_some());
    let secrets = aws_sdk_secretsmanager::Client::new(&next.sdk);
    let value = secrets.get_secret_value().secret_id("one").send().await.unwrap().secret_string;
    assert_eq!(value.as_deref(), Some("value"));
    assert_eq!(next.raw("AmazonSQS.GetQueueUrl", &serde_json::json!({"QueueName": "one"})).await.1, url);
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let data = Scratch::new();
    fs::create_dir_all(&data.0).unwrap();
    fs::write(data.0.join("aws-kms.json"), "{").unwrap();

    let opened = Aws::open(Some(&data.0), Functions::default(), Faults::default(), Clock::default()).await;

    let error = opened.err().unwrap().to_string();
    assert!(error.contains("aws-kms.json") && error.contains("--ephemeral"), "{error}");
}
