//! Failures: each has a message on standard error and the exit code that `--help` documents.

use serde_json::{Value, json};

use crate::{
    grants::grant,
    support::{
        functions::{FORBIDDEN, Functions},
        tool::Tool,
    },
};

/// A line for every command that invokes a function.
const COMMANDS: [&str; 21] = [
    "applications list",
    "applications register amzn1.sp.solution.1 --client-id c --name n --default-region na",
    "applications update amzn1.sp.solution.1 --draft false",
    "link --account a --label l --in na",
    "list",
    "show A1EXAMPLE",
    "history A1EXAMPLE",
    "disable A1EXAMPLE",
    "enable A1EXAMPLE",
    "remove A1EXAMPLE --yes",
    "conflicts list",
    "conflicts accept A1EXAMPLE 01234567",
    "renewals",
    "renew A1EXAMPLE",
    "secret rotate",
    "token A1EXAMPLE",
    "invalidate --all",
    "events replay --from 7d",
    "events tail",
    "account clear A1EXAMPLE",
    "doctor",
];

#[tokio::test]
async fn a_refusal_is_code_1_with_the_message_of_the_function() {
    let functions = Functions::answering(Err((
        "UnknownSellingPartner",
        "this selling partner\u{1b}[2J has not authorized",
    )))
    .await;

    for words in COMMANDS {
        let ran = functions.tool().run(words).await;
        assert_eq!(ran.code, 1, "{words}: {ran:?}");
        let (error, hint) = ran.stderr.split_once("\n\n").unwrap();
        let command = words.split(' ').next().unwrap();
        assert!(error.starts_with(&format!("error: `spapi-auth {command}")), "{words}: {error}");
        let message = ": this selling partner\\u{1b}[2J has not authorized (UnknownSellingPartner)";
        assert!(error.ends_with(message), "{words}: {error}");
        assert!(hint.starts_with("hint: ") && hint.ends_with('\n'), "{words}: {hint}");
    }
}

#[tokio::test]
async fn with_json_a_refusal_is_a_json_document() {
    let functions = Functions::answering(Err(("AmazonThrottled", "slow\u{9b}down"))).await;

    let ran = functions.tool().run("list --json").await;

    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    let failure: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(failure, json!({"errorType": "AmazonThrottled", "errorMessage": "slow\u{9b}down"}));
}

#[tokio::test]
async fn an_answer_that_is_not_understood_is_code_1() {
    for answer in [json!({}), json!({"grants": 1, "applications": {}}), json!([]), json!("text"), Value::Null]
    {
        let functions = Functions::answering(Ok(answer.clone())).await;
        for words in COMMANDS {
            let ran = functions.tool().run(words).await;
            assert_eq!(ran.code, 1, "{words} {answer}: {ran:?}");
            assert!(ran.stderr.contains("not understood"), "{words} {answer}: {}", ran.stderr);
        }
    }
}

#[tokio::test]
async fn a_repeated_cursor_ends_the_list() {
    let functions =
        Functions::answering(Ok(json!({"grants": [grant("A1EXAMPLE")], "sent": 1, "cursor": "again"}))).await;

    for words in ["list", "events replay --from 7d --application amzn1.sp.solution.1"] {
        assert_eq!(functions.tool().run(words).await.code, 1, "{words}");
    }
    assert_eq!(functions.requests().len(), 4);
}

#[tokio::test]
async fn aws_that_is_not_reached_is_code_3() {
    let functions =
        Functions::answering(Err((FORBIDDEN, "User is not authorized to perform lambda:InvokeFunction")))
            .await;
    let closed = Tool::at("http://127.0.0.1:1");

    for words in COMMANDS {
        let ran = closed.run(words).await;
        assert_eq!(ran.code, 3, "{words}: {ran:?}");
        assert!(
            ran.stderr.contains("AWS at http://127.0.0.1:1 cannot be reached"),
            "{words}: {}",
            ran.stderr
        );
    }
    let ran = functions.tool().run("list").await;
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("denied the invocation of spapi-auth-authorizations"), "{}", ran.stderr);

    let ran = functions.tool().run("list --prefix other-").await;
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("has no function other-authorizations"), "{}", ran.stderr);

    let ran = functions.tool().without("AWS_REGION").run("list").await;
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("no AWS region is configured"), "{}", ran.stderr);

    let ran =
        functions.tool().without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY").run("list").await;
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("no AWS credentials were found"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_wrong_command_line_is_code_2_and_invokes_nothing() {
    let functions = Functions::answering(Ok(json!({}))).await;
    let wrong = [
        "",
        "frobnicate",
        "list --frobnicate",
        "show",
        "show A1 --in us",
        "show A1 --account a",
        "list --region eu",
        "list --region EU!",
        "list --due-before soon",
        "list --limit 0",
        "list --limit -1",
        "list --endpoint-url ftp://x",
        "renewals --until 3w",
        "token",
        "token A1 --min-valid 3301",
        "token --scope s --in na",
        "invalidate",
        "invalidate A1 --all",
        "events replay",
        "events replay --from 7d --in na",
        "remove A1",
        "import A1",
        "import A1 --kind other",
        "import A1 --kind oauth",
        "secret set",
        "secret set --secret-file /nonexistent/file",
        "link --account a --label l",
        "link --account a --label l --in na --valid forever",
        "completions tcsh",
    ];

    for words in wrong {
        let ran = functions.tool().run(words).await;
        assert_eq!(ran.code, 2, "{words}: {ran:?}");
        assert_eq!(ran.stdout, "", "{words}");
        assert!(!ran.stderr.is_empty(), "{words}");
    }
    assert!(functions.requests().is_empty());
}

#[tokio::test]
async fn one_of_several_applications_must_be_named() {
    let application = crate::applications::application;
    let functions =
        Functions::answering(Ok(json!({"applications": [application("a"), application("b")]}))).await;

    let ran = functions.tool().run("secret rotate").await;

    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--application"), "{}", ran.stderr);
}
