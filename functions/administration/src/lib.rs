//! The operations of operators, one in each request: `{"operation": "setClientSecret", ...}`.
//!
//! Requests may contain tokens and secrets. Answers never do.

mod account;
mod application;
mod client_secret;
mod conflicts;
mod consumers;
mod erase;
mod examine;
mod findings;
mod import;
mod operation;
mod pasted;
mod reconcile;
mod region;
mod replay;
mod restore;
mod settings;
mod status;
mod tokens;

use std::sync::Arc;

use serde_json::{Value, json};
use shared::{
    amazon::{Amazon, http::HttpClient, sp_api::SpApi},
    application::{Application, ApplicationStore},
    aws::{Aws, copies::Copies},
    client_secret::{Asker, ClientSecrets, rotation_store::RotationStore},
    consumer::ConsumerStore,
    deadline::Clock,
    env::{Env, Unset},
    error::Error,
    grant::{Grant, GrantKey, renewal_links::RenewalPages, store::GrantStore, view::GrantView},
    grant_change::{GrantChanges, erasure::Erasures},
    history::{actor::Who, commit::Recorder, event_bus::EventBus, store::HistoryStore},
    ids::ApplicationId,
    lambda::payload,
    site_origin::SiteOrigin,
    vending::Vending,
};

use crate::{
    operation::{OPERATIONS, Operation},
    restore::Restored,
};

/// The dependencies of the function.
#[derive(Debug)]
pub struct Administration {
    amazon: Amazon,
    applications: ApplicationStore,
    changes: GrantChanges,
    consumers: ConsumerStore,
    copies: Copies,
    erasures: Erasures,
    events: EventBus,
    grants: GrantStore,
    history: HistoryStore,
    recorder: Recorder,
    renewal_pages: RenewalPages,
    rotations: RotationStore,
    secrets: ClientSecrets,
    site: SiteOrigin,
    sp_api: SpApi,
    tables: Tables,
    vending: Vending,
}

/// The names of the tables whose rows can be put back, and of the one whose rows need not.
#[derive(Debug)]
struct Tables {
    access_tokens: String,
    applications: String,
    grants: String,
    history: String,
}

impl Tables {
    fn name(&self, table: Restored) -> &str {
        match table {
            Restored::Applications => &self.applications,
            Restored::Grants => &self.grants,
            Restored::History => &self.history,
        }
    }
}

impl Administration {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, `ACCESS_TOKENS_TABLE`, `HISTORY_TABLE`, and what [`Amazon`],
    /// [`ClientSecrets`], [`EventBus`], [`RenewalPages`], [`SiteOrigin`] and [`Vending`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let amazon = Amazon::from_env(env)?;
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        let (applications, history) = (table("APPLICATIONS_TABLE")?, table("HISTORY_TABLE")?);
        let tables = Tables {
            access_tokens: table("ACCESS_TOKENS_TABLE")?,
            applications: applications.clone(),
            grants: grants.table().to_owned(),
            history: history.clone(),
        };
        Ok(Self {
            applications: ApplicationStore::new(dynamodb.clone(), applications.clone()),
            changes: GrantChanges::from_env(env, dynamodb.clone(), grants.clone())?,
            consumers: ConsumerStore::new(dynamodb.clone(), applications.clone()),
            copies: Copies::new(dynamodb.clone()),
            erasures: Erasures::from_env(env, aws)?,
            events: EventBus::from_env(env, aws)?,
            grants,
            history: HistoryStore::new(dynamodb.clone(), history.clone()),
            rotations: RotationStore::new(dynamodb.clone(), applications, history.clone()),
            recorder: Recorder::new(dynamodb, history),
            renewal_pages: RenewalPages::from_env(env)?,
            secrets: ClientSecrets::from_env(env, aws)?,
            site: SiteOrigin::from_env(env)?,
            sp_api: SpApi::new(&amazon, HttpClient::new(&amazon)),
            amazon,
            tables,
            vending: Vending::from_env(env, aws)?,
        })
    }

    /// Answers one invocation.
    pub async fn handle(&self, payload: &Value, clock: Clock) -> Result<Value, Error> {
        match payload::operation(payload, &OPERATIONS)? {
            Operation::RegisterApplication(request) => self.register_application(request, clock).await,
            Operation::UpdateApplication(request) => self.update_application(request, clock).await,
            Operation::Examine { application_id } => {
                let application = self.application(&application_id, clock).await?;
                self.examine(&application, clock).await
            }
            Operation::SetClientSecret { application_id, secret, expires_at, by } => {
                let application = self.application(&application_id, clock).await?;
                self.set_client_secret(&application, secret, expires_at, by, clock).await
            }
            Operation::RotateClientSecret { application_id, insists, by } => {
                let application = self.application(&application_id, clock).await?;
                let asker = Asker::Operator { who: Who::operator(by), insists };
                self.rotate_client_secret(&application, &asker, clock).await
            }
            Operation::DisableApplication(one) => self.disable_application(one, clock).await,
            Operation::EnableApplication(one) => self.enable_application(one, clock).await,
            Operation::InvalidateTokens { application_id, grant, by } => {
                let who = Who::operator(by);
                self.invalidate_tokens(&application_id, grant, &who, clock).await
            }
            Operation::ImportGrant(request) => {
                let application = self.application(&request.application_id, clock).await?;
                self.import_grant(&application, request, clock).await
            }
            Operation::DisableGrant(one) => self.disable_grant(one, clock).await,
            Operation::EnableGrant(one) => self.enable_grant(one, clock).await,
            Operation::RemoveGrant(one) => self.remove_grant(one, clock).await,
            Operation::EraseGrant(one) => self.erase_grant(one, clock).await,
            Operation::SetRegion(one, to) => self.set_region(one, to, clock).await,
            Operation::ResolveConflict { key, fingerprint, resolution, by } => {
                let key = self.known(&key, clock).await?;
                let who = Who::operator(by);
                self.resolve_conflict(&key, &fingerprint, resolution, &who, clock).await
            }
            Operation::LinkAccount { key, account, by } => {
                let key = self.known(&key, clock).await?;
                self.link_account(&key, account.as_ref(), &Who::operator(by), clock).await
            }
            Operation::Reconcile(request) => {
                self.application(&request.application_id, clock).await?;
                self.reconcile(request, clock).await
            }
            Operation::RestoreRows(request) => self.restore_rows(*request, clock).await,
            Operation::RestoreRecord(record) => self.restore_record_of_event(&record, clock).await,
            Operation::PutConsumer(request) => self.put_consumer(*request, clock).await,
            Operation::ListConsumers => self.list_consumers(clock).await,
            Operation::GetConsumer(name) => self.get_consumer(&name, clock).await,
            Operation::RemoveConsumer(name, by) => {
                self.remove_consumer(&name, &Who::operator(by), clock).await
            }
            Operation::ReplayEvents { application_id, wanted, cursor } => {
                self.application(&application_id, clock).await?;
                self.replay_events(&application_id, &wanted, cursor.as_deref(), clock.deadline()).await
            }
        }
    }

    async fn application(&self, id: &ApplicationId, clock: Clock) -> Result<Arc<Application>, Error> {
        self.applications.registered(id, clock).await
    }

    /// Checks that the grant's application is registered, so that a mistyped id is not reported as an unknown partner.
    /// Returns the grant's key, which is another one if the grant was moved to another region.
    async fn known(&self, key: &GrantKey, clock: Clock) -> Result<GrantKey, Error> {
        self.application(&key.application_id, clock).await?;
        Ok(self.grants.current_key(key, clock.deadline()).await?)
    }

    fn answer(&self, grant: &Grant) -> Value {
        let view = GrantView::of(grant, &self.amazon);
        // Every operation on a grant has read its application.
        let application = self.applications.last_read(&grant.application_id);
        json!({ "grant": match application {
            Some(application) => view.with_roles_of(grant, &application),
            None => view,
        } })
    }
}
