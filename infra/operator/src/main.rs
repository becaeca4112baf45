//! `spapi-auth`: invokes the functions and prints their answers. It calls nothing else, except the alarm topic in `doctor`.

use std::process::ExitCode;

use jiff::Timestamp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    operator::run(std::env::args_os(), user(), clock).await
}

/// Not a variable of the option itself: clap would show `--by` in the usage of every command.
#[expect(clippy::disallowed_methods, reason = "this program reads `USER` here and nowhere else")]
fn user() -> Option<String> {
    std::env::var("USER").ok()
}

#[expect(clippy::disallowed_methods, reason = "this program reads the clock here and nowhere else")]
fn clock() -> Timestamp {
    Timestamp::now()
}
