//! `doctor`: the findings of the functions, and the checks of this machine.

use serde_json::{Value, json};

use crate::{
    applications::{APPLICATION, application},
    support::functions::Functions,
};

async fn stack(verdict: &'static str) -> Functions {
    Functions::with(move |_, request| match request["operation"].as_str() {
        Some("listApplications") => Ok(json!({"applications": [application(APPLICATION)]})),
        Some("examine") => Ok(examination(verdict)),
        _ => Err(("InvalidRequest", "operation: expected another")),
    })
    .await
}

fn examination(verdict: &str) -> Value {
    json!({
        "findings": [
            {"check": "lwa", "verdict": "ok", "says": "Amazon answers and accepts the secret"},
            {"check": "secret", "verdict": verdict, "says": "the client secret ends in 12 days", "do": "rotate it"},
        ],
        "loginUri": "https://auth.shop.example/login", "redirectUri": "https://auth.shop.example/callback",
        "facts": {"alarmTopicArn": "arn:aws:sns:us-east-1:123456789012:alarms"},
    })
}

#[tokio::test]
async fn the_doctor_prints_what_is_wrong_what_to_do_and_what_to_register() {
    let functions = stack("warning").await;

    let ran = functions.tool().succeeds("doctor").await;

    ran.says("administration can be invoked")
        .says("get-access-token can be invoked")
        .says("agrees with that of AWS");
    ran.says("the client secret ends in 12 days")
        .says("→ rotate it")
        .says("Amazon answers and accepts the secret");
    ran.says("alarms reach no operator: the alarm topic has no subscriber");
    ran.says("OAuth Login URI     https://auth.shop.example/login\n");
    ran.says("OAuth Redirect URI  https://auth.shop.example/callback\n");
    let request = json!({"operation": "examine", "applicationId": APPLICATION});
    assert_eq!(functions.last_request(), ("administration".to_owned(), request));
}

#[tokio::test]
async fn a_failure_that_the_doctor_finds_is_exit_code_1() {
    let functions = stack("failure").await;

    let ran = functions.tool().run("doctor").await;
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    ran.says("FAILURE").says("https://auth.shop.example/callback");

    let ran = functions.tool().run("doctor --json").await;
    assert_eq!(ran.code, 1);
    let documents = ran.documents();
    assert_eq!(documents[0]["findings"][0]["verdict"], "ok");
    assert_eq!(documents[1]["applicationId"], APPLICATION);
    assert_eq!(documents[1]["findings"][2]["check"], "alarms");
}

#[tokio::test]
async fn missing_functions_are_a_finding() {
    let functions = stack("ok").await;

    let ran = functions.tool().run("doctor --prefix other-").await;
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    ran.says("has no function other-administration").says("--prefix");
    assert!(functions.requests().is_empty());

    functions.tool().with("SPAPI_AUTH_PREFIX", "test-").succeeds("doctor").await;
    assert_eq!(functions.last_request().0, "test-administration");
}

#[tokio::test]
async fn a_stack_without_applications_is_a_finding() {
    let functions = Functions::answering(Ok(json!({"applications": []}))).await;

    let ran = functions.tool().run("doctor").await;

    assert_eq!(ran.code, 1);
    ran.says("no application is registered").says("applications register");
}
