//! The access tokens table: tokens at rest, the leases for fetching new ones, and what came of the last try.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    operation::update_item::{UpdateItemError, UpdateItemOutput, builders::UpdateItemFluentBuilder},
    types::{AttributeValue, KeysAndAttributes, ReturnValuesOnConditionCheckFailure},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access_token::{Ask, Failed, Failure, KeptToken, LEASE, REPLACE_AT_MOST_EVERY, TokenKey, TokenRow},
    aws::AwsError,
    deadline::{Deadline, Pauses, Transient},
    grant::{Grant, GrantKey},
    grant_store::{self, GrantStore},
    ids::ApplicationId,
    sealing::Sealed,
    secret::{Fingerprint, random_word},
    transaction::{Write, number, text},
};

/// The access tokens, and the grants that they hang on, read together.
#[derive(Clone, Debug)]
pub struct AccessTokenStore {
    client: Client,
    table: String,
    grants: GrantStore,
}

/// The right to be at Amazon for one token.
#[derive(Clone, Debug)]
pub struct Lease(String);

/// What came of asking for the lease.
#[derive(Debug)]
pub enum Taken {
    /// It is ours.
    Lease(Lease),
    /// It is not, and this is how the row stands.
    Not(TokenRow),
}

/// A word outlives its time by a day, in seconds; tidiness only.
const WORD_IS_KEPT: i64 = 24 * 3600;

type Item = HashMap<String, AttributeValue>;

impl AccessTokenStore {
    /// The tokens in `table`, and the grants that they hang on.
    #[must_use]
    pub fn new(client: Client, table: String, grants: GrantStore) -> Self {
        Self { client, table, grants }
    }

    /// Grant and token as they stand at this moment, in one read.
    pub async fn look(
        &self,
        grant: Option<&GrantKey>,
        token: &TokenKey,
        deadline: Deadline,
    ) -> Result<(Option<Grant>, TokenRow), AwsError> {
        let wanted = || {
            let mut wanted = HashMap::from([(self.table.clone(), keys("token_key", token.as_str())?)]);
            if let Some(key) = grant {
                let grant = grant_store::vendable(keys("grant_key", &key.to_string())?)?;
                wanted.insert(self.grants.table().to_owned(), grant);
            }
            Ok(wanted)
        };
        let mut rows = self.read_all(wanted, deadline).await?;
        let grant = rows.remove(self.grants.table()).map(grant_store::grant_of).transpose()?;
        let row = rows.remove(&self.table).map(token_row).transpose()?.unwrap_or_default();
        Ok((grant, row))
    }

    /// Takes the lease, if nobody has it and the row still holds nothing that answers `ask`; else tells how the row
    /// stands, in the same call.
    pub async fn take_lease(
        &self,
        key: &TokenKey,
        ask: &Ask,
        grant_version: u64,
        now: Timestamp,
    ) -> Result<Taken, AwsError> {
        let lease = random_word();
        let needed = now.saturating_add(ask.min_valid).unwrap_or(now);
        let rejected = ask.rejected.as_ref().map_or("none", Fingerprint::as_str);
        let answer = self
            .update(key)
            .update_expression(
                "SET lease = :lease, lease_until = :until, delete_at = if_not_exists(delete_at, :until)",
            )
            .condition_expression(
                "(attribute_not_exists(lease_until) OR lease_until <= :now) \
                 AND (attribute_not_exists(expires_at) OR expires_at < :needed OR expires_at <= :now \
                 OR grant_version < :version OR (fingerprint = :rejected AND minted_at <= :replaceable)) \
                 AND (attribute_not_exists(grant_version) OR grant_version <= :version) \
                 AND (attribute_not_exists(not_before) OR not_before <= :now OR failed_version <> :version)",
            )
            .expression_attribute_values(":lease", text(&lease))
            .expression_attribute_values(":until", number((now + LEASE).as_second()))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":needed", number(needed.as_second()))
            .expression_attribute_values(":version", number(grant_version))
            .expression_attribute_values(":rejected", text(rejected))
            .expression_attribute_values(":replaceable", number((now - REPLACE_AT_MOST_EVERY).as_second()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match refused(answer)? {
            None => Ok(Taken::Lease(Lease(lease))),
            // The answer to our own write was lost, and the SDK made it again.
            Some(row) if row.get("lease") == Some(&text(&lease)) => Ok(Taken::Lease(Lease(lease))),
            Some(row) => Ok(Taken::Not(token_row(row)?)),
        }
    }

    /// Keeps a new token and gives the lease back. Does nothing, and says so, if the lease has passed to somebody else:
    /// theirs may be the newer one.
    pub async fn keep(&self, key: &TokenKey, lease: &Lease, token: &KeptToken) -> Result<bool, AwsError> {
        let item: Item = serde_dynamo::to_item(token)
            .map_err(|_| AwsError::corrupt("UpdateItem", "an access token that is no item"))?;
        let mut update = self
            .update(key)
            .update_expression(
                "SET grant_version = :grant_version, minted_at = :minted_at, expires_at = :expires_at, \
                 delete_at = :delete_at, fingerprint = :fingerprint, access_token = :access_token \
                 REMOVE lease, lease_until, failure, failed_version, not_before",
            )
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", text(&lease.0));
        for (name, value) in item {
            update = update.expression_attribute_values(format!(":{name}"), value);
        }
        Ok(refused(update.send().await)?.is_none())
    }

    /// Leaves word for the others of what went wrong, and gives the lease back. `false` if the lease has passed on.
    pub async fn leave_word(&self, key: &TokenKey, lease: &Lease, failed: &Failed) -> Result<bool, AwsError> {
        let failure: AttributeValue = serde_dynamo::to_attribute_value(failed.failure)
            .map_err(|_| AwsError::corrupt("UpdateItem", "a failure that is no attribute"))?;
        let answer = self
            .update(key)
            .update_expression(
                "SET failure = :failure, failed_version = :version, not_before = :not_before, \
                 delete_at = :delete_at REMOVE lease, lease_until",
            )
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", text(&lease.0))
            .expression_attribute_values(":failure", failure)
            .expression_attribute_values(":version", number(failed.grant_version))
            .expression_attribute_values(":not_before", number(failed.not_before.as_second()))
            .expression_attribute_values(":delete_at", number(failed.not_before.as_second() + WORD_IS_KEPT))
            .send()
            .await;
        Ok(refused(answer)?.is_none())
    }

    /// Gives the lease back without a word: a token was minted that cannot be kept.
    pub async fn give_back(&self, key: &TokenKey, lease: &Lease) -> Result<(), AwsError> {
        let answer = self
            .update(key)
            .update_expression("REMOVE lease, lease_until")
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", text(&lease.0))
            .send()
            .await;
        refused(answer).map(|_| ())
    }

    /// Forgets a token that hangs on no grant, whose version would make it worth nothing.
    pub async fn forget(&self, key: &TokenKey) -> Result<(), AwsError> {
        let delete = self.client.delete_item().table_name(&self.table).key("token_key", text(key.as_str()));
        delete.send().await.map(|_| ()).map_err(|error| AwsError::of("DeleteItem", &error))
    }

    /// Until when nobody tries this client secret again, if Amazon has refused it.
    pub async fn breaker(
        &self,
        application: &ApplicationId,
        secret: &Fingerprint,
    ) -> Result<Option<Timestamp>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("token_key", text(breaker_key(application, secret)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        let not_before = read.item.as_ref().and_then(|row| row.get("not_before")?.as_n().ok()?.parse().ok());
        Ok(not_before.and_then(|seconds| Timestamp::from_second(seconds).ok()))
    }

    /// Remembers a refused client secret for every environment, until `not_before`.
    pub async fn open_breaker(
        &self,
        application: &ApplicationId,
        secret: &Fingerprint,
        not_before: Timestamp,
    ) -> Result<(), AwsError> {
        let not_before = number(not_before.as_second());
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("token_key", text(breaker_key(application, secret)))
            .item("delete_at", not_before.clone())
            .item("not_before", not_before);
        put.send().await.map(|_| ()).map_err(|error| AwsError::of("PutItem", &error))
    }

    fn update(&self, key: &TokenKey) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).key("token_key", text(key.as_str()))
    }

    /// Reads one row of each table, to the last key: a throttled table leaves some unprocessed.
    async fn read_all(
        &self,
        first: impl Fn() -> Result<HashMap<String, KeysAndAttributes>, AwsError>,
        deadline: Deadline,
    ) -> Result<HashMap<String, Item>, AwsError> {
        let mut rows = HashMap::new();
        let mut pauses = Pauses::until(deadline);
        let mut wanted = first()?;
        loop {
            let read = self.client.batch_get_item().set_request_items(Some(wanted)).send().await;
            match read.map_err(|error| AwsError::of("BatchGetItem", &error)) {
                Ok(read) => {
                    let found = read.responses.unwrap_or_default().into_iter();
                    rows.extend(found.filter_map(|(table, mut items)| Some((table, items.pop()?))));
                    wanted = read.unprocessed_keys.unwrap_or_default();
                    if wanted.is_empty() {
                        return Ok(rows);
                    }
                    if !pauses.pause(None).await {
                        return Err(AwsError::passing("BatchGetItem", "UnprocessedKeys"));
                    }
                }
                Err(error) if error.is_transient() && pauses.pause(None).await => wanted = first()?,
                Err(error) => return Err(error),
            }
        }
    }
}

/// The write that keeps `token` as the grant's first of its version, for a transaction that writes the grant too. It
/// takes the lease from whoever has it: what they bring belongs to the version before.
#[must_use]
pub fn keep_with_grant(table: &str, key: &GrantKey, token: &KeptToken) -> Write {
    #[derive(Serialize)]
    struct Row<'a> {
        token_key: &'a str,
        #[serde(flatten)]
        token: &'a KeptToken,
    }
    Write::put(table, &Row { token_key: TokenKey::of_partner(key).as_str(), token })
}

fn breaker_key(application: &ApplicationId, secret: &Fingerprint) -> String {
    format!("breaker#{application}#{}", secret.as_str())
}

fn keys(name: &str, value: &str) -> Result<KeysAndAttributes, AwsError> {
    KeysAndAttributes::builder()
        .keys(HashMap::from([(name.to_owned(), text(value))]))
        .consistent_read(true)
        .build()
        .map_err(|_| AwsError::corrupt("BatchGetItem", "incomplete keys"))
}

/// `None` if the update was made, and the row as it stands if its condition did not hold.
fn refused(
    answer: Result<
        UpdateItemOutput,
        aws_sdk_dynamodb::error::SdkError<UpdateItemError, aws_sdk_dynamodb::config::http::HttpResponse>,
    >,
) -> Result<Option<Item>, AwsError> {
    let Err(error) = answer else {
        return Ok(None);
    };
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
            Ok(Some(failed.item().cloned().unwrap_or_default()))
        }
        _ => Err(AwsError::of("UpdateItem", &error)),
    }
}

fn token_row(item: Item) -> Result<TokenRow, AwsError> {
    #[derive(Deserialize)]
    struct Row {
        grant_version: Option<u64>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        minted_at: Option<Timestamp>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        expires_at: Option<Timestamp>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        delete_at: Option<Timestamp>,
        fingerprint: Option<Fingerprint>,
        access_token: Option<Sealed>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        lease_until: Option<Timestamp>,
        failure: Option<Failure>,
        failed_version: Option<u64>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        not_before: Option<Timestamp>,
    }
    let row: Row = serde_dynamo::from_item(item)
        .map_err(|_| AwsError::corrupt("BatchGetItem", "a row of the access tokens table"))?;
    let token = match (row.grant_version, row.minted_at, row.expires_at, row.fingerprint, row.access_token) {
        (Some(grant_version), Some(minted_at), Some(expires_at), Some(fingerprint), Some(access_token)) => {
            let delete_at = row.delete_at.unwrap_or(expires_at);
            Some(KeptToken { grant_version, minted_at, expires_at, delete_at, fingerprint, access_token })
        }
        _ => None,
    };
    let failed = match (row.failure, row.failed_version, row.not_before) {
        (Some(failure), Some(grant_version), Some(not_before)) => {
            Some(Failed { failure, grant_version, not_before })
        }
        _ => None,
    };
    Ok(TokenRow { token, lease_until: row.lease_until, failed })
}
