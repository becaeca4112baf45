//! Lambda on loopback, with functions whose answers a test decides. Every request is recorded.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::tool::Tool;

/// The answer of a function, or its `errorType` and `errorMessage`.
pub(crate) type Answer = Result<Value, (&'static str, &'static str)>;

type Handler = Arc<dyn Fn(&str, &Value) -> Answer + Send + Sync>;

/// A stack of three functions, which stops when it is dropped.
pub(crate) struct Functions {
    url: String,
    requests: Requests,
    signatures: Signatures,
    _server: JoinSet<()>,
}

type Requests = Arc<Mutex<Vec<(String, Value)>>>;

/// The access key and the region that signed each request.
type Signatures = Arc<Mutex<Vec<(String, String)>>>;

/// An `errorType` that makes AWS itself refuse the invocation.
pub(crate) const FORBIDDEN: &str = "forbidden";

impl Functions {
    /// Functions that answer what `handler` returns for a function's name and a request.
    pub(crate) async fn with(handler: impl Fn(&str, &Value) -> Answer + Send + Sync + 'static) -> Self {
        let requests: Requests = Arc::default();
        let signatures: Signatures = Arc::default();
        let state = (Arc::new(handler) as Handler, Arc::clone(&requests), Arc::clone(&signatures));
        let router = Router::new()
            .route("/2015-03-31/functions/{name}/invocations", routing::post(invoke))
            .fallback(others)
            .with_state(state);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut server = JoinSet::new();
        server.spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { url, requests, signatures, _server: server }
    }

    /// Functions that give the same answer to every request.
    pub(crate) async fn answering(answer: Answer) -> Self {
        Self::with(move |_, _| answer.clone()).await
    }

    /// `spapi-auth`, configured for these functions.
    pub(crate) fn tool(&self) -> Tool {
        Tool::at(&self.url)
    }

    /// The address of Lambda.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The access key and the region that signed the last request.
    pub(crate) fn last_signature(&self) -> (String, String) {
        self.signatures.lock().unwrap().pop().unwrap()
    }

    /// Every request so far, with the name of its function.
    pub(crate) fn requests(&self) -> Vec<(String, Value)> {
        self.requests.lock().unwrap().clone()
    }

    /// The only request so far.
    pub(crate) fn only_request(&self) -> (String, Value) {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }

    /// The last request.
    pub(crate) fn last_request(&self) -> (String, Value) {
        self.requests().pop().unwrap()
    }
}

async fn invoke(
    State((handler, requests, signatures)): State<(Handler, Requests, Signatures)>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let name = name.strip_prefix("spapi-auth-").unwrap_or(&name).to_owned();
    if !NAMES.iter().any(|known| name == *known || name == format!("test-{known}")) {
        return refused(StatusCode::NOT_FOUND, "ResourceNotFoundException", "Function not found");
    }
    if headers.get("x-amz-invocation-type").is_some_and(|kind| kind == "DryRun") {
        return StatusCode::NO_CONTENT.into_response();
    }
    // AWS4-HMAC-SHA256 Credential=<access key>/<day>/<region>/lambda/aws4_request, …
    let signature = headers["authorization"].to_str().unwrap().split_once("Credential=").unwrap().1;
    let scope: Vec<&str> = signature.split('/').collect();
    signatures.lock().unwrap().push((scope[0].to_owned(), scope[2].to_owned()));
    let request: Value = serde_json::from_slice(&body).unwrap();
    requests.lock().unwrap().push((name.clone(), request.clone()));
    match handler(&name, &request) {
        Ok(answer) => answer.to_string().into_response(),
        Err((FORBIDDEN, message)) => refused(StatusCode::FORBIDDEN, "AccessDeniedException", message),
        Err((kind, message)) => {
            let failure = json!({"errorType": kind, "errorMessage": message}).to_string();
            ([("x-amz-function-error", "Unhandled")], failure).into_response()
        }
    }
}

/// An alarm topic without subscribers, the identity of the caller, and metrics that the caller may not read.
async fn others(headers: HeaderMap, body: String) -> Response {
    let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
    if header("x-amz-target") == "GraniteServiceVersion20100801.GetMetricData" {
        assert_eq!(header("content-type"), "application/x-amz-json-1.0");
        assert!(header("authorization").contains("/us-east-1/monitoring/aws4_request"));
        let message = "User: arn:aws:iam::123456789012:user/olga is not authorized to perform: cloudwatch:GetMetricData";
        let error = json!({"__type": "com.amazon.coral.service#AccessDeniedException", "Message": message});
        return (StatusCode::BAD_REQUEST, error.to_string()).into_response();
    }
    if body.contains("Action=GetCallerIdentity") {
        return "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
                <Arn>arn:aws:iam::123456789012:user/olga</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>\
                </GetCallerIdentityResult></GetCallerIdentityResponse>"
            .into_response();
    }
    if !body.contains("Action=GetTopicAttributes") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let entry = |key: &str| format!("<entry><key>{key}</key><value>0</value></entry>");
    let entries = entry("SubscriptionsConfirmed") + &entry("SubscriptionsPending");
    format!(
        "<GetTopicAttributesResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><GetTopicAttributesResult>\
         <Attributes>{entries}</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>"
    )
    .into_response()
}

fn refused(status: StatusCode, kind: &'static str, message: &str) -> Response {
    (status, [("x-amzn-errortype", kind)], json!({"Type": "User", "Message": message}).to_string())
        .into_response()
}

const NAMES: [&str; 3] = ["administration", "authorizations", "get-access-token"];
