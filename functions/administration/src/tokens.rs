//! The emergency command: invalidates stored access tokens. New ones are fetched on demand.

use serde_json::{Value, json};
use shared::{
    access_token::TokenKey,
    application::Application,
    deadline::{Clock, retry_until},
    error::Error,
    grant::{
        Grant, GrantKey,
        store::{Listed, Place, Span},
    },
    grant_change::by_operator::invalidated,
    history::actor::Who,
    ids::SellingPartnerId,
    lambda::cursor,
    region::Region,
};

use crate::Administration;

/// The number of grants that one invocation handles, which takes some seconds.
const PAGE: i32 = 100;

impl Administration {
    pub(crate) async fn invalidate_tokens(
        &self,
        application: &Application,
        which: (Option<(SellingPartnerId, Region)>, Option<String>),
        who: &Who,
        clock: Clock,
    ) -> Result<Value, Error> {
        match which {
            (Some((selling_partner_id, region)), None) => {
                let application_id = application.application_id.clone();
                let key = GrantKey { application_id, region, selling_partner_id };
                let key = self.grants.current_key(&key, clock.deadline()).await?;
                self.raise_version(&key, who, clock).await?;
                Ok(json!({ "invalidated": 1 }))
            }
            (Some(_), Some(_)) => Err(Error::invalid("cursor", "none together with one grant")),
            (None, cursor) => self.invalidate_all_tokens(application, cursor, who, clock).await,
        }
    }

    async fn invalidate_all_tokens(
        &self,
        application: &Application,
        cursor: Option<String>,
        who: &Who,
        clock: Clock,
    ) -> Result<Value, Error> {
        if cursor.is_none() {
            for scope in &application.scopes {
                let key = TokenKey::of_scope(&application.application_id, scope);
                retry_until(clock.deadline(), || self.tokens.forget(&key)).await?;
            }
        }
        let id = &application.application_id;
        let query = json!(["invalidateTokens", id]).to_string();
        let from = match &cursor {
            None => None,
            Some(text) => {
                let place: Result<Place, _> = cursor::read(&query, text)?.parse();
                Some(place.map_err(|malformed| Error::invalid("cursor", malformed.to_string()))?)
            }
        };
        let listed = Listed::OfApplication(id, Span::NotRemoved);
        let page = || self.grants.page(listed, from.as_ref(), PAGE);
        let (keys, next) = retry_until(clock.deadline(), page).await?;
        let mut invalidated = 0;
        for key in &keys {
            match self.raise_version(key, who, clock).await {
                Ok(()) => invalidated += 1,
                // The grant was removed meanwhile.
                Err(Error::UnknownSellingPartner) => {}
                Err(error) => return Err(error),
            }
        }
        let cursor = next.map(|place| cursor::written(&query, &place.to_string()));
        Ok(json!({ "invalidated": invalidated, "cursor": cursor }))
    }

    /// Raises the version of a grant, which invalidates every access token stored under an earlier version.
    async fn raise_version(&self, key: &GrantKey, who: &Who, clock: Clock) -> Result<(), Error> {
        let decide = |current: &Grant| Ok(invalidated(current));
        self.changes.make_of_existing(key, decide, who, clock).await.map(|_| ())
    }
}
