//! Lambda on loopback, with functions that a test plays; every invocation is noted.

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

/// What a function does: its answer, or its `errorType` and sentence.
pub(crate) type Answer = Result<Value, (&'static str, &'static str)>;

type Play = Arc<dyn Fn(&str, &Value) -> Answer + Send + Sync>;

/// A stack of three functions. Dropping it stops it.
pub(crate) struct Functions {
    url: String,
    asked: Asked,
    _server: JoinSet<()>,
}

type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// An order that stands for the connection's end, or for an answer that AWS itself gives.
pub(crate) const FORBIDDEN: &str = "forbidden";

impl Functions {
    /// Functions that answer as `play` says: from the function's name and the request.
    pub(crate) async fn playing(play: impl Fn(&str, &Value) -> Answer + Send + Sync + 'static) -> Self {
        let asked: Asked = Arc::default();
        let state = (Arc::new(play) as Play, Arc::clone(&asked));
        let router = Router::new()
            .route("/2015-03-31/functions/{name}/invocations", routing::post(invoke))
            .fallback(sns)
            .with_state(state);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut server = JoinSet::new();
        server.spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, _server: server }
    }

    /// Functions that give the same answer to everything.
    pub(crate) async fn answering(answer: Answer) -> Self {
        Self::playing(move |_, _| answer.clone()).await
    }

    /// The tool, pointed at these functions.
    pub(crate) fn tool(&self) -> Tool {
        Tool::at(&self.url)
    }

    /// Every request so far, with the function that it was for.
    pub(crate) fn asked(&self) -> Vec<(String, Value)> {
        self.asked.lock().unwrap().clone()
    }

    /// The only request so far.
    pub(crate) fn asked_once(&self) -> (String, Value) {
        let asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked[0].clone()
    }

    /// The last request.
    pub(crate) fn asked_last(&self) -> (String, Value) {
        self.asked().pop().unwrap()
    }
}

async fn invoke(
    State((play, asked)): State<(Play, Asked)>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !NAMES.iter().any(|known| name == *known || name == format!("test-{known}")) {
        return refused(StatusCode::NOT_FOUND, "ResourceNotFoundException", "Function not found");
    }
    if headers.get("x-amz-invocation-type").is_some_and(|kind| kind == "DryRun") {
        return StatusCode::NO_CONTENT.into_response();
    }
    let request: Value = serde_json::from_slice(&body).unwrap();
    asked.lock().unwrap().push((name.clone(), request.clone()));
    match play(&name, &request) {
        Ok(answer) => answer.to_string().into_response(),
        Err((FORBIDDEN, message)) => refused(StatusCode::FORBIDDEN, "AccessDeniedException", message),
        Err((kind, message)) => {
            let failure = json!({"errorType": kind, "errorMessage": message}).to_string();
            ([("x-amz-function-error", "Unhandled")], failure).into_response()
        }
    }
}

/// A topic that nobody listens to.
async fn sns(body: String) -> Response {
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
