//! The versions of a client secret in Secrets Manager: first written, then validated by Amazon, and only then made
//! the current one.

use aws_sdk_secretsmanager::{
    Client,
    operation::{
        get_secret_value::GetSecretValueError, put_secret_value::PutSecretValueError,
        update_secret_version_stage::UpdateSecretVersionStageError,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    amazon::credentials::Credentials,
    aws::{AwsError, Lazy},
    client_secret::{
        credential_store::{NotCredentials, secret_name, stored_credentials},
        protection::Protection,
    },
    ids::{ApplicationId, ClientId},
    secret::ClientSecret,
};

const CURRENT: &str = "AWSCURRENT";

/// Writes the secrets of all applications.
#[derive(Debug)]
pub struct SecretVersions {
    client: Lazy<Client>,
    protection: Protection,
    stack: String,
}

/// The current version of a secret.
#[derive(Debug)]
pub struct Current {
    /// Its id.
    pub version_id: String,
    /// Its content.
    pub credentials: Result<Credentials, NotCredentials>,
}

/// A version to write.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its id, 32 to 64 characters. It is derived from the source of the version, so that the same one is written
    /// once.
    pub id: String,
    /// The OAuth client.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// When it ends, where that is known.
    pub ends_at: Option<Timestamp>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Text<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

impl Version {
    /// Returns the version as credentials.
    pub fn credentials(&self) -> Credentials {
        Credentials {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            ends_at: self.ends_at,
        }
    }

    /// Returns the label of the version until it is promoted. Each version has its own, so that two in flight do not
    /// take it from each other.
    fn label(&self) -> String {
        format!("pending-{}", &self.id[..16])
    }

    /// The only place where a secret is exposed to be stored.
    fn text(&self) -> String {
        let text = Text {
            client_id: self.client_id.as_str(),
            client_secret: self.client_secret.expose(),
            expires_at: self.ends_at,
        };
        serde_json::to_string(&text).expect("credentials are made of texts")
    }
}

impl SecretVersions {
    /// Writes the secrets of the stack of this name through `client`, under this protection.
    pub fn new(client: Lazy<Client>, protection: Protection, stack: &str) -> Self {
        Self { client, protection, stack: stack.to_owned() }
    }

    /// Puts the secret under its key and its policy. Doing it again changes nothing.
    pub async fn protect(&self, application: &ApplicationId) -> Result<(), AwsError> {
        let name = secret_name(&self.stack, application);
        let update = self.client.update_secret().secret_id(&name).kms_key_id(&self.protection.key_id);
        update.send().await.map_err(|error| AwsError::of("UpdateSecret", &error))?;
        let put = self.client.put_resource_policy().secret_id(name).resource_policy(&self.protection.policy);
        put.send().await.map(|_| ()).map_err(|error| AwsError::of("PutResourcePolicy", &error))
    }

    /// Returns the current version, if there is a secret.
    pub async fn current(&self, application: &ApplicationId) -> Result<Option<Current>, AwsError> {
        let read = self
            .client
            .get_secret_value()
            .secret_id(secret_name(&self.stack, application))
            .version_stage(CURRENT);
        match read.send().await {
            Ok(read) => Ok(Some(Current {
                version_id: read.version_id().unwrap_or_default().to_owned(),
                credentials: stored_credentials(&read),
            })),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(AwsError::of("GetSecretValue", &error)),
        }
    }

    /// Writes a version beside the current one. Writing the same one again does nothing.
    pub async fn write(&self, application: &ApplicationId, version: &Version) -> Result<(), AwsError> {
        self.client
            .put_secret_value()
            .secret_id(secret_name(&self.stack, application))
            .client_request_token(&version.id)
            .secret_string(version.text())
            .version_stages(version.label())
            .send()
            .await
            .map(|_| ())
            .map_err(|error| AwsError::of("PutSecretValue", &error))
    }

    /// Makes this version the first of an application that has no secret, or whose secret never had a value.
    pub async fn create(&self, application: &ApplicationId, version: &Version) -> Result<(), AwsError> {
        let name = secret_name(&self.stack, application);
        let put = self.client.put_secret_value().secret_id(&name).client_request_token(&version.id);
        match put.secret_string(version.text()).send().await {
            Ok(_) => return Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutSecretValueError::is_resource_not_found_exception) => {}
            Err(error) => return Err(AwsError::of("PutSecretValue", &error)),
        }
        let create = self.client.create_secret().name(name).kms_key_id(&self.protection.key_id);
        let created = create.client_request_token(&version.id).secret_string(version.text()).send().await;
        created.map(|_| ()).map_err(|error| AwsError::of("CreateSecret", &error))
    }

    /// Makes a written version the current one in place of `seen`, which becomes the previous one. Returns `false` if
    /// another version became the current one since.
    pub async fn promote(
        &self,
        application: &ApplicationId,
        version: &Version,
        seen: &str,
    ) -> Result<bool, AwsError> {
        let answer = self
            .client
            .update_secret_version_stage()
            .secret_id(secret_name(&self.stack, application))
            .version_stage(CURRENT)
            .move_to_version_id(&version.id)
            .remove_from_version_id(seen)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateSecretVersionStageError::is_invalid_parameter_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(AwsError::of("UpdateSecretVersionStage", &error)),
        }
    }

    /// Removes the waiting label from a version that was promoted, or that never will be. A secret has room for
    /// twenty labels.
    pub async fn settle(&self, application: &ApplicationId, version: &Version) -> Result<(), AwsError> {
        let answer = self
            .client
            .update_secret_version_stage()
            .secret_id(secret_name(&self.stack, application))
            .version_stage(version.label())
            .remove_from_version_id(&version.id)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            // The label was already removed.
            Err(error)
                if error.as_service_error().is_some_and(|error| {
                    error.is_invalid_parameter_exception() || error.is_resource_not_found_exception()
                }) =>
            {
                Ok(())
            }
            Err(error) => Err(AwsError::of("UpdateSecretVersionStage", &error)),
        }
    }
}
