//! The Lambda function behind the refresher's schedules and its queue.
//!
//! It may open and seal tokens, read client secrets, call Login with Amazon and SP-API, change grants with their history,
//! and send to its own queue and its dead-letter queue.

use shared::lambda::runtime::{self, Fault};
use token_refresher::TokenRefresher;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start();
    let token_refresher = TokenRefresher::from_env(&env, &aws)?;

    runtime::serve_invocations(&aws, async |event, _, clock| token_refresher.handle(&event, clock).await)
        .await
}
