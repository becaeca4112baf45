//! `spapi-auth`: invokes the functions and prints their answers. It calls nothing else, except the alarm topic in `doctor`.

use std::process::ExitCode;

use jiff::Timestamp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    operator::run(std::env::args_os(), variable, clock).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "this program reads its variables here, beside those of options and of AWS"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::disallowed_methods, reason = "this program reads the clock here and nowhere else")]
fn clock() -> Timestamp {
    Timestamp::now()
}
