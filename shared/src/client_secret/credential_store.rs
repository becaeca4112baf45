//! An application's client id and secret. They are stored in Secrets Manager and nowhere else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_secretsmanager::{
    Client,
    operation::get_secret_value::{GetSecretValueError, GetSecretValueOutput},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    amazon::credentials::Credentials,
    aws::{AwsError, Lazy},
    ids::ApplicationId,
};

/// How long a secret is cached, so that every environment finds a new one without a deployment.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How often at most a secret that Amazon refused is read again before that time.
const RELOAD_AT_MOST_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// The content of a version of a secret is not valid. It was probably written by hand.
#[derive(Clone, Copy, Debug)]
pub struct NotCredentials;

impl From<NotCredentials> for AwsError {
    fn from(_: NotCredentials) -> Self {
        Self::corrupt("GetSecretValue", "not clientId, clientSecret and expiresAt as JSON")
    }
}

/// Returns the credentials in a version of a secret, as Secrets Manager returned it.
pub(crate) fn stored_credentials(secret: &GetSecretValueOutput) -> Result<Credentials, NotCredentials> {
    // The message of the JSON parser would quote the secret.
    serde_json::from_str(secret.secret_string().unwrap_or_default()).map_err(|_| NotCredentials)
}

/// The secrets of all registered applications, each read when it is first needed.
#[derive(Debug)]
pub struct CredentialStore {
    client: Lazy<Client>,
    stack: String,
    read: Mutex<HashMap<ApplicationId, (Timestamp, Arc<Credentials>)>>,
    reloaded: Mutex<HashMap<ApplicationId, Timestamp>>,
}

/// Returns the name of an application's secret in a stack of this name.
pub fn secret_name(stack: &str, application: &ApplicationId) -> String {
    format!("{stack}/{application}")
}

impl CredentialStore {
    /// Reads the secrets of the stack of this name through `client`.
    pub fn new(client: Lazy<Client>, stack: &str) -> Self {
        Self { client, stack: stack.to_owned(), read: Mutex::default(), reloaded: Mutex::default() }
    }

    /// Returns the application's current credentials, read at most five minutes ago.
    pub async fn current(
        &self,
        application: &ApplicationId,
        now: Timestamp,
    ) -> Result<Arc<Credentials>, AwsError> {
        match self.read_since(application, now - READ_AGAIN_AFTER) {
            Some(credentials) => Ok(credentials),
            None => self.read(application, now).await,
        }
    }

    /// Returns other credentials than those that Amazon has just refused: newer ones, or the previous ones during
    /// their overlap (F§5.1).
    pub async fn instead_of(
        &self,
        refused: &Credentials,
        application: &ApplicationId,
        now: Timestamp,
    ) -> Result<Option<Arc<Credentials>>, AwsError> {
        let current = if self.may_reload(application, now) {
            self.read(application, now).await?
        } else {
            self.current(application, now).await?
        };
        if current.client_secret.fingerprint() != refused.client_secret.fingerprint() {
            return Ok(Some(current));
        }
        let previous = self.fetch(application, Some("AWSPREVIOUS")).await?;
        // A version that cannot be read has no credentials. A version without a date may still be in its overlap.
        let previous = previous.and_then(Result::ok);
        Ok(previous.filter(|previous| previous.ends_at.is_none_or(|end| end > now)).map(Arc::new))
    }

    fn may_reload(&self, application: &ApplicationId, now: Timestamp) -> bool {
        let mut reloaded = self.reloaded.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = reloaded.get(application).is_some_and(|at| *at > now - RELOAD_AT_MOST_EVERY);
        if !lately {
            reloaded.insert(application.clone(), now);
        }
        !lately
    }

    fn read_since(&self, application: &ApplicationId, since: Timestamp) -> Option<Arc<Credentials>> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(application).filter(|(at, _)| *at > since).map(|(_, credentials)| Arc::clone(credentials))
    }

    async fn read(&self, application: &ApplicationId, now: Timestamp) -> Result<Arc<Credentials>, AwsError> {
        let current = self.fetch(application, None).await?;
        let credentials =
            Arc::new(current.ok_or_else(|| AwsError::corrupt("GetSecretValue", "there is no secret"))??);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(application.clone(), (now, Arc::clone(&credentials)));
        Ok(credentials)
    }

    async fn fetch(
        &self,
        application: &ApplicationId,
        stage: Option<&str>,
    ) -> Result<Option<Result<Credentials, NotCredentials>>, AwsError> {
        let request = self.client.get_secret_value().secret_id(secret_name(&self.stack, application));
        let secret = match request.set_version_stage(stage.map(ToOwned::to_owned)).send().await {
            Ok(secret) => secret,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(AwsError::of("GetSecretValue", &error)),
        };
        Ok(Some(stored_credentials(&secret)))
    }
}
