//! Sequences of commands, against the real functions of the local stack.

use serde_json::json;

use crate::support::{stack::TestStack, tool::Tool};

pub(crate) const APPLICATION: &str = "amzn1.sp.solution.22222222-2222-4333-8444-555555555555";
pub(crate) const CLIENT_SECRET: &str = "amzn1.oa2-cs.v1.0123456789abcdef0123456789abcdef";

/// `spapi-auth` for a second application, which is registered at Amazon and not in the stack.
async fn unregistered() -> (TestStack, Tool) {
    let stack = TestStack::start().await;
    stack.register(APPLICATION, CLIENT_SECRET).await;
    let tool = stack.tool().with("SPAPI_AUTH_APPLICATION", APPLICATION);
    (stack, tool)
}

/// The same, with the application registered and its client secret stored.
pub(crate) async fn registered() -> (TestStack, Tool) {
    let (stack, tool) = unregistered().await;
    tool.succeeds(&register()).await;
    let ran = tool.run_with(&["secret", "set", "--expires-at", "170d"], CLIENT_SECRET).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    (stack, tool)
}

fn register() -> String {
    format!(
        "applications register {APPLICATION} --client-id {} --name Second --default-region na --return-url https://shop.example/done",
        TestStack::client_id(APPLICATION)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_registered_until_the_doctor_finds_no_failure() {
    let (stack, tool) = unregistered().await;

    let ran = tool.run("doctor").await;
    assert_eq!((ran.code, ran.stdout.contains("administration can be invoked")), (1, true), "{ran:?}");
    assert!(ran.stderr.contains("(UnknownApplication)"), "{}", ran.stderr);

    let ran = tool.succeeds(&register()).await;
    let (login, redirect) = (stack.site("/login"), stack.site("/callback"));
    ran.says(&format!("OAuth Login URI     {login}\n")).says(&format!("OAuth Redirect URI  {redirect}\n"));
    tool.succeeds("applications list").await.says(APPLICATION).says("Second");
    let place = tool.succeeds("whoami --json").await.document();
    assert_eq!((&place["account"], &place["region"]), (&json!("123456789012"), &json!("us-east-1")));
    tool.succeeds("whoami").await.says("arn:aws:").says("http://127.0.0.1:");

    let ran = tool.run("doctor").await;
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.says("FAILURE").says("spapi-auth secret set");

    let ran = tool.run_with(&["secret", "set"], "amzn1.oa2-cs.v1.wrong").await;
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("(RequestRefused)"), "{}", ran.stderr);

    let ran = tool.run_with(&["secret", "set", "--expires-at", "170d"], CLIENT_SECRET).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let ran = tool.succeeds("doctor").await;
    ran.says("Login with Amazon accepts").says("ok").says(&login).says(&redirect);
    tool.succeeds("history").await.says("ApplicationRegistered").says("operator olga");

    let ran = tool.run(&register().replace("Second", "Third")).await;
    assert!(ran.code == 1 && ran.stderr.contains("registered already"), "{ran:?}");
    tool.succeeds(&format!("applications update {APPLICATION} --name Renamed --draft true"))
        .await
        .says("Renamed")
        .says("draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_is_imported_disabled_enabled_linked_and_removed() {
    let (stack, tool) = registered().await;
    let refresh_token = stack.refresh_token(APPLICATION, CLIENT_SECRET, "A1IMPORTED").await;

    let ran = tool
        .run_with(&["import", "A1IMPORTED", "--kind", "oauth", "--authorized-at", "30d"], &refresh_token)
        .await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.says("active").says("A1IMPORTED");
    let ran = tool.run_with(&["import", "A1OTHER", "--kind", "self"], "Atzr|made-up").await;
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("refreshToken") && ran.stderr.contains("(InvalidRequest)"), "{}", ran.stderr);

    let ran = tool.succeeds("list").await;
    ran.says("A1IMPORTED").says("active");
    assert_eq!(ran.stdout.lines().count(), 2);
    tool.succeeds("show A1IMPORTED").await.says("ATVPDKIKX0DER").says("disable");
    tool.succeeds("renewals --until 366d").await.says("A1IMPORTED");
    assert!(!tool.succeeds("renewals").await.stdout.contains("A1IMPORTED"));
    assert!(tool.succeeds("token A1IMPORTED").await.stdout.starts_with("Atza|"));

    tool.succeeds("disable A1IMPORTED --reason audit").await.says("disabled");
    // Promise 15: within 60 seconds.
    stack.control("advance", json!({"seconds": 61})).await;
    let ran = tool.run("token A1IMPORTED").await;
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("(AuthorizationDisabled)"), "{}", ran.stderr);
    tool.succeeds("list --status disabled").await.says("A1IMPORTED");
    tool.succeeds("enable A1IMPORTED").await.says("active");
    assert!(tool.succeeds("token A1IMPORTED").await.stdout.starts_with("Atza|"));

    tool.succeeds("account link A1IMPORTED tenant-42").await.says("tenant-42");
    tool.succeeds("show --account tenant-42").await.says("A1IMPORTED");
    assert!(tool.succeeds("token --account tenant-42").await.stdout.starts_with("Atza|"));
    tool.succeeds("account clear A1IMPORTED").await;
    assert_eq!(tool.run("show --account tenant-42").await.code, 1);
    tool.succeeds("conflicts list").await.says("No conflicts.");
    assert_eq!(tool.succeeds("invalidate A1IMPORTED --json").await.document(), json!({"invalidated": 1}));
    let application = APPLICATION;
    tool.succeeds(&format!("applications disable {application} --reason drill")).await.says("Stopped");
    stack.control("advance", json!({"seconds": 65})).await;
    let ran = tool.run("token A1IMPORTED").await;
    assert!(ran.stderr.contains("(ApplicationDisabled)"), "{}", ran.stderr);
    tool.succeeds("applications list").await.says("disabled");
    tool.succeeds(&format!("applications enable {application}")).await.says("Started");
    tool.succeeds("invalidate --all").await.says("every access token of application");
    stack.control("advance", json!({"seconds": 65})).await;
    tool.succeeds("token A1IMPORTED").await;

    tool.succeeds("remove A1IMPORTED --yes").await.says("removed");
    assert!(!tool.succeeds("list").await.stdout.contains("A1IMPORTED"));
    tool.succeeds("list --status removed").await.says("A1IMPORTED");
    let history = tool.succeeds("history A1IMPORTED --in na --json").await.documents();
    let events: Vec<_> = history.iter().map(|record| record["event"].as_str().unwrap()).collect();
    let expected = [
        "AuthorizationRemoved",
        "TokensInvalidated",
        "AccountLinked",
        "AccountLinked",
        "AuthorizationEnabled",
        "AuthorizationDisabled",
        "AuthorizationGranted",
    ];
    assert_eq!(events, expected);
    assert!(history.iter().all(|record| record["by"] == "olga"), "{history:?}");
    assert_eq!(
        history[5]["reason"].as_str().map(|reason| reason.contains("audit")),
        Some(true),
        "{}",
        history[5]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn enabling_finds_that_the_partner_has_revoked_the_application() {
    let (stack, tool) = registered().await;
    let refresh_token = stack.refresh_token(APPLICATION, CLIENT_SECRET, "A1LEFT").await;
    let ran = tool.run_with(&["import", "A1LEFT", "--kind", "self"], &refresh_token).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    tool.succeeds("disable A1LEFT").await;
    stack.control("partner/A1LEFT/revoke", json!({})).await;

    let ran = tool.run("enable A1LEFT").await;

    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("(ReauthorizationRequired)"), "{}", ran.stderr);
}
