//! The registered applications, with their URIs and client secrets.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    facts::{CLIENT_SECRET_LIFE, CLIENT_SECRET_OVERLAP, DRAFT_VERSION},
    roles::MissingRoles,
};

/// One application as its developer registers it; its secret ends 180 days after registration.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Application {
    /// The application id, which URLs of Seller Central and Vendor Central contain.
    pub application_id: String,
    /// The client id for Login with Amazon.
    pub client_id: String,
    /// The name that partners see.
    pub name: String,
    /// Whether the application is still a draft.
    pub draft: bool,
    /// The URI to which Amazon sends partners to sign in to the application.
    pub login_uri: String,
    /// The URIs to which Amazon may send authorization codes; the first is the default.
    pub redirect_uris: Vec<String>,
    /// The client secret for Login with Amazon.
    pub client_secret: String,
}

impl fmt::Debug for Application {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Application")
            .field("application_id", &self.application_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// An application as Amazon stores it.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) application_id: String,
    pub(crate) client_id: String,
    pub(crate) name: String,
    pub(crate) draft: bool,
    pub(crate) login_uri: String,
    pub(crate) redirect_uris: Vec<String>,
    /// Secrets are only appended, so that an index names a secret permanently.
    pub(crate) client_secrets: Vec<ClientSecret>,
    /// The restricted roles that the application does not have now (F§6).
    #[serde(default)]
    pub(crate) missing_roles: MissingRoles,
}

impl Registration {
    pub(crate) fn new(application: Application, now: Timestamp) -> Self {
        Self {
            application_id: application.application_id,
            client_id: application.client_id,
            name: application.name,
            draft: application.draft,
            login_uri: application.login_uri,
            redirect_uris: application.redirect_uris,
            client_secrets: vec![ClientSecret::new(application.client_secret, now + CLIENT_SECRET_LIFE)],
            missing_roles: MissingRoles::default(),
        }
    }

    /// Changes what a developer may edit; the client id and its secrets stay.
    pub(crate) fn update(&mut self, application: Application) {
        self.name = application.name;
        self.draft = application.draft;
        self.login_uri = application.login_uri;
        self.redirect_uris = application.redirect_uris;
    }

    /// Adds a secret; the others stay valid until they end.
    pub(crate) fn add_secret(&mut self, text: String, ends_at: Timestamp) {
        self.client_secrets.push(ClientSecret::new(text, ends_at));
    }

    /// Adds a secret and lets the others end after the overlap; returns when the last of them ends.
    pub(crate) fn replace_secret(&mut self, new: ClientSecret, now: Timestamp) -> Timestamp {
        for old in &mut self.client_secrets {
            old.ends_at = old.ends_at.min(now + CLIENT_SECRET_OVERLAP);
        }
        let old_ends_at = self.client_secrets.last().map_or(now, |old| old.ends_at);
        self.client_secrets.push(new);
        old_ends_at
    }

    /// Returns the index of the secret with this text, if it is valid.
    pub(crate) fn valid_secret(&self, text: &str, now: Timestamp) -> Option<usize> {
        self.client_secrets.iter().position(|secret| secret.text == text && secret.is_valid(now))
    }

    /// Returns whether the secret has not ended, whether or not Login with Amazon accepts it already.
    pub(crate) fn secret_is_unexpired(&self, index: usize, now: Timestamp) -> bool {
        self.client_secrets.get(index).is_some_and(|secret| now < secret.ends_at)
    }

    /// Returns the value that `version` must have in every URL that names this application (F§1.3, F§2).
    pub(crate) fn version(&self) -> Option<&'static str> {
        self.draft.then_some(DRAFT_VERSION)
    }
}

/// A client secret and its end.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientSecret {
    pub(crate) text: String,
    pub(crate) ends_at: Timestamp,
    /// When Login with Amazon begins to accept it; at once if this is missing.
    #[serde(default, rename = "goodFrom")]
    pub(crate) valid_from: Option<Timestamp>,
    /// The last reminder that was sent, as days before the end.
    #[serde(default)]
    pub(crate) reminded_of_days: Option<i64>,
}

impl ClientSecret {
    pub(crate) fn new(text: String, ends_at: Timestamp) -> Self {
        Self { text, ends_at, valid_from: None, reminded_of_days: None }
    }

    fn is_valid(&self, now: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= now) && now < self.ends_at
    }
}
