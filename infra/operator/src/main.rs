//! `spapi-auth`: invokes the functions and shows what they answer. It touches nothing else but, in `doctor`, the alarm topic.

use std::process::ExitCode;

use jiff::Timestamp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    operator::run(std::env::args_os(), clock).await
}

#[expect(clippy::disallowed_methods, reason = "a program of its own; this is its one reader of the clock")]
fn clock() -> Timestamp {
    Timestamp::now()
}
