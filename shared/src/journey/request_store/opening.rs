//! How a journey begins, and which of those that a browser began are still open.
//!
//! The browser's cookie names its requests, but answers to two tabs at once overwrite each other's cookie. So the website
//! journeys of a browser are also kept in a row of its own, for each ten minutes one: a tab must not be taken for another.

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
    journey::request::{AuthorizationRequest, REMEMBERED_FOR, Stage, State, VALID_FOR},
    secret::{BrowserId, Fingerprint, StateSecret},
};

/// How many website journeys a browser may begin in ten minutes. Two such rows and the cookie's eight come to a hundred,
/// which one read takes.
const BEGUN_AT_MOST: usize = 46;

/// A browser waits for these reads; a throttled table gets no longer than this.
const READ_WITHIN: Duration = Duration::from_secs(2);

#[derive(Serialize)]
pub(super) struct Row<'a> {
    pub(super) state_hash: Fingerprint,
    pub(super) browser_hash: Fingerprint,
    pub(super) stage: Stage,
    delete_at: i64,
    #[serde(flatten)]
    request: &'a AuthorizationRequest,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        request: &'a AuthorizationRequest,
        browser: &BrowserId,
        secret: &StateSecret,
        stage: Stage,
    ) -> Self {
        Self {
            state_hash: secret.fingerprint(),
            browser_hash: browser.fingerprint(),
            stage,
            delete_at: (request.expires_at + REMEMBERED_FOR).as_second(),
            request,
        }
    }
}

impl AuthorizationRequestStore {
    /// Stores `request` for this browser and issues its state.
    pub async fn issue(
        &self,
        request: &AuthorizationRequest,
        browser: &BrowserId,
    ) -> Result<State, AwsError> {
        let secret = StateSecret::random();
        self.put(&Row::new(request, browser, &secret, Stage::Issued)).await?;
        Ok(State { request_id: request.request_id.clone(), secret })
    }

    /// The write that does so for a state that is known beforehand.
    #[must_use]
    pub fn issuing(&self, request: &AuthorizationRequest, browser: &BrowserId, state: &StateSecret) -> Write {
        Write::put(&self.table, &Row::new(request, browser, state, Stage::Issued))
            .only_if("attribute_not_exists(request_id)")
    }

    /// Remembers that this browser is about to begin a website journey. `false` if it began too many of late.
    pub async fn remember(
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

    /// The requests that this browser began, those that its cookie names included, with which `partner` may still go to
    /// Amazon. One on which Amazon has already sent the browser back with another partner is that partner's.
    pub async fn open(
        &self,
        named: &[RequestId],
        browser: &BrowserId,
        partner: &SellingPartnerId,
        now: Timestamp,
    ) -> Result<Vec<AuthorizationRequest>, AwsError> {
        let earlier = now - VALID_FOR;
        let begun = self.read([begun_by(browser, now), begun_by(browser, earlier)]).await?;
        let begun = begun.iter().filter_map(|row| row.get("begun")?.as_ss().ok()).flatten().cloned();
        let ids: BTreeSet<_> = begun.chain(named.iter().map(ToString::to_string)).collect();
        let rows = self.read(ids).await?;
        let browser = browser.fingerprint();
        let open = rows.into_iter().filter_map(|row| progress(row).ok()).filter(|row| {
            let expected = row.passed_to.as_ref().or(row.request.expected_partner.as_ref());
            row.is_open(&browser, now) && expected.is_none_or(|expected| expected == partner)
        });
        Ok(open.map(|row| row.request).collect())
    }

    /// The request, if this browser began it and may still go to Amazon with it.
    pub async fn still_open(
        &self,
        id: &RequestId,
        browser: &BrowserId,
        now: Timestamp,
    ) -> Result<Option<AuthorizationRequest>, AwsError> {
        let Some(row) = self.row(id).await? else {
            return Ok(None);
        };
        let row = progress(row)?;
        Ok((row.is_open(&browser.fingerprint(), now) && row.passed_to.is_none()).then_some(row.request))
    }

    /// The write by which the journey `first` is this partner's from now on. It fails if it is another's or has ended.
    #[must_use]
    pub fn pass_on(&self, first: &RequestId, partner: &SellingPartnerId, now: Timestamp) -> Write {
        Write::update(&self.table, ("request_id", first.as_str()), "SET passed_to = :partner")
            .only_if(
                "stage = :issued AND expires_at > :now AND attribute_not_exists(closed) \
                 AND (attribute_not_exists(passed_to) OR passed_to = :partner)",
            )
            .with(":partner", text(partner.as_str()))
            .with(":issued", text("issued"))
            .with(":now", number(now.as_second()))
    }

    /// The write by which the journey `first` has come to its end, because its second leg did. It has no condition: what
    /// is saved along with it must not hang on it.
    #[must_use]
    pub fn close(&self, first: &RequestId, now: Timestamp) -> Write {
        Write::update(&self.table, ("request_id", first.as_str()), "SET closed = :closed, delete_at = :then")
            .with(":closed", AttributeValue::Bool(true))
            .with(":then", number((now + REMEMBERED_FOR).as_second()))
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

/// The key of the row of what this browser began in the ten minutes around `at`. No request id has this form.
fn begun_by(browser: &BrowserId, at: Timestamp) -> String {
    format!("browser#{}#{}", browser.fingerprint().as_str(), at.as_second().div_euclid(VALID_FOR.as_secs()))
}
