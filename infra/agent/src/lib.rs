//! `spapi-auth-agent`: Login with Amazon's token protocol on loopback, answered by `get-access-token`.
//!
//! An SDK gets its tokens here unchanged. The agent invokes the function with the AWS credentials under which it runs; it holds no
//! client secret and no refresh token, and opens nothing to the network.

mod agent;
mod audit;
mod extension;
mod failure;
mod http;
mod invoker;
mod key;
mod memory;
mod options;
mod partner;
mod probe;
mod request;
mod server;

use std::{fs, future::pending, io, os::unix::fs::FileTypeExt, path::Path};

use aws_config::SdkConfig;
use axum::{Router, serve::ListenerExt};
use jiff::{SignedDuration, Timestamp};
use tokio::net::{TcpListener, UnixListener, UnixStream};

use crate::{agent::Agent, invoker::Invoker, key::Key};
pub use crate::{
    agent::Clock,
    options::{Environment, Options},
    probe::is_healthy,
};

/// Why the agent cannot start: what happened, and what to do.
#[derive(Debug)]
pub struct StartFailure {
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl StartFailure {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// Serves until the process is asked to end. In Lambda it never returns: whatever fails is logged, and requests are refused with the
/// reason. `config` is read as every AWS tool does it, at the first request, if it is `None`.
pub async fn run(
    options: Result<Options, String>,
    environment: Environment,
    config: Option<SdkConfig>,
    clock: Clock,
) -> Result<(), StartFailure> {
    let Some(api) = environment.runtime_api.clone() else {
        let options = options.map_err(|message| StartFailure::new(message, "see `--help`"))?;
        let key = key(&options, &environment)?;
        return serve(&options, key, config, clock).await;
    };
    let extension = extension::stay_registered(&api, EXTENSION);
    let service = async {
        let served = match options {
            Ok(options) => {
                let key = key(&options, &environment).unwrap_or_else(|failure| Key::Missing(failure.message));
                serve(&options, key, config, clock).await
            }
            Err(message) => Err(StartFailure::new(message, "correct the variables SPAPI_AUTH_AGENT_*")),
        };
        if let Err(StartFailure { message, hint }) = served {
            log(&format!("the function runs without the agent: {message}; hint: {hint}"));
        }
        pending::<()>().await;
    };
    // In this order: the agent listens before it says that it is ready.
    tokio::join!(biased; service, extension);
    Ok(())
}

/// The lines that a shell needs for the SDKs of the guide. They hold the key.
pub fn export_lines(options: &Options, environment: &Environment) -> Result<String, StartFailure> {
    let address = format!("export SPAPI_AUTH_AGENT_URL=http://{}\n", options.listen);
    if options.no_key {
        return Ok(address);
    }
    let key = match (&environment.key, &options.key_file) {
        (Some(key), _) => key.clone(),
        (None, Some(path)) => key_in_file(path)?,
        (None, None) => return Err(no_key()),
    };
    Ok(format!("{address}export SPAPI_AUTH_AGENT_KEY='{}'\n", key.replace('\'', r"'\''")))
}

/// The name of the extension, which has to be that of its file in `/opt/extensions`.
const EXTENSION: &str = "spapi-auth-agent";

fn key(options: &Options, environment: &Environment) -> Result<Key, StartFailure> {
    if options.no_key {
        return Ok(Key::Unneeded);
    }
    if let Some(key) = &environment.key {
        return Ok(Key::one_of([key.as_str()]));
    }
    if let Some(path) = &options.key_file {
        return Ok(Key::one_of([key_in_file(path)?.as_str()]));
    }
    match (&environment.runtime_api, &environment.session_token) {
        (Some(_), Some(token)) => Ok(Key::of_session(token)),
        _ => Err(no_key()),
    }
}

fn key_in_file(path: &Path) -> Result<String, StartFailure> {
    key::in_file(path).map_err(|error| {
        StartFailure::new(
            format!("the key file {} cannot be used: {error}", path.display()),
            "name a file in a folder of yours with `--key-file`",
        )
    })
}

fn no_key() -> StartFailure {
    StartFailure::new(
        "there is no key by which the agent knows its clients",
        "name a file with `--key-file` (it is made), or set SPAPI_AUTH_AGENT_KEY",
    )
}

async fn serve(
    options: &Options,
    key: Key,
    config: Option<SdkConfig>,
    clock: Clock,
) -> Result<(), StartFailure> {
    if let Key::Missing(reason) = &key {
        log(&format!("every request is refused: {reason}"));
    }
    let confirm_every =
        SignedDuration::try_from(options.confirm_every).unwrap_or(SignedDuration::from_mins(1));
    let agent = Agent::new(Invoker::new(options.function.clone(), config), confirm_every, clock);
    let router = server::router(agent, key);
    let taken = |what: &dyn std::fmt::Display, error: io::Error| {
        StartFailure::new(
            format!("the agent cannot listen on {what}: {error}"),
            "is another agent running? choose another address with `--listen`, or another path with `--unix`",
        )
    };
    let tcp = TcpListener::bind(options.listen).await.map_err(|error| taken(&options.listen, error))?;
    let address = tcp.local_addr().map_err(|error| taken(&options.listen, error))?;
    let unix = match &options.unix {
        Some(path) => Some(bind_unix(path).await.map_err(|error| taken(&path.display(), error))?),
        None => None,
    };
    log(&format!("listening on http://{address}, for {}", options.function));
    tokio::select! {
        () = serve_tcp(tcp, router.clone()) => {}
        () = serve_unix(unix, router) => {}
        () = told_to_end() => {}
    }
    if let Some(path) = &options.unix {
        // If it stays, the next start removes it.
        let _ = fs::remove_file(path);
    }
    Ok(())
}

async fn serve_tcp(listener: TcpListener, router: Router) {
    let listener = listener.tap_io(|connection| {
        // If it cannot be set, answers only take longer.
        let _ = connection.set_nodelay(true);
    });
    let _ = axum::serve(listener, router).await;
}

async fn serve_unix(listener: Option<UnixListener>, router: Router) {
    match listener {
        Some(listener) => drop(axum::serve(listener, router).await),
        None => pending().await,
    }
}

/// Takes the place of a socket on which nobody listens any more, and of nothing else. Only its owner can write to it, unless the umask
/// says otherwise.
async fn bind_unix(path: &Path) -> io::Result<UnixListener> {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
    if is_socket && UnixStream::connect(path).await.is_err() {
        fs::remove_file(path)?;
    }
    UnixListener::bind(path)
}

/// As the first process of a container the agent has to ask for these signals to be ended by them.
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Whether a moment is at most five seconds away by the wall clock. What is older may have been frozen since. It may be a little
/// later than `now`, because another caller can have used the same connection after this one looked at the clock.
fn is_recent(moment: Timestamp, now: Timestamp) -> bool {
    now.duration_since(moment).abs() <= SignedDuration::from_secs(5)
}

/// Writes a line to the log. No key, token or body is in it.
fn log(line: &str) {
    eprintln!("spapi-auth-agent: {line}");
}
