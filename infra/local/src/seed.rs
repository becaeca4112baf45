//! Seeds a new stack: the KMS key that seals tokens, and one application, registered at Amazon and in the applications table.
//! Amazon sends the notifications of every application into the stack's queue, as if the queue had been subscribed in the portal.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use serde_json::json;
use shared::{
    application::{Application, ApplicationStore, Branding},
    aws::{
        Aws as Clients, AwsError, Lazy,
        transaction::{Commit, Transactions},
    },
    client_secret::credential_store::secret_name,
    ids::ApplicationId,
    region::Region,
    secret::random_word,
    site_origin::SiteOrigin,
};
use simulated_amazon::SimulatedAmazon;
use thiserror::Error;

use crate::{
    aws::{Aws, OPERATORS},
    environment::{CLIENT_SECRET_QUEUE, SEALING_KEY, STACK, environment, site_origin},
    functions::Functions,
    ports::Numbers,
};

/// The id of the application that every stack has.
pub const FIRST_APPLICATION: &str = "amzn1.sp.solution.11111111-2222-4333-8444-555555555555";

/// An application to register.
#[derive(Clone, Debug)]
pub struct NewApplication {
    /// The id at Amazon.
    pub application_id: String,
    /// The name that partners see.
    pub name: String,
    /// Whether it is a draft application.
    pub draft: bool,
    /// The region of a grant whose region is not known otherwise.
    pub default_region: Region,
    /// The scopes whose grantless tokens may be vended.
    pub scopes: Vec<String>,
}

/// Why an application or the sealing key could not be created.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct SeedError(String);

/// Registers applications, as a developer does in Amazon's portal and an operator does with `administration`.
pub(crate) struct Registrar {
    amazon: SimulatedAmazon,
    applications: ApplicationStore,
    aws: Aws,
    kms: Lazy<aws_sdk_kms::Client>,
    ports: Numbers,
    secrets: Lazy<aws_sdk_secretsmanager::Client>,
    transactions: Transactions,
}

impl Registrar {
    pub(crate) fn new(clients: &Clients, amazon: SimulatedAmazon, aws: Aws, ports: Numbers) -> Self {
        let variables = environment(ports);
        let table =
            variables.iter().find(|(name, _)| *name == "APPLICATIONS_TABLE").map(|(_, table)| table.clone());
        let dynamodb = clients.dynamodb();
        Self {
            amazon,
            applications: ApplicationStore::new(dynamodb.clone(), table.unwrap_or_default()),
            aws,
            kms: clients.kms(),
            ports,
            secrets: clients.secrets_manager(),
            transactions: Transactions::new(dynamodb),
        }
    }

    /// Creates what is missing. After an earlier run on the same data, that is nothing.
    pub(crate) async fn seed(&self) -> Result<(), SeedError> {
        if self.kms.describe_key().key_id(SEALING_KEY).send().await.is_err() {
            let key = self.kms.create_key().send().await.map_err(|error| failed("CreateKey", &error))?;
            let id = key.key_metadata().map(|key| key.key_id().to_owned()).unwrap_or_default();
            let alias = self.kms.create_alias().alias_name(SEALING_KEY).target_key_id(id);
            alias.send().await.map_err(|error| failed("CreateAlias", &error))?;
        }
        for application_id in self.amazon.application_ids() {
            self.subscribe(application_id);
        }
        let first = NewApplication {
            application_id: FIRST_APPLICATION.to_owned(),
            name: "Example Application".to_owned(),
            draft: false,
            default_region: Region::Na,
            scopes: vec!["sellingpartnerapi::notifications".to_owned()],
        };
        self.register(first).await.map(|_| ())
    }

    pub(crate) async fn register(&self, new: NewApplication) -> Result<ApplicationId, SeedError> {
        let site =
            SiteOrigin::from_env(&shared::env::Env::from_pairs([("SITE_ORIGIN", site_origin(self.ports))]))
                .map_err(|error| SeedError(error.to_string()))?;
        let application_id: ApplicationId =
            new.application_id.parse().map_err(|error| SeedError(format!("application id: {error}")))?;
        let tail = application_id.as_str().rsplit('.').next().unwrap_or_default().replace('-', "");
        let client_id = format!("amzn1.application-oa2-client.{tail}");
        let client_secret = format!("amzn1.oa2-cs.v1.{}{}", random_word(), random_word());
        // Amazon keeps the secret of a known application, and updates its URIs to the ports of this run.
        self.amazon.register(simulated_amazon::Application {
            application_id: application_id.to_string(),
            client_id: client_id.clone(),
            name: new.name.clone(),
            draft: new.draft,
            login_uri: site.login_uri(),
            redirect_uris: vec![site.redirect_uri()],
            client_secret: client_secret.clone(),
        });
        self.subscribe(application_id.to_string());
        self.store_secret(&application_id, &client_id, &client_secret).await?;
        let application = Application {
            application_id: application_id.clone(),
            client_id: client_id.parse().map_err(|error| SeedError(format!("client id: {error}")))?,
            name: new.name,
            draft: new.draft,
            vendors_need_beta: false,
            default_region: new.default_region,
            scopes: new.scopes.into_iter().collect(),
            sign_in_url: None,
            return_urls: BTreeSet::new(),
            disabled: false,
            not_before: None,
            roles_changed_at: None,
            branding: Branding::default(),
        };
        self.put(&application).await?;
        Ok(application_id)
    }

    async fn put(&self, application: &Application) -> Result<(), SeedError> {
        let failed = |error: AwsError| SeedError(error.to_string());
        let seen = self.applications.current(&application.application_id).await.map_err(failed)?;
        let writes = self.applications.put(application, seen.as_ref());
        match self.transactions.commit(&writes, &random_word()).await.map_err(failed)? {
            Commit::Made => Ok(()),
            Commit::Changed | Commit::Refused(_) => {
                Err(SeedError(format!("another write changed application {}", application.application_id)))
            }
        }
    }

    fn subscribe(&self, application_id: String) {
        let aws = self.aws.clone();
        let subscriber = move |notification: serde_json::Value| {
            aws.deliver(CLIENT_SECRET_QUEUE, &notification.to_string());
        };
        self.amazon.subscribe(application_id, Arc::new(subscriber));
    }

    async fn store_secret(
        &self,
        application: &ApplicationId,
        client_id: &str,
        secret: &str,
    ) -> Result<(), SeedError> {
        let name = secret_name(STACK, application);
        if self.secrets.describe_secret().secret_id(&name).send().await.is_ok() {
            return Ok(());
        }
        let expires_at = self.amazon.client_secret_ends_at(client_id).unwrap_or(Timestamp::MAX);
        let value =
            json!({"clientId": client_id, "clientSecret": secret, "expiresAt": expires_at.to_string()});
        let create = self.secrets.create_secret().name(name).secret_string(value.to_string());
        create.send().await.map_err(|error| failed("CreateSecret", &error))?;
        Ok(())
    }
}

/// The consumer as which the demo integrator invokes functions.
pub(crate) const DEMO: &str = "demo";

/// Gives operators their consumer, with everything, as the template and `infra/deploy` do; and the demo integrator one that covers its
/// own tenants alone.
pub(crate) async fn seed_consumers(aws: &Aws, functions: &Functions) -> Result<(), SeedError> {
    let everything = json!({
        "operation": "putConsumer", "consumer": OPERATORS, "by": "local stack", "applicationIds": "all", "regions": "all",
        "partners": "all", "accounts": "all", "scopes": "all", "delegates": "all", "restricted": true,
        "may": ["read", "link", "disable", "remove"],
    });
    let of_demo = json!({
        "operation": "putConsumer", "consumer": DEMO, "by": "local stack", "applicationIds": [FIRST_APPLICATION],
        "regions": "all", "accounts": {"prefix": "demo-"}, "may": ["read", "link", "disable"],
    });
    for (consumer, policy) in [(OPERATORS, everything), (DEMO, of_demo)] {
        aws.make_consumer(consumer).await.map_err(SeedError)?;
        let Some(invocation) = functions.start("administration", policy) else {
            return Err(SeedError("there is no administration".to_owned()));
        };
        invocation.outcome().await.map_err(|error| SeedError(error.error_message))?;
    }
    Ok(())
}

fn failed<E: std::error::Error>(operation: &str, error: &E) -> SeedError {
    let cause = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    SeedError(format!("{operation}: {error}{cause}"))
}
