//! The authorization requests table: a state is redeemed by one conditional write.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::{
    Client,
    operation::update_item::UpdateItemError,
    types::{AttributeValue, KeysAndAttributes, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    authorization_request::{
        ATTEMPTS, AuthorizationRequest, EXCHANGING_FOR, NotRedeemed, Outcome, Presented, Progress,
        REMEMBERED_FOR, Stage, State,
    },
    aws::AwsError,
    ids::RequestId,
    secret::{BrowserId, Fingerprint, StateSecret},
    transaction::{Write, number, text},
};

/// The authorization requests.
#[derive(Clone, Debug)]
pub struct AuthorizationRequestStore {
    client: Client,
    table: String,
}

/// A request that this callback, and no other, is at work on.
#[derive(Debug)]
pub struct Redeemed {
    /// The request.
    pub request: AuthorizationRequest,
    /// Tells this attempt from every other.
    pub attempt: String,
}

#[derive(Serialize)]
struct Row<'a> {
    state_hash: Fingerprint,
    browser_hash: Fingerprint,
    stage: Stage,
    delete_at: i64,
    #[serde(flatten)]
    request: &'a AuthorizationRequest,
}

impl AuthorizationRequestStore {
    /// The requests in `table`.
    #[must_use]
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Stores `request` for this browser and issues its state.
    pub async fn issue(
        &self,
        request: &AuthorizationRequest,
        browser: &BrowserId,
    ) -> Result<State, AwsError> {
        let secret = StateSecret::random();
        let row = Row {
            state_hash: secret.fingerprint(),
            browser_hash: browser.fingerprint(),
            stage: Stage::Issued,
            delete_at: (request.expires_at + REMEMBERED_FOR).as_second(),
            request,
        };
        let item = serde_dynamo::to_item(row)
            .map_err(|_| AwsError::corrupt("PutItem", "an authorization request that is no item"))?;
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await
            .map_err(|error| AwsError::of("PutItem", &error))?;
        Ok(State { request_id: request.request_id.clone(), secret })
    }

    /// Those of `ids` that this browser began and that can still be redeemed.
    pub async fn open(
        &self,
        ids: &[RequestId],
        browser: &BrowserId,
        now: Timestamp,
    ) -> Result<Vec<AuthorizationRequest>, AwsError> {
        let distinct: BTreeSet<_> = ids.iter().collect();
        if distinct.is_empty() {
            return Ok(Vec::new());
        }
        let keys =
            distinct.into_iter().map(|id| HashMap::from([("request_id".to_owned(), text(id.as_str()))]));
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys.collect()))
            .consistent_read(true)
            .build()
            .map_err(|_| AwsError::corrupt("BatchGetItem", "incomplete keys"))?;
        let read = self
            .client
            .batch_get_item()
            .request_items(&self.table, keys)
            .send()
            .await
            .map_err(|error| AwsError::of("BatchGetItem", &error))?;
        if read.unprocessed_keys().is_some_and(|unprocessed| !unprocessed.is_empty()) {
            return Err(AwsError::passing("BatchGetItem", "UnprocessedKeys"));
        }
        let rows = read.responses.unwrap_or_default().remove(&self.table).unwrap_or_default();
        let browser = browser.fingerprint();
        let open = rows.into_iter().filter_map(|row| progress(row).ok()).filter(|row| {
            row.browser_hash == browser && row.stage == Stage::Issued && row.request.expires_at > now
        });
        Ok(open.map(|row| row.request).collect())
    }

    /// Redeems a state: succeeds for one callback alone, from the browser that began, for the partner that was
    /// expected, before the request expires; or once more with the same code after that callback died.
    ///
    /// `attempt` is a random word that tells this callback from every other; repeated with the same one after a lost
    /// answer, the call succeeds again.
    pub async fn redeem(
        &self,
        request_id: &RequestId,
        presented: &Presented,
        attempt: &str,
        now: Timestamp,
    ) -> Result<Result<Redeemed, NotRedeemed>, AwsError> {
        let redeemed = |row| Ok(Redeemed { request: progress(row)?.request, attempt: attempt.to_owned() });
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
                 AND ((stage = :issued AND expires_at > :now) \
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
            Ok(updated) => {
                return redeemed(updated.attributes.unwrap_or_default()).map(Ok);
            }
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => match failed.item() {
                None => Ok(Err(NotRedeemed::Unknown)),
                // The answer to our own write was lost, and it was made again.
                Some(row) if row.get("attempt") == Some(&text(attempt)) => redeemed(row.clone()).map(Ok),
                Some(row) => Ok(Err(progress(row.clone())?.refuses(presented, now))),
            },
            _ => Err(AwsError::of("UpdateItem", &error)),
        }
    }

    /// The write that ends the request of this attempt. It fails if another attempt has taken over.
    #[must_use]
    pub fn finish(&self, redeemed: &Redeemed, outcome: Outcome) -> Write {
        let outcome: AttributeValue =
            serde_dynamo::to_attribute_value(outcome).unwrap_or(AttributeValue::Null(true));
        Write::update(
            &self.table,
            ("request_id", redeemed.request.request_id.as_str()),
            "SET stage = :finished, outcome = :outcome",
        )
        .only_if("stage = :exchanging AND attempt = :attempt")
        .with(":finished", text("finished"))
        .with(":exchanging", text("exchanging"))
        .with(":attempt", text(&redeemed.attempt))
        .with(":outcome", outcome)
    }

    /// How the request of this attempt ended, if this attempt ended it.
    pub async fn outcome(&self, redeemed: &Redeemed) -> Result<Option<Outcome>, AwsError> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("request_id", text(redeemed.request.request_id.as_str()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsError::of("GetItem", &error))?;
        let Some(row) = read.item else {
            return Ok(None);
        };
        let ours = row.get("attempt").and_then(|attempt| attempt.as_s().ok()) == Some(&redeemed.attempt);
        Ok(progress(row)?.outcome.filter(|_| ours))
    }
}

fn progress(row: HashMap<String, AttributeValue>) -> Result<Progress, AwsError> {
    serde_dynamo::from_item(row)
        .map_err(|_| AwsError::corrupt("GetItem", "a row of the authorization requests table"))
}
