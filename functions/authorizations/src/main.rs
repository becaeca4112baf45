//! The Lambda function that integrators' services invoke.
//!
//! It may read applications, grants and history. It opens no token.

use authorizations::Authorizations;
use shared::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start().await;
    let authorizations = Authorizations::from_env(&env, &aws)?;

    runtime::serve_invocations(&aws, async |request, now, deadline| {
        authorizations.handle(&request, now, deadline).await
    })
    .await
}
