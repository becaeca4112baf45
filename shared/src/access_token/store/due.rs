//! Which tokens the refresher must check now, and the writes that change when they are due.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{AccessTokenStore, Item, refused};
use crate::{
    access_token::{TokenKey, schedule::Due},
    aws::{
        AwsError,
        transaction::{Write, number, text},
    },
    grant::GrantKey,
};

/// A page of due tokens.
#[derive(Debug)]
pub struct DuePage {
    /// The grants whose own tokens are due, earliest first.
    pub keys: Vec<GrantKey>,
    /// When the first of them became due.
    pub first_due_at: Option<Timestamp>,
    /// Where the next page begins.
    pub next: Option<DuePlace>,
}

/// A position in the list of due tokens.
#[derive(Clone, Debug)]
pub struct DuePlace(Item);

impl AccessTokenStore {
    /// Returns at most `at_most` tokens of a shard that are due at `until`, earliest first.
    pub async fn due(
        &self,
        shard: &str,
        until: Timestamp,
        from: Option<&DuePlace>,
        at_most: i32,
    ) -> Result<DuePage, AwsError> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("due")
            .key_condition_expression("due_shard = :shard AND due_at <= :until")
            .expression_attribute_values(":shard", text(shard))
            .expression_attribute_values(":until", number(until.as_second()))
            .set_exclusive_start_key(from.map(|place| place.0.clone()))
            .limit(at_most)
            .send()
            .await
            .map_err(|error| AwsError::of("Query", &error))?;
        let first = found.items().first().and_then(|row| row.get("due_at")?.as_n().ok()?.parse().ok());
        let whose =
            |row: &HashMap<_, _>| TokenKey::partner_of(Item::get(row, "token_key")?.as_s().ok()?.as_str());
        Ok(DuePage {
            keys: found.items().iter().filter_map(whose).collect(),
            first_due_at: first.and_then(|seconds| Timestamp::from_second(seconds).ok()),
            next: found.last_evaluated_key.map(DuePlace),
        })
    }

    /// Changes when a token is due for which none is issued now, if it is still due at `until`.
    pub async fn postpone(&self, key: &TokenKey, due: &Due, until: Timestamp) -> Result<(), AwsError> {
        let answer = self
            .update(key)
            .update_expression("SET due_at = :due REMOVE overdue_since")
            .condition_expression("due_at <= :until")
            .expression_attribute_values(":due", number(due.at.as_second()))
            .expression_attribute_values(":until", number(until.as_second()))
            .send()
            .await;
        refused(answer).map(|_| ())
    }

    /// Returns the write that deletes the token of a removed grant, if it is still due at `until`.
    pub fn forget_due(&self, key: &TokenKey, until: Timestamp) -> Write {
        Write::delete(&self.table, ("token_key", key.as_str()))
            .only_if("due_at <= :until")
            .with(":until", number(until.as_second()))
    }

    /// Records that a caller asked for the token, so that it is kept warm. It becomes due at `due` or earlier.
    pub async fn note_request(&self, key: &TokenKey, due: &Due, now: Timestamp) -> Result<(), AwsError> {
        let requested = self
            .update(key)
            .update_expression("SET last_requested_at = :now, due_shard = :shard, due_at = :due")
            // A row that has been deleted since is not created again.
            .condition_expression("attribute_exists(access_token) AND due_at > :due")
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":shard", text(&due.shard))
            .expression_attribute_values(":due", number(due.at.as_second()))
            .send()
            .await;
        if refused(requested)?.is_none() {
            return Ok(());
        }
        let noted = self
            .update(key)
            .update_expression("SET last_requested_at = :now")
            .condition_expression("attribute_exists(access_token)")
            .expression_attribute_values(":now", number(now.as_second()))
            .send()
            .await;
        refused(noted).map(|_| ())
    }
}
