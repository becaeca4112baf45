//! What integrators ask and do, one operation a request: `{"operation": "listGrants", ...}`.
//!
//! Tokens and secrets never come out.

mod find;
mod history;
mod linking;
mod list;
mod operation;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    amazon::Amazon,
    application::ApplicationStore,
    aws::Aws,
    deadline::Deadline,
    env::{Env, Unset},
    error::Error,
    grant::{Grant, store::GrantStore, view::GrantView},
    grant_change::{GrantChanges, by_operator},
    history::{
        actor::{Reason, Who},
        store::HistoryStore,
    },
    lambda::payload::not_understood,
};

use crate::{find::Whose, linking::Linking, operation::Operation};

/// What the function may touch.
#[derive(Debug)]
pub struct Authorizations {
    amazon: Amazon,
    applications: ApplicationStore,
    changes: GrantChanges,
    grants: GrantStore,
    history: HistoryStore,
    linking: Linking,
}

impl Authorizations {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, `HISTORY_TABLE`, `ACCESS_TOKENS_TABLE`, `AUTHORIZATION_LINKS_TABLE`,
    /// `AUTHORIZATION_REQUESTS_TABLE`, and what [`shared::site_origin::SiteOrigin`] and [`Amazon`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        Ok(Self {
            linking: Linking::from_env(env, aws)?,
            amazon: Amazon::from_env(env)?,
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            changes: GrantChanges::from_env(env, dynamodb.clone(), grants.clone())?,
            grants,
            history: HistoryStore::new(dynamodb, table("HISTORY_TABLE")?),
        })
    }

    /// Answers one invocation.
    pub async fn handle(&self, payload: &Value, now: Timestamp, deadline: Deadline) -> Result<Value, Error> {
        if let Some(answer) = self.linking.handle(payload, now, deadline).await {
            return answer;
        }
        match Operation::deserialize(payload).map_err(|error| unknown(payload, &error))? {
            Operation::ListApplications {} => self.list_applications(deadline).await,
            Operation::ListGrants(request) => self.list_grants(request, now, deadline).await,
            Operation::GetGrant { application_id, selling_partner_id, account, region } => {
                let application_id = self.application_id(application_id, now, deadline).await?;
                let whose = Whose::of(selling_partner_id, account)?;
                let grant = self.find(&application_id, &whose, region, deadline).await?;
                Ok(self.answer(&grant))
            }
            Operation::GetHistory(request) => self.get_history(request, now, deadline).await,
            Operation::DisableGrant { application_id, selling_partner_id, account, region, reason, by } => {
                let application_id = self.application_id(application_id, now, deadline).await?;
                let whose = Whose::of(selling_partner_id, account)?;
                let found = self.find(&application_id, &whose, region, deadline).await?;
                self.disable(&found, &whose, reason.as_ref(), &Who::integrator(by), now, deadline).await
            }
        }
    }

    /// Decided on the grant as it stands: by then it may be another account's.
    async fn disable(
        &self,
        found: &Grant,
        whose: &Whose,
        reason: Option<&Reason>,
        who: &Who,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let decide = |standing: &Grant| {
            if whose.fits(standing) {
                Ok(by_operator::disabled(standing, reason))
            } else {
                Err(Error::UnknownSellingPartner)
            }
        };
        let grant = self.changes.make_of_standing(&found.key(), decide, who, now, deadline).await?;
        Ok(self.answer(&grant))
    }

    fn answer(&self, grant: &Grant) -> Value {
        json!({ "grant": GrantView::of(grant, &self.amazon) })
    }
}

/// What is wrong with a request that is none; the operations of [`linking`] are parsed elsewhere, and belong to the list.
fn unknown(payload: &Value, error: &serde_json::Error) -> Error {
    match not_understood(payload, error) {
        Error::InvalidRequest { field: "operation", expected } => {
            Error::invalid("operation", format!("{expected}, {}", linking::OPERATIONS.join(", ")))
        }
        other => other,
    }
}
