//! The Lambda function behind `GET /login`, `GET /login/continue`, and `/authorize`.
//!
//! It may read applications, use up authorization links and write authorization requests; no grant, no token, no secret.

use login_uri::LoginUri;
use shared::lambda::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start();
    let login_uri = LoginUri::from_env(&env, &aws)?;

    runtime::serve_http(&aws, async |request, clock| login_uri.handle(&request, clock.began()).await).await
}
