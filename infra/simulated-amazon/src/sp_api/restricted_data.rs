//! `createRestrictedDataToken`: a token for resources with personal data (F§6).

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    facts::{ACCESS_TOKEN_LIFE, DATA_ELEMENTS, RESTRICTED_RESOURCES_LIMIT},
    ledger::Ledger,
    sp_api::{Caller, SpApiError},
    tokens::Opens,
    validation::known_application,
};

/// Issues a restricted data token if the request is valid.
pub(super) fn issue(
    caller: &Caller,
    headers: &HeaderMap,
    body: &[u8],
    ledger: &mut Ledger,
    now: Timestamp,
) -> Result<Value, SpApiError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.and_then(|value| value.split(';').next()).map(str::trim) != Some("application/json") {
        return Err(SpApiError::UnsupportedMediaType);
    }
    let request: TokenRequest =
        serde_json::from_slice(body).map_err(|error| SpApiError::InvalidInput(error.to_string()))?;
    let resources = request.resources(ledger)?;
    let opens = Opens::Restricted(caller.account.clone(), resources);
    let token = ledger.issue_access_token(opens, &caller.client, ACCESS_TOKEN_LIFE, now);
    Ok(json!({ "restrictedDataToken": token, "expiresIn": ACCESS_TOKEN_LIFE.as_secs() }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenRequest {
    restricted_resources: Vec<Resource>,
    target_application: Option<String>,
}

impl TokenRequest {
    /// Returns the resources as method and path, if each is valid.
    fn resources(&self, ledger: &Ledger) -> Result<Vec<String>, SpApiError> {
        let invalid = |details: &str| Err(SpApiError::InvalidInput(details.to_owned()));
        if !(1..=RESTRICTED_RESOURCES_LIMIT).contains(&self.restricted_resources.len()) {
            return invalid("restrictedResources must have 1 to 50 entries");
        }
        // Whether a draft is named so is unconfirmed; both forms are accepted.
        let target = self.target_application.as_deref();
        let target = target.map(|target| target.strip_suffix("&version=beta").unwrap_or(target));
        if target.is_some_and(|id| known_application(ledger, id).is_err()) {
            return invalid("targetApplication is not a registered application");
        }
        for resource in &self.restricted_resources {
            let path = &resource.path;
            if !path.starts_with('/') || path.contains(|c: char| c.is_whitespace() || "?#".contains(c)) {
                return invalid("path must begin with / and have no white space, query or fragment");
            }
            if !METHODS.contains(&resource.method.as_str()) {
                return invalid("method must be GET, PUT, POST or DELETE");
            }
            let elements = resource.data_elements.as_deref().unwrap_or_default();
            if !elements.iter().all(|element| DATA_ELEMENTS.contains(&element.as_str())) {
                return invalid("dataElements has an unknown entry");
            }
            if !elements.is_empty() && !resource.is_of_orders() {
                return invalid(
                    "dataElements are only for getOrders, getOrder and getOrderItems of Orders v0",
                );
            }
        }
        Ok(self
            .restricted_resources
            .iter()
            .map(|resource| format!("{} {}", resource.method, resource.path))
            .collect())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Resource {
    method: String,
    path: String,
    data_elements: Option<Vec<String>>,
}

impl Resource {
    /// Returns whether this is an operation of Orders v0 that has data elements.
    fn is_of_orders(&self) -> bool {
        let segments: Vec<_> = self.path.split('/').skip(1).collect();
        let known = matches!(
            segments.as_slice(),
            ["orders", "v0", "orders"]
                | ["orders", "v0", "orders", _]
                | ["orders", "v0", "orders", _, "orderItems"]
        );
        self.method == "GET" && known
    }
}

const METHODS: [&str; 4] = ["GET", "PUT", "POST", "DELETE"];
