//! What integrators ask and do, one operation a request: `{"operation": "listApplications"}`.
//!
//! Tokens and secrets never come out.

mod linking;

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

use crate::linking::Linking;

/// What the function may touch.
#[derive(Debug)]
pub struct Authorizations {
    applications: ApplicationStore,
    linking: Linking,
}

/// A request, tagged by its `operation`.
#[derive(Deserialize)]
#[serde(tag = "operation", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Operation {
    /// Every registered application.
    ListApplications {},
}

impl Authorizations {
    /// Reads `APPLICATIONS_TABLE`, `AUTHORIZATION_LINKS_TABLE`, `AUTHORIZATION_REQUESTS_TABLE`, `GRANTS_TABLE`,
    /// `HISTORY_TABLE`, and what [`shared::site::Site`] and [`shared::amazon::Amazon`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        Ok(Self {
            linking: Linking::from_env(env, aws)?,
            applications: ApplicationStore::new(dynamodb, env.required("APPLICATIONS_TABLE")?.to_owned()),
        })
    }

    /// Answers one invocation.
    pub async fn handle(&self, payload: &Value, now: Timestamp, deadline: Deadline) -> Result<Value, Error> {
        if let Some(answer) = self.linking.handle(payload, now, deadline).await {
            return answer;
        }
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
