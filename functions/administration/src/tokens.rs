//! The emergency command: every access token that is kept is worth nothing from now on, and is minted anew on demand.

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    access_token::TokenKey,
    application::Application,
    deadline::{Deadline, Pauses, patiently},
    error::Error,
    grant::{GrantKey, Status},
    grant_store::Place,
    history::{Actor, Event, Record},
    ids::{Malformed, SellingPartnerId},
    region::Region,
    secret::random_word,
    transaction::Ending,
};

use crate::Administration;

/// How many grants one invocation goes through: some seconds of work.
const PAGE: i32 = 100;

impl Administration {
    pub(crate) async fn invalidate_tokens_of(
        &self,
        application: &Application,
        selling_partner_id: SellingPartnerId,
        region: Region,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        let key = GrantKey { application_id: application.application_id.clone(), region, selling_partner_id };
        if self.raise_version(&key, now, deadline).await? {
            Ok(json!({ "invalidated": 1 }))
        } else {
            Err(Error::UnknownSellingPartner)
        }
    }

    pub(crate) async fn invalidate_all_tokens(
        &self,
        application: &Application,
        cursor: Option<String>,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Value, Error> {
        if cursor.is_none() {
            for scope in &application.scopes {
                let key = TokenKey::of_scope(&application.application_id, scope);
                patiently(deadline, || self.tokens.forget(&key)).await?;
            }
        }
        let from: Option<Place> = cursor
            .map(|cursor| {
                cursor.parse().map_err(|error: Malformed| Error::invalid("cursor", error.to_string()))
            })
            .transpose()?;
        if from.as_ref().is_some_and(|place| place.key.application_id != application.application_id) {
            return Err(Error::invalid("cursor", "one from an answer about the same application"));
        }
        let page = || self.grants.keys_of_application(&application.application_id, from.as_ref(), PAGE);
        let (keys, next) = patiently(deadline, page).await?;
        let mut invalidated = 0;
        for key in &keys {
            invalidated += i32::from(self.raise_version(key, now, deadline).await?);
        }
        Ok(json!({ "invalidated": invalidated, "cursor": next.map(|place| place.to_string()) }))
    }

    /// A grant's version rises, and with it every token minted under the one before is worth nothing. `false` if there is
    /// no such grant.
    async fn raise_version(&self, key: &GrantKey, now: Timestamp, deadline: Deadline) -> Result<bool, Error> {
        let mut pauses = Pauses::until(deadline);
        loop {
            let standing = patiently(deadline, || self.grants.find(key)).await?;
            let Some(mut grant) = standing.filter(|grant| grant.status != Status::Removed) else {
                return Ok(false);
            };
            let seen = grant.revision;
            grant.version += 1;
            grant.revision += 1;
            let reason = "an operator had every access token replaced";
            let record = Record::of(
                &grant,
                Event::TokensInvalidated,
                Actor::Operator,
                reason,
                &grant.fingerprint,
                now,
            );
            let writes = [self.grants.put(&grant, Some(seen)), record.append(&self.history_table)];
            let token = random_word();
            match patiently(deadline, || self.transactions.commit(&writes, &token)).await? {
                Ending::Committed => return Ok(true),
                Ending::Refused(_) | Ending::Conflicted => {
                    if !pauses.pause(None).await {
                        return Err(Error::AmazonUnavailable(None));
                    }
                }
            }
        }
    }
}
