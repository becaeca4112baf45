//! Whose authorization it is: links, the sign-in of a partner who comes from Amazon, and the completion of a journey.

mod completion;
mod fields;
mod links;
mod sign_in;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use shared::{
    amazon::Amazon,
    application::{Application, ApplicationStore, NotOne},
    aws::Aws,
    deadline::{Deadline, patiently},
    env::{Env, Unset},
    error::Error,
    grant::store::GrantStore,
    grant_change::GrantChanges,
    ids::ApplicationId,
    journey::{link_store::AuthorizationLinkStore, request_store::AuthorizationRequestStore},
    site_origin::SiteOrigin,
};

use self::fields::Fields;

/// Their names.
pub(crate) const OPERATIONS: [&str; 5] = [
    "createAuthorizationLink",
    "requestRenewal",
    "describeSignIn",
    "completeSignIn",
    "completeAuthorization",
];

/// What these operations may touch.
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

    /// Answers the request, if it names one of these operations.
    pub(crate) async fn handle(
        &self,
        payload: &Value,
        now: Timestamp,
        deadline: Deadline,
    ) -> Option<Result<Value, Error>> {
        let operation = payload.get("operation").and_then(Value::as_str)?;
        let fields = Fields::of(payload)?;
        Some(match operation {
            "createAuthorizationLink" => self.create_link(fields, now, deadline).await,
            "requestRenewal" => self.request_renewal(fields, now, deadline).await,
            "describeSignIn" => self.describe_sign_in(fields, now, deadline).await,
            "completeSignIn" => self.complete_sign_in(fields, now, deadline).await,
            "completeAuthorization" => self.complete_authorization(fields, now, deadline).await,
            _ => return None,
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
            None => match self.applications.only(now).await {
                Ok(only) => only,
                Err(NotOne::Registered(0)) => return Err(Error::UnknownApplication),
                Err(NotOne::Registered(_)) => {
                    let expected = "one, since several applications are registered";
                    return Err(Error::invalid("applicationId", expected));
                }
                Err(NotOne::Aws(error)) => return Err(error.into()),
            },
        };
        let found = patiently(deadline, || self.applications.find(&id, now)).await?;
        found.ok_or(Error::UnknownApplication)
    }
}
