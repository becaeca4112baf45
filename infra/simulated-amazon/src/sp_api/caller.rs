//! Who calls: the access token of a request, and what it opens (F§4.7, F§7.1).

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;

use crate::{
    accounts::{Account, GrantKey, Partner},
    backend::Backend,
    facts::{Operation, USER_AGENT_LIMIT},
    ledger::Ledger,
    marketplaces::PartnerType,
    roles::{DataElement, MissingRoles},
    sp_api::SpApiError,
    tokens::{AccessToken, Client, GrantStatus, Opens},
};

/// An application that calls on behalf of an account.
pub(super) struct Caller {
    pub(super) client: Client,
    pub(super) account: Account,
    /// The roles that the authorization or, by now, the application lacks.
    pub(super) missing_roles: MissingRoles,
    /// What a restricted data token opens; nothing for an ordinary token.
    restricted: Option<Vec<String>>,
}

impl Caller {
    /// Validates the access token and takes one request from the caller's rate limit.
    pub(super) fn admit(
        headers: &HeaderMap,
        operation: Operation,
        backend: &mut Backend,
        now: Timestamp,
    ) -> Result<Self, SpApiError> {
        let ledger = backend.ledger();
        let token = unexpired_token(headers, backend, now)?;
        let (account, restricted) = match &token.opens {
            Opens::Partner(account) => (account, None),
            Opens::Restricted(account, resources) if opens(resources, operation) => {
                (account, Some(resources.clone()))
            }
            Opens::Restricted(..) | Opens::Scope(_) => return Err(SpApiError::Unauthorized),
        };
        let grant = GrantKey::new(&token.application_id, account);
        if ledger.grants.get(&grant).is_none_or(|grant| grant.status(now) != GrantStatus::Active) {
            return Err(SpApiError::TokenRefused);
        }
        check_secret(token, ledger, now)?;
        let application = ledger.applications.get(&token.application_id).ok_or(SpApiError::TokenRefused)?;
        let caller = Self {
            client: Client { application_id: token.application_id.clone(), secret: token.client_secret },
            account: account.clone(),
            missing_roles: token.missing_roles.union(&application.missing_roles),
            restricted,
        };
        if backend.rate_limits.take(operation, grant, now) {
            Ok(caller)
        } else {
            Err(SpApiError::QuotaExceeded)
        }
    }

    /// Returns the seller on whose behalf the application calls; a vendor is refused (F§7.3).
    pub(super) fn seller<'l>(&self, ledger: &'l Ledger) -> Result<&'l Partner, SpApiError> {
        let partner = ledger.partners.get(&self.account).ok_or(SpApiError::TokenRefused)?;
        if partner.kind == PartnerType::Seller { Ok(partner) } else { Err(SpApiError::Unauthorized) }
    }

    /// Returns whether the token is an ordinary one.
    pub(super) fn is_unrestricted(&self) -> bool {
        self.restricted.is_none()
    }

    /// Returns whether the token is a restricted one that was asked for this part of an operation's answer.
    pub(super) fn may_see(&self, element: DataElement, operation: Operation) -> bool {
        let element = element.to_string();
        let opened = |resource: &String| resource.split(' ').skip(2).any(|opened| opened == element);
        let mut resources = self.restricted.iter().flatten().filter(|resource| is_of(resource, operation));
        resources.any(opened)
    }
}

/// Admits the holder of a grantless token of a scope; returns its application.
pub(super) fn admit_grantless(
    scope: &str,
    headers: &HeaderMap,
    operation: Operation,
    backend: &mut Backend,
    now: Timestamp,
) -> Result<String, SpApiError> {
    let token = unexpired_token(headers, backend, now)?;
    let has_scope = |opened: &str| opened.split_whitespace().any(|opened| opened == scope);
    if !matches!(&token.opens, Opens::Scope(opened) if has_scope(opened)) {
        return Err(SpApiError::Unauthorized);
    }
    check_secret(token, backend.ledger(), now)?;
    let application = token.application_id.clone();
    if backend.rate_limits.take(operation, application.as_str(), now) {
        Ok(application)
    } else {
        Err(SpApiError::QuotaExceeded)
    }
}

fn opens(resources: &[String], operation: Operation) -> bool {
    resources.iter().any(|resource| is_of(resource, operation))
}

/// Returns whether a resource (method, path and data elements, joined by blanks) is this operation.
fn is_of(resource: &str, operation: Operation) -> bool {
    let path = match operation {
        Operation::OrdersV0 => "/orders/v0/orders",
        Operation::SearchOrders => "/orders/2026-01-01/orders",
        Operation::Account
        | Operation::ClientSecret
        | Operation::Destinations
        | Operation::Participations
        | Operation::RestrictedDataToken => return false,
    };
    let mut words = resource.split(' ');
    words.next() == Some("GET") && words.next() == Some(path)
}

/// Returns the access token of a request, unless it has expired.
fn unexpired_token<'a>(
    headers: &HeaderMap,
    backend: &'a Backend,
    now: Timestamp,
) -> Result<&'a AccessToken, SpApiError> {
    let text = access_token_of(headers, backend.user_agent_required)?;
    let token = backend.ledger().access_tokens.get(text).ok_or(SpApiError::TokenRefused)?;
    if now < token.ends_at { Ok(token) } else { Err(SpApiError::TokenExpired) }
}

/// Checks the client secret with which a token was requested: the token ends with it (F§4.7).
fn check_secret(token: &AccessToken, ledger: &Ledger, now: Timestamp) -> Result<(), SpApiError> {
    let application = ledger.applications.get(&token.application_id).ok_or(SpApiError::TokenRefused)?;
    if application.secret_is_unexpired(token.client_secret, now) {
        Ok(())
    } else {
        Err(SpApiError::SecretExpired)
    }
}

/// Returns the text of a request's access token if the headers are valid. Amazon's documents require a `User-Agent`, and requests
/// without one are answered (F§7.1).
fn access_token_of(headers: &HeaderMap, user_agent_required: bool) -> Result<&str, SpApiError> {
    let token = headers.get("x-amz-access-token").and_then(|token| token.to_str().ok());
    let token = token.filter(|token| !token.is_empty()).ok_or(SpApiError::TokenMissing)?;
    match headers.get(header::USER_AGENT).map_or(0, HeaderValue::len) {
        0 if user_agent_required => Err(SpApiError::InvalidInput("User-Agent is missing".to_owned())),
        0..=USER_AGENT_LIMIT => Ok(token),
        _ => Err(SpApiError::InvalidInput("User-Agent is too long".to_owned())),
    }
}
