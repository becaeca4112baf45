//! An application's client id and secret, kept in Secrets Manager and nowhere else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_secretsmanager::{
    Client,
    operation::get_secret_value::{GetSecretValueError, GetSecretValueOutput},
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::{
    aws::{AwsError, Lazy},
    ids::{ApplicationId, ClientId},
    secret::ClientSecret,
};

/// A secret read longer ago is read again, so that every environment finds a new one without a redeploy.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// A secret that Amazon refused is read again at once, but not more often than this.
const RELOAD_AT_MOST_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What identifies the application at Login with Amazon.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// The OAuth client.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// When the secret ends, where that is known.
    #[serde(rename = "expiresAt")]
    pub ends_at: Option<Timestamp>,
}

/// What a version of a secret holds is no secret of ours: somebody has written it by hand.
#[derive(Clone, Copy, Debug)]
pub struct Unreadable;

impl From<Unreadable> for AwsError {
    fn from(_: Unreadable) -> Self {
        Self::corrupt("GetSecretValue", "not clientId, clientSecret and expiresAt as JSON")
    }
}

impl Credentials {
    /// What was read from Secrets Manager.
    pub(crate) fn stored(secret: &GetSecretValueOutput) -> Result<Self, Unreadable> {
        // The parser's own message would quote the secret.
        serde_json::from_str(secret.secret_string().unwrap_or_default()).map_err(|_| Unreadable)
    }
}

/// The secrets of all registered applications, read when first needed.
#[derive(Debug)]
pub struct CredentialStore {
    client: Lazy<Client>,
    read: Mutex<HashMap<ApplicationId, (Timestamp, Arc<Credentials>)>>,
    reloaded: Mutex<HashMap<ApplicationId, Timestamp>>,
}

/// The name of an application's secret.
#[must_use]
pub fn secret_name(application: &ApplicationId) -> String {
    format!("spapi-auth/{application}")
}

impl CredentialStore {
    /// Secrets read through `client`.
    #[must_use]
    pub fn new(client: Lazy<Client>) -> Self {
        Self { client, read: Mutex::default(), reloaded: Mutex::default() }
    }

    /// The application's present credentials, at most five minutes old.
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

    /// Credentials to try instead of those that Amazon has just refused: newer ones, or the previous ones while their
    /// overlap lasts (F§5.1).
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
        // One that cannot be read is no secret; one without a date may well be in its overlap.
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
    ) -> Result<Option<Result<Credentials, Unreadable>>, AwsError> {
        let request = self.client.get_secret_value().secret_id(secret_name(application));
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
        Ok(Some(Credentials::stored(&secret)))
    }
}
