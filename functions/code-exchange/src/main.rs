//! The Lambda function behind `GET /callback`.
//!
//! It may read applications and grants, redeem authorization requests, read client secrets, and save grants, history and
//! access tokens. It may generate data keys but open none: it can store a refresh token and can read none.

use code_exchange::CodeExchange;
use shared::lambda::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (env, aws) = runtime::start();
    let code_exchange = CodeExchange::from_env(&env, &aws)?;

    runtime::serve_http(&aws, async |request, clock| code_exchange.handle(&request, clock).await).await
}
