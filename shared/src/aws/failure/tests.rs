use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_kms::primitives::Blob;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::{
    aws::{Aws, Connections, configuration::of_lambda, transaction::text},
    deadline::Deadline,
    env::Env,
};

/// Clients that call `endpoint` as those of a function do, and try again so.
fn calling(endpoint: &str, retries: RetryConfig) -> Aws {
    let env = Env::from_pairs([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", endpoint)]);
    let credentials = SharedCredentialsProvider::new(Credentials::new("id", "key", None, None, "test"));
    let config = of_lambda(&env, &Connections::new(None)).into_builder();
    Aws::new(config.credentials_provider(credentials).retry_config(retries).build())
}

/// What the log says of a call to each service at `endpoint` that may take so long.
async fn said_of(endpoint: &str, time: Duration) -> [String; 5] {
    let aws = calling(endpoint, RetryConfig::disabled());
    let (dynamodb, kms, secrets) = (aws.dynamodb(), aws.kms(), aws.secrets_manager());
    let (event_bridge, sqs) = (aws.event_bridge(), aws.sqs());
    let calls = async {
        let get = dynamodb.get_item().table_name("t").key("k", text("v")).send();
        let (get, decrypt, secret, put, send) = tokio::join!(
            get,
            kms.decrypt().ciphertext_blob(Blob::new("b")).send(),
            secrets.get_secret_value().secret_id("s").send(),
            event_bridge.put_events().set_entries(Some(Vec::new())).send(),
            sqs.send_message().queue_url(format!("{endpoint}/q")).message_body("m").send(),
        );
        [
            AwsError::of("GetItem", &get.unwrap_err()),
            AwsError::of("Decrypt", &decrypt.unwrap_err()),
            AwsError::of("GetSecretValue", &secret.unwrap_err()),
            AwsError::of("PutEvents", &put.unwrap_err()),
            AwsError::of("SendMessage", &send.unwrap_err()),
        ]
    };
    let errors = Deadline::after(time).limiting(Box::pin(calls)).await;
    errors.map(|error| error.to_string())
}

/// Asserts that the log says so of each service.
async fn assert_said(endpoint: &str, expected: &str) {
    let calls = [
        "DynamoDB GetItem",
        "KMS Decrypt",
        "Secrets Manager GetSecretValue",
        "EventBridge PutEvents",
        "SQS SendMessage",
    ];
    let time = if expected == "TimeOut" { Duration::from_millis(700) } else { Duration::from_secs(10) };
    assert_eq!(
        said_of(endpoint, time).await,
        calls.map(|call| format!("{call} failed: {expected}")),
        "{endpoint}"
    );
}

/// An endpoint that answers each connection with these bytes, or never.
async fn answering(answer: Option<&'static str>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = connection.read(&mut [0; 8192]).await;
                match answer {
                    Some(answer) => {
                        let _ = connection.write_all(answer.as_bytes()).await;
                    }
                    None => std::future::pending::<()>().await,
                }
            });
        }
    });
    endpoint
}

#[tokio::test]
async fn each_service_and_each_kind_of_failure_is_named_with_the_status_and_the_request_id() {
    let throttled = "HTTP/1.1 400 Bad Request\r\nx-amzn-requestid: R1-2\r\ncontent-length: 55\r\n\r\n\
                     {\"__type\":\"x#ThrottlingException\",\"message\":\"too much\"}";
    let html = "HTTP/1.1 503 Busy\r\nx-amzn-requestid: two words\r\ncontent-length: 6\r\n\r\n<html>";
    let rubbish = "HTTP/1.1 200 OK\r\nx-amzn-requestid: R3\r\ncontent-length: 2\r\n\r\n{[";
    for (answer, expected) in [
        (Some(throttled), "ThrottlingException (HTTP status 400): too much (request id R1-2)"),
        (Some(html), "NotUnderstood (HTTP status 503)"),
        (Some(rubbish), "NotUnderstood (HTTP status 200) (request id R3)"),
        (Some(""), "BrokenOff"),
        (None, "TimeOut"),
    ] {
        assert_said(&answering(answer).await, expected).await;
    }
}

#[tokio::test]
async fn the_reason_why_aws_was_not_reached_is_named_and_its_address_is_not() {
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let without_tls = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = plain.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut connection, b"HTTP/1.1 400 No TLS here\r\n\r\n")
                .await;
        }
    });
    for (endpoint, code) in [
        ("http://127.0.0.1:1".to_owned(), "ConnectionRefused"),
        ("http://nowhere.invalid".to_owned(), "NotResolved"),
        (format!("https://{without_tls}"), "TlsFailed"),
    ] {
        assert_said(&endpoint, code).await;
    }
}

#[tokio::test]
async fn a_call_that_runs_out_of_time_after_an_error_names_that_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.unwrap();
        let _ = first.read(&mut [0; 8192]).await;
        let _ = first
            .write_all(b"HTTP/1.1 500 No\r\nx-amzn-requestid: R4\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
            .await;
        let _second = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
    });
    let aws = calling(&endpoint, RetryConfig::standard());
    let kms = aws.kms();
    let decrypt = async {
        let answer = kms.decrypt().ciphertext_blob(Blob::new("b")).send().await;
        let error = answer.unwrap_err();
        (AwsError::of("Decrypt", &error), AwsError::of("GetItem", &error))
    };
    let (error, other) = Deadline::after(Duration::from_secs(4)).limiting(Box::pin(decrypt)).await;
    assert_eq!(
        error.to_string(),
        "KMS Decrypt failed: TimeOut (HTTP status 500): this was the last answer (request id R4)"
    );
    assert_eq!(other.to_string(), "DynamoDB GetItem failed: TimeOut", "the error was not that operation's");
}
