//! `secret`, `token`, `invalidate`, `events` and `completions`.

use serde_json::json;

use crate::{
    applications::{APPLICATION, application},
    grants::grant,
    support::functions::Functions,
};

/// Functions with one application and one grant; `administration` answers `answers` one after the other.
async fn stack(answers: Vec<serde_json::Value>) -> Functions {
    let answers = std::sync::Mutex::new(answers.into_iter());
    Functions::with(move |_, request| {
        Ok(match request["operation"].as_str() {
            Some("listApplications") => json!({"applications": [application(APPLICATION)]}),
            Some("getGrant") => json!({"grant": grant("A1EXAMPLE")}),
            _ => answers.lock().unwrap().next().unwrap(),
        })
    })
    .await
}

#[tokio::test]
async fn a_client_secret_is_set_from_standard_input() {
    let functions = stack(vec![json!({"changed": true})]).await;
    let arguments = ["secret", "set", "--secret-file", "-", "--expires-at", "2027-05-20"];

    let ran = functions.tool().run_with(&arguments, "amzn1.oa2-cs.v1.hunter2\r\n").await;

    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.says("now the current one");
    let request = json!({
        "operation": "setClientSecret", "applicationId": APPLICATION, "secret": "amzn1.oa2-cs.v1.hunter2",
        "expiresAt": "2027-05-20T00:00:00Z", "by": "olga",
    });
    assert_eq!(functions.last_request(), ("administration".to_owned(), request));
}

#[tokio::test]
async fn a_rotation_is_requested() {
    let functions = stack(vec![json!({"asked": true})]).await;

    let ran = functions.tool().succeeds("secret rotate --json").await;

    assert_eq!(ran.document(), json!({"asked": true}));
    let request = json!({"operation": "rotateClientSecret", "applicationId": APPLICATION, "by": "olga"});
    assert_eq!(functions.last_request().1, request);

    let functions = stack(vec![json!({"asked": true})]).await;
    functions.tool().succeeds("secret rotate --insist").await;
    assert_eq!(functions.last_request().1["insist"], true);
}

#[tokio::test]
async fn a_token_is_not_from_before_a_time_or_a_duration_ago() {
    let answer = json!({"accessToken": "Atza|x", "expiresIn": 3599, "expiresAt": "2026-12-01T00:00:00Z"});
    let functions = Functions::answering(Ok(answer)).await;

    functions.tool().succeeds("token --account tenant-42 --minted-after 2026-11-21T21:39:51.5Z --show").await;
    assert_eq!(functions.last_request().1["mintedAfter"], "2026-11-21T21:39:51.5Z");

    let mut moments = Vec::new();
    for ago in ["1h", "0s"] {
        functions.tool().succeeds(&format!("token A1EXAMPLE --minted-after {ago} --show")).await;
        let (_, request) = functions.last_request();
        moments.push(request["mintedAfter"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap());
    }
    let between = moments[1].duration_since(moments[0]).as_secs();
    assert!((3600..3700).contains(&between), "{between} s");

    let ran = functions.tool().run("token A1EXAMPLE --minted-after yesterday").await;
    assert_eq!(ran.code, 2);
}

#[tokio::test]
async fn the_access_tokens_of_an_application_are_invalidated_with_one_request() {
    let answer = json!({"application": {"applicationId": APPLICATION, "notBefore": "2026-11-20T00:00:01Z"}});
    let functions = stack(vec![answer]).await;

    functions.tool().succeeds("invalidate --all").await.says("every access token of application");
    let request = json!({"operation": "invalidateTokens", "applicationId": APPLICATION, "by": "olga"});
    assert_eq!(functions.last_request().1, request);

    let functions = stack(vec![json!({"invalidated": 1})]).await;
    assert_eq!(
        functions.tool().succeeds("invalidate A1EXAMPLE --json").await.document(),
        json!({"invalidated": 1})
    );
    assert_eq!(functions.last_request().1["region"], "na");
}

#[tokio::test]
async fn events_are_replayed_to_the_end_of_the_period() {
    let functions = stack(vec![json!({"sent": 40, "cursor": "c1"}), json!({"sent": 2})]).await;

    let words = "events replay --from 2026-11-01 --until 2026-11-02T12:00:00Z";
    functions.tool().succeeds(words).await.says("42 events");
    let request = json!({
        "operation": "replayEvents", "applicationId": APPLICATION, "from": "2026-11-01T00:00:00Z",
        "until": "2026-11-02T12:00:00Z", "cursor": "c1",
    });
    assert_eq!(functions.last_request(), ("administration".to_owned(), request));

    let functions = stack(vec![json!({"sent": 3})]).await;
    let ran = functions.tool().succeeds("events replay A1EXAMPLE --from 7d --json").await;
    assert_eq!(ran.document(), json!({"sent": 3}));
    let request = functions.last_request().1;
    assert_eq!((&request["sellingPartnerId"], &request["region"]), (&json!("A1EXAMPLE"), &json!("na")));

    let ran = functions.tool().run("events replay --from 2026-11-02 --until 2026-11-01").await;
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[tokio::test]
async fn the_number_of_events_before_a_failure_is_printed() {
    let functions = Functions::with(|_, request| match request.get("cursor") {
        None => Ok(json!({"sent": 40, "cursor": "c1"})),
        Some(_) => Err(("AmazonUnavailable", "Amazon is not answering; try again")),
    })
    .await;

    let ran = functions.tool().run(&format!("events replay --from 7d --application {APPLICATION}")).await;

    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("40 events sent before this failure"), "{}", ran.stderr);
    assert!(ran.stderr.contains("try again (AmazonUnavailable)"), "{}", ran.stderr);
}

#[tokio::test]
async fn completions_are_printed_for_every_shell_without_aws() {
    let functions = stack(vec![]).await;
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = functions.tool().without("AWS_REGION").succeeds(&format!("completions {shell}")).await;
        ran.says("spapi-auth").says("renewals");
        // The script does not contain values of the operator's environment.
        assert!(!ran.stdout.contains("olga"));
        assert!(!ran.stdout.contains("--refresh-token"), "no option accepts a secret");
    }
}

#[tokio::test]
async fn a_restricted_token_is_for_an_operation_with_its_data_elements_and_parameters() {
    let functions = Functions::answering(Ok(json!({"accessToken": "Atz.sprdt|x"}))).await;
    let tool = functions.tool();
    for (options, expected) in [
        (
            "--operation orders.v0.getOrders --data-elements buyerInfo,shippingAddress",
            json!({"operation": "orders.v0.getOrders", "dataElements": ["buyerInfo", "shippingAddress"]}),
        ),
        (
            "--operation getReportDocument --parameter reportDocumentId=a=b",
            json!({"operation": "getReportDocument", "parameters": {"reportDocumentId": "a=b"}}),
        ),
    ] {
        tool.succeeds(&format!("token A1EXAMPLE {options}")).await;
        let mut request = functions.last_request().1;
        request.as_object_mut().unwrap().remove("sellingPartnerId");
        assert_eq!(request, expected);
    }
    for wrong in [
        "--data-elements buyerInfo",
        "--parameter a=b",
        "--operation o --parameter a",
        "--operation o --scope s",
    ] {
        let ran = tool.run(&format!("token A1EXAMPLE {wrong}")).await;
        assert_eq!(ran.code, 2, "{wrong}: {ran:?}");
    }
}
