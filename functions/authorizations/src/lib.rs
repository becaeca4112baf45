//! The operations of integrators, one in each request: `{"operation": "listGrants", ...}`.
//!
//! No answer contains a token or a secret of Amazon.

mod find;
mod history;
mod linking;
mod list;
mod operation;

use serde_json::{Value, json};
use shared::{
    amazon::Amazon,
    application::ApplicationStore,
    aws::Aws,
    consumer::{Consumers, Invoked, Reach},
    deadline::Clock,
    env::{Env, Unset},
    error::Error,
    grant::{Grant, store::GrantStore, view::GrantView},
    grant_change::{Decision, GrantChanges, by_operator},
    history::{
        actor::{Reason, Who},
        store::HistoryStore,
    },
    lambda::payload,
};

use crate::{
    linking::Linking,
    operation::{OPERATIONS, Operation, Reasoned},
};

/// The dependencies of the function.
#[derive(Debug)]
pub struct Authorizations {
    amazon: Amazon,
    applications: ApplicationStore,
    changes: GrantChanges,
    consumers: Consumers,
    grants: GrantStore,
    history: HistoryStore,
    linking: Linking,
}

impl Authorizations {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, `HISTORY_TABLE`, `ACCESS_TOKENS_TABLE`, `AUTHORIZATION_LINKS_TABLE`,
    /// `AUTHORIZATION_REQUESTS_TABLE`, and what [`shared::site_origin::SiteOrigin`], [`Amazon`] and [`Consumers`]
    /// read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        Ok(Self {
            linking: Linking::from_env(env, aws)?,
            amazon: Amazon::from_env(env)?,
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            consumers: Consumers::from_env(env, aws)?,
            changes: GrantChanges::from_env(env, dynamodb.clone(), grants.clone())?,
            grants,
            history: HistoryStore::new(dynamodb, table("HISTORY_TABLE")?),
        })
    }

    /// Answers one invocation. What it may have depends on how the function was `invoked`.
    pub async fn handle(&self, payload: &Value, invoked: &Invoked, clock: Clock) -> Result<Value, Error> {
        let operation = payload::operation(payload, &OPERATIONS)?;
        let reach = self.consumers.admit(invoked, clock).await?;
        reach.allows_to(operation.needs())?;
        match operation {
            Operation::ListApplications => self.list_applications(&reach, clock.deadline()).await,
            Operation::ListGrants(request) => self.list_grants(request, &reach, clock).await,
            Operation::GetGrant(grant) => {
                let meant = self.meant(grant, &reach, clock).await?;
                self.answer(&self.grants.meant(&meant, clock.deadline()).await?, clock).await
            }
            Operation::GetHistory(request) => self.get_history(request, &reach, clock).await,
            Operation::DisableGrant(request) => {
                self.change(request, by_operator::disabled, &reach, clock).await
            }
            Operation::RemoveGrant(request) => {
                self.change(request, by_operator::removed, &reach, clock).await
            }
            Operation::CreateAuthorizationLink(request) => {
                self.linking.create_link(request, &reach, clock).await
            }
            Operation::RequestRenewal(request) => self.linking.request_renewal(request, &reach, clock).await,
            Operation::DescribeSignIn(request) => {
                self.linking.describe_sign_in(&request, &reach, clock).await
            }
            Operation::CompleteSignIn(request, account) => {
                self.linking.complete_sign_in(&request, &account, &reach, clock).await
            }
            Operation::CompleteAuthorization(request) => {
                self.linking.complete_authorization(request, &reach, clock).await
            }
        }
    }

    /// Decides on the current row, because the grant may have moved to another account since it was found.
    async fn change(
        &self,
        request: Reasoned,
        decide_on: fn(&Grant, Option<&Reason>) -> Decision,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Value, Error> {
        let Reasoned { grant, reason, by } = request;
        let meant = self.meant(grant, reach, clock).await?;
        let found = self.grants.meant(&meant, clock.deadline()).await?;
        let decide = |current: &Grant| {
            if meant.is_of(current) {
                Ok(decide_on(current, reason.as_ref()))
            } else {
                Err(meant.not_found())
            }
        };
        let who = Who::integrator(by);
        let grant = self.changes.make_of_existing(&found.key(), decide, &who, clock).await?;
        self.answer(&grant, clock).await
    }

    async fn answer(&self, grant: &Grant, clock: Clock) -> Result<Value, Error> {
        let application = self.applications.registered(&grant.application_id, clock).await?;
        Ok(json!({ "grant": GrantView::of(grant, &self.amazon).with_roles_of(grant, &application) }))
    }
}
