//! `createRestrictedDataToken`: a token for resources with personal data (F§6).

use std::collections::BTreeSet;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    applications::Registration,
    facts::{ACCESS_TOKEN_LIFE, RESTRICTED_RESOURCES_LIMIT},
    ledger::Ledger,
    roles::DataElement,
    sp_api::{SpApiError, caller::Caller},
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
    let media_type = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(SpApiError::UnsupportedMediaType);
    }
    let request: TokenRequest =
        serde_json::from_slice(body).map_err(|error| SpApiError::InvalidInput(error.to_string()))?;
    request.validate(ledger)?;
    let application = ledger.applications.get(&caller.client.application_id);
    request.check_roles(application.ok_or(SpApiError::TokenRefused)?)?;
    let resources = request.restricted_resources.iter().map(Resource::text).collect();
    let opens = Opens::Restricted(caller.account.clone(), resources);
    let token = ledger.issue_access_token(opens, &caller.client, ACCESS_TOKEN_LIFE, now);
    Ok(json!({ "restrictedDataToken": token, "expiresIn": ACCESS_TOKEN_LIFE.as_secs() }))
}

/// A request. Unknown fields are ignored, as Amazon does (F§6).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenRequest {
    restricted_resources: Vec<Resource>,
    target_application: Option<String>,
}

impl TokenRequest {
    fn validate(&self, ledger: &Ledger) -> Result<(), SpApiError> {
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
            if resource.is_of_any_report() {
                return invalid("path of getReportDocument must name one document");
            }
            if !resource.elements().is_empty() && !resource.is_of_orders() {
                return invalid(
                    "dataElements are only for getOrders, getOrder and getOrderItems of Orders v0, and for Orders 2026-01-01",
                );
            }
        }
        Ok(())
    }

    /// Checks that the application has a role for everything that the token is to open.
    fn check_roles(&self, application: &Registration) -> Result<(), SpApiError> {
        let elements = self.restricted_resources.iter().flat_map(Resource::elements);
        let lacking: BTreeSet<_> =
            elements.copied().filter(|element| !application.has_role_for(*element)).collect();
        if !lacking.is_empty() {
            let names: Vec<_> = lacking.iter().map(DataElement::to_string).collect();
            return Err(SpApiError::RolesMissing(format!(
                "Application does not have access to one or more requested data elements: [{}]",
                names.join(", ")
            )));
        }
        if !application.has_any_role() {
            let message = "Application do not have access to some or all requested resource";
            return Err(SpApiError::RolesMissing(message.to_owned()));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    method: String,
    path: String,
    data_elements: Option<Vec<DataElement>>,
}

impl Resource {
    fn elements(&self) -> &[DataElement] {
        self.data_elements.as_deref().unwrap_or_default()
    }

    /// Returns the resource as a token stores it: method, path and data elements, joined by blanks.
    fn text(&self) -> String {
        let elements = self.elements().iter().map(|element| format!(" {element}"));
        format!("{} {}{}", self.method, self.path, elements.collect::<String>())
    }

    /// Returns whether this is an operation of Orders that has data elements. Those of Orders 2026-01-01 are unconfirmed.
    fn is_of_orders(&self) -> bool {
        let segments: Vec<_> = self.path.split('/').skip(1).collect();
        let known = matches!(
            segments.as_slice(),
            ["orders", "v0" | "2026-01-01", "orders"]
                | ["orders", "v0" | "2026-01-01", "orders", _]
                | ["orders", "v0", "orders", _, "orderItems"]
        );
        self.method == "GET" && known
    }

    /// Returns whether this is `getReportDocument` with a generic path: a token is for one document only.
    fn is_of_any_report(&self) -> bool {
        let document = self.path.strip_prefix("/reports/2021-06-30/documents/");
        document.is_some_and(|id| id.is_empty() || id.contains(['{', '}']))
    }
}

const METHODS: [&str; 4] = ["GET", "PUT", "POST", "DELETE"];
