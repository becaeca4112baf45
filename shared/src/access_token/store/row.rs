//! Reads a row of the access tokens table.

use jiff::Timestamp;
use serde::Deserialize;

use super::Item;
use crate::{
    access_token::{Failed, Failure, LastingRefusal, Lost, Refused, StoredToken, TokenRow},
    aws::{AwsError, sealing::Sealed},
    grant::version::VersionId,
    secret::Fingerprint,
};

/// Returns what a row of the access tokens table says.
pub(crate) fn token_row(item: Item) -> Result<TokenRow, AwsError> {
    #[derive(Deserialize)]
    struct Row {
        grant_version: Option<u64>,
        grant_epoch: Option<String>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        minted_at: Option<Timestamp>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        expires_at: Option<Timestamp>,
        fingerprint: Option<Fingerprint>,
        access_token: Option<Sealed>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        lease_until: Option<Timestamp>,
        failure: Option<Failure>,
        failed_version: Option<u64>,
        failed_epoch: Option<String>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        not_before: Option<Timestamp>,
        refused_fingerprint: Option<Fingerprint>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        refused_since: Option<Timestamp>,
        lasting_fingerprint: Option<Fingerprint>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        lasting_since: Option<Timestamp>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        lasting_clear_since: Option<Timestamp>,
        lasting_reported: Option<bool>,
        lost_fingerprint: Option<Fingerprint>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        lost_at: Option<Timestamp>,
        lost_cause: Option<String>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        last_requested_at: Option<Timestamp>,
        tries: Option<u32>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        due_at: Option<Timestamp>,
        due_shard: Option<String>,
        due_slot: Option<i64>,
        #[serde(default, with = "jiff::fmt::serde::timestamp::second::optional")]
        overdue_since: Option<Timestamp>,
    }
    let row: Row = serde_dynamo::from_item(item)
        .map_err(|_| AwsError::corrupt("BatchGetItem", "a row of the access tokens table"))?;
    let token = match (row.grant_version, row.minted_at, row.expires_at, row.fingerprint, row.access_token) {
        (Some(number), Some(minted_at), Some(expires_at), Some(fingerprint), Some(access_token)) => {
            let grant_version = VersionId { number, epoch: row.grant_epoch };
            Some(StoredToken { grant_version, minted_at, expires_at, fingerprint, access_token })
        }
        _ => None,
    };
    let failed = match (row.failure, row.failed_version, row.not_before) {
        (Some(failure), Some(number), Some(not_before)) => {
            let grant_version = VersionId { number, epoch: row.failed_epoch };
            Some(Failed { failure, grant_version, not_before })
        }
        _ => None,
    };
    let refused = match (row.refused_fingerprint, row.refused_since) {
        (Some(fingerprint), Some(since)) => Some(Refused { fingerprint, since }),
        _ => None,
    };
    let lasting = match (row.lasting_fingerprint, row.lasting_since) {
        (Some(fingerprint), Some(since)) => {
            let reported = row.lasting_reported.unwrap_or_default();
            Some(LastingRefusal { fingerprint, since, clear_since: row.lasting_clear_since, reported })
        }
        _ => None,
    };
    let lost = match (row.lost_fingerprint, row.lost_at) {
        (Some(fingerprint), Some(at)) => Some(Lost { fingerprint, at, cause: row.lost_cause }),
        _ => None,
    };
    Ok(TokenRow {
        token,
        lease_until: row.lease_until,
        failed,
        last_requested_at: row.last_requested_at,
        refused,
        lasting,
        lost,
        tries: row.tries.unwrap_or_default(),
        due_at: row.due_at,
        due_shard: row.due_shard,
        due_slot: row.due_slot,
        overdue_since: row.overdue_since,
    })
}
