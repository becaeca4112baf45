use std::{sync::Arc, time::Duration};

use aws_sdk_lambda::{
    Client,
    error::ProvideErrorMetadata,
    operation::RequestId,
    primitives::Blob,
    types::{InvocationType, LogType},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;
use tokio::sync::mpsc;
use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::functions::{FunctionError, FunctionFuture};

/// The functions `echo`, `refuse`, `panic`, and `slow`, which sends on the channel when it has ended.
pub(super) fn register(functions: &Functions) -> mpsc::UnboundedReceiver<Value> {
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
                tokio::time::sleep(Duration::from_millis(1500)).await;
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
    assert!(tokio::time::timeout(Duration::from_millis(700), invocation).await.is_err());

    assert_eq!(ends.recv().await, Some(json!(8)));
}

#[tokio::test]
async fn a_qualifier_without_a_version_and_a_foreign_function_are_refused() {
    let served = Served::new().await;
    register(&served.functions);
    let client = Client::new(&served.sdk);
    let invoke = async |name: &str, qualifier: Option<&str>| {
        let request = client.invoke().function_name(name).set_qualifier(qualifier.map(str::to_owned));
        request.send().await.map_err(|error| error.into_service_error().code().map(str::to_owned))
    };

    assert!(invoke("echo", Some("$LATEST")).await.is_ok());
    for (name, qualifier, code) in [
        ("echo", Some("live"), "ResourceNotFoundException"),
        ("echo:nosuch", None, "ResourceNotFoundException"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:echo", None, "ResourceNotFoundException"),
        ("arn:aws:lambda:us-east-1:210987654321:function:echo", None, "AccessDeniedException"),
    ] {
        let refused = invoke(name, qualifier).await.unwrap_err();
        assert_eq!(refused.as_deref(), Some(code), "{name} {qualifier:?}");
    }
}

#[tokio::test]
async fn an_answer_has_the_end_of_the_log_if_the_caller_asks_for_it() {
    let _log =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(crate::log_tail::layer()));
    let served = Served::new().await;
    served.functions.register(
        "wordy",
        Arc::new(|event| {
            Box::pin(async move {
                let span = shared::lambda::log::invocation_span(&crate::functions::request_id(), None);
                span.in_scope(|| tracing::warn!(target: "shared", "This is {event}"));
                Ok(event)
            })
        }),
    );
    let client = Client::new(&served.sdk);
    let invoke = async |payload: String, log_type| {
        let request = client.invoke().function_name("wordy").payload(Blob::new(payload));
        request.log_type(log_type).send().await.unwrap()
    };

    let answer = invoke("1".to_owned(), LogType::Tail).await;
    let log = String::from_utf8(BASE64_STANDARD.decode(answer.log_result().unwrap()).unwrap()).unwrap();
    let lines: Vec<_> = log.lines().collect();
    let id = answer.request_id().unwrap();
    assert_eq!(lines.len(), 4, "{log}");
    assert_eq!(lines[0], format!("START RequestId: {id} Version: $LATEST"));
    let own: Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!((own["requestId"].as_str(), &own["fields"]["message"]), (Some(id), &json!("This is 1")));
    assert_eq!(lines[2], format!("END RequestId: {id}"));
    assert!(lines[3].starts_with(&format!("REPORT RequestId: {id}\tDuration: ")), "{log}");

    let verbose = invoke(format!("\"{}\"", "x".repeat(5000)), LogType::Tail).await;
    let log = BASE64_STANDARD.decode(verbose.log_result().unwrap()).unwrap();
    assert_eq!((log.len(), log.ends_with(b" ms\n")), (4096, true));
    assert_eq!(invoke("2".to_owned(), LogType::None).await.log_result(), None);
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let served = Served::new().await;
    register(&served.functions);
    let client = Client::new(&served.sdk);

    let mut ids = vec![];
    for name in ["echo", "panic"] {
        ids.push(client.invoke().function_name(name).send().await.unwrap().request_id().map(str::to_owned));
    }
    let event = client.invoke().function_name("echo").invocation_type(InvocationType::Event).send().await;
    ids.push(event.unwrap().request_id().map(str::to_owned));
    let refused = client.invoke().function_name("unknown").send().await.unwrap_err();
    ids.push(refused.request_id().map(str::to_owned));
    let kms = aws_sdk_kms::Client::new(&served.sdk);
    ids.push(kms.list_keys().send().await.unwrap().request_id().map(str::to_owned));
    let dynamodb = aws_sdk_dynamodb::Client::new(&served.sdk);
    ids.push(dynamodb.list_tables().send().await.unwrap().request_id().map(str::to_owned));
    served.order(Endpoint::Dynamodb, Fault::Throttle);
    ids.push(dynamodb.list_tables().send().await.unwrap_err().request_id().map(str::to_owned));

    assert!(ids.iter().all(|id| id.as_deref().is_some_and(|id| !id.is_empty())), "{ids:?}");
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
}

#[tokio::test]
async fn another_operation_says_that_it_is_not_in_the_local_stack() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);

    let listed = client.list_functions().send().await.unwrap_err().into_service_error();
    let read = client.get_function().function_name("echo").send().await.unwrap_err().into_service_error();
    let streamed = client.invoke_with_response_stream().function_name("echo").send().await;

    for error in [listed.meta(), read.meta(), streamed.unwrap_err().into_service_error().meta()] {
        assert_eq!(error.code(), Some("UnknownOperationException"));
        assert!(error.message().unwrap().contains("not in the local stack"), "{error:?}");
    }
}
