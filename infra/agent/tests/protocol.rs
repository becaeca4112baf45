//! The protocol, as SDKs speak it.

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use serde_json::{Value, json};

use crate::support::{
    fake::Answers,
    here::{Here, KEY, read},
};

#[tokio::test]
async fn a_partner_is_asked_for_as_a_refresh_token() {
    let here = Here::start().await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "na:A3FH"), ("client_secret", KEY)];

    for path in ["/auth/o2/token", "/auth/O2/token"] {
        let url = format!("http://localhost:{}{path}", here.port);
        let answer = here.http.post(&url).form(&fields).send().await.unwrap();
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json;charset=UTF-8");
        let expected = json!({"access_token": "Atza|1", "token_type": "bearer", "expires_in": 300, "refresh_token": "na:A3FH"});
        assert_eq!(read(answer).await, (reqwest::StatusCode::OK, expected));
    }

    let invocation = json!({"sellingPartnerId": "A3FH", "region": "na", "minValidSeconds": 360,
        "_function": "get-access-token:orders"});
    assert_eq!(here.lambda.invocations(), [invocation]);
}

#[tokio::test]
async fn a_scope_is_asked_for_with_client_credentials() {
    let here = Here::start().await;
    let fields = json!({"grant_type": "client_credentials", "scope": "sellingpartnerapi::notifications",
        "client_id": "amzn1.sp.solution.1", "client_secret": KEY});

    let (status, answer) = read(here.post().json(&fields).send().await.unwrap()).await;

    assert_eq!((status.as_u16(), answer["access_token"].as_str()), (200, Some("Atza|1")));
    assert!(answer.get("refresh_token").is_none());
    let invocation = &here.lambda.invocations()[0];
    assert_eq!(invocation["scope"], "sellingpartnerapi::notifications");
    assert_eq!(invocation["applicationId"], "amzn1.sp.solution.1");
}

/// Bodies as the SDKs of Amazon in C#, PHP and Java, and that of abuzuhri, send them.
#[tokio::test]
async fn requests_with_nulls_and_empty_fields_are_understood() {
    let here = Here::start().await;
    for (content_type, body) in [
        (
            "application/json",
            r#"{"grant_type":"refresh_token","client_id":"x","client_secret":"KEY","refresh_token":"na:A3FH","scope":null}"#,
        ),
        (
            "application/json; charset=utf-8",
            r#"{"refresh_token":"na:A3FH","code":null,"redirect_uri":null,"grant_type":"refresh_token","scope":null,"client_id":"x","client_secret":"KEY"}"#,
        ),
        (
            "application/json",
            r#"{"scope":"","grant_type":"refresh_token","client_secret":"KEY","client_id":"x","refresh_token":"na:A3FH"}"#,
        ),
        (
            "application/json",
            r#"{"grant_type":"client_credentials","scope":"sellingpartnerapi::migration sellingpartnerapi::notifications","refresh_token":null,"client_id":"x","client_secret":"KEY"}"#,
        ),
        // Amazon's JS SDK escapes nothing.
        (
            "application/x-www-form-urlencoded",
            "grant_type=refresh_token&client_id=x&client_secret=KEY&refresh_token=na:A3FH&scope=",
        ),
    ] {
        // This key needs no escape in either form.
        let here = &here;
        let escaped =
            if content_type.ends_with("urlencoded") { KEY.replace('+', "%2B") } else { KEY.to_owned() };
        let answer = here.post().header(CONTENT_TYPE, content_type).body(body.replace("KEY", &escaped));
        let (status, answer) = read(answer.send().await.unwrap()).await;
        assert_eq!(status.as_u16(), 200, "{body}: {answer}");
    }
    assert_eq!(here.lambda.count(), 2, "a partner and a scope");
}

#[tokio::test]
async fn the_key_is_accepted_as_secret_basic_and_bearer_and_nothing_else_is() {
    let here = Here::start().await;
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "na:A3FH")];
    let encoded = KEY.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    for request in [
        here.post().form(&[refresh[0], refresh[1], ("client_secret", KEY)]),
        here.post().form(&refresh).basic_auth("x", Some(KEY)),
        here.post().form(&refresh).basic_auth("x", Some(&encoded)),
        here.post().form(&refresh).bearer_auth(KEY),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    let url =
        format!("http://127.0.0.1:{}/access-token?sellingPartnerId=A3FH&client_secret={encoded}", here.port);
    for request in [
        here.post().form(&refresh),
        here.post().form(&[refresh[0], refresh[1], ("client_secret", "wrong")]),
        here.post().form(&[refresh[0], refresh[1], ("client_id", KEY)]),
        here.post().form(&refresh).basic_auth(KEY, Some("x")),
        here.post().form(&refresh).bearer_auth(&encoded),
        here.http.get(url),
    ] {
        let (status, answer) = read(request.send().await.unwrap()).await;
        assert_eq!((status.as_u16(), answer["error"].as_str()), (401, Some("invalid_client")));
    }
}

#[tokio::test]
async fn errors_have_the_words_and_statuses_of_login_with_amazon() {
    let here = Here::start().await;
    for (answers, status, error) in [
        (Answers::Function("ReauthorizationRequired"), 400, "invalid_grant"),
        (Answers::Function("ApplicationCredentialsRejected"), 401, "invalid_client"),
        (Answers::Function("AmbiguousSellingPartner"), 400, "invalid_request"),
        (Answers::Function("RequestRefused"), 400, "unauthorized_client"),
        (Answers::Function("Internal"), 500, "server_error"),
        (Answers::Function("AmazonThrottled"), 503, "temporarily_unavailable"),
        (Answers::Lambda(403, "AccessDeniedException"), 500, "server_error"),
        (Answers::Lambda(429, "TooManyRequestsException"), 503, "temporarily_unavailable"),
    ] {
        here.lambda.answers(answers);
        let fields = [("grant_type", "refresh_token"), ("refresh_token", "A1"), ("client_secret", KEY)];
        let response = here.post().form(&fields).send().await.unwrap();
        assert_eq!(response.headers().contains_key(RETRY_AFTER), status == 503);
        let (found, body) = read(response).await;
        assert_eq!((found.as_u16(), body["error"].as_str()), (status, Some(error)), "{body}");
        assert!(body["error_description"].as_str().unwrap().contains("because"), "{body}");
        let (found, typed) = here.get("sellingPartnerId=A1").await;
        assert_eq!((found.as_u16(), &typed["error"]), (status, &body["error"]));
        assert!(typed["errorType"].is_string(), "{typed}");
    }
}

#[tokio::test]
async fn what_the_agent_does_not_serve_is_refused_in_json() {
    let here = Here::start().await;
    let post = |fields: Value| read_json(&here, fields);
    let (status, answer) =
        post(json!({"grant_type": "authorization_code", "code": "c", "client_secret": KEY})).await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("unsupported_grant_type")));
    let (status, answer) =
        post(json!({"grant_type": "refresh_token", "refresh_token": "Atzr|IwEB", "client_secret": KEY}))
            .await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_request")));
    assert!(!answer.to_string().contains("IwEB"));
    let url = format!("http://127.0.0.1:{}", here.port);
    for (request, status) in [
        (here.http.get(format!("{url}/auth/o2/token")), 405),
        (here.http.get(format!("{url}/")), 404),
        (here.post().body("x".repeat(70_000)), 400),
        (here.post().header(CONTENT_TYPE, "application/json").body("{"), 400),
    ] {
        let (found, answer) = read(request.send().await.unwrap()).await;
        assert_eq!(found.as_u16(), status);
        assert!(answer["error"].is_string(), "{answer}");
    }
    assert_eq!(here.lambda.count(), 0);
}

async fn read_json(here: &Here, fields: Value) -> (u16, Value) {
    let (status, answer) = read(here.post().json(&fields).send().await.unwrap()).await;
    (status.as_u16(), answer)
}
