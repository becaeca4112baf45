//! Connects authorizations with accounts: by links, by the sign-in of a partner who comes from Amazon, and by the completion of
//! a journey.

mod completion;
mod links;
mod sign_in;

use std::sync::Arc;

use shared::{
    amazon::Amazon,
    application::{Application, ApplicationStore},
    aws::Aws,
    consumer::Reach,
    deadline::{Clock, retry_until},
    env::{Env, Unset},
    error::Error,
    grant::store::GrantStore,
    grant_change::GrantChanges,
    ids::ApplicationId,
    journey::{link_store::AuthorizationLinkStore, request_store::AuthorizationRequestStore},
    site_origin::SiteOrigin,
};

/// The dependencies of these operations.
#[derive(Debug)]
pub(crate) struct Linking {
    amazon: Amazon,
    applications: ApplicationStore,
    changes: GrantChanges,
    grants: GrantStore,
    links: AuthorizationLinkStore,
    requests: AuthorizationRequestStore,
    site: SiteOrigin,
}

impl Linking {
    /// Reads `APPLICATIONS_TABLE`, `AUTHORIZATION_LINKS_TABLE`, `AUTHORIZATION_REQUESTS_TABLE`, `GRANTS_TABLE`,
    /// `HISTORY_TABLE`, `ACCESS_TOKENS_TABLE`, and what [`SiteOrigin`] and [`Amazon`] read.
    pub(crate) fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        Ok(Self {
            amazon: Amazon::from_env(env)?,
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            changes: GrantChanges::from_env(env, dynamodb.clone(), grants.clone())?,
            grants,
            links: AuthorizationLinkStore::new(dynamodb.clone(), table("AUTHORIZATION_LINKS_TABLE")?),
            requests: AuthorizationRequestStore::new(dynamodb, table("AUTHORIZATION_REQUESTS_TABLE")?),
            site: SiteOrigin::from_env(env)?,
        })
    }

    /// Returns the application that the request names, or the only registered one.
    async fn application(
        &self,
        named: Option<ApplicationId>,
        reach: &Reach,
        clock: Clock,
    ) -> Result<Arc<Application>, Error> {
        let id = match reach.application(named)? {
            Some(named) => named,
            None => retry_until(clock.deadline(), || self.applications.only(clock.began())).await?,
        };
        self.applications.registered(&id, clock).await
    }
}
