//! The aliases of functions and the resource policies, in a file of the data directory. An alias points at `$LATEST`, because no
//! version is ever published here.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::secret::random_word;
use tokio::sync::Mutex;

use crate::{
    arn::{ACCOUNT, function_arn},
    aws::{OpenError, lambda::Refusal, state_file::StateFile},
    locked::Locked,
};

/// Every alias and every resource policy.
pub(super) struct Aliases {
    file: StateFile,
    /// Lets one change after the other read, decide and write.
    change: Mutex<()>,
    state: Locked<State>,
}

#[derive(Clone, Default, Deserialize, Serialize)]
struct State {
    /// By function and name, such as `get-access-token:orders`.
    aliases: BTreeMap<String, Alias>,
    /// The statements of a policy by their ids; by function, or by function and alias.
    policies: BTreeMap<String, BTreeMap<String, Value>>,
}

#[derive(Clone, Deserialize, Serialize)]
struct Alias {
    description: String,
    revision: String,
}

/// The body of `CreateAlias` and `UpdateAlias`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AliasRequest {
    #[serde(default)]
    name: String,
    function_version: Option<String>,
    description: Option<String>,
    revision_id: Option<String>,
    routing_config: Option<Value>,
}

impl AliasRequest {
    /// A request for an alias of `$LATEST`.
    pub(super) fn of_latest(name: &str) -> Self {
        Self { name: name.to_owned(), function_version: Some("$LATEST".to_owned()), ..Self::default() }
    }
}

/// The body of `AddPermission`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PermissionRequest {
    statement_id: String,
    action: String,
    principal: String,
}

impl Aliases {
    pub(super) async fn open(data: Option<&Path>) -> Result<Self, OpenError> {
        let file = StateFile::new(data, "lambda");
        let state = file.read::<State>().await?.unwrap_or_default();
        Ok(Self { file, change: Mutex::default(), state: Locked::new(state) })
    }

    /// Whether the function has this alias.
    pub(super) fn has(&self, function: &str, name: &str) -> bool {
        self.state.lock().aliases.contains_key(&key(function, Some(name)))
    }

    pub(super) async fn create(&self, function: &str, request: AliasRequest) -> Result<Value, Refusal> {
        let AliasRequest { name, function_version, description, routing_config, .. } = request;
        let name = checked_name(&name)?.to_owned();
        latest(function, function_version.as_deref(), routing_config.as_ref())?;
        self.changed(|state| {
            if state.aliases.contains_key(&key(function, Some(&name))) {
                let arn = function_arn(ACCOUNT, function, Some(&name));
                return Err(Refusal::conflict(format!("Alias already exists: {arn}")));
            }
            let alias = Alias { description: description.unwrap_or_default(), revision: random_word() };
            let view = alias.view(function, &name);
            state.aliases.insert(key(function, Some(&name)), alias);
            Ok(view)
        })
        .await
    }

    pub(super) async fn update(
        &self,
        function: &str,
        name: &str,
        request: AliasRequest,
    ) -> Result<Value, Refusal> {
        if request.function_version.is_some() {
            latest(function, request.function_version.as_deref(), request.routing_config.as_ref())?;
        }
        self.changed(|state| {
            let alias =
                state.aliases.get_mut(&key(function, Some(name))).ok_or_else(|| gone(function, name))?;
            if request.revision_id.is_some_and(|revision| revision != alias.revision) {
                return Err(Refusal::precondition_failed());
            }
            if let Some(description) = request.description {
                alias.description = description;
            }
            alias.revision = random_word();
            Ok(alias.view(function, name))
        })
        .await
    }

    pub(super) fn get(&self, function: &str, name: &str) -> Result<Value, Refusal> {
        let state = self.state.lock();
        let alias = state.aliases.get(&key(function, Some(name)));
        alias.map(|alias| alias.view(function, name)).ok_or_else(|| gone(function, name))
    }

    /// A page of at most `most` aliases after the one that is called `marker`, by name.
    pub(super) fn list(&self, function: &str, marker: Option<&str>, most: usize) -> Value {
        let state = self.state.lock();
        let named = state.aliases.iter().filter_map(|(key, alias)| {
            let (of, name) = key.split_once(':')?;
            (of == function && marker.is_none_or(|marker| name > marker)).then_some((name, alias))
        });
        let mut page: Vec<_> = named.take(most + 1).collect();
        let more = page.len() > most;
        page.truncate(most);
        let next = page.last().filter(|_| more).map(|(name, _)| *name);
        let views: Vec<_> = page.iter().map(|(name, alias)| alias.view(function, name)).collect();
        json!({"Aliases": views, "NextMarker": next})
    }

    /// Deletes an alias and its policy. As on AWS, it is no error if the function does not have it.
    pub(super) async fn delete(&self, function: &str, name: &str) -> Result<(), Refusal> {
        self.changed(|state| {
            state.aliases.remove(&key(function, Some(name)));
            state.policies.remove(&key(function, Some(name)));
            Ok(())
        })
        .await
    }

    pub(super) async fn permit(
        &self,
        function: &str,
        qualifier: Option<&str>,
        request: PermissionRequest,
    ) -> Result<Value, Refusal> {
        let PermissionRequest { statement_id, action, principal } = request;
        let statement = json!({
            "Sid": statement_id, "Effect": "Allow", "Principal": principal_of(&principal)?, "Action": action,
            "Resource": function_arn(ACCOUNT, function, qualifier),
        });
        self.changed(|state| {
            let policy = state.policies.entry(key(function, qualifier)).or_default();
            if policy.contains_key(&statement_id) {
                return Err(Refusal::conflict(format!(
                    "The statement id ({statement_id}) provided already exists. Please provide a new statement id, or remove \
                     the existing statement."
                )));
            }
            policy.insert(statement_id, statement.clone());
            Ok(json!({"Statement": statement.to_string()}))
        })
        .await
    }

    pub(super) async fn forbid(
        &self,
        function: &str,
        qualifier: Option<&str>,
        statement_id: &str,
    ) -> Result<(), Refusal> {
        self.changed(|state| {
            let policy = state.policies.get_mut(&key(function, qualifier));
            let removed = policy.and_then(|policy| policy.remove(statement_id));
            state.policies.retain(|_, statements| !statements.is_empty());
            let missing =
                || Refusal::not_found(format!("Statement {statement_id} is not found in resource policy."));
            removed.map(drop).ok_or_else(missing)
        })
        .await
    }

    pub(super) fn policy(&self, function: &str, qualifier: Option<&str>) -> Result<Value, Refusal> {
        let state = self.state.lock();
        let statements = state
            .policies
            .get(&key(function, qualifier))
            .ok_or_else(|| Refusal::not_found("The resource you requested does not exist.".to_owned()))?;
        let statements: Vec<_> = statements.values().collect();
        let policy = json!({"Version": "2012-10-17", "Id": "default", "Statement": statements});
        Ok(json!({"Policy": policy.to_string(), "RevisionId": random_word()}))
    }

    /// Makes a change, and stores it before it is seen.
    async fn changed<T>(&self, change: impl FnOnce(&mut State) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let _alone = self.change.lock().await;
        let mut state = self.state.lock().clone();
        let done = change(&mut state)?;
        if let Err(error) = self.file.turn().await.write(&state).await {
            tracing::error!(%error, "Could not store the aliases of the functions");
            return Err(Refusal::internal());
        }
        *self.state.lock() = state;
        Ok(done)
    }
}

impl Alias {
    fn view(&self, function: &str, name: &str) -> Value {
        json!({
            "AliasArn": function_arn(ACCOUNT, function, Some(name)), "Name": name, "FunctionVersion": "$LATEST",
            "Description": self.description, "RevisionId": self.revision,
        })
    }
}

fn key(function: &str, qualifier: Option<&str>) -> String {
    qualifier.map_or_else(|| function.to_owned(), |qualifier| format!("{function}:{qualifier}"))
}

fn gone(function: &str, name: &str) -> Refusal {
    Refusal::not_found(format!("Cannot find alias arn: {}", function_arn(ACCOUNT, function, Some(name))))
}

/// The name, if it is one of an alias: 1 to 128 letters, digits, `-` and `_`, of which not all are digits.
fn checked_name(name: &str) -> Result<&str, Refusal> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let number = name.bytes().all(|byte| byte.is_ascii_digit());
    if (1..=128).contains(&name.len()) && plain && !number {
        return Ok(name);
    }
    Err(Refusal::constraint(format!(
        "1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"
    )))
}

/// Refuses an alias of a version, of which there is none, and one of two versions.
fn latest(function: &str, version: Option<&str>, routing: Option<&Value>) -> Result<(), Refusal> {
    if routing
        .is_some_and(|routing| routing["AdditionalVersionWeights"].as_object().is_some_and(|w| !w.is_empty()))
    {
        return Err(Refusal::invalid(
            "$LATEST is not supported for an alias pointing to more than 1 version",
        ));
    }
    match version {
        Some("$LATEST") => Ok(()),
        Some(version) => {
            let arn = function_arn(ACCOUNT, function, Some(version));
            Err(Refusal::not_found(format!("Function not found: {arn}")))
        }
        None => Err(Refusal::constraint(
            "1 validation error detected: Value null at 'functionVersion' failed to satisfy constraint: Member must not be null"
                .to_owned(),
        )),
    }
}

fn principal_of(principal: &str) -> Result<Value, Refusal> {
    let account = principal.len() == 12 && principal.bytes().all(|byte| byte.is_ascii_digit());
    if account {
        Ok(json!({"AWS": format!("arn:aws:iam::{principal}:root")}))
    } else if principal.starts_with("arn:aws:iam::") {
        Ok(json!({"AWS": principal}))
    } else if principal.ends_with(".amazonaws.com") {
        Ok(json!({"Service": principal}))
    } else {
        Err(Refusal::invalid("The provided principal was invalid. Please check the principal and try again."))
    }
}
