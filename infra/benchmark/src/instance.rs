//! Instances of `get-access-token` in this process. Each has its own clients and its own cache, as an environment of Lambda has.

use std::time::Duration;

use get_access_token::GetAccessToken;
use jiff::Timestamp;
use local::environment::environment;
use serde_json::Value;
use shared::{
    aws::Aws,
    consumer::Invoked,
    deadline::{Clock, Deadline},
    env::Env,
    error::Error,
};

use crate::{Fault, partners::Partners};

/// The longest time that a caller waits.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One instance of the function.
pub(crate) struct Instance(GetAccessToken);

impl Instance {
    pub(crate) fn new(partners: &Partners) -> Result<Self, Fault> {
        let env = Env::from_pairs(environment(partners.stack.ports()));
        Ok(Self(GetAccessToken::from_env(&env, &Aws::new(partners.stack.sdk_config()))?))
    }

    /// Returns the access token in the answer to `request`.
    pub(crate) async fn token(&self, request: &Value, now: Timestamp) -> Result<String, Error> {
        let answer = Box::pin(self.0.handle(
            request,
            &Invoked::Unqualified,
            Clock::starting_at(now, Deadline::after(TIMEOUT)),
        ))
        .await?;
        let answer = serde_json::to_value(answer).unwrap_or_default();
        Ok(answer["accessToken"].as_str().unwrap_or_default().to_owned())
    }
}
