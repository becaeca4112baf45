use std::{sync::Arc, time::Duration};

use aws_sdk_lambda::{Client, error::ProvideErrorMetadata, primitives::Blob, types::InvocationType};
use serde_json::json;
use tokio::sync::mpsc;

use super::*;
use crate::functions::{FunctionError, FunctionFuture};

/// The functions `echo`, `refuse`, `panic`, and `slow`, which sends on the channel when it has ended.
fn register(functions: &Functions) -> mpsc::UnboundedReceiver<Value> {
    let (ended, ends) = mpsc::unbounded_channel();
    functions.register("echo", Arc::new(|event| Box::pin(async move { Ok(json!({"event": event})) })));
    functions.register(
        "refuse",
        Arc::new(|_| {
            let error_type = "ReauthorizationRequired".to_owned();
            Box::pin(async move { Err(FunctionError { error_type, error_message: "Ask again".to_owned() }) })
        }),
    );
    functions.register("panic", Arc::new(|event| -> FunctionFuture { panic!("cannot do {event}") }));
    functions.register(
        "slow",
        Arc::new(move |event| {
            let ended = ended.clone();
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(200)).await;
                drop(ended.send(event.clone()));
                Ok(event)
            })
        }),
    );
    ends
}

#[tokio::test]
async fn a_function_is_invoked_by_name_and_by_arn() {
    let served = Served::new().await;
    register(&served.functions);
    let client = Client::new(&served.sdk);

    for name in
        ["echo", "arn:aws:lambda:us-east-1:123456789012:function:echo", "123456789012:function:echo:$LATEST"]
    {
        let done =
            client.invoke().function_name(name).payload(Blob::new(r#"{"a": 1}"#)).send().await.unwrap();

        assert_eq!(
            (done.status_code(), done.executed_version(), done.function_error()),
            (200, Some("$LATEST"), None)
        );
        let payload: Value = serde_json::from_slice(done.payload().unwrap().as_ref()).unwrap();
        assert_eq!(payload, json!({"event": {"a": 1}}));
    }
    assert_eq!(served.aws.calls(), BTreeMap::from([("Lambda.Invoke".to_owned(), 3)]));
}

#[tokio::test]
async fn a_failure_and_a_panic_are_function_errors_and_the_process_continues() {
    let served = Served::new().await;
    register(&served.functions);
    let client = Client::new(&served.sdk);

    for (name, kind, words) in
        [("refuse", "ReauthorizationRequired", "Ask again"), ("panic", "Runtime.Panic", "cannot do {}")]
    {
        let failed = client.invoke().function_name(name).send().await.unwrap();

        assert_eq!((failed.status_code(), failed.function_error()), (200, Some("Unhandled")));
        let payload: Value = serde_json::from_slice(failed.payload().unwrap().as_ref()).unwrap();
        assert_eq!(payload["errorType"], kind);
        assert!(payload["errorMessage"].as_str().unwrap().contains(words), "{payload}");
    }
}

#[tokio::test]
async fn an_impossible_invocation_is_refused() {
    let served = Served::new().await;
    register(&served.functions);
    let client = Client::new(&served.sdk);
    let large = format!("\"{}\"", "x".repeat(6 * 1024 * 1024));

    for (name, payload, code, status) in [
        ("unknown", "{}", "ResourceNotFoundException", 404),
        ("echo", "{", "InvalidRequestContentException", 400),
        ("echo", &large, "RequestTooLargeException", 413),
    ] {
        let refused =
            client.invoke().function_name(name).payload(Blob::new(payload)).send().await.unwrap_err();

        assert_eq!(refused.raw_response().unwrap().status().as_u16(), status);
        let error = refused.into_service_error();
        assert!(
            error.code() == Some(code) || error.code() == Some("RequestEntityTooLargeException"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_asynchronous_event_is_accepted_immediately_and_a_dry_run_runs_nothing() {
    let served = Served::new().await;
    let mut ends = register(&served.functions);
    let client = Client::new(&served.sdk);

    let dry =
        client.invoke().function_name("slow").invocation_type(InvocationType::DryRun).send().await.unwrap();
    assert_eq!(dry.status_code(), 204);
    let event = client.invoke().function_name("slow").invocation_type(InvocationType::Event);
    let accepted = event.payload(Blob::new("7")).send().await.unwrap();
    assert_eq!(accepted.status_code(), 202);
    assert!(ends.try_recv().is_err());

    assert_eq!(ends.recv().await, Some(json!(7)));
    assert!(ends.try_recv().is_err());
}

#[tokio::test]
async fn a_function_continues_when_its_caller_hangs_up() {
    let served = Served::new().await;
    let mut ends = register(&served.functions);
    let client = Client::new(&served.sdk);

    let invocation = client.invoke().function_name("slow").payload(Blob::new("8")).send();
    assert!(tokio::time::timeout(Duration::from_millis(100), invocation).await.is_err());

    assert_eq!(ends.recv().await, Some(json!(8)));
}
