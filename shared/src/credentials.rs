//! An application's client id and secret, kept in Secrets Manager and nowhere else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_secretsmanager::Client;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::{
    aws::AwsError,
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

/// The secrets of all registered applications, read when first needed.
#[derive(Debug)]
pub struct CredentialStore {
    client: Client,
    read: Mutex<HashMap<ApplicationId, (Timestamp, Arc<Credentials>)>>,
}

/// The name of an application's secret.
#[must_use]
pub fn secret_name(application: &ApplicationId) -> String {
    format!("spapi-auth/{application}")
}

impl CredentialStore {
    /// Secrets read through `client`.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            client,
            read: Mutex::default(),
        }
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

    /// The credentials that replaced `refused`, if there are any: Amazon does not accept those.
    pub async fn after_refusal(
        &self,
        refused: &Credentials,
        application: &ApplicationId,
        now: Timestamp,
    ) -> Result<Option<Arc<Credentials>>, AwsError> {
        let credentials = match self.read_since(application, now - RELOAD_AT_MOST_EVERY) {
            Some(read) => read,
            None => self.read(application, now).await?,
        };
        Ok(
            (credentials.client_secret.fingerprint() != refused.client_secret.fingerprint())
                .then_some(credentials),
        )
    }

    fn read_since(&self, application: &ApplicationId, since: Timestamp) -> Option<Arc<Credentials>> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(application)
            .filter(|(at, _)| *at > since)
            .map(|(_, credentials)| Arc::clone(credentials))
    }

    async fn read(&self, application: &ApplicationId, now: Timestamp) -> Result<Arc<Credentials>, AwsError> {
        let secret = self
            .client
            .get_secret_value()
            .secret_id(secret_name(application))
            .send()
            .await
            .map_err(|error| AwsError::of("GetSecretValue", &error))?;
        // The parser's own message would quote the secret.
        let credentials: Credentials = serde_json::from_str(secret.secret_string().unwrap_or_default())
            .map_err(|_| {
                AwsError::corrupt(
                    "GetSecretValue",
                    "not clientId, clientSecret and expiresAt as JSON",
                )
            })?;
        let credentials = Arc::new(credentials);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(application.clone(), (now, Arc::clone(&credentials)));
        Ok(credentials)
    }
}
