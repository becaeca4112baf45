//! The conditional updates of a token's row by those who take the lease and give it back. Pure: the condition is the decision, and
//! DynamoDB carries it out.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};

use super::{
    FAILURES, Item,
    due::{attributes_of, values_of},
    leases::FailureNote,
};
use crate::{
    access_token::{
        Ask, LEASE, REPLACE_AT_MOST_EVERY, StoredToken, TokenKey, TokenRow,
        schedule::{Due, DueEntry},
    },
    aws::{
        AwsError,
        transaction::{number, text},
    },
    grant::version::VersionId,
    secret::Fingerprint,
};

/// A row that the refresher does not check is deleted this long after its token expired or its failure ended.
const KEPT_AFTER_END: SignedDuration = SignedDuration::from_hours(24);

/// A conditional update of one row, before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct RowUpdate {
    pub(crate) expression: String,
    pub(crate) condition: String,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl RowUpdate {
    fn new(expression: impl Into<String>, condition: impl Into<String>) -> Self {
        Self { expression: expression.into(), condition: condition.into(), values: HashMap::new() }
    }

    fn with(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.insert(placeholder.to_owned(), value);
        self
    }

    fn with_all<const COUNT: usize>(self, values: [(&str, AttributeValue); COUNT]) -> Self {
        values.into_iter().fold(self, |update, (placeholder, value)| update.with(placeholder, value))
    }

    /// Takes the lease for a caller, see [`AccessTokenStore::take_lease`].
    ///
    /// [`AccessTokenStore::take_lease`]: super::AccessTokenStore::take_lease
    pub(crate) fn taken_by_caller(
        lease: &str,
        ask: &Ask,
        (version, seen): (&VersionId, &TokenRow),
        due: Option<&Due>,
        now: Timestamp,
    ) -> Self {
        let needed = now.saturating_add(ask.min_valid).unwrap_or(now);
        let rejected = ask.rejected.as_ref().map_or("none", Fingerprint::as_str);
        let not_before = ask.not_before.unwrap_or(Timestamp::UNIX_EPOCH);
        let after = ask.minted_after.unwrap_or(Timestamp::UNIX_EPOCH);
        let condition = format!(
            "(attribute_not_exists(lease_until) OR lease_until <= :now) \
             AND (attribute_not_exists(expires_at) OR expires_at <= :now \
             OR NOT {token_is_of_version} OR minted_at < :valid_from \
             OR ((expires_at < :needed OR fingerprint = :rejected OR minted_at < :after) \
             AND minted_at <= :replaceable)) \
             AND (attribute_not_exists(not_before) OR not_before <= :now OR NOT {failure_is_of_version}) \
             AND {nothing_came_between}",
            token_is_of_version = is_of_version("grant", version),
            failure_is_of_version = is_of_version("failed", version),
            nothing_came_between = nothing_came_between(version),
        );
        let update = match due {
            Some(due) => Self::new(
                "SET lease = :lease, lease_until = :until, due_shard = if_not_exists(due_shard, :due_shard), \
                 due_at = if_not_exists(due_at, :due_at), due_slot = if_not_exists(due_slot, :due_slot)",
                condition,
            )
            .with_all(values_of(due)),
            None => Self::new(
                "SET lease = :lease, lease_until = :until, delete_at = if_not_exists(delete_at, :until)",
                condition,
            ),
        };
        update
            .with(":needed", number(needed.as_second()))
            .with(":rejected", text(rejected))
            .with(":valid_from", number(not_before.as_second()))
            .with(":after", number(after.as_second()))
            .with(":replaceable", number((now - REPLACE_AT_MOST_EVERY).as_second()))
            .taking(lease, version, seen, now)
    }

    /// Takes the lease for the refresher, see [`AccessTokenStore::take_lease_if_due`].
    ///
    /// [`AccessTokenStore::take_lease_if_due`]: super::AccessTokenStore::take_lease_if_due
    pub(crate) fn taken_by_refresher(
        lease: &str,
        (version, seen): (&VersionId, &TokenRow),
        until: Timestamp,
        now: Timestamp,
    ) -> Self {
        let condition = format!(
            "(attribute_not_exists(lease_until) OR lease_until <= :now) AND due_at <= :due AND {}",
            nothing_came_between(version)
        );
        Self::new("SET lease = :lease, lease_until = :until", condition)
            .with(":due", number(until.as_second()))
            .taking(lease, version, seen, now)
    }

    fn taking(self, lease: &str, version: &VersionId, seen: &TokenRow, now: Timestamp) -> Self {
        let seen = seen.token.as_ref().map_or("none", |token| token.fingerprint.as_str());
        let update = match &version.epoch {
            Some(epoch) => self.with(":epoch", text(epoch)),
            None => self,
        };
        update
            .with(":seen", text(seen))
            .with(":lease", text(lease))
            .with(":until", number((now + LEASE).as_second()))
            .with(":now", number(now.as_second()))
            .with(":version", number(version.number))
    }

    /// Stores a new token and gives the lease back.
    pub(crate) fn kept(lease: &str, token: &StoredToken, care: Option<&DueEntry>) -> Result<Self, AwsError> {
        let corrupt = |_| AwsError::corrupt("UpdateItem", "an access token that is no item");
        let mut item: Item = serde_dynamo::to_item(token).map_err(corrupt)?;
        let mut gone = format!("lease, lease_until, {FAILURES}");
        if token.grant_version.epoch.is_none() {
            gone.push_str(", grant_epoch");
        }
        if let Some(care) = care {
            item.extend(serde_dynamo::to_item::<_, Item>(care).map_err(corrupt)?);
            gone.push_str(", delete_at");
        } else {
            let end = token.expires_at.saturating_add(KEPT_AFTER_END).unwrap_or(token.expires_at);
            item.insert("delete_at".to_owned(), number(end.as_second()));
        }
        Ok(Self::ending(lease, item, &gone))
    }

    /// Records a failure for other environments and gives the lease back.
    pub(crate) fn failed(key: &TokenKey, lease: &str, note: &FailureNote) -> Result<Self, AwsError> {
        let FailureNote { failed, refused, lasting, due, tries, overdue_since, requested_at } = note;
        let failure = serde_dynamo::to_attribute_value(failed.failure)
            .map_err(|_| AwsError::corrupt("UpdateItem", "a failure that is no attribute"))?;
        let mut item = Item::from([
            ("failure".to_owned(), failure),
            ("failed_version".to_owned(), number(failed.grant_version.number)),
            ("not_before".to_owned(), number(failed.not_before.as_second())),
        ]);
        let mut gone = "lease, lease_until".to_owned();
        match &failed.grant_version.epoch {
            Some(epoch) => drop(item.insert("failed_epoch".to_owned(), text(epoch))),
            None => gone.push_str(", failed_epoch"),
        }
        if !key.is_cared_for() {
            let end = failed.not_before.saturating_add(KEPT_AFTER_END).unwrap_or(failed.not_before);
            item.insert("delete_at".to_owned(), number(end.as_second()));
        }
        if let Some(refused) = refused {
            item.insert("refused_fingerprint".to_owned(), text(refused.fingerprint.as_str()));
            item.insert("refused_since".to_owned(), number(refused.since.as_second()));
        }
        if let Some(lasting) = lasting {
            item.insert("lasting_fingerprint".to_owned(), text(lasting.fingerprint.as_str()));
            item.insert("lasting_since".to_owned(), number(lasting.since.as_second()));
            match lasting.clear_since {
                Some(at) => drop(item.insert("lasting_clear_since".to_owned(), number(at.as_second()))),
                None => gone.push_str(", lasting_clear_since"),
            }
            item.insert("lasting_reported".to_owned(), AttributeValue::Bool(lasting.reported));
        }
        if let Some(due) = due {
            item.extend(attributes_of(due));
        }
        if let Some(tries) = tries {
            item.insert("tries".to_owned(), number(tries));
        }
        if let Some(at) = requested_at {
            item.insert("last_requested_at".to_owned(), number(at.as_second()));
        }
        if let Some(since) = overdue_since {
            item.insert("overdue_since".to_owned(), number(since.as_second()));
        } else {
            gone.push_str(", overdue_since");
        }
        Ok(Self::ending(lease, item, &gone))
    }

    /// Gives the lease back without a note.
    pub(crate) fn given_back(lease: &str) -> Self {
        Self::ending(lease, Item::new(), "lease, lease_until")
    }

    /// Gives the lease back without a note. The refresher tries again at `due`.
    pub(crate) fn put_off(lease: &str, due: &Due, tries: u32) -> Self {
        let item = attributes_of(due).chain([("tries".to_owned(), number(tries))]).collect();
        Self::ending(lease, item, "lease, lease_until, overdue_since")
    }

    /// Writes `item` and removes `gone`, if the lease is still the caller's.
    fn ending(lease: &str, item: Item, gone: &str) -> Self {
        let set: Vec<_> = item.keys().map(|name| format!("{name} = :{name}")).collect();
        let set = if set.is_empty() { String::new() } else { format!("SET {} ", set.join(", ")) };
        let update = Self::new(format!("{set}REMOVE {gone}"), "lease = :lease").with(":lease", text(lease));
        item.into_iter().fold(update, |update, (name, value)| update.with(&format!(":{name}"), value))
    }
}

/// The condition that what the row names with `prefix` is of this version. Versions are compared for equality alone: the
/// row may be of a time that a restore from a backup undid.
fn is_of_version(prefix: &str, version: &VersionId) -> String {
    match version.epoch {
        Some(_) => format!("({prefix}_version = :version AND {prefix}_epoch = :epoch)"),
        None => format!("({prefix}_version = :version AND attribute_not_exists({prefix}_epoch))"),
    }
}

/// The condition that no other token was stored since the caller read the row, except one of the caller's version.
fn nothing_came_between(version: &VersionId) -> String {
    format!(
        "(attribute_not_exists(fingerprint) OR fingerprint = :seen OR {})",
        is_of_version("grant", version)
    )
}
