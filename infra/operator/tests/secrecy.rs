//! Secrets are never arguments, and are never printed.

use serde_json::json;

use crate::support::functions::Functions;

const SECRETS: [&str; 4] = ["amzn1.oa2-cs.v1.hunter2", "Atzr|hunter2", "Atza|hunter2", "hunter2hunter2"];

#[tokio::test]
async fn a_secret_among_the_arguments_is_refused_and_not_printed() {
    let functions = Functions::answering(Ok(json!({"changed": true}))).await;
    for secret in SECRETS {
        let lines: [&[&str]; 9] = [
            &["secret", "set", secret],
            &["secret", "set", "--secret", secret],
            &["secret", "set", "--client-secret", secret],
            &["import", "A1EXAMPLE", "--kind", "self", secret],
            &["import", "A1EXAMPLE", "--kind", "self", "--refresh-token", secret],
            &["import", "A1EXAMPLE", "--kind", "self", "--token", secret],
            &["secret", "set", "--expires-at", "30d", "--", secret],
            &["secret", "set", "--application", "amzn1.sp.solution.1", secret, secret],
            &["secret", "set", &format!("--secret={secret}")],
        ];
        for arguments in lines {
            // Even with a valid secret on standard input.
            let ran = functions.tool().run_with(arguments, "Atzr|from-standard-input").await;
            assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
            assert!(ran.stderr.contains("--secret-file"), "{arguments:?}: {}", ran.stderr);
            assert!(!format!("{ran:?}").contains("hunter2"), "{arguments:?}: {ran:?}");
        }
        // With an unknown option too, the error does not contain the secret.
        for arguments in
            [&["secret", "set", &format!("--key={secret}")][..], &["secret", "rotate", "--key", secret]]
        {
            let ran = functions.tool().run_with(arguments, "").await;
            assert_eq!(ran.code, 2);
            assert!(!format!("{ran:?}").contains("hunter2"), "{arguments:?}: {ran:?}");
        }
    }
    assert!(functions.requests().is_empty());
}

#[tokio::test]
async fn a_secret_on_standard_input_is_never_printed() {
    let secret = "amzn1.oa2-cs.v1.hunter2";
    let answers = [
        Ok(json!({"changed": true, "grant": crate::grants::grant("A1EXAMPLE")})),
        Ok(json!({"changed": false})),
        Err(("RequestRefused", "the request was refused: Amazon does not accept this secret")),
        Ok(json!([])),
    ];
    for answer in answers {
        let functions = Functions::answering(answer).await;
        let set = ["secret", "set", "--application", "amzn1.sp.solution.1"];
        let import = ["import", "A1EXAMPLE", "--kind", "self", "--application", "amzn1.sp.solution.1"];
        for arguments in
            [&set[..], &import, &[&set[..], &["--json"]].concat(), &[&import[..], &["--json"]].concat()]
        {
            let tool = functions.tool().with("RUST_LOG", "trace").with("RUST_BACKTRACE", "1");
            let ran = tool.run_with(arguments, secret).await;
            assert!(!format!("{ran:?}").contains("hunter2"), "{arguments:?}: {ran:?}");
            assert!(functions.last_request().1.to_string().contains(secret));
        }
    }
}

#[tokio::test]
async fn input_that_cannot_be_a_secret_is_not_sent() {
    let functions = Functions::answering(Ok(json!({"changed": true}))).await;
    let arguments = ["secret", "set", "--application", "amzn1.sp.solution.1"];
    for input in ["", "\n", " \r\n", &"x".repeat(20_000)] {
        let ran = functions.tool().run_with(&arguments, input).await;
        assert_eq!(ran.code, 2, "{ran:?}");
    }
    assert!(functions.requests().is_empty());
}

fn token() -> serde_json::Value {
    json!({
        "accessToken": "Atza|hunter2", "tokenType": "bearer", "expiresAt": "2026-11-21T22:39:51Z", "expiresIn": 3599,
        "applicationId": "amzn1.sp.solution.1", "sellingPartnerId": "A1EXAMPLE", "region": "na",
        "endpoint": "https://sellingpartnerapi-na.amazon.com", "marketplaceIds": ["ATVPDKIKX0DER"],
    })
}

#[tokio::test]
async fn an_access_token_is_printed_alone_into_a_pipe() {
    let functions = Functions::answering(Ok(token())).await;

    let ran = functions.tool().succeeds("token A1EXAMPLE --in na --min-valid 300").await;
    assert_eq!(ran.stdout, "Atza|hunter2\n");
    let request = json!({"sellingPartnerId": "A1EXAMPLE", "region": "na", "minValidSeconds": 300});
    assert_eq!(functions.last_request(), ("get-access-token".to_owned(), request));

    assert_eq!(functions.tool().succeeds("token --account t --json").await.document(), token());
    functions.tool().succeeds("token --scope sellingpartnerapi::notifications").await;
    assert_eq!(functions.last_request().1, json!({"scope": "sellingpartnerapi::notifications"}));
}

#[tokio::test]
async fn an_access_token_is_printed_on_a_terminal_only_with_show() {
    let functions = Functions::answering(Ok(token())).await;
    for (words, shows) in [("", false), (" --json", false), (" --show", true), (" --show --json", true)] {
        let ran = functions.tool().on_a_terminal(&format!("token A1EXAMPLE{words}"), "").await;
        assert_eq!(ran.code, 0, "{ran:?}");
        let seen = ran.stdout;
        assert!(seen.contains("2026-11-21T22:39:51Z") || words == " --show", "{words}: {seen}");
        assert_eq!(seen.contains("hunter2"), shows, "{words}: {seen}");
    }
}
