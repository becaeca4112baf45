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

#[tokio::test]
async fn an_alias_is_made_listed_changed_deleted_and_survives_a_restart() {
    let data = Scratch::new();
    let served = Served::on(Some(&data.0)).await;
    register(&served.functions);
    let client = Client::new(&served.sdk);
    let create = async |function: &str, name: &str| {
        let request = client.create_alias().function_name(function).name(name).function_version("$LATEST");
        request.send().await.map_err(|error| error.into_service_error().code().unwrap_or_default().to_owned())
    };

    let made = create("echo", "orders").await.unwrap();
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:echo:orders";
    assert_eq!((made.alias_arn(), made.function_version()), (Some(arn), Some("$LATEST")));
    create("echo", "billing").await.unwrap();
    create("slow", "other").await.unwrap();
    for (function, name, code) in [
        ("echo", "orders", "ResourceConflictException"),
        ("nothing", "orders", "ResourceNotFoundException"),
        ("echo", "42", "ValidationException"),
        ("echo", "a b", "ValidationException"),
        ("echo", &"x".repeat(129), "ValidationException"),
    ] {
        assert_eq!(create(function, name).await.unwrap_err(), code, "{function} {name}");
    }
    let versioned =
        client.create_alias().function_name("echo").name("old").function_version("7").send().await;
    assert!(versioned.unwrap_err().into_service_error().is_resource_not_found_exception());

    let changed = client.update_alias().function_name("echo").name("orders").description("of orders");
    assert_eq!(changed.send().await.unwrap().description(), Some("of orders"));
    let stale = client.update_alias().function_name("echo").name("orders").revision_id("stale").send().await;
    assert!(stale.unwrap_err().into_service_error().is_precondition_failed_exception());

    served.stop().await;
    let next = Served::on(Some(&data.0)).await;
    register(&next.functions);
    let client = Client::new(&next.sdk);
    let found = client.get_alias().function_name("echo").name("orders").send().await.unwrap();
    assert_eq!(found.description(), Some("of orders"));
    let pages = client.list_aliases().function_name("echo").into_paginator().page_size(1).send();
    let pages: Vec<_> = pages.collect().await;
    let names: Vec<_> =
        pages.into_iter().map(|page| page.unwrap().aliases()[0].name().unwrap().to_owned()).collect();
    assert_eq!(names, ["billing", "orders"]);
    for _ in 0..2 {
        client.delete_alias().function_name("echo").name("orders").send().await.unwrap();
    }
    let gone = client.get_alias().function_name("echo").name("orders").send().await.unwrap_err();
    let gone = gone.into_service_error();
    assert!(gone.is_resource_not_found_exception());
    assert_eq!(gone.message(), Some(format!("Cannot find alias arn: {arn}").as_str()));
}

#[tokio::test]
async fn a_function_learns_by_which_arn_it_was_invoked() {
    let served = Served::new().await;
    served
        .functions
        .register("who", Arc::new(|_| Box::pin(async { Ok(json!(crate::functions::invoked_arn())) })));
    let client = Client::new(&served.sdk);
    let alias = client.create_alias().function_name("who").name("orders").function_version("$LATEST");
    alias.send().await.unwrap();
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:who";

    for (name, qualifier, expected) in [
        ("who", None, arn.to_owned()),
        ("who", Some("$LATEST"), format!("{arn}:$LATEST")),
        ("who", Some("orders"), format!("{arn}:orders")),
        ("who:orders", None, format!("{arn}:orders")),
        (&format!("{arn}:orders"), None, format!("{arn}:orders")),
    ] {
        let request = client.invoke().function_name(name).set_qualifier(qualifier.map(str::to_owned));
        let done = request.send().await.unwrap();
        let heard: String = serde_json::from_slice(done.payload().unwrap().as_ref()).unwrap();
        assert_eq!(heard, expected, "{name} {qualifier:?}");
    }
    let unknown = client.invoke().function_name("who").qualifier("nobody").send().await.unwrap_err();
    let unknown = unknown.into_service_error();
    assert!(unknown.is_resource_not_found_exception());
    assert_eq!(unknown.message(), Some(format!("Function not found: {arn}:nobody").as_str()));
}

#[tokio::test]
async fn a_permission_belongs_to_an_alias_and_ends_with_it() {
    let served = Served::new().await;
    register(&served.functions);
    let client = Client::new(&served.sdk);
    let alias = client.create_alias().function_name("echo").name("orders").function_version("$LATEST");
    alias.send().await.unwrap();
    let permit = async |principal: &str, qualifier: &str| {
        let request =
            client.add_permission().function_name("echo").qualifier(qualifier).statement_id("other");
        let request = request.action("lambda:InvokeFunction").principal(principal).send().await;
        request.map_err(|error| error.into_service_error().code().unwrap_or_default().to_owned())
    };
    let policy = async || {
        let request = client.get_policy().function_name("echo").qualifier("orders").send().await;
        request
            .map(|found| found.policy.unwrap())
            .map_err(aws_sdk_lambda::error::SdkError::into_service_error)
    };

    assert_eq!(permit("somebody", "orders").await.unwrap_err(), "InvalidParameterValueException");
    assert_eq!(permit("210987654321", "nobody").await.unwrap_err(), "ResourceNotFoundException");
    permit("210987654321", "orders").await.unwrap();
    assert_eq!(permit("210987654321", "orders").await.unwrap_err(), "ResourceConflictException");

    let statement: Value = serde_json::from_str(&policy().await.unwrap()).unwrap();
    let statement = &statement["Statement"][0];
    assert_eq!(statement["Principal"]["AWS"], "arn:aws:iam::210987654321:root");
    assert_eq!(statement["Resource"], "arn:aws:lambda:us-east-1:123456789012:function:echo:orders");
    let remove =
        || client.remove_permission().function_name("echo").qualifier("orders").statement_id("other");
    remove().send().await.unwrap();
    assert!(remove().send().await.unwrap_err().into_service_error().is_resource_not_found_exception());
    permit("210987654321", "orders").await.unwrap();
    client.delete_alias().function_name("echo").name("orders").send().await.unwrap();
    let again = client.create_alias().function_name("echo").name("orders").function_version("$LATEST");
    again.send().await.unwrap();
    assert!(policy().await.unwrap_err().is_resource_not_found_exception());
}
