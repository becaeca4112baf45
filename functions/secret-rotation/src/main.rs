//! The Lambda function behind the rotation's schedule and the queue of Amazon's notifications.
//!
//! It may read applications, write client secrets, and change what is known of them with its history; it reads no grant.

use secret_rotation::SecretRotation;
use shared::lambda::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start();
    let secret_rotation = SecretRotation::from_env(&env, &aws)?;

    runtime::serve_invocations(&aws, async |event, _, clock| secret_rotation.handle(&event, clock).await)
        .await
}
