//! An agent in the process of the test, whose clock the test moves.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU16, AtomicU64, Ordering},
    },
    time::Duration,
};

use agent::{Environment, Options};
use aws_config::{BehaviorVersion, Region};
use aws_sdk_lambda::config::Credentials;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::net::TcpStream;

use super::fake::FakeLambda;

pub(crate) const KEY: &str = "the-key+of/this=machine";

/// An agent.
pub(crate) struct Here {
    pub(crate) port: u16,
    pub(crate) lambda: FakeLambda,
    ahead: Arc<AtomicI64>,
    delay: Arc<AtomicU64>,
    pub(crate) http: Client,
}

impl Here {
    pub(crate) async fn start() -> Self {
        Self::with(Some(KEY)).await
    }

    /// With this key, or with `--no-key`.
    #[expect(clippy::disallowed_methods, reason = "the clock of this agent is that of the test")]
    pub(crate) async fn with(key: Option<&str>) -> Self {
        let lambda = FakeLambda::start().await;
        let (ahead, delay) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicU64::new(0)));
        let options = options(key.is_none());
        let port = options.listen.port();
        let environment =
            Environment { key: key.map(ToOwned::to_owned), session_token: None, runtime_api: None };
        let config = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .endpoint_url(&lambda.url)
            .load()
            .await;
        let clock = {
            let (ahead, delay) = (Arc::clone(&ahead), Arc::clone(&delay));
            move || {
                let now = Timestamp::now() + SignedDuration::from_secs(ahead.load(Ordering::Relaxed));
                std::thread::sleep(Duration::from_millis(delay.swap(0, Ordering::Relaxed)));
                now
            }
        };
        tokio::spawn(agent::run(Ok(options), environment, Some(config), Arc::new(clock)));
        until_open(port).await;
        Self { port, lambda, ahead, delay, http: client() }
    }

    /// Moves the wall clock, and no other.
    pub(crate) fn advance(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The next caller who looks at the clock is held up for so long after the look.
    pub(crate) fn delay_after_the_next_look(&self, milliseconds: u64) {
        self.delay.store(milliseconds, Ordering::Relaxed);
    }

    /// A request to the token route, without a body yet.
    pub(crate) fn post(&self) -> RequestBuilder {
        self.http.post(format!("http://127.0.0.1:{}/auth/o2/token", self.port))
    }

    /// A token for this partner, as a form.
    pub(crate) async fn refresh(&self, partner: &str) -> (StatusCode, Value) {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", partner), ("client_secret", KEY)];
        read(self.post().form(&fields).send().await.unwrap()).await
    }

    /// `GET /access-token`.
    pub(crate) async fn get(&self, query: &str) -> (StatusCode, Value) {
        let url = format!("http://127.0.0.1:{}/access-token?{query}", self.port);
        read(self.http.get(url).bearer_auth(KEY).send().await.unwrap()).await
    }
}

/// A client that reuses no connection of another test.
#[expect(clippy::disallowed_methods, reason = "this client plays an SDK")]
pub(crate) fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(20)).no_proxy().build().unwrap()
}

/// The status and the JSON of an answer.
pub(crate) async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (status, response.json().await.unwrap())
}

/// A port that is free now and that nobody else takes: the system gives away higher ones only, and another test program begins elsewhere.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 200).unwrap() * 100;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed) % 100;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Waits until the agent listens.
pub(crate) async fn until_open(port: u16) {
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn options(no_key: bool) -> Options {
    Options {
        listen: ([127, 0, 0, 1], free_port()).into(),
        unix: None,
        function: "get-access-token:orders".to_owned(),
        confirm_every: Duration::from_mins(15),
        key_file: None,
        no_key,
    }
}
