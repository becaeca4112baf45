//! The agent as a Lambda extension.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
};

use crate::support::{
    fake::FakeLambda,
    here::{client, free_port, read},
    process::command,
};

/// The Extensions API: what it was asked, in order.
#[derive(Clone, Default)]
struct Extensions {
    asked: Arc<Mutex<Vec<String>>>,
    /// Whether the agent listened when it said that it is ready.
    port: u16,
}

impl Extensions {
    async fn start(port: u16) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let extensions = Self { port, ..Self::default() };
        let router = Router::new()
            .route("/2020-01-01/extension/register", post(register))
            .route("/2020-01-01/extension/event/next", get(next))
            .with_state(extensions.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (extensions, address)
    }

    async fn until_ready(&self) -> Vec<String> {
        loop {
            let asked = self.asked.lock().unwrap().clone();
            if asked.len() > 1 {
                return asked;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn register(
    State(extensions): State<Extensions>,
    headers: HeaderMap,
    body: String,
) -> ([(&'static str, &'static str); 1], &'static str) {
    let name = headers["lambda-extension-name"].to_str().unwrap();
    extensions.asked.lock().unwrap().push(format!("register {name} {body}"));
    ([("Lambda-Extension-Identifier", "id-1")], "{}")
}

async fn next(State(extensions): State<Extensions>, headers: HeaderMap) {
    let identifier = headers["lambda-extension-identifier"].to_str().unwrap();
    let listens = TcpStream::connect(("127.0.0.1", extensions.port)).await.is_ok();
    extensions.asked.lock().unwrap().push(format!("next {identifier} {listens}"));
    std::future::pending::<()>().await;
}

/// An extension, with what `change` makes different.
async fn extension(change: impl FnOnce(&mut Command)) -> (Child, Extensions, FakeLambda, u16) {
    let (lambda, port) = (FakeLambda::start().await, free_port());
    let (extensions, api) = Extensions::start(port).await;
    let mut command = command(&lambda, port);
    command
        .env_remove("SPAPI_AUTH_AGENT_KEY")
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .env("AWS_SESSION_TOKEN", "IQoJ/+=");
    change(&mut command);
    (command.stderr(Stdio::null()).spawn().unwrap(), extensions, lambda, port)
}

async fn token(port: u16, secret: &str) -> (u16, serde_json::Value) {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "A1"), ("client_secret", secret)];
    let answer = client().post(format!("http://127.0.0.1:{port}/auth/o2/token")).form(&fields).send().await;
    let (status, answer) = read(answer.unwrap()).await;
    (status.as_u16(), answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_registers_for_no_event_listens_before_it_is_ready_and_calls_nothing_during_init() {
    let (_agent, extensions, lambda, port) = extension(|_| {}).await;

    assert_eq!(
        extensions.until_ready().await,
        [r#"register spapi-auth-agent {"events":[]}"#, "next id-1 true"]
    );
    assert_eq!((lambda.count(), lambda.tried_out()), (0, 0));

    // printf 'IQoJ/+=' | sha256sum
    let digest = "a0e11d6bd672ad8c2c667c0cedee1d78ca3cf1410e3d2ba9c4dc20e9083a63b7";
    for (secret, status) in [(digest, 200), ("IQoJ/+=", 200), (&digest[1..], 401), ("", 401)] {
        assert_eq!(token(port, secret).await.0, status, "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_wrong_does_not_fail_the_function() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let wrong = [
        Some(("SPAPI_AUTH_AGENT_LISTEN", taken.as_str())),
        Some(("SPAPI_AUTH_AGENT_CONFIRM_EVERY", "often")),
        Some(("SPAPI_AUTH_AGENT_KEY_FILE", "/nonexistent/key")),
        None,
    ];
    for variable in wrong {
        let (mut agent, extensions, _, _) = extension(|command| {
            match variable {
                Some((name, value)) => command.env(name, value),
                None => command.env_remove("AWS_SESSION_TOKEN"),
            };
        })
        .await;
        assert_eq!(extensions.until_ready().await.len(), 2);
        assert_eq!(agent.try_wait().unwrap(), None, "it runs");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_token_requests_are_refused_with_the_reason() {
    let (_agent, extensions, lambda, port) = extension(|command| {
        command.env_remove("AWS_SESSION_TOKEN");
    })
    .await;
    extensions.until_ready().await;

    let (status, answer) = token(port, "anything").await;

    assert_eq!((status, answer["error"].as_str()), (401, Some("invalid_client")));
    assert!(answer["error_description"].as_str().unwrap().contains("there is no key"), "{answer}");
    assert_eq!(lambda.count(), 0);
}
