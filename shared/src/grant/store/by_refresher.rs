//! What the refresher writes on a grant: the last reminder, and the same refresh token sealed again.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::SdkError,
    operation::update_item::{UpdateItemError, UpdateItemOutput},
    types::AttributeValue,
};

use super::GrantStore;
use jiff::Timestamp;

use crate::{
    aws::{
        AwsError,
        sealing::Sealed,
        transaction::{Write, number, text},
    },
    grant::{Grant, GrantKey, relocation::search::Sighting, renewal::Reminder},
    secret::Fingerprint,
};

impl GrantStore {
    /// Returns the write that records the reminder that was sent, if the grant still has the revision `seen`.
    pub fn remind(&self, key: &GrantKey, stage: Reminder, seen: u64, revision: u64) -> Write {
        let stage = serde_dynamo::to_attribute_value(stage).expect("a stage is a text");
        Write::update(
            &self.table,
            ("grant_key", &key.to_string()),
            "SET reminded = :stage, revision = :revision",
        )
        .only_if("revision = :seen")
        .with(":stage", stage)
        .with(":revision", number(revision))
        .with(":seen", number(seen))
    }

    /// Returns the write that records of which change of roles operators were informed, if the grant still has the revision
    /// `seen`.
    pub fn report_outdated(&self, key: &GrantKey, changed: Timestamp, seen: u64, revision: u64) -> Write {
        Write::update(
            &self.table,
            ("grant_key", &key.to_string()),
            "SET outdated_reported = :changed, revision = :revision",
        )
        .only_if("revision = :seen")
        .with(":changed", number(changed.as_second()))
        .with(":revision", number(revision))
        .with(":seen", number(seen))
    }

    /// Returns a condition for a transaction: the grant still has the revision that was seen.
    pub fn is_unchanged(&self, seen: &Grant) -> Write {
        Write::check(&self.table, ("grant_key", &seen.key().to_string()))
            .only_if("revision = :seen")
            .with(":seen", number(seen.revision))
    }

    /// Records in which other region alone SP-API listed stores, or that this no longer holds. It is not a change of the
    /// grant: a concurrent write of the grant may undo it, and then the next answer repeats it.
    pub async fn note_sighting(&self, seen: &Grant, sighting: Option<&Sighting>) -> Result<(), AwsError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("grant_key", text(seen.key().to_string()))
            // A grant that was removed or moved has no token.
            .condition_expression("fingerprint = :fingerprint AND attribute_exists(refresh_token)")
            .expression_attribute_values(":fingerprint", text(seen.fingerprint.as_str()));
        let update = match sighting {
            Some(sighting) => {
                let sighting = serde_dynamo::to_attribute_value(sighting)
                    .map_err(|_| AwsError::corrupt("UpdateItem", "a sighting that is no attribute"))?;
                update
                    .update_expression("SET sighting = :sighting")
                    .expression_attribute_values(":sighting", sighting)
            }
            None => update.update_expression("REMOVE sighting"),
        };
        unless_refused(update.send().await)
    }

    /// Stores the same refresh token, sealed again, in place of the one with this fingerprint. It is not a change of
    /// the grant: a concurrent write of the grant may undo it, and then the next refresh repeats it.
    pub async fn reseal(
        &self,
        key: &GrantKey,
        fingerprint: &Fingerprint,
        sealed: &Sealed,
    ) -> Result<(), AwsError> {
        let sealed = serde_dynamo::to_attribute_value(sealed)
            .map_err(|_| AwsError::corrupt("UpdateItem", "a sealed token that is no attribute"))?;
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("grant_key", text(key.to_string()))
            .update_expression("SET refresh_token = :sealed, resealed = :yes")
            // A grant that has been removed since has no token, but still has its fingerprint.
            .condition_expression(
                "fingerprint = :fingerprint AND resealed <> :yes AND attribute_exists(refresh_token)",
            )
            .expression_attribute_values(":sealed", sealed)
            .expression_attribute_values(":fingerprint", text(fingerprint.as_str()))
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .send()
            .await;
        unless_refused(answer)
    }
}

/// A condition that does not hold is no failure: the grant has changed since.
fn unless_refused(
    answer: Result<UpdateItemOutput, SdkError<UpdateItemError, HttpResponse>>,
) -> Result<(), AwsError> {
    match answer {
        Err(error)
            if !error
                .as_service_error()
                .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
        {
            Err(AwsError::of("UpdateItem", &error))
        }
        _ => Ok(()),
    }
}
