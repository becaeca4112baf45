//! `consumers`, against the local stack.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, http::StatusCode, response::IntoResponse, routing};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    local_stack::{APPLICATION, CLIENT_SECRET, registered},
    support::{stack::TestStack, tool::Tool},
};

/// A stack with a grant of each of two accounts.
async fn with_two_accounts() -> (TestStack, Tool) {
    let (stack, tool) = registered().await;
    for (partner, account) in [("A1ONE", "tenant-1"), ("A1TWO", "tenant-2")] {
        let token = stack.refresh_token(APPLICATION, CLIENT_SECRET, partner).await;
        let arguments = ["import", partner, "--kind", "self", "--account", account];
        assert_eq!(tool.run_with(&arguments, &token).await.code, 0);
    }
    (stack, tool)
}

fn arns(alias: &str) -> Value {
    let arn = |function: &str| format!("arn:aws:lambda:us-east-1:123456789012:function:{function}:{alias}");
    json!([arn("get-access-token"), arn("authorizations")])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_is_added_limited_changed_and_removed() {
    let (stack, tool) = with_two_accounts().await;

    let ran = tool.succeeds("consumers add orders --account tenant-1 --may read --json").await.document();
    assert_eq!(ran["statement"]["Resource"], arns("orders"));
    assert_eq!(ran["function"], "spapi-auth-get-access-token:orders");
    assert_eq!(
        (&ran["consumer"]["accounts"], &ran["consumer"]["regions"]),
        (&json!(["tenant-1"]), &json!("all"))
    );

    assert!(tool.succeeds("token A1ONE --consumer orders").await.stdout.starts_with("Atza|"));
    let other = tool.run("token A1TWO --consumer orders").await;
    assert!(other.code == 1 && other.stderr.contains("(RequestRefused)"), "{other:?}");
    assert!(other.stderr.contains("hint: see what each consumer may have"), "{other:?}");
    assert!(tool.succeeds("token A1TWO").await.stdout.starts_with("Atza|"));
    let listed = tool.succeeds("list --consumer orders").await;
    assert!(listed.says("A1ONE").stdout.lines().count() == 2, "{listed:?}");
    let nobody = tool.run("token A1ONE --consumer nobody").await;
    assert!(nobody.code == 3 && nobody.stderr.contains("spapi-auth-get-access-token:nobody"), "{nobody:?}");

    let ran =
        tool.succeeds("consumers update orders --account-prefix tenant- --principal 210987654321").await;
    ran.says("tenant-…")
        .says("read")
        .says("lambda:InvokeFunction")
        .says("--function spapi-auth-get-access-token:orders");
    let again = tool.succeeds("consumers update orders --principal 210987654321").await;
    again.says("tenant-…").says("There is no layer spapi-auth-agent here");
    stack.control("advance", json!({"seconds": 61})).await;
    assert!(tool.succeeds("token A1TWO --consumer orders").await.stdout.starts_with("Atza|"));
    tool.succeeds("consumers list").await.says("orders").says("tenant-…");
    tool.succeeds("doctor").await.says("every consumer has its policy and its aliases");

    assert_eq!(tool.run("consumers remove orders").await.code, 2);
    tool.succeeds("consumers remove orders --yes").await.says("Removed consumer orders");
    tool.succeeds("consumers remove orders --yes").await;
    assert_eq!(tool.run("token A1ONE --consumer orders").await.code, 3);
    tool.succeeds("consumers list").await.says("No consumers.");
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_again_completes_what_is_there_and_never_replaces_another_policy() {
    let (_stack, tool) = with_two_accounts().await;
    let words = "consumers add orders --partner A1TWO --partner A1ONE --in na --in eu --restricted orders.v0.getOrders:buyerInfo";
    tool.succeeds(words).await;

    tool.succeeds(words).await.says("orders.v0.getOrders:buyerInfo");
    let ran = tool.run("consumers add orders --all-partners").await;
    assert!(ran.code == 2 && ran.stderr.contains("consumers update orders"), "{ran:?}");
    tool.succeeds("consumers show orders").await.says("A1ONE A1TWO");
    let ran = tool.run("consumers update nobody --all-partners").await;
    assert!(ran.code == 2 && ran.stderr.contains("there is no consumer nobody"), "{ran:?}");
    let ran = tool.run("consumers add 7 --all-partners").await;
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_aliases_are_made_again_and_aliases_without_a_policy_are_reported() {
    let (stack, tool) = with_two_accounts().await;
    tool.succeeds("consumers add orders --all-accounts").await;
    let lambda = aws_sdk_lambda::Client::new(&stack.sdk_config());
    lambda.delete_alias().function_name("get-access-token").name("orders").send().await.unwrap();
    let stray =
        lambda.create_alias().function_name("authorizations").name("stray").function_version("$LATEST");
    stray.send().await.unwrap();
    tool.succeeds("doctor")
        .await
        .says("whose alias is missing: spapi-auth-get-access-token:orders")
        .says("consumers apply");

    let ran = tool.succeeds("consumers apply --json").await.document();

    assert_eq!(
        ran,
        json!({"made": ["spapi-auth-get-access-token:orders"], "withoutPolicy": ["spapi-auth-authorizations:stray"]})
    );
    tool.succeeds("token A1ONE --consumer orders").await;
    let refused = tool.run("list --consumer stray").await;
    assert!(refused.code == 1 && refused.stderr.contains("consumers list"), "{refused:?}");
    tool.succeeds("consumers apply")
        .await
        .says("authorizations:stray has no policy")
        .says("with a policy: 1");
    tool.succeeds("doctor")
        .await
        .says("aliases without a policy, which get nothing: spapi-auth-authorizations:stray");
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_use_their_alias_where_there_is_one_and_apply_gives_it_everything() {
    let (stack, tool) = with_two_accounts().await;
    let lambda = aws_sdk_lambda::Client::new(&stack.sdk_config());
    for function in ["get-access-token", "authorizations"] {
        let alias =
            lambda.create_alias().function_name(function).name("operators").function_version("$LATEST");
        alias.send().await.unwrap();
    }
    // An alias without a policy gets nothing, which shows that it was used.
    assert_eq!(tool.run("token A1ONE").await.code, 1);

    tool.succeeds("consumers apply").await.says("Added the policy of the consumer operators");

    assert!(tool.succeeds("token A1ONE").await.stdout.starts_with("Atza|"));
    tool.succeeds("list").await.says("A1TWO");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_consumers_are_required_operators_and_the_console_work_and_an_invocation_without_one_gets_nothing()
 {
    let stack = TestStack::with(&[("CONSUMERS", "required")]).await;
    let tool = stack.tool();
    let first = local::seed::FIRST_APPLICATION;
    let token = stack.self_authorized(first, "A1OWN").await;
    let ran = tool.run_with(&["import", "A1OWN", "--kind", "self", "--application", first], &token).await;
    assert_eq!(ran.code, 0, "{ran:?}");

    assert!(tool.succeeds("token A1OWN").await.stdout.starts_with("Atza|"));
    tool.succeeds("list").await.says("A1OWN");
    tool.succeeds("doctor").await.says("every consumer has its policy and its aliases");
    let page = stack.console(&format!("/console/applications/{first}/grants")).await;
    assert!(page.contains("A1OWN"), "{page}");
    let lambda = aws_sdk_lambda::Client::new(&stack.sdk_config());
    let payload = aws_sdk_lambda::primitives::Blob::new(r#"{"sellingPartnerId": "A1OWN"}"#);
    let done = lambda.invoke().function_name("get-access-token").payload(payload).send().await.unwrap();
    let failed: Value = serde_json::from_slice(done.payload().unwrap().as_ref()).unwrap();
    assert_eq!(failed["errorType"], "RequestRefused", "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_cannot_be_read_is_reported_and_stops_no_command() {
    use aws_sdk_dynamodb::types::AttributeValue;

    let (stack, tool) = with_two_accounts().await;
    tool.succeeds("consumers add orders --account tenant-1").await;
    tool.succeeds("consumers add newer --all-accounts").await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&stack.sdk_config());
    let row = dynamodb.update_item().table_name("spapi-auth-applications");
    let row = row.key("application_id", AttributeValue::S("consumer#newer".to_owned()));
    let row = row.update_expression("SET policy.may = :may");
    row.expression_attribute_values(":may", AttributeValue::S("export".to_owned())).send().await.unwrap();
    // A name that is none, and for which no alias can be made.
    let list = dynamodb.update_item().table_name("spapi-auth-applications");
    let list = list.key("application_id", AttributeValue::S("consumers".to_owned()));
    let list = list.update_expression("ADD consumer_names :name");
    let nameless = AttributeValue::Ss(vec!["no name".to_owned()]);
    list.expression_attribute_values(":name", nameless).send().await.unwrap();
    let row = dynamodb.put_item().table_name("spapi-auth-applications");
    let row = row.item("application_id", AttributeValue::S("consumer#no name".to_owned()));
    row.item("policy", AttributeValue::M(std::collections::HashMap::new())).send().await.unwrap();
    let says = "cannot be read by this release, and so it gets nothing";

    tool.succeeds("consumers list").await.says("orders").says(says).says("consumers remove newer");
    let listed = tool.succeeds("consumers list --json").await.stdout;
    assert!(listed.contains(r#"{"consumer":"newer","unreadable":true}"#), "{listed}");
    tool.succeeds("consumers show orders").await.says("tenant-1");
    for command in ["show newer", "update newer --all-partners", "add newer --all-partners"] {
        let ran = tool.run(&format!("consumers {command}")).await;
        assert!(ran.code == 2 && ran.stderr.contains(says), "{command}: {ran:?}");
    }
    tool.succeeds("consumers apply").await.says(says).says("with a policy: 1");
    assert_eq!(
        tool.succeeds("consumers apply --json").await.document()["unreadable"],
        json!(["newer", "no name"])
    );
    tool.succeeds("doctor").await.says("consumers whose policy this release cannot read").says("newer");
    let other = tool.run("token A1ONE --consumer newer").await;
    assert!(other.code == 1 && other.stderr.contains("(RequestRefused)"), "{other:?}");

    tool.succeeds("consumers remove newer --yes").await;
    tool.succeeds("consumers list").await.says("orders").says("the consumer no name cannot be read");
}

/// AWS with one version of the agent's layer, which records what it permits.
async fn with_a_layer() -> (String, Arc<Mutex<Vec<Value>>>, JoinSet<()>) {
    let permitted: Arc<Mutex<Vec<Value>>> = Arc::default();
    let record = Arc::clone(&permitted);
    let permit_layer = move |Json(request): Json<Value>| async move {
        let mut permitted = record.lock().unwrap();
        if permitted.contains(&request) {
            let conflict = [("x-amzn-errortype", "ResourceConflictException")];
            return (StatusCode::CONFLICT, conflict, Json(json!({}))).into_response();
        }
        permitted.push(request);
        (StatusCode::CREATED, Json(json!({"Statement": "{}"}))).into_response()
    };
    let consumer = json!({"consumer": {"consumer": "orders", "partners": "all"}, "history": []});
    let alias =
        json!({"AliasArn": "arn:aws:lambda:us-east-1:123456789012:function:f:orders", "Name": "orders"});
    let layer = "arn:aws:lambda:us-east-1:123456789012:layer:spapi-auth-agent:7";
    let newest = json!({"LayerVersions": [{"LayerVersionArn": layer, "Version": 7}]});
    let versions = "/2018-10-31/layers/spapi-auth-agent/versions";
    let answer = |body: Value| move || async move { Json(body) };
    let router = Router::new()
        .route("/2015-03-31/functions/{name}/invocations", routing::post(answer(consumer)))
        .route("/2015-03-31/functions/{name}/aliases", routing::post(answer(alias)))
        .route("/2015-03-31/functions/{name}/policy", routing::post(answer(json!({"Statement": "{}"}))))
        .route(versions, routing::get(answer(newest)))
        .route(&format!("{versions}/7/policy"), routing::post(permit_layer));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async { axum::serve(listener, router).await.unwrap() });
    (url, permitted, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_may_use_the_newest_version_of_the_agents_layer_too() {
    let (url, permitted, _server) = with_a_layer().await;
    let tool = Tool::at(&url);
    let role = "arn:aws:iam::210987654321:role/orders";
    for principal in [role, role, "210987654321"] {
        let ran = tool.succeeds(&format!("consumers update orders --principal {principal}")).await;
        ran.says("layer:spapi-auth-agent:7");
    }
    let statement = json!({
        "StatementId": "210987654321", "Action": "lambda:GetLayerVersion", "Principal": "210987654321",
    });
    assert_eq!(*permitted.lock().unwrap(), [statement]);
}
