//! Which tokens the refresher must check now, and the writes that change when they are due.

use std::{collections::HashMap, ops::RangeInclusive};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::{AccessTokenStore, Item, refused};
use crate::{
    access_token::{TokenKey, schedule::Due, slots::PERIOD},
    aws::{
        AwsError,
        transaction::{Write, number, text},
    },
    grant::GrantKey,
    secret::Fingerprint,
};

/// A page of a shard of the index.
#[derive(Debug)]
pub struct DuePage {
    /// The grants whose own tokens these are, and where the index has them, in this order.
    pub found: Vec<(GrantKey, i64)>,
    /// Where the next page begins.
    pub next: Option<DuePlace>,
}

/// A position in the index.
#[derive(Clone, Debug)]
pub struct DuePlace(Item);

/// What an update sets so that a token is due, with the values of [`values_of`].
pub(super) const SET_DUE: &str = "due_shard = :due_shard, due_at = :due_at, due_slot = :due_slot";

/// Returns the values of [`SET_DUE`].
pub(super) fn values_of(due: &Due) -> [(&'static str, AttributeValue); 3] {
    [
        (":due_shard", text(&due.shard)),
        (":due_at", number(due.at.as_second())),
        (":due_slot", number(due.slot)),
    ]
}

/// Returns the attributes that say when a token is due.
pub(super) fn attributes_of(due: &Due) -> impl Iterator<Item = (String, AttributeValue)> {
    values_of(due)
        .into_iter()
        .map(|(placeholder, value)| (placeholder.trim_start_matches(':').to_owned(), value))
}

impl AccessTokenStore {
    /// Returns at most `at_most` tokens of a shard that the index has between these [slots](Due::slot), in their order.
    pub async fn due(
        &self,
        shard: &str,
        slots: &RangeInclusive<i64>,
        from: Option<&DuePlace>,
        at_most: i32,
    ) -> Result<DuePage, AwsError> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("due")
            .key_condition_expression("due_shard = :shard AND due_slot BETWEEN :first AND :last")
            .expression_attribute_values(":shard", text(shard))
            .expression_attribute_values(":first", number(*slots.start()))
            .expression_attribute_values(":last", number(*slots.end()))
            .set_exclusive_start_key(from.map(|place| place.0.clone()))
            .limit(at_most)
            .send()
            .await
            .map_err(|error| AwsError::of("Query", &error))?;
        let whose = |row: &HashMap<_, AttributeValue>| {
            let key = TokenKey::partner_of(Item::get(row, "token_key")?.as_s().ok()?.as_str())?;
            Some((key, row.get("due_slot")?.as_n().ok()?.parse().ok()?))
        };
        Ok(DuePage {
            found: found.items().iter().filter_map(whose).collect(),
            next: found.last_evaluated_key.map(DuePlace),
        })
    }

    /// Returns until which moment no token in a slot of this shard is left due, as the last run stored it.
    pub async fn done_until(&self, shard: &str) -> Result<Option<Timestamp>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("token_key", text(shard_key(shard)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        let done = read.item.as_ref().and_then(|row| row.get("done_until")?.as_n().ok()?.parse().ok());
        Ok(done.and_then(|seconds| Timestamp::from_second(seconds).ok()))
    }

    /// Stores until which moment no token in a slot of this shard is left due. Of two runs that end at the same time either may write
    /// last: an earlier moment makes the next run look at more, and loses nothing.
    pub async fn set_done_until(&self, shard: &str, done: Timestamp) -> Result<(), AwsError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("token_key", text(shard_key(shard)))
            .item("done_until", number(done.as_second()));
        put.send().await.map(|_| ()).map_err(|error| AwsError::of("PutItem", &error))
    }

    /// Gives a token a time of its own in place of its slot: since when it is due, if it is due at `until`.
    pub async fn give_time(&self, key: &TokenKey, until: Timestamp) -> Result<(), AwsError> {
        let answer = self
            .update(key)
            .update_expression("SET due_slot = due_at")
            .condition_expression("due_at <= :until AND due_slot < :period")
            .expression_attribute_values(":until", number(until.as_second()))
            .expression_attribute_values(":period", number(PERIOD.as_secs()))
            .send()
            .await;
        refused(answer).map(|_| ())
    }

    /// Changes when a token is due for which none is issued now, if it is still due at `until`.
    pub async fn postpone(&self, key: &TokenKey, due: &Due, until: Timestamp) -> Result<(), AwsError> {
        let answer = self
            .update(key)
            .update_expression(format!("SET {SET_DUE} REMOVE overdue_since"))
            .condition_expression("due_at <= :until")
            .set_expression_attribute_values(Some(owned(values_of(due))))
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

    /// Records that a caller asked for the token, if it is still the one of this fingerprint, so that it is kept warm. With `due`, it becomes
    /// due then, if it is due later.
    pub async fn note_request(
        &self,
        key: &TokenKey,
        fingerprint: &Fingerprint,
        due: Option<&Due>,
        now: Timestamp,
    ) -> Result<(), AwsError> {
        let (set, later) = if due.is_some() {
            (format!(", {SET_DUE}"), " AND due_at > :due_at")
        } else {
            (String::new(), "")
        };
        let noted = self
            .update(key)
            .update_expression(format!("SET last_requested_at = :now{set}"))
            // A row that has been deleted since is not created again.
            .condition_expression(format!("fingerprint = :fingerprint{later}"))
            .set_expression_attribute_values(due.map(|due| owned(values_of(due))))
            .expression_attribute_values(":fingerprint", text(fingerprint.as_str()))
            .expression_attribute_values(":now", number(now.as_second()));
        refused(noted.send().await).map(|_| ())
    }
}

fn owned<const COUNT: usize>(values: [(&str, AttributeValue); COUNT]) -> HashMap<String, AttributeValue> {
    values.into_iter().map(|(placeholder, value)| (placeholder.to_owned(), value)).collect()
}

fn shard_key(shard: &str) -> String {
    format!("shard#{shard}")
}
