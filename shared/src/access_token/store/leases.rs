//! The lease: the exclusive right to request one token from Amazon, and what its holder records.

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::{SignedDuration, Timestamp};

use super::{AccessTokenStore, FAILURES, Item, refused, row::token_row};
use crate::{
    access_token::{
        Ask, Failed, LEASE, LastingRefusal, Lost, REPLACE_AT_MOST_EVERY, Refused, StoredToken, TokenKey,
        TokenRow,
        schedule::{Due, DueEntry},
    },
    aws::{
        AwsError,
        transaction::{number, text},
    },
    grant::version::VersionId,
    secret::{Fingerprint, random_word},
};

/// The exclusive right to request one token from Amazon.
#[derive(Clone, Debug)]
pub struct Lease(String);

/// The outcome of an attempt to take the lease.
#[derive(Debug)]
pub enum Taken {
    /// The lease was taken.
    Lease(Lease),
    /// It was not; this is the current row.
    Not(Box<TokenRow>),
}

/// What the holder of a lease records for other environments when it got no token.
#[derive(Clone, Debug)]
pub struct FailureNote {
    /// The failure, and until when callers receive it without another request.
    pub failed: Failed,
    /// Since when Amazon has refused the refresh token, if it does.
    pub refused: Option<Refused>,
    /// Since when Amazon has refused the refresh in other words, if it does.
    pub lasting: Option<LastingRefusal>,
    /// When the refresher tries next, if that changes.
    pub due: Option<Due>,
    /// How many refreshes have failed in a row, if the refresher made this one.
    pub tries: Option<u32>,
    /// Since when a refresh has been due, if it failed for a reason that is not the grant's own.
    pub overdue_since: Option<Timestamp>,
    /// When a caller asked for the partner's token, if a caller made this attempt.
    pub requested_at: Option<Timestamp>,
}

/// A row that the refresher does not check is deleted this long after its token expired or its failure ended.
const KEPT_AFTER_END: SignedDuration = SignedDuration::from_hours(24);

impl AccessTokenStore {
    /// Takes the lease, if it is free, the row has nothing that answers `ask`, and its token is the one of the row `seen`,
    /// on which the caller decided, or of the grant's version. Otherwise returns the current row, from the same call. A partner's token becomes due for the refresher at `due`, unless it is already due at some
    /// time.
    pub async fn take_lease(
        &self,
        key: &TokenKey,
        ask: &Ask,
        (grant_version, seen): (&VersionId, &TokenRow),
        due: Option<&Due>,
        now: Timestamp,
    ) -> Result<Taken, AwsError> {
        let needed = now.saturating_add(ask.min_valid).unwrap_or(now);
        let rejected = ask.rejected.as_ref().map_or("none", Fingerprint::as_str);
        let not_before = ask.not_before.unwrap_or(Timestamp::UNIX_EPOCH);
        let after = ask.minted_after.unwrap_or(Timestamp::UNIX_EPOCH);
        let update = match due {
            Some(due) => self
                .update(key)
                .update_expression(
                    "SET lease = :lease, lease_until = :until, due_shard = if_not_exists(due_shard, :shard), \
                     due_at = if_not_exists(due_at, :due)",
                )
                .expression_attribute_values(":shard", text(&due.shard))
                .expression_attribute_values(":due", number(due.at.as_second())),
            None => self.update(key).update_expression(
                "SET lease = :lease, lease_until = :until, delete_at = if_not_exists(delete_at, :until)",
            ),
        };
        let update = update
            .condition_expression(format!(
                "(attribute_not_exists(lease_until) OR lease_until <= :now) \
                 AND (attribute_not_exists(expires_at) OR expires_at <= :now \
                 OR NOT {token_is_of_version} OR minted_at < :valid_from \
                 OR ((expires_at < :needed OR fingerprint = :rejected OR minted_at < :after) \
                 AND minted_at <= :replaceable)) \
                 AND (attribute_not_exists(not_before) OR not_before <= :now OR NOT {failure_is_of_version}) \
                 AND {nothing_came_between}",
                token_is_of_version = is_of_version("grant", grant_version),
                failure_is_of_version = is_of_version("failed", grant_version),
                nothing_came_between = nothing_came_between(grant_version),
            ))
            .expression_attribute_values(":needed", number(needed.as_second()))
            .expression_attribute_values(":rejected", text(rejected))
            .expression_attribute_values(":valid_from", number(not_before.as_second()))
            .expression_attribute_values(":after", number(after.as_second()))
            .expression_attribute_values(":replaceable", number((now - REPLACE_AT_MOST_EVERY).as_second()));
        take(update, grant_version, seen, now).await
    }

    /// Takes the lease for the refresher, if it is free and the token is still due at `until`. A token that was
    /// stored since is due later, so a message that is delivered twice or late does nothing.
    pub async fn take_lease_if_due(
        &self,
        key: &TokenKey,
        (grant_version, seen): (&VersionId, &TokenRow),
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Taken, AwsError> {
        let update = self
            .update(key)
            .update_expression("SET lease = :lease, lease_until = :until")
            .condition_expression(format!(
                "(attribute_not_exists(lease_until) OR lease_until <= :now) AND due_at <= :due AND {}",
                nothing_came_between(grant_version)
            ))
            .expression_attribute_values(":due", number(until.as_second()));
        take(update, grant_version, seen, now).await
    }

    /// Stores a new token and gives the lease back. Returns `false` and stores nothing if the lease now belongs to
    /// another environment, whose token may be newer.
    pub async fn keep(
        &self,
        key: &TokenKey,
        lease: &Lease,
        token: &StoredToken,
        care: Option<&DueEntry>,
    ) -> Result<bool, AwsError> {
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
        self.end(key, lease, item, &gone).await
    }

    /// Records a failure for other environments and gives the lease back. Returns `false` if the lease now belongs to
    /// another environment.
    pub async fn record_failure(
        &self,
        key: &TokenKey,
        lease: &Lease,
        note: &FailureNote,
    ) -> Result<bool, AwsError> {
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
            item.insert("due_shard".to_owned(), text(&due.shard));
            item.insert("due_at".to_owned(), number(due.at.as_second()));
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
        self.end(key, lease, item, &gone).await
    }

    /// Gives the lease back without a note: a token was issued that cannot be stored.
    pub async fn give_back(&self, key: &TokenKey, lease: &Lease) -> Result<(), AwsError> {
        self.end(key, lease, Item::new(), "lease, lease_until").await.map(|_| ())
    }

    /// Records that a refresh token was lost. Needs no lease: it is true whichever environment holds the lease.
    pub async fn record_loss(&self, key: &TokenKey, lost: &Lost) -> Result<(), AwsError> {
        let update = self
            .update(key)
            .update_expression("SET lost_fingerprint = :fingerprint, lost_at = :at, lost_cause = :cause")
            .condition_expression("attribute_exists(token_key)")
            .expression_attribute_values(":fingerprint", text(lost.fingerprint.as_str()))
            .expression_attribute_values(":at", number(lost.at.as_second()))
            .expression_attribute_values(":cause", text(lost.cause.as_deref().unwrap_or("unknown")));
        refused(update.send().await).map(|_| ())
    }

    /// Gives the lease back without a note. The refresher tries again at `due`.
    pub async fn put_off(
        &self,
        key: &TokenKey,
        lease: &Lease,
        due: &Due,
        tries: u32,
    ) -> Result<(), AwsError> {
        let item = Item::from([
            ("due_shard".to_owned(), text(&due.shard)),
            ("due_at".to_owned(), number(due.at.as_second())),
            ("tries".to_owned(), number(tries)),
        ]);
        self.end(key, lease, item, "lease, lease_until, overdue_since").await.map(|_| ())
    }

    /// Writes `item` and removes `gone`, if the lease is still the caller's. Returns whether it was.
    async fn end(&self, key: &TokenKey, lease: &Lease, item: Item, gone: &str) -> Result<bool, AwsError> {
        let set: Vec<_> = item.keys().map(|name| format!("{name} = :{name}")).collect();
        let set = if set.is_empty() { String::new() } else { format!("SET {} ", set.join(", ")) };
        let mut update = self
            .update(key)
            .update_expression(format!("{set}REMOVE {gone}"))
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", text(&lease.0));
        for (name, value) in item {
            update = update.expression_attribute_values(format!(":{name}"), value);
        }
        Ok(refused(update.send().await)?.is_none())
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

async fn take(
    mut update: UpdateItemFluentBuilder,
    grant_version: &VersionId,
    seen: &TokenRow,
    now: Timestamp,
) -> Result<Taken, AwsError> {
    let lease = random_word();
    let seen = seen.token.as_ref().map_or("none", |token| token.fingerprint.as_str());
    if let Some(epoch) = &grant_version.epoch {
        update = update.expression_attribute_values(":epoch", text(epoch));
    }
    let answer = update
        .expression_attribute_values(":seen", text(seen))
        .expression_attribute_values(":lease", text(&lease))
        .expression_attribute_values(":until", number((now + LEASE).as_second()))
        .expression_attribute_values(":now", number(now.as_second()))
        .expression_attribute_values(":version", number(grant_version.number))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    match refused(answer)? {
        None => Ok(Taken::Lease(Lease(lease))),
        // The answer to this call's own write was lost, and the SDK repeated the write.
        Some(row) if row.get("lease") == Some(&AttributeValue::S(lease.clone())) => {
            Ok(Taken::Lease(Lease(lease)))
        }
        Some(row) => Ok(Taken::Not(Box::new(token_row(row)?))),
    }
}
