//! The built `spapi-auth-agent`.

use std::process::{Output, Stdio};

use tokio::process::{Child, Command};

use super::{
    fake::FakeLambda,
    here::{KEY, free_port, until_open},
};

/// A process, and the port on which it is to listen.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) port: u16,
}

/// The program with this Lambda, this port and this key.
pub(crate) fn command(lambda: &FakeLambda, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spapi-auth-agent"));
    command
        .env_clear()
        .env("AWS_ENDPOINT_URL", &lambda.url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("SPAPI_AUTH_AGENT_LISTEN", format!("127.0.0.1:{port}"))
        .env("SPAPI_AUTH_AGENT_KEY", KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

impl Process {
    /// Starts it, changed by `change`, and waits until it listens.
    pub(crate) async fn start(lambda: &FakeLambda, change: impl FnOnce(&mut Command)) -> Self {
        let port = free_port();
        let mut command = command(lambda, port);
        change(&mut command);
        let child = command.spawn().unwrap();
        until_open(port).await;
        Self { child, port }
    }

    /// Sends it a signal, by its name without `SIG`.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// Ends it, and returns what it printed.
    pub(crate) async fn end(self) -> Output {
        self.signal("TERM").await;
        self.child.wait_with_output().await.unwrap()
    }
}
