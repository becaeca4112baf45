//! Runs the built `spapi-auth` as an operator or a script does.

use std::process::Stdio;

use serde_json::Value;
use tokio::{io::AsyncWriteExt, process::Command};

/// `spapi-auth` with its environment variables.
pub(crate) struct Tool {
    environment: Vec<(String, String)>,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Tool {
    /// `spapi-auth` with AWS at `url`.
    pub(crate) fn at(url: &str) -> Self {
        let environment = [
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", url),
            ("AWS_MAX_ATTEMPTS", "1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("HOME", "/nonexistent"),
            ("USER", "olga"),
        ];
        Self { environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into() }
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self
    }

    /// The command with these arguments, not yet spawned.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spapi-auth"));
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs it with `words`, which are separated by blanks.
    pub(crate) async fn run(&self, words: &str) -> Run {
        self.run_with(&words.split_whitespace().collect::<Vec<_>>(), "").await
    }

    /// Runs it with these arguments and this standard input.
    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = self.command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // The process may end without reading it.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs it on a terminal, which `script` of util-linux provides, where somebody types this. Both outputs are in `stdout`.
    pub(crate) async fn on_a_terminal(&self, words: &str, typed: &str) -> Run {
        let command = format!("{} {words}", env!("CARGO_BIN_EXE_spapi-auth"));
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--command", &command, "/dev/null"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("util-linux is installed: this test needs its `script`");
        let mut stdin = child.stdin.take().unwrap();
        let _ = stdin.write_all(typed.as_bytes()).await;
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        Run { code: output.status.code().unwrap(), stdout, stderr: String::new() }
    }

    /// Runs it, and expects exit code 0 and nothing on standard error.
    pub(crate) async fn succeeds(&self, words: &str) -> Run {
        let ran = self.run(words).await;
        assert_eq!(ran.code, 0, "{words}: {ran:?}");
        assert_eq!(ran.stderr, "", "{words}");
        assert!(!ran.stdout.contains("\\u{a}"), "a text of several lines was written as one: {ran:?}");
        ran
    }
}

impl Run {
    /// The JSON documents on standard output, one on each line.
    pub(crate) fn documents(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The only document on standard output.
    pub(crate) fn document(&self) -> Value {
        let documents = self.documents();
        assert_eq!(documents.len(), 1, "{self:?}");
        documents[0].clone()
    }

    /// Expects a text on standard output.
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "{text:?} is not in\n{}", self.stdout);
        self
    }
}
