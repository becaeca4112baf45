//! `spapi-auth-agent`, beside a Lambda of this program that answers each invocation with a token.
//!
//! The agent has one thread, so it uses one core at most. The load comes from this program on the other one, over connections that stay
//! open, as SDKs have them.

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Json, Router, extract::State, http::HeaderMap, routing};
use futures::future::try_join_all;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::sleep,
};

use crate::{
    Fault,
    agent_report::Figures,
    binaries::{Binary, build_agent},
    process::{peak_memory, processor_time},
    sample::Sample,
};

/// How often the extension is started.
const STARTS: usize = 100;

/// How many requests one client sends, one after the other.
const HITS: usize = 5000;

/// How many clients send requests at once, and for how long.
const CLIENTS: usize = 16;
const LOAD: Duration = Duration::from_secs(5);

/// How many clients ask for one token that nobody has asked for.
const COLD: usize = 200;

/// How long an invocation takes.
const INVOCATION: Duration = Duration::from_millis(100);

const KEY: &str = "benchmark";

/// Measures the agent.
pub(crate) async fn measure() -> Result<Figures, Fault> {
    let binary = build_agent()?;
    let mut lambda = Lambda::start().await?;
    let mut init = Sample::default();
    // The first start is not counted: it loads the file into the page cache.
    for start in 0..=STARTS {
        let started = lambda.init(&binary).await?;
        if start > 0 {
            init.push(started);
        }
    }
    let agent = Agent::start(&binary, &lambda).await?;
    let hits = agent.hits().await?;
    let (answered, took, processor) = agent.load().await?;
    let memory = peak_memory(agent.process.id())?;
    let cold = agent.cold(&lambda).await?;
    let memory_of_crowd = peak_memory(agent.process.id())?;
    Ok(Figures { binary, init, hits, answered, took, processor, memory, cold, memory_of_crowd })
}

/// Lambda's `Invoke` and its Extensions API.
struct Lambda {
    address: SocketAddr,
    invocations: Arc<AtomicUsize>,
    ready: mpsc::UnboundedReceiver<Instant>,
}

#[derive(Clone)]
struct Desk {
    invocations: Arc<AtomicUsize>,
    ready: mpsc::UnboundedSender<Instant>,
}

impl Lambda {
    async fn start() -> Result<Self, Fault> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::unbounded_channel();
        let invocations = Arc::<AtomicUsize>::default();
        let router = Router::new()
            .route("/2015-03-31/functions/spapi-auth-get-access-token/invocations", routing::post(invoke))
            .route("/2020-01-01/extension/register", routing::post(register))
            .route("/2020-01-01/extension/event/next", routing::get(next))
            .with_state(Desk { invocations: Arc::clone(&invocations), ready: sender });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, invocations, ready })
    }

    /// The time from the start of an extension until it says that it is ready.
    async fn init(&mut self, binary: &Binary) -> Result<Duration, Fault> {
        let mut command = command(binary, self, free_port().await?);
        command.env("AWS_LAMBDA_RUNTIME_API", self.address.to_string()).env("AWS_SESSION_TOKEN", "session");
        let spawned = Instant::now();
        let _process = Running(command.spawn()?);
        let ready = self.ready.recv().await.ok_or("the Extensions API has ended")?;
        Ok(ready - spawned)
    }
}

async fn invoke(State(desk): State<Desk>) -> Json<Value> {
    let number = desk.invocations.fetch_add(1, Ordering::Relaxed);
    sleep(INVOCATION).await;
    // As long as a real one.
    let token = format!("Atza|{number}{}", "x".repeat(400));
    Json(
        json!({"accessToken": token, "expiresIn": 3600, "applicationId": "amzn1.sp.solution.1", "region": "na"}),
    )
}

async fn register() -> (HeaderMap, &'static str) {
    let identifier = [("lambda-extension-identifier", "1")];
    let headers = identifier.into_iter().map(|(name, value)| {
        (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))
    });
    (headers.collect(), "{}")
}

async fn next(State(desk): State<Desk>) {
    // If nobody listens any more, the benchmark has ended.
    let _ = desk.ready.send(Instant::now());
    std::future::pending::<()>().await;
}

/// A process that ends with this value.
struct Running(Child);

impl Running {
    fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A sidecar.
struct Agent {
    process: Running,
    port: u16,
}

impl Agent {
    async fn start(binary: &Binary, lambda: &Lambda) -> Result<Self, Fault> {
        let port = free_port().await?;
        let process = Running(command(binary, lambda, port).env("SPAPI_AUTH_AGENT_KEY", KEY).spawn()?);
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { process, port })
    }

    /// How many invocations the first requests for a token make, if many ask at once.
    async fn cold(&self, lambda: &Lambda) -> Result<usize, Fault> {
        let before = lambda.invocations.load(Ordering::Relaxed);
        try_join_all((0..COLD).map(|_| async { self.client().await?.token("A2").await })).await?;
        Ok(lambda.invocations.load(Ordering::Relaxed) - before)
    }

    async fn hits(&self) -> Result<Sample, Fault> {
        let (mut client, mut sample) = (self.client().await?, Sample::default());
        for _ in 0..HITS {
            let asked_at = Instant::now();
            client.token("A1").await?;
            sample.push(asked_at.elapsed());
        }
        Ok(sample)
    }

    /// How many requests were answered, in which time, and with how much processor time of the agent.
    async fn load(&self) -> Result<(usize, Duration, Duration), Fault> {
        let process = self.process.id().to_string();
        let (before, began) = (processor_time(&process)?, Instant::now());
        let clients = (0..CLIENTS).map(|_| async {
            let (mut client, mut answered) = (self.client().await?, 0);
            while began.elapsed() < LOAD {
                client.token("A1").await?;
                answered += 1;
            }
            Ok::<usize, Fault>(answered)
        });
        let answered = try_join_all(clients).await?.into_iter().sum();
        Ok((answered, began.elapsed(), processor_time(&process)?.saturating_sub(before)))
    }

    async fn client(&self) -> Result<Client, Fault> {
        let connection = TcpStream::connect(("127.0.0.1", self.port)).await?;
        connection.set_nodelay(true)?;
        Ok(Client { connection, buffer: vec![0; 4096] })
    }
}

/// A connection that stays open. A client library would use as much processor time as the agent.
struct Client {
    connection: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Asks for the token of a partner.
    async fn token(&mut self, partner: &str) -> Result<(), Fault> {
        let body =
            format!("grant_type=refresh_token&refresh_token=na%3A{partner}&client_id=x&client_secret={KEY}");
        let request = format!(
            "POST /auth/o2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.connection.write_all(request.as_bytes()).await?;
        let mut filled = 0;
        loop {
            let read = self.connection.read(&mut self.buffer[filled..]).await?;
            filled += read;
            let answer = &self.buffer[..filled];
            if answer.ends_with(b"}") {
                let is_token = answer.starts_with(b"HTTP/1.1 200 ");
                return if is_token { Ok(()) } else { Err(String::from_utf8_lossy(answer).into()) };
            }
            if read == 0 {
                return Err("the agent closed the connection, or its answer is too long".into());
            }
        }
    }
}

fn command(binary: &Binary, lambda: &Lambda, port: u16) -> Command {
    let mut command = Command::new(&binary.path);
    command
        .env_clear()
        .env("AWS_ENDPOINT_URL", format!("http://{}", lambda.address))
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("SPAPI_AUTH_AGENT_LISTEN", format!("127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

async fn free_port() -> Result<u16, Fault> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port())
}
