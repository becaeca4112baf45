//! What integrators ask and do, one operation a request: `{"operation": "listApplications"}`.
//!
//! Tokens and secrets never come out.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    application::ApplicationStore,
    aws::Aws,
    deadline::{Deadline, patiently},
    env::{Env, Unset},
    error::Error,
};

/// What the function may touch.
#[derive(Debug)]
pub struct Authorizations {
    applications: ApplicationStore,
}

/// A request, tagged by its `operation`.
#[derive(Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Operation {
    /// Every registered application.
    ListApplications {},
}

impl Authorizations {
    /// Reads `APPLICATIONS_TABLE`.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        Ok(Self {
            applications: ApplicationStore::new(dynamodb, env.required("APPLICATIONS_TABLE")?.to_owned()),
        })
    }

    /// Answers one invocation.
    pub async fn handle(&self, payload: &Value, now: Timestamp, deadline: Deadline) -> Result<Value, Error> {
        let operation = Operation::deserialize(payload)
            .map_err(|_| Error::invalid("operation", "an operation of this function and its fields"))?;
        match operation {
            Operation::ListApplications {} => {
                let ids = patiently(deadline, || self.applications.list(now)).await?;
                Ok(json!({ "applications": ids }))
            }
        }
    }
}
