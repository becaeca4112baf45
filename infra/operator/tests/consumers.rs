//! `consumers`, against the local stack.

use serde_json::{Value, json};

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
    assert_eq!(ran["function"], "get-access-token:orders");
    assert_eq!(
        (&ran["consumer"]["accounts"], &ran["consumer"]["regions"]),
        (&json!(["tenant-1"]), &json!("all"))
    );

    assert!(tool.succeeds("token A1ONE --consumer orders").await.stdout.starts_with("Atza|"));
    let other = tool.run("token A1TWO --consumer orders").await;
    assert!(other.code == 1 && other.stderr.contains("(RequestRefused)"), "{other:?}");
    assert!(tool.succeeds("token A1TWO").await.stdout.starts_with("Atza|"));
    let listed = tool.succeeds("list --consumer orders").await;
    assert!(listed.says("A1ONE").stdout.lines().count() == 2, "{listed:?}");
    let nobody = tool.run("token A1ONE --consumer nobody").await;
    assert!(nobody.code == 3 && nobody.stderr.contains("get-access-token:nobody"), "{nobody:?}");

    let ran =
        tool.succeeds("consumers update orders --account-prefix tenant- --principal 210987654321").await;
    ran.says("tenant-…")
        .says("read")
        .says("lambda:InvokeFunction")
        .says("--function get-access-token:orders");
    tool.succeeds("consumers update orders --principal 210987654321").await.says("tenant-…");
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
        .says("whose alias is missing: get-access-token:orders")
        .says("consumers apply");

    let ran = tool.succeeds("consumers apply --json").await.document();

    assert_eq!(ran, json!({"made": ["get-access-token:orders"], "withoutPolicy": ["authorizations:stray"]}));
    tool.succeeds("token A1ONE --consumer orders").await;
    let refused = tool.run("list --consumer stray").await;
    assert!(refused.code == 1 && refused.stderr.contains("consumers list"), "{refused:?}");
    tool.succeeds("consumers apply")
        .await
        .says("authorizations:stray has no policy")
        .says("with a policy: 1");
    tool.succeeds("doctor").await.says("aliases without a policy, which get nothing: authorizations:stray");
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
