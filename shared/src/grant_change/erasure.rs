//! Erases what is stored about a grant, and remembers that it was erased, so that a restore from a backup does not bring it back.
//!
//! What is remembered is no id: it is an HMAC of the grant's key. The key of the HMAC is drawn for the first erasure, and stored sealed. A
//! mark ends after 36 days, when no backup is left that could bring the grant back.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use crate::{
    access_token::TokenKey,
    aws::{
        Aws, AwsError,
        sealing::{Owner, Purpose, SealError, Sealed, Sealer},
        transaction::{Commit, Transactions, Write, number, text},
    },
    deadline::{Clock, Deadline, retry_until},
    env::{Env, Unset},
    error::Error,
    grant::GrantKey,
    secret::{ErasureKey, random_word},
};

/// How long an erasure is remembered: a day longer than the life of backups.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(36 * 24);

/// The row of the applications table that has the sealed key.
const KEY: &str = "erasures";

/// The number of records that one query returns at most.
const RECORDS: i32 = 100;

/// Erases grants.
#[derive(Debug)]
pub struct Erasures {
    client: Client,
    transactions: Transactions,
    sealer: Sealer,
    applications: String,
    grants: String,
    history: String,
    tokens: String,
    key: OnceCell<ErasureKey>,
}

#[derive(Deserialize, Serialize)]
struct KeyRow {
    application_id: String,
    sealed: Sealed,
}

#[derive(Deserialize, Serialize)]
struct Mark {
    application_id: String,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    erased_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    delete_at: Timestamp,
}

impl Erasures {
    /// Reads `APPLICATIONS_TABLE`, `GRANTS_TABLE`, `HISTORY_TABLE`, `ACCESS_TOKENS_TABLE` and `SEALING_KEY_ID`.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let client = aws.dynamodb();
        Ok(Self {
            transactions: Transactions::new(client.clone()),
            client,
            sealer: Sealer::new(aws.kms(), table("SEALING_KEY_ID")?),
            applications: table("APPLICATIONS_TABLE")?,
            grants: table("GRANTS_TABLE")?,
            history: table("HISTORY_TABLE")?,
            tokens: table("ACCESS_TOKENS_TABLE")?,
            key: OnceCell::new(),
        })
    }

    /// Returns when this grant was last erased, if that was at most 36 days ago. What was stored about it before is not to come back.
    pub async fn erased_at(&self, key: &GrantKey, clock: Clock) -> Result<Option<Timestamp>, Error> {
        let Some(secret) = self.known_key(clock).await? else { return Ok(None) };
        let mark = mark(secret, key);
        let row = retry_until(clock.deadline(), || self.row(&mark)).await?;
        let mark: Option<Mark> = row.map(serde_dynamo::from_item).transpose().map_err(|_| corrupt())?;
        Ok(mark.filter(|mark| mark.delete_at > clock.began()).map(|mark| mark.erased_at))
    }

    /// Remembers that this grant was erased at this time.
    pub async fn remember(&self, key: &GrantKey, at: Timestamp, clock: Clock) -> Result<(), Error> {
        if self.known_key(clock).await?.is_none() {
            let (drawn, owner) = (ErasureKey::random(), owner());
            let seal = || self.sealer.seal(drawn.expose(), &owner, clock.began());
            let row =
                KeyRow { application_id: KEY.to_owned(), sealed: retry_until(clock.deadline(), seal).await? };
            let write = Write::put(&self.applications, &row).only_if("attribute_not_exists(application_id)");
            // Another invocation may have been first: its key is the one.
            self.commit(write, clock.deadline()).await?;
        }
        let secret = self.known_key(clock).await?.ok_or_else(corrupt)?;
        // Rows have whole seconds, so what happened within this second is of before the erasure.
        let erased_at = at + SignedDuration::from_secs(1);
        let row = Mark { application_id: mark(secret, key), erased_at, delete_at: at + REMEMBERED_FOR };
        let write = Write::put(&self.applications, &row)
            .only_if("attribute_not_exists(erased_at) OR erased_at < :at")
            .with(":at", number(erased_at.as_second()));
        self.commit(write, clock.deadline()).await?;
        Ok(())
    }

    /// Deletes the records of the grant up to this revision. Returns their number.
    pub async fn delete_history(
        &self,
        key: &GrantKey,
        up_to: u64,
        deadline: Deadline,
    ) -> Result<u64, AwsError> {
        let mut deleted = 0;
        loop {
            let found = retry_until(deadline, || self.records(key, up_to)).await?;
            if found.is_empty() {
                return Ok(deleted);
            }
            for record in found {
                let delete = || async {
                    let delete = self.client.delete_item().table_name(&self.history);
                    let delete = delete.set_key(Some(record.clone())).send().await;
                    delete.map_err(|error| AwsError::of("DeleteItem", &error))
                };
                retry_until(deadline, delete).await?;
                deleted += 1;
            }
        }
    }

    /// Deletes the row of the grant, if it has this revision, and that of its access token. Returns `false` if another write came first.
    /// Restricted tokens end by themselves within an hour.
    pub async fn delete_row(
        &self,
        key: &GrantKey,
        revision: Option<u64>,
        deadline: Deadline,
    ) -> Result<bool, AwsError> {
        let subject = key.to_string();
        let grant = Write::delete(&self.grants, ("grant_key", &subject));
        let grant = match revision {
            Some(revision) => grant.only_if("revision = :seen").with(":seen", number(revision)),
            None => grant,
        };
        let token = TokenKey::of_partner(key);
        let writes = [grant, Write::delete(&self.tokens, ("token_key", token.as_str()))];
        let word = random_word();
        Ok(retry_until(deadline, || self.transactions.commit(&writes, &word)).await? == Commit::Made)
    }

    async fn records(
        &self,
        key: &GrantKey,
        up_to: u64,
    ) -> Result<Vec<HashMap<String, AttributeValue>>, AwsError> {
        let found = self
            .client
            .query()
            .table_name(&self.history)
            .key_condition_expression("subject = :subject AND revision <= :revision")
            .expression_attribute_values(":subject", text(key.to_string()))
            .expression_attribute_values(":revision", number(up_to))
            .projection_expression("subject, revision")
            .consistent_read(true)
            .limit(RECORDS)
            .send()
            .await;
        Ok(found.map_err(|error| AwsError::of("Query", &error))?.items.unwrap_or_default())
    }

    /// Returns the key of the marks, or nothing if nothing was ever erased.
    async fn known_key(&self, clock: Clock) -> Result<Option<&ErasureKey>, Error> {
        if let Some(known) = self.key.get() {
            return Ok(Some(known));
        }
        let Some(row) = retry_until(clock.deadline(), || self.row(KEY)).await? else { return Ok(None) };
        let row: KeyRow = serde_dynamo::from_item(row).map_err(|_| corrupt())?;
        let owner = owner();
        let opened =
            retry_until(clock.deadline(), || self.sealer.open(&row.sealed, &owner, clock.began())).await?;
        Ok(Some(self.key.get_or_init(async || ErasureKey::new(opened)).await))
    }

    async fn row(&self, key: &str) -> Result<Option<HashMap<String, AttributeValue>>, AwsError> {
        let read = self.client.get_item().table_name(&self.applications).key("application_id", text(key));
        let read = read.consistent_read(true).send().await;
        Ok(read.map_err(|error| AwsError::of("GetItem", &error))?.item)
    }

    async fn commit(&self, write: Write, deadline: Deadline) -> Result<(), AwsError> {
        let (writes, word) = ([write], random_word());
        retry_until(deadline, || self.transactions.commit(&writes, &word)).await.map(drop)
    }
}

fn mark(secret: &ErasureKey, key: &GrantKey) -> String {
    format!("erased#{}", secret.mark(&key.to_string()))
}

fn owner() -> Owner {
    Owner::new(Purpose::RefreshToken, KEY)
}

fn corrupt() -> Error {
    SealError::Broken.into()
}
