//! Stores a client secret that an operator sends, or requests a new one from Amazon.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{
    application::Application,
    client_secret::{Accepted, Asked, Asker, Candidate, NotAccepted, versions::Version},
    deadline::Clock,
    error::Error,
    history::actor::{By, Who},
    secret::{ClientSecret, Fingerprint},
};

use crate::Administration;

/// The longest life of a client secret: 180 days (F§5.1), and one day for clocks and time zones.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(181 * 24);

impl Administration {
    /// Stores the secret in the same steps as one that Amazon sends: it replaces nothing before Amazon has accepted it.
    pub(crate) async fn set_client_secret(
        &self,
        application: &Application,
        secret: ClientSecret,
        expires_at: Option<Timestamp>,
        by: Option<By>,
        clock: Clock,
    ) -> Result<Value, Error> {
        if expires_at
            .is_some_and(|end| end <= clock.began() || end.duration_since(clock.began()) > LONGEST_LIFE)
        {
            return Err(Error::invalid(
                "expiresAt",
                "a time within the next 181 days: a client secret lives 180",
            ));
        }
        // The date is a part of the version's id, so that the same secret with another date is stored again.
        let origin = format!("{}\n{}\n{expires_at:?}", application.client_id, secret.expose());
        let candidate = Candidate {
            application_id: application.application_id.clone(),
            version: Version {
                id: Fingerprint::of(&origin).as_str().to_owned(),
                client_id: application.client_id.clone(),
                client_secret: secret,
                ends_at: expires_at,
            },
            old_ends_at: None,
            who: Who::operator(by),
        };
        let accepted = self.secrets.accept(&candidate, clock).await.map_err(|error| match error {
            NotAccepted::NotProved => {
                Error::RequestRefused("Amazon does not accept this secret for the application")
            }
            NotAccepted::Amazon(error) => error.into(),
            NotAccepted::Aws(error) => error.into(),
        })?;
        Ok(json!({ "changed": accepted == Accepted::Promoted }))
    }

    pub(crate) async fn rotate_client_secret(
        &self,
        application: &Application,
        asker: &Asker,
        clock: Clock,
    ) -> Result<Value, Error> {
        match self.secrets.look_after(application, asker, clock).await? {
            Asked::Yes => Ok(json!({ "asked": true })),
            Asked::Not(reason) => Err(Error::RequestRefused(reason)),
            Asked::Refused => Err(Error::RequestRefused(
                "Amazon did not issue a new client secret; hint: in Amazon's portal, subscribe the queue to its notifications",
            )),
        }
    }
}
