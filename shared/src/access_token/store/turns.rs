//! The row in which all environments share what Amazon still allows for one partner's restricted data tokens.

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::{SignedDuration, Timestamp};

use super::{AccessTokenStore, Item};
use crate::{
    access_token::{
        pace::{Bucket, Turn},
        store::refused,
    },
    aws::{
        AwsError,
        transaction::{number, text},
    },
    deadline::Clock,
    grant::GrantKey,
};

/// A row is deleted this long after its bucket is full.
const KEPT_AFTER_FULL: SignedDuration = SignedDuration::from_hours(24);

impl AccessTokenStore {
    /// Takes a turn to request a restricted data token of this grant, which can wait that long for it. Returns it with the bucket from which
    /// it was taken.
    ///
    /// Each write adds to what the row holds then, and not to what was read, so that many who come at once do not make one another write
    /// again.
    pub async fn take_turn(
        &self,
        grant: &GrantKey,
        longest_wait: SignedDuration,
        clock: Clock,
    ) -> Result<(Turn, Bucket), AwsError> {
        let read = self.client.get_item().table_name(&self.table).key("token_key", key(grant));
        let read =
            read.consistent_read(true).send().await.map_err(|error| AwsError::of("GetItem", &error))?;
        let mut bucket = read.item.as_ref().and_then(bucket_of).unwrap_or_default();
        loop {
            let now = clock.now();
            if let not_yet @ Turn::NotBefore(_) = bucket.turn(longest_wait, now) {
                return Ok((not_yet, bucket));
            }
            let left = bucket.after_one_more(now);
            let write = if bucket.is_full(now) {
                self.change_turns(grant, "SET full_at_ms = :full_at, interval_ms = :interval", left)
                    .condition_expression("attribute_not_exists(full_at_ms) OR full_at_ms <= :now")
                    .expression_attribute_values(":full_at", number(left.full_at_ms()))
            } else {
                self.change_turns(grant, "SET full_at_ms = full_at_ms + :interval", left)
                    .condition_expression(
                        "full_at_ms > :now AND full_at_ms <= :latest AND interval_ms = :interval",
                    )
                    .expression_attribute_values(
                        ":latest",
                        number(bucket.latest(longest_wait, now).full_at_ms()),
                    )
            };
            let write = write
                .expression_attribute_values(":now", number(now.as_millisecond()))
                .expression_attribute_values(":interval", number(bucket.interval_ms()))
                .return_values(ReturnValue::AllOld)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            match write.send().await {
                Ok(written) => {
                    let taken_from = written.attributes.as_ref().and_then(bucket_of).unwrap_or(bucket);
                    return Ok((taken_from.turn(longest_wait, now), taken_from));
                }
                error => bucket = refused(error)?.as_ref().and_then(bucket_of).unwrap_or_default(),
            }
        }
    }

    /// Records that Amazon refused a request for a restricted data token of this grant.
    pub async fn empty_turns(
        &self,
        grant: &GrantKey,
        bucket: Bucket,
        retry_after: Option<SignedDuration>,
        now: Timestamp,
    ) -> Result<(), AwsError> {
        let emptied = bucket.emptied(retry_after, now);
        let write = self
            .change_turns(
                grant,
                "SET full_at_ms = :full_at, interval_ms = if_not_exists(interval_ms, :interval)",
                emptied,
            )
            .condition_expression("attribute_not_exists(full_at_ms) OR full_at_ms < :full_at")
            .expression_attribute_values(":full_at", number(emptied.full_at_ms()))
            .expression_attribute_values(":interval", number(emptied.interval_ms()));
        refused(write.send().await).map(|_| ())
    }

    /// Records the rate that Amazon has named for this grant.
    pub async fn change_rate(&self, grant: &GrantKey, bucket: Bucket) -> Result<(), AwsError> {
        let write = self
            .change_turns(grant, "SET interval_ms = :interval", bucket)
            .condition_expression("attribute_exists(full_at_ms)")
            .expression_attribute_values(":interval", number(bucket.interval_ms()));
        refused(write.send().await).map(|_| ())
    }

    fn change_turns(&self, grant: &GrantKey, change: &str, left: Bucket) -> UpdateItemFluentBuilder {
        let delete_at = left.full_at_ms() / 1000 + KEPT_AFTER_FULL.as_secs();
        self.client
            .update_item()
            .table_name(&self.table)
            .key("token_key", key(grant))
            .update_expression(format!("{change}, delete_at = :delete_at"))
            .expression_attribute_values(":delete_at", number(delete_at))
    }
}

fn key(grant: &GrantKey) -> AttributeValue {
    text(format!("turns#{grant}"))
}

fn bucket_of(row: &Item) -> Option<Bucket> {
    let number = |name: &str| row.get(name)?.as_n().ok()?.parse().ok();
    Some(Bucket::of_row(number("full_at_ms")?, number("interval_ms")?))
}
