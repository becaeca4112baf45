//! The Lambda function that integrators' services invoke.
//!
//! It may read applications, grants and history, make links, complete journeys, and link a grant to an account or disable
//! it. It opens no token.

use authorizations::Authorizations;
use shared::lambda::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start();
    let authorizations = Authorizations::from_env(&env, &aws)?;

    runtime::serve_invocations(&aws, async |request, invoked, clock| {
        authorizations.handle(&request, &invoked, clock).await
    })
    .await
}
