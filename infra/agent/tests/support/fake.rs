//! Lambda's Invoke, with the answers that a test wants.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
    serve::ListenerExt,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the function, or Lambda, answers.
#[derive(Clone, Copy)]
pub(crate) enum Answers {
    /// A new token of this life in seconds.
    Token(i64),
    /// A function error.
    Function(&'static str),
    /// An error of Lambda: its status and code.
    Lambda(u16, &'static str),
    /// Nothing.
    Silence,
}

/// A Lambda for one test.
#[derive(Clone)]
pub(crate) struct FakeLambda {
    pub(crate) url: String,
    state: Arc<Mutex<Fake>>,
}

struct Fake {
    answers: Answers,
    latency: Duration,
    invocations: Vec<Value>,
    tried_out: usize,
    connections: usize,
}

impl FakeLambda {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Fake {
            answers: Answers::Token(3600),
            latency: Duration::ZERO,
            invocations: vec![],
            tried_out: 0,
            connections: 0,
        };
        let state = Arc::new(Mutex::new(fake));
        let router = Router::new()
            .route("/2015-03-31/functions/{name}/invocations", post(invoke))
            .with_state(Arc::clone(&state));
        let counted = Arc::clone(&state);
        let listener = listener.tap_io(move |_| counted.lock().unwrap().connections += 1);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    /// From now on it answers so.
    pub(crate) fn answers(&self, answers: Answers) {
        self.state.lock().unwrap().answers = answers;
    }

    /// From now on it takes so long.
    pub(crate) fn takes(&self, latency: Duration) {
        self.state.lock().unwrap().latency = latency;
    }

    /// The payloads of all invocations, with the function's name as `_function`.
    pub(crate) fn invocations(&self) -> Vec<Value> {
        self.state.lock().unwrap().invocations.clone()
    }

    /// How often the function was invoked.
    pub(crate) fn count(&self) -> usize {
        self.state.lock().unwrap().invocations.len()
    }

    /// The number of invocations that were only tried out.
    pub(crate) fn tried_out(&self) -> usize {
        self.state.lock().unwrap().tried_out
    }

    /// The number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Waits until the function was invoked so often.
    pub(crate) async fn until(&self, count: usize) {
        while self.count() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn invoke(
    State(state): State<Arc<Mutex<Fake>>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let dry = headers.get("x-amz-invocation-type").is_some_and(|kind| kind == "DryRun");
    let (answers, latency, number) = {
        let mut state = state.lock().unwrap();
        if dry {
            state.tried_out += 1;
        } else {
            let mut payload: Value = serde_json::from_slice(&body).unwrap();
            payload["_function"] = json!(name);
            state.invocations.push(payload);
        }
        (state.answers, state.latency, state.invocations.len())
    };
    tokio::time::sleep(latency).await;
    match answers {
        Answers::Token(_) if dry => StatusCode::NO_CONTENT.into_response(),
        Answers::Token(life) => {
            let answer = json!({"accessToken": format!("Atza|{number}"), "tokenType": "bearer", "expiresIn": life,
                "expiresAt": "2027-01-01T00:00:00Z", "applicationId": "amzn1.sp.solution.1", "region": "na"});
            answer.to_string().into_response()
        }
        Answers::Function(error_type) => {
            let error = json!({"errorType": error_type, "errorMessage": format!("because of {error_type}")});
            ([("x-amz-function-error", "Unhandled")], error.to_string()).into_response()
        }
        Answers::Lambda(status, code) => {
            let error = json!({"Type": "User", "message": "because"});
            (StatusCode::from_u16(status).unwrap(), [("x-amzn-errortype", code)], error.to_string())
                .into_response()
        }
        Answers::Silence => std::future::pending().await,
    }
}
