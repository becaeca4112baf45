//! The applications that developers have registered, with their URIs and secrets.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::facts::{CLIENT_SECRET_LIFE, CLIENT_SECRET_OVERLAP, DRAFT_VERSION};

/// One application as its developer registers it; its secret ends 180 days after registration.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Application {
    /// Names the application in URLs of Seller Central and Vendor Central.
    pub application_id: String,
    /// Names the application to Login with Amazon.
    pub client_id: String,
    /// What partners see.
    pub name: String,
    /// Whether the application has not been published yet.
    pub draft: bool,
    /// Where Amazon sends partners to sign in to the application.
    pub login_uri: String,
    /// Where Amazon may send authorization codes; the first is the default.
    pub redirect_uris: Vec<String>,
    /// Proves the application to Login with Amazon.
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

/// An application in Amazon's books.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) application_id: String,
    pub(crate) client_id: String,
    pub(crate) name: String,
    pub(crate) draft: bool,
    pub(crate) login_uri: String,
    pub(crate) redirect_uris: Vec<String>,
    /// Only ever appended to, so that an index names a secret for good.
    pub(crate) client_secrets: Vec<ClientSecret>,
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
        }
    }

    /// Takes over what a developer may edit; the client id and its secrets stay.
    pub(crate) fn update(&mut self, application: Application) {
        self.name = application.name;
        self.draft = application.draft;
        self.login_uri = application.login_uri;
        self.redirect_uris = application.redirect_uris;
    }

    /// Takes one more secret; those before stay good until they end.
    pub(crate) fn add_secret(&mut self, text: String, ends_at: Timestamp) {
        self.client_secrets.push(ClientSecret::new(text, ends_at));
    }

    /// Takes a secret in place of those before, which end soon; tells when the last of them does.
    pub(crate) fn replace_secret(&mut self, new: ClientSecret, now: Timestamp) -> Timestamp {
        for old in &mut self.client_secrets {
            old.ends_at = old.ends_at.min(now + CLIENT_SECRET_OVERLAP);
        }
        let old_ends_at = self.client_secrets.last().map_or(now, |old| old.ends_at);
        self.client_secrets.push(new);
        old_ends_at
    }

    /// The index of the secret that `text` is, while it is good.
    pub(crate) fn good_secret(&self, text: &str, now: Timestamp) -> Option<usize> {
        self.client_secrets.iter().position(|secret| secret.text == text && secret.is_good(now))
    }

    pub(crate) fn secret_is_good(&self, index: usize, now: Timestamp) -> bool {
        self.client_secrets.get(index).is_some_and(|secret| now < secret.ends_at)
    }

    /// What `version` has to say wherever a journey names this application (F§1.3, F§2).
    pub(crate) fn version(&self) -> Option<&'static str> {
        self.draft.then_some(DRAFT_VERSION)
    }
}

/// A secret and its end.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientSecret {
    pub(crate) text: String,
    pub(crate) ends_at: Timestamp,
    /// Login with Amazon does not know it any earlier; from the start if it does not say.
    #[serde(default)]
    pub(crate) good_from: Option<Timestamp>,
    /// How many days before its end the last reminder of it was for.
    #[serde(default)]
    pub(crate) reminded_of_days: Option<i64>,
}

impl ClientSecret {
    pub(crate) fn new(text: String, ends_at: Timestamp) -> Self {
        Self { text, ends_at, good_from: None, reminded_of_days: None }
    }

    fn is_good(&self, now: Timestamp) -> bool {
        self.good_from.is_none_or(|from| from <= now) && now < self.ends_at
    }
}
