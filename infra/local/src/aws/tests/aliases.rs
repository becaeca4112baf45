use std::sync::Arc;

use aws_sdk_lambda::{Client, error::ProvideErrorMetadata};
use serde_json::json;

use super::{lambda::register, *};

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
