//! How a journey begins, and which journeys of a browser are still open.
//!
//! The browser's cookie names its requests, but the answers to two tabs at once overwrite each other's cookie. So the
//! website journeys of a browser are also stored in a row of the browser, one row per ten minutes. Otherwise one tab could
//! be mistaken for another.

use std::{collections::BTreeSet, time::Duration};

use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::AttributeValue};
use jiff::Timestamp;
use serde::Serialize;

use super::{AuthorizationRequestStore, progress};
use crate::{
    aws::{
        AwsError,
        batch::{self, Item},
        transaction::{Write, number, text},
    },
    deadline::Deadline,
    ids::{RequestId, SellingPartnerId},
    journey::request::{
        AuthorizationRequest, FIRST_LEG_STORED_FOR, IN_USE_FOR, Progress, STORED_FOR, State, VALID_FOR,
    },
    secret::{BrowserId, Fingerprint, StateSecret},
};

/// How many website journeys a browser may begin in ten minutes. The journeys of two such rows and the cookie's eight are
/// a hundred rows, the most that one `BatchGetItem` reads.
const BEGUN_AT_MOST: usize = 46;

/// A browser waits for these reads; a throttled table gets no longer than this.
const READ_WITHIN: Duration = Duration::from_secs(2);

#[derive(Serialize)]
pub(super) struct Row<'a> {
    state_hash: Fingerprint,
    browser_hash: Fingerprint,
    stage: FirstStage,
    delete_at: i64,
    #[serde(flatten)]
    request: &'a AuthorizationRequest,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        request: &'a AuthorizationRequest,
        browser: &BrowserId,
        secret: &StateSecret,
        stage: FirstStage,
    ) -> Self {
        let stored_for = if request.link_id.is_some() { FIRST_LEG_STORED_FOR } else { STORED_FOR };
        Self {
            state_hash: secret.fingerprint(),
            browser_hash: browser.fingerprint(),
            stage,
            delete_at: (request.expires_at + stored_for).as_second(),
            request,
        }
    }
}

/// The stages in which a journey begins.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FirstStage {
    SigningIn,
    Issued,
}

impl AuthorizationRequestStore {
    /// Stores `request` for this browser and issues its state.
    pub async fn issue(
        &self,
        request: &AuthorizationRequest,
        browser: &BrowserId,
    ) -> Result<State, AwsError> {
        let secret = StateSecret::random();
        self.put(&Row::new(request, browser, &secret, FirstStage::Issued)).await?;
        Ok(State { request_id: request.request_id.clone(), secret })
    }

    /// Returns the write that stores `request` with a state that the caller has chosen.
    pub fn issuing(&self, request: &AuthorizationRequest, browser: &BrowserId, state: &StateSecret) -> Write {
        Write::put(&self.table, &Row::new(request, browser, state, FirstStage::Issued))
            .only_if("attribute_not_exists(request_id)")
    }

    /// Records that this browser is about to begin a website journey. Returns `false` if the browser began too many in the
    /// current ten minutes.
    pub async fn record_website_journey(
        &self,
        browser: &BrowserId,
        request: &RequestId,
        now: Timestamp,
    ) -> Result<bool, AwsError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("request_id", text(begun_by(browser, now)))
            .update_expression("ADD begun :request SET delete_at = :then")
            .condition_expression("attribute_not_exists(begun) OR size(begun) < :most")
            .expression_attribute_values(":request", AttributeValue::Ss(vec![request.to_string()]))
            .expression_attribute_values(":then", number((now + VALID_FOR + VALID_FOR).as_second()))
            .expression_attribute_values(":most", number(BEGUN_AT_MOST))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(AwsError::of("UpdateItem", &error)),
            },
        }
    }

    /// Returns the journeys that this browser began: those of the last ten minutes, and those that its cookie names.
    pub async fn of_browser(
        &self,
        named: &[RequestId],
        browser: &BrowserId,
        now: Timestamp,
    ) -> Result<Vec<Progress>, AwsError> {
        let earlier = now - VALID_FOR;
        let begun = self.read([begun_by(browser, now), begun_by(browser, earlier)]).await?;
        let begun = begun.iter().filter_map(|row| row.get("begun")?.as_ss().ok()).flatten().cloned();
        let ids: BTreeSet<_> = begun.chain(named.iter().map(ToString::to_string)).collect();
        let rows = self.read(ids).await?;
        let browser = browser.fingerprint();
        let journeys = rows.into_iter().filter_map(|row| progress(row).ok());
        Ok(journeys.filter(|journey| journey.is_of(&browser)).collect())
    }

    /// Reads the journey, with a consistent read.
    pub async fn find(&self, id: &RequestId) -> Result<Option<Progress>, AwsError> {
        self.row(id).await?.map(progress).transpose()
    }

    /// Returns the write that assigns the journey `first` to this partner. It fails if the journey is assigned to another
    /// partner or has ended. The caller has decided that the journey is not too old.
    pub fn assign(&self, first: &RequestId, partner: &SellingPartnerId, now: Timestamp) -> Write {
        let change = "SET passed_to = :partner, passed_until = :until REMOVE released";
        Write::update(&self.table, ("request_id", first.as_str()), change)
            .only_if(
                "stage = :issued AND attribute_not_exists(closed) \
                 AND (attribute_not_exists(passed_to) OR passed_to = :partner)",
            )
            .with(":partner", text(partner.as_str()))
            .with(":issued", text("issued"))
            .with(":until", number((now + IN_USE_FOR).as_second()))
    }

    /// Returns the write that closes the journey `first`, because its second leg has ended. It has no condition: it must
    /// not fail the transaction that saves the grant.
    pub fn close(&self, first: &RequestId, now: Timestamp) -> Write {
        Write::update(&self.table, ("request_id", first.as_str()), "SET closed = :closed, delete_at = :then")
            .with(":closed", AttributeValue::Bool(true))
            .with(":then", number((now + STORED_FOR).as_second()))
    }

    /// Returns the write that notes at the journey `first` that its second leg has ended without a token. It has no condition
    /// either.
    pub fn release(&self, first: &RequestId) -> Write {
        Write::update(&self.table, ("request_id", first.as_str()), "SET released = :released")
            .with(":released", AttributeValue::Bool(true))
    }

    /// Returns the write that ends the journey `before`, because its link opens another one. It fails if the journey has changed
    /// since it was read: its browser may have brought a token.
    pub fn supersede(&self, before: &Progress) -> Write {
        let stage = if before.came_back_with().is_some() { "finished" } else { "issued" };
        let key = ("request_id", before.request.request_id.as_str());
        Write::update(&self.table, key, "SET closed = :true, superseded = :true")
            .only_if("stage = :stage AND attribute_not_exists(closed)")
            .with(":true", AttributeValue::Bool(true))
            .with(":stage", text(stage))
    }

    pub(super) async fn put(&self, row: &Row<'_>) -> Result<(), AwsError> {
        let item = serde_dynamo::to_item(row)
            .map_err(|_| AwsError::corrupt("PutItem", "an authorization request that is no item"))?;
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await
            .map_err(|error| AwsError::of("PutItem", &error))?;
        Ok(())
    }

    /// The rows with these keys, as far as there are any.
    async fn read(&self, ids: impl IntoIterator<Item = String>) -> Result<Vec<Item>, AwsError> {
        let deadline = Deadline::after(READ_WITHIN);
        batch::read_table(&self.client, &self.table, "request_id", ids, deadline).await
    }
}

/// The key of the row of the journeys that this browser began in the ten minutes around `at`. No request id has this form.
fn begun_by(browser: &BrowserId, at: Timestamp) -> String {
    format!("browser#{}#{}", browser.fingerprint().as_str(), at.as_second().div_euclid(VALID_FOR.as_secs()))
}
