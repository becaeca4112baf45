//! Secrets Manager: the engine, and the rules of staging labels that a rotation relies on and the engine lacks.
//!
//! A label is on at most one version. A version is written once. A label moves only from the version that the caller names.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use winterbaume_core::{MockRequest, MockResponse, MockService, StatefulService};
use winterbaume_secretsmanager::{
    SecretsManagerService,
    views::{SecretView, SecretsmanagerStateView},
};

use crate::{
    arn::{ACCOUNT, REGION},
    aws::{
        OpenError,
        service::{self, Service},
        state_file::StateFile,
    },
};

pub(super) struct SecretsManager {
    engine: SecretsManagerService,
    file: StateFile,
}

impl SecretsManager {
    pub(super) async fn open(data: Option<&Path>) -> Result<Self, OpenError> {
        let secrets_manager =
            Self { engine: SecretsManagerService::new(), file: StateFile::new(data, "secretsmanager") };
        if let Some(state) = secrets_manager.file.read().await? {
            secrets_manager.replace(state).await;
        }
        Ok(secrets_manager)
    }

    pub(super) async fn handle(&self, operation: &str, request: MockRequest) -> MockResponse {
        if READING.iter().any(|verb| operation.starts_with(verb)) {
            return self.engine.handle(request).await;
        }
        let mut turn = self.file.turn().await;
        let asked: Asked = serde_json::from_slice(&request.body).unwrap_or_default();
        let before = self.engine.snapshot(ACCOUNT, REGION).await;
        if let Some(secret) = find(&before, &asked.secret_id)
            && secret.deleted_date.is_none()
            && let Some(answer) = asked.without_change(operation, secret)
        {
            return answer;
        }
        let mut answer = self.engine.handle(request).await;
        let mut state = self.engine.snapshot(ACCOUNT, REGION).await;
        if answer.status == 200
            && let Some(secret) = state.secrets.values_mut().find(|secret| asked.names(secret))
        {
            straighten_labels(secret, find(&before, &asked.secret_id));
            if operation == "PutSecretValue"
                && let Some(token) = &asked.client_request_token
            {
                answer = put(secret, token);
            }
            self.replace(state.clone()).await;
        }
        match turn.write(&state).await {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!(%error, "Could not store the state of Secrets Manager");
                Service::SecretsManager.internal_error()
            }
        }
    }

    async fn replace(&self, state: SecretsmanagerStateView) {
        // The engine's restore cannot fail.
        let _ = self.engine.restore(ACCOUNT, REGION, state).await;
    }
}

/// The first words of the operations that change no secret.
const READING: [&str; 5] = ["BatchGet", "Describe", "Get", "List", "Validate"];

/// The members of a request that the rules use.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Asked {
    secret_id: String,
    client_request_token: Option<String>,
    secret_string: Option<String>,
    secret_binary: Option<String>,
    version_stage: String,
    remove_from_version_id: Option<String>,
    move_to_version_id: Option<String>,
}

impl Asked {
    fn names(&self, secret: &SecretView) -> bool {
        self.secret_id == secret.name || self.secret_id == secret.arn
    }

    /// The answer to a request that is refused, or that an earlier request has already fulfilled.
    fn without_change(&self, operation: &str, secret: &SecretView) -> Option<MockResponse> {
        match operation {
            "PutSecretValue" | "UpdateSecret" if self.secret_binary.is_some() => {
                Some(invalid("The local stack does not support SecretBinary; use SecretString"))
            }
            "PutSecretValue" => {
                let token = self.client_request_token.as_ref()?;
                let version = secret.versions.get(token)?;
                if version.secret_string == self.secret_string {
                    return Some(put(secret, token));
                }
                let message =
                    "You can't use ClientRequestToken for another value: that version already exists.";
                Some(service::error(400, "ResourceExistsException", message))
            }
            "UpdateSecretVersionStage" => {
                let holder = holder(secret, &self.version_stage);
                let from = self.remove_from_version_id.as_deref();
                let misplaced = from.is_some() && from != holder;
                let taken =
                    holder.is_some() && from.is_none() && self.move_to_version_id.as_deref() != holder;
                (misplaced || taken).then(|| {
                    invalid(&format!(
                        "RemoveFromVersionId must name the version to which the staging label {} is attached.",
                        self.version_stage
                    ))
                })
            }
            _ => None,
        }
    }
}

/// Keeps AWSPREVIOUS only on the version that was current until now, and makes a secret's first version current.
fn straighten_labels(secret: &mut SecretView, before: Option<&SecretView>) {
    let was_current = before.and_then(|before| holder(before, CURRENT)).map(str::to_owned);
    let is_current = holder(secret, CURRENT).map(str::to_owned);
    if is_current.is_none()
        && secret.versions.len() == 1
        && let Some(first) = secret.versions.values_mut().next()
    {
        first.version_stages.push(CURRENT.to_owned());
        secret.current_version_id = Some(first.version_id.clone());
    } else if let Some(was_current) = was_current
        && is_current.as_ref() != Some(&was_current)
    {
        for version in secret.versions.values_mut().filter(|version| version.version_id != was_current) {
            version.version_stages.retain(|stage| stage != PREVIOUS);
        }
    }
}

fn find<'a>(state: &'a SecretsmanagerStateView, id: &str) -> Option<&'a SecretView> {
    state.secrets.values().find(|secret| secret.name == id || secret.arn == id)
}

fn holder<'a>(secret: &'a SecretView, label: &str) -> Option<&'a str> {
    let mut versions = secret.versions.values();
    versions
        .find(|version| version.version_stages.iter().any(|stage| stage == label))
        .map(|version| version.version_id.as_str())
}

fn put(secret: &SecretView, version: &str) -> MockResponse {
    let stages = secret.versions.get(version).map(|version| &version.version_stages);
    let body = json!({"ARN": secret.arn, "Name": secret.name, "VersionId": version, "VersionStages": stages});
    MockResponse::json(200, body.to_string())
}

fn invalid(message: &str) -> MockResponse {
    service::error(400, "InvalidParameterException", message)
}

const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";
