//! The Lambda function that other services invoke for an access token.
//!
//! It may read applications, grants and secrets, open refresh tokens, and store access tokens. It changes only the refresh
//! token of a grant, with its history, and only if Amazon has replaced the token.

use get_access_token::GetAccessToken;
use shared::lambda::runtime::{self, Fault};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let (aws, get_access_token) = runtime::start_connected(GetAccessToken::from_env).await?;

    runtime::serve_invocations(&aws, async |request, invoked, clock| {
        get_access_token.handle(&request, &invoked, clock).await
    })
    .await
}
