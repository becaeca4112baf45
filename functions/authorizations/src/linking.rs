//! Whose authorization it is: links, the sign-in of a partner who comes from Amazon, and the completion of a journey.

mod completion;
mod links;
mod sign_in;

use std::sync::Arc;

use jiff::Timestamp;
use shared::{
    amazon::Amazon,
    application::{Application, ApplicationStore},
    aws::{Aws, transaction::Transactions},
    deadline::{Deadline, patiently},
    env::{Env, Unset},
    error::Error,
    grant::store::GrantStore,
    ids::ApplicationId,
    journey::{link_store::AuthorizationLinkStore, request_store::AuthorizationRequestStore},
    site_origin::SiteOrigin,
};

/// What these operations may touch.
#[derive(Debug)]
pub(crate) struct Linking {
    amazon: Amazon,
    applications: ApplicationStore,
    grants: GrantStore,
    history_table: String,
    links: AuthorizationLinkStore,
    requests: AuthorizationRequestStore,
    site: SiteOrigin,
    tokens_table: String,
    transactions: Transactions,
}

impl Linking {
    /// Reads `APPLICATIONS_TABLE`, `AUTHORIZATION_LINKS_TABLE`, `AUTHORIZATION_REQUESTS_TABLE`, `GRANTS_TABLE`,
    /// `HISTORY_TABLE`, `ACCESS_TOKENS_TABLE`, and what [`SiteOrigin`] and [`Amazon`] read.
    pub(crate) fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        Ok(Self {
            amazon: Amazon::from_env(env)?,
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            grants: GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?),
            history_table: table("HISTORY_TABLE")?,
            links: AuthorizationLinkStore::new(dynamodb.clone(), table("AUTHORIZATION_LINKS_TABLE")?),
            requests: AuthorizationRequestStore::new(
                dynamodb.clone(),
                table("AUTHORIZATION_REQUESTS_TABLE")?,
            ),
            site: SiteOrigin::from_env(env)?,
            tokens_table: table("ACCESS_TOKENS_TABLE")?,
            transactions: Transactions::new(dynamodb),
        })
    }

    /// The application that the request names, or the only one there is.
    async fn application(
        &self,
        named: Option<ApplicationId>,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Arc<Application>, Error> {
        let id = match named {
            Some(named) => named,
            None => patiently(deadline, || self.applications.only(now)).await?,
        };
        self.applications.registered(&id, now, deadline).await
    }
}
