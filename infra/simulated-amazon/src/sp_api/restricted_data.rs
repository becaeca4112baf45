//! `createRestrictedDataToken`: a token for resources with personal data (F§6).

use std::collections::BTreeSet;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    facts::{ACCESS_TOKEN_LIFE, RESTRICTED_RESOURCES_LIMIT},
    ledger::Ledger,
    roles::{DataElement, MissingRoles},
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
    request.check_roles(&caller.missing_roles)?;
    let resources = request.restricted_resources.iter().map(Resource::text).collect();
    let opens = Opens::Restricted(caller.account.clone(), resources);
    let missing_roles = caller.missing_roles.clone();
    let token = ledger.issue_access_token(opens, missing_roles, &caller.client, ACCESS_TOKEN_LIFE, now);
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
            let takes = takes(&resource.method, path);
            if takes == Some("concrete") && path.contains(['{', '}']) {
                return invalid("path of getReportDocument must name one document");
            }
            if !resource.elements().is_empty() && takes != Some("elements") {
                return invalid(
                    "dataElements are only for getOrders, getOrder and getOrderItems of Orders v0, and for Orders 2026-01-01",
                );
            }
        }
        Ok(())
    }

    /// Checks that there is a role for everything that the token is to open.
    fn check_roles(&self, missing_roles: &MissingRoles) -> Result<(), SpApiError> {
        let elements = self.restricted_resources.iter().flat_map(Resource::elements);
        let lacking: BTreeSet<_> =
            elements.copied().filter(|element| !missing_roles.opens(*element)).collect();
        if !lacking.is_empty() {
            let names: Vec<_> = lacking.iter().map(DataElement::to_string).collect();
            return Err(SpApiError::RolesMissing(format!(
                "Application does not have access to one or more requested data elements: [{}]",
                names.join(", ")
            )));
        }
        if missing_roles.are_all() {
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
}

/// Returns what the request for this operation may have: `elements`, a `concrete` path only, or nothing more (`-`). Other operations
/// are not in the table; whether Amazon refuses a token for them is unconfirmed, and here it is issued.
fn takes(method: &str, path: &str) -> Option<&'static str> {
    let generic = |segment: &str| segment.starts_with('{');
    RESTRICTED.lines().find_map(|line| {
        let [known_method, known_path, takes] = line.split(' ').collect::<Vec<_>>()[..] else { return None };
        let (known, asked): (Vec<_>, Vec<_>) = (known_path.split('/').collect(), path.split('/').collect());
        let mut segments = known.iter().zip(&asked);
        let same =
            known.len() == asked.len() && segments.all(|(known, asked)| known == asked || generic(known));
        (known_method == method && same).then_some(takes)
    })
}

/// A line for each restricted operation: method, path, and what a request for it may have (F§6). Whether Orders 2026-01-01 takes data
/// elements is unconfirmed.
const RESTRICTED: &str = include_str!("restricted_operations.txt");

const METHODS: [&str; 4] = ["GET", "PUT", "POST", "DELETE"];
