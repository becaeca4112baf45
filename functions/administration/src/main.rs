//! The Lambda function that operators invoke.
//!
//! It may change applications, client secrets and grants, with their history. It opens refresh tokens to have Amazon
//! validate them, and hands none out.

use administration::Administration;
use shared::lambda::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start();
    let administration = Administration::from_env(&env, &aws)?;

    runtime::serve_invocations(&aws, async |request, _, clock| administration.handle(&request, clock).await)
        .await
}
