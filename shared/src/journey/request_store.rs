//! The authorization requests table. One conditional write redeems a state.

mod budget;
mod opening;
mod results;
mod sign_in;

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::Timestamp;

use crate::{
    aws::{
        AwsError,
        transaction::{number, text},
    },
    ids::RequestId,
    journey::request::{
        ATTEMPTS, AuthorizationRequest, EXCHANGING_FOR, NotRedeemed, Outcome, Presented, Progress,
    },
};

/// The authorization requests.
#[derive(Clone, Debug)]
pub struct AuthorizationRequestStore {
    client: Client,
    table: String,
}

/// A request that this callback, and no other, exchanges a code for.
#[derive(Debug)]
pub struct Redeemed {
    /// The request.
    pub request: AuthorizationRequest,
    /// The random word that identifies the callback.
    pub attempt: String,
    /// Which attempt this is, counted from 1.
    pub attempts: u32,
}

/// Why a callback redeems nothing.
#[derive(Debug)]
pub struct Refused {
    /// The reason.
    pub reason: NotRedeemed,
    /// The request, if the callback has its state.
    pub request: Option<Box<AuthorizationRequest>>,
}

impl AuthorizationRequestStore {
    /// Returns the store of the requests in `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Redeems a state. It succeeds for one callback alone, from the browser that began the request, for the expected
    /// partner, before the request expires. After that callback died, it succeeds once more with the same code.
    ///
    /// `attempt` is a random word that identifies this callback. Repeated with the same word after a lost answer, the call
    /// succeeds again.
    pub async fn redeem(
        &self,
        request_id: &RequestId,
        presented: &Presented,
        attempt: &str,
        now: Timestamp,
    ) -> Result<Result<Redeemed, Refused>, AwsError> {
        let redeemed = |row: HashMap<String, AttributeValue>| {
            let attempts = row.get("attempts").and_then(|number| number.as_n().ok()?.parse().ok());
            let request = progress(row)?.request;
            Ok(Ok(Redeemed { request, attempt: attempt.to_owned(), attempts: attempts.unwrap_or(ATTEMPTS) }))
        };
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("request_id", text(request_id.as_str()))
            .update_expression(
                "SET stage = :exchanging, attempt = :attempt, exchanging_until = :until, partner = :partner, \
                 code_hash = :code, attempts = if_not_exists(attempts, :zero) + :one",
            )
            .condition_expression(
                "state_hash = :state AND browser_hash = :browser \
                 AND (attribute_not_exists(expected_partner) OR expected_partner = :partner) \
                 AND ((stage = :issued AND expires_at > :now AND attribute_not_exists(closed)) \
                 OR (stage = :exchanging AND exchanging_until <= :now AND attempts < :attempts \
                 AND partner = :partner AND code_hash = :code))",
            )
            .expression_attribute_values(":issued", text("issued"))
            .expression_attribute_values(":exchanging", text("exchanging"))
            .expression_attribute_values(":attempt", text(attempt))
            .expression_attribute_values(":until", number((now + EXCHANGING_FOR).as_second()))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":attempts", number(ATTEMPTS))
            .expression_attribute_values(":state", text(presented.state.as_str()))
            .expression_attribute_values(":browser", text(presented.browser.as_str()))
            .expression_attribute_values(":partner", text(presented.partner.as_str()))
            .expression_attribute_values(":code", text(presented.code.as_str()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match answer {
            Ok(updated) => return redeemed(updated.attributes.unwrap_or_default()),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => match failed.item() {
                None => Ok(Err(Refused { reason: NotRedeemed::Unknown, request: None })),
                Some(row) => {
                    let journey = progress(row.clone())?;
                    // This same call has redeemed the state, and its answer was lost.
                    if journey.stage.attempt() == Some(attempt) {
                        return redeemed(row.clone());
                    }
                    let reason = journey.not_redeemed(presented, now);
                    let known = reason != NotRedeemed::Unknown;
                    Ok(Err(Refused { reason, request: known.then(|| Box::new(journey.request)) }))
                }
            },
            _ => Err(AwsError::of("UpdateItem", &error)),
        }
    }

    /// Returns how the request ended, if this attempt ended it.
    pub async fn outcome(&self, redeemed: &Redeemed) -> Result<Option<Outcome>, AwsError> {
        let Some(row) = self.row(&redeemed.request.request_id).await? else {
            return Ok(None);
        };
        Ok(progress(row)?.outcome_of(&redeemed.attempt))
    }

    async fn row(&self, id: &RequestId) -> Result<Option<HashMap<String, AttributeValue>>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("request_id", text(id.as_str()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        Ok(read.item)
    }
}

fn progress(row: HashMap<String, AttributeValue>) -> Result<Progress, AwsError> {
    serde_dynamo::from_item(row)
        .map_err(|_| AwsError::corrupt("GetItem", "a row of the authorization requests table"))
}
