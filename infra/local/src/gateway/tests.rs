use axum::http::Request as HttpRequest;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::Value;
use tokio::sync::mpsc;
use tower::ServiceExt;

use super::*;
use crate::functions::FunctionError;

const HERE: &str = "127.0.0.1:9000";

/// A gateway whose `GET /callback` and `POST /authorize` answer `answer` and send the event that they received on a channel.
fn gateway(answer: Result<Value, FunctionError>) -> (Router, mpsc::UnboundedReceiver<Value>) {
    let (given, events) = mpsc::unbounded_channel();
    let functions = Functions::default();
    functions.register(
        "code-exchange",
        Arc::new(move |event| {
            let (given, answer) = (given.clone(), answer.clone());
            Box::pin(async move {
                drop(given.send(event));
                answer
            })
        }),
    );
    let gateway = Gateway::new(HERE, functions, Clock::default())
        .route(Method::GET, "/callback", "code-exchange")
        .route(Method::POST, "/authorize", "code-exchange");
    (gateway.into_router(), events)
}

fn get(uri: &str) -> http::request::Builder {
    HttpRequest::get(uri).header(HOST, HERE)
}

async fn send(router: &Router, request: http::request::Builder, body: impl Into<Body>) -> Response {
    router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_request_becomes_an_event_of_format_2() {
    let (router, mut events) = gateway(Ok(json!({"statusCode": 204})));

    let request = get("/callback?state=a%2Fb+c&state=d&empty=")
        .header("Cookie", "one=1; two=2")
        .header("X-Twice", "a")
        .header("x-twice", "b")
        .header("User-Agent", "Browser/1.0");
    assert_eq!(send(&router, request, Body::empty()).await.status(), 204);

    let event = events.try_recv().unwrap();
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "GET /callback");
    assert_eq!(event["rawPath"], "/callback");
    assert_eq!(event["rawQueryString"], "state=a%2Fb+c&state=d&empty=");
    assert_eq!(event["queryStringParameters"], json!({"state": "a/b c,d", "empty": ""}));
    assert_eq!(event["cookies"], json!(["one=1", "two=2"]));
    assert_eq!(event["headers"]["x-twice"], "a,b");
    assert_eq!(event["headers"].get("cookie"), None);
    assert_eq!(event["requestContext"]["http"]["userAgent"], "Browser/1.0");
    assert_eq!(event["requestContext"]["domainName"], HERE);
    assert_eq!(event.get("body"), None);
    let typed: ApiGatewayV2httpRequest = serde_json::from_value(event).unwrap();
    assert_eq!(typed.request_context.http.method, Method::GET);
    assert!(typed.request_context.time_epoch > 0);
}

#[tokio::test]
async fn the_event_is_one_that_lambda_http_reads() {
    let (router, mut events) = gateway(Ok(json!({"statusCode": 204})));
    let request = HttpRequest::post("/authorize?x=1").header(HOST, HERE);
    let request = request.header("content-type", "application/x-www-form-urlencoded").header("cookie", "a=b");
    send(&router, request, "link=l%2F1").await;

    let event = events.try_recv().unwrap();
    assert_eq!(event["isBase64Encoded"], true);
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    assert_eq!(request.uri().query(), Some("x=1"));
    assert_eq!(request.headers()["cookie"], "a=b");
    assert_eq!(request.body().as_ref(), b"link=l%2F1");
}

#[tokio::test]
async fn an_answer_of_format_2_becomes_a_response() {
    let (router, _events) = gateway(Ok(json!({
        "statusCode": 303,
        "headers": {"location": "https://example.com/?a=1", "x-number": 5},
        "multiValueHeaders": {"x-number": ["6"]},
        "cookies": ["one=1; HttpOnly", "two=2"],
        "body": "cMOkZ2U=",
        "isBase64Encoded": true,
    })));

    let response = send(&router, get("/callback"), Body::empty()).await;

    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "https://example.com/?a=1");
    assert_eq!(response.headers()["x-number"], "5");
    assert_eq!(
        response.headers().get_all("set-cookie").iter().collect::<Vec<_>>(),
        ["one=1; HttpOnly", "two=2"]
    );
    assert!(response.headers().contains_key("apigw-requestid"));
    assert_eq!(text(response).await, "päge");
}

#[tokio::test]
async fn the_response_shows_nothing_of_a_functions_failure() {
    let error = FunctionError { error_type: "Internal".to_owned(), error_message: "a secret".to_owned() };
    for answer in [Err(error), Ok(json!({"statusCode": "what"})), Ok(json!({"statusCode": 99}))] {
        let (router, _events) = gateway(answer);

        let response = send(&router, get("/callback"), Body::empty()).await;

        assert_eq!(response.status(), 500);
        assert_eq!(text(response).await, r#"{"message":"Internal Server Error"}"#);
    }
}

#[tokio::test]
async fn a_request_without_a_route_is_not_found() {
    let (router, mut events) = gateway(Ok(json!({"statusCode": 200})));

    for (method, path) in [("GET", "/callback/"), ("HEAD", "/callback"), ("POST", "/callback"), ("GET", "/")]
    {
        let request = get(path).method(method);
        let response = send(&router, request, Body::empty()).await;
        assert_eq!(response.status(), 404, "{method} {path}");
        let body = if method == "HEAD" { "" } else { r#"{"message":"Not Found"}"# };
        assert_eq!(text(response).await, body);
    }
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn a_greedy_route_takes_what_is_below_its_folder_and_no_exact_route_takes() {
    let functions = Functions::default();
    for name in ["exact", "greedy"] {
        functions.register(
            name,
            Arc::new(move |event| {
                let path = event["rawPath"].clone();
                Box::pin(async move { Ok(json!({"statusCode": 200, "body": format!("{name} {path}")})) })
            }),
        );
    }
    let router = Gateway::new(HERE, functions, Clock::default())
        .route(Method::GET, "/login/{proxy+}", "greedy")
        .route(Method::GET, "/login/continue", "exact")
        .into_router();

    for (path, answer) in [
        ("/login/", r#"greedy "/login/""#),
        ("/login/continue", r#"exact "/login/continue""#),
        ("/login/continue/", r#"greedy "/login/continue/""#),
    ] {
        assert_eq!(text(send(&router, get(path), Body::empty()).await).await, answer);
    }
    for path in ["/login", "/loginx/", "/"] {
        assert_eq!(send(&router, get(path), Body::empty()).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn the_default_route_takes_every_path_and_method_that_no_other_route_takes() {
    let functions = Functions::default();
    for name in ["exact", "default"] {
        functions.register(
            name,
            Arc::new(move |event| {
                let key = event["routeKey"].clone();
                Box::pin(async move { Ok(json!({"statusCode": 200, "body": format!("{name} {key}")})) })
            }),
        );
    }
    let router = Gateway::new(HERE, functions, Clock::default())
        .route(Method::GET, "/login", "exact")
        .default_route("default")
        .into_router();

    assert_eq!(text(send(&router, get("/login"), Body::empty()).await).await, r#"exact "GET /login""#);
    let post = HttpRequest::post("/login").header(HOST, HERE);
    for request in [post, get("/"), get("/favicon.ico")] {
        assert_eq!(text(send(&router, request, Body::empty()).await).await, r#"default "$default""#);
    }
}

#[tokio::test]
async fn requests_beyond_the_limits_reach_no_function() {
    let (router, mut events) = gateway(Ok(json!({"statusCode": 200})));

    let long = format!("/callback?state={}", "x".repeat(10_300));
    assert_eq!(send(&router, get(&long), Body::empty()).await.status(), 431);
    let cookies = get("/callback").header("cookie", "x".repeat(10_300));
    assert_eq!(send(&router, cookies, Body::empty()).await.status(), 431);
    let large = HttpRequest::post("/authorize").header(HOST, HERE);
    assert_eq!(send(&router, large, vec![b'x'; 10 * 1024 * 1024 + 1]).await.status(), 413);

    assert!(events.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn after_30_seconds_the_browser_gets_503_and_the_function_continues() {
    let functions = Functions::default();
    let (ended, mut ends) = mpsc::unbounded_channel();
    functions.register(
        "slow",
        Arc::new(move |_| {
            let ended = ended.clone();
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(40)).await;
                let _ = ended.send(());
                Ok(json!({"statusCode": 200}))
            })
        }),
    );
    let router =
        Gateway::new(HERE, functions, Clock::default()).route(Method::GET, "/login", "slow").into_router();
    let start = tokio::time::Instant::now();

    let response = send(&router, get("/login"), Body::empty()).await;

    assert_eq!((response.status(), start.elapsed().as_secs()), (StatusCode::SERVICE_UNAVAILABLE, 30));
    assert_eq!(text(response).await, r#"{"message":"Service Unavailable"}"#);
    assert_eq!(ends.recv().await, Some(()));
}

#[tokio::test]
async fn a_browser_on_another_loopback_name_is_redirected_to_the_canonical_one() {
    let (router, mut events) = gateway(Ok(json!({"statusCode": 200})));

    for host in ["localhost:9000", "[::1]:9000", "sellers.localhost:9000"] {
        let request = HttpRequest::get("/callback?state=a%2Fb").header(HOST, host);
        let response = send(&router, request, Body::empty()).await;

        assert_eq!(response.status(), 307, "{host}");
        assert_eq!(response.headers()["location"], "http://127.0.0.1:9000/callback?state=a%2Fb");
    }
    assert!(events.try_recv().is_err());

    // A forwarded port has the same name, and so the same cookie.
    let request = HttpRequest::get("/callback").header(HOST, "127.0.0.1:19000");
    assert_eq!(send(&router, request, Body::empty()).await.status(), 200);
}
