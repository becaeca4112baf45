//! The lease: the exclusive right to request one token from Amazon, and what its holder records.

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::Timestamp;

use super::{AccessTokenStore, lease_writes::RowUpdate, refused, row::token_row};
use crate::{
    access_token::{
        Ask, Failed, LastingRefusal, Lost, Refused, StoredToken, TokenKey, TokenRow,
        schedule::{Due, DueEntry},
    },
    aws::{
        AwsError,
        transaction::{number, text},
    },
    grant::version::VersionId,
    secret::random_word,
};

/// The exclusive right to request one token from Amazon.
#[derive(Clone, Debug)]
pub struct Lease(String);

/// The outcome of an attempt to take the lease.
#[derive(Debug)]
pub enum Taken {
    /// The lease was taken; this is the row as it was before.
    Lease(Lease, Box<TokenRow>),
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
        let lease = random_word();
        let update = RowUpdate::taken_by_caller(&lease, ask, (grant_version, seen), due, now);
        self.take(key, lease, update).await
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
        let lease = random_word();
        let update = RowUpdate::taken_by_refresher(&lease, (grant_version, seen), until, now);
        self.take(key, lease, update).await
    }

    async fn take(&self, key: &TokenKey, lease: String, update: RowUpdate) -> Result<Taken, AwsError> {
        let update = self
            .conditional(key, update)
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let (is_taken, row) = match update.send().await {
            Ok(taken) => (true, taken.attributes.unwrap_or_default()),
            answer => (false, refused(answer)?.unwrap_or_default()),
        };
        // The answer to this call's own write may have been lost, and the SDK repeated the write.
        let is_taken = is_taken || row.get("lease") == Some(&AttributeValue::S(lease.clone()));
        let row = Box::new(token_row(row)?);
        Ok(if is_taken { Taken::Lease(Lease(lease), row) } else { Taken::Not(row) })
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
        self.end(key, RowUpdate::kept(&lease.0, token, care)?).await
    }

    /// Records a failure for other environments and gives the lease back. Returns `false` if the lease now belongs to
    /// another environment.
    pub async fn record_failure(
        &self,
        key: &TokenKey,
        lease: &Lease,
        note: &FailureNote,
    ) -> Result<bool, AwsError> {
        self.end(key, RowUpdate::failed(key, &lease.0, note)?).await
    }

    /// Gives the lease back without a note: a token was issued that cannot be stored.
    pub async fn give_back(&self, key: &TokenKey, lease: &Lease) -> Result<(), AwsError> {
        self.end(key, RowUpdate::given_back(&lease.0)).await.map(|_| ())
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
        self.end(key, RowUpdate::put_off(&lease.0, due, tries)).await.map(|_| ())
    }

    /// Gives the lease back by `update`, if it is still the caller's. Returns whether it was.
    async fn end(&self, key: &TokenKey, update: RowUpdate) -> Result<bool, AwsError> {
        Ok(refused(self.conditional(key, update).send().await)?.is_none())
    }

    fn conditional(&self, key: &TokenKey, update: RowUpdate) -> UpdateItemFluentBuilder {
        let RowUpdate { expression, condition, values } = update;
        self.update(key)
            .update_expression(expression)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
    }
}
