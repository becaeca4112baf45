//! The Lambda function behind the stream of the history.
//!
//! It may send events to the bus; Lambda reads the stream with its role. It reads no table and no secret.

use event_publisher::EventPublisher;
use shared::lambda::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start();
    let event_publisher = EventPublisher::from_env(&env, &aws)?;

    runtime::serve_invocations(&aws, async |event, _, clock| event_publisher.handle(&event, clock).await)
        .await
}
