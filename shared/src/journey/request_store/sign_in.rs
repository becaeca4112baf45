//! A partner that comes from Amazon signs in at the integrator's site before it goes back.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::Timestamp;

use super::{
    AuthorizationRequestStore,
    opening::{FirstStage, Row},
    progress,
};
use crate::{
    aws::{
        AwsError,
        transaction::{number, text},
    },
    ids::{Account, RequestId},
    journey::request::{AuthorizationRequest, NotSignedIn, Outcome, Progress, State},
    secret::{BrowserId, SignInProof, StateSecret},
};

impl AuthorizationRequestStore {
    /// Stores a request whose partner is sent to the integrator's sign-in. Its state is issued later.
    pub async fn begin_sign_in(
        &self,
        request: &AuthorizationRequest,
        browser: &BrowserId,
    ) -> Result<(), AwsError> {
        self.put(&Row::new(request, browser, &StateSecret::random(), FirstStage::SigningIn)).await
    }

    /// Returns the request whose partner signs in, or why none can.
    pub async fn signing_in(
        &self,
        id: &RequestId,
        now: Timestamp,
    ) -> Result<Result<AuthorizationRequest, NotSignedIn>, AwsError> {
        let Some(row) = self.row(id).await? else {
            return Ok(Err(NotSignedIn::Unknown));
        };
        let journey = progress(row)?;
        Ok(match journey.not_signing_in(now) {
            Some(reason) => Err(reason),
            None => Ok(journey.request),
        })
    }

    /// Stores the account that has signed in, and the hash of the proof of sign-in that its browser must bring. After one
    /// account has signed in, no other can; that one may again, until its browser has come back from Amazon, and any of its proofs is
    /// good: a form may be sent twice, and a browser may go on with the first answer.
    pub async fn sign_in(
        &self,
        id: &RequestId,
        account: &Account,
        proof: &SignInProof,
        now: Timestamp,
    ) -> Result<Result<(), NotSignedIn>, AwsError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("request_id", text(id.as_str()))
            .update_expression("SET account = :account ADD proof_hashes :proofs")
            .condition_expression(
                "expires_at > :now AND ((stage = :signing_in \
                 AND (attribute_not_exists(account) OR account = :account)) \
                 OR (stage = :issued AND attribute_exists(arrival) AND account = :account))",
            )
            .expression_attribute_values(":issued", text("issued"))
            .expression_attribute_values(":signing_in", text("signing_in"))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":account", text(account.as_str()))
            .expression_attribute_values(
                ":proofs",
                AttributeValue::Ss(vec![proof.fingerprint().as_str().to_owned()]),
            )
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = answer else {
            return Ok(Ok(()));
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Ok(Err(match failed.item() {
                None => NotSignedIn::Unknown,
                Some(row) => progress(row.clone())?.not_signing_in(now).unwrap_or(NotSignedIn::OtherAccount),
            })),
            _ => Err(AwsError::of("UpdateItem", &error)),
        }
    }

    /// Issues the state of the request to the browser that began it and brings the proof of sign-in. The state derives from the
    /// proof and the browser's cookie, so however often a browser repeats the call before its request expires, it gets the same.
    pub async fn continue_signed_in(
        &self,
        id: &RequestId,
        browser: &BrowserId,
        proof: &SignInProof,
        now: Timestamp,
    ) -> Result<Result<(AuthorizationRequest, State), NotSignedIn>, AwsError> {
        let secret = StateSecret::of_sign_in(proof, id, browser);
        let state = secret.fingerprint();
        let issued =
            |journey: Progress| (journey.request, State { request_id: id.clone(), secret: secret.clone() });
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("request_id", text(id.as_str()))
            .update_expression("SET stage = :issued, state_hash = :state")
            .condition_expression(
                "(stage = :signing_in OR stage = :issued) AND attribute_exists(arrival) AND expires_at > :now \
                 AND browser_hash = :browser AND contains(proof_hashes, :proof)",
            )
            .expression_attribute_values(":issued", text("issued"))
            .expression_attribute_values(":signing_in", text("signing_in"))
            .expression_attribute_values(":state", text(state.as_str()))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":browser", text(browser.fingerprint().as_str()))
            .expression_attribute_values(":proof", text(proof.fingerprint().as_str()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match answer {
            Ok(updated) => return Ok(Ok(issued(progress(updated.attributes.unwrap_or_default())?))),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => match failed.item() {
                None => Ok(Err(NotSignedIn::Unknown)),
                Some(row) => {
                    let journey = progress(row.clone())?;
                    let reason = journey.not_continued(&browser.fingerprint(), &proof.fingerprint(), now);
                    // The browser has come back from Amazon already. It gets what it got before, unless it has succeeded.
                    let again = reason == NotSignedIn::Used
                        && journey.state_hash == state
                        && !journey.outcome().is_some_and(Outcome::brought_a_token)
                        && !journey.is_expired(now);
                    Ok(if again { Ok(issued(journey)) } else { Err(reason) })
                }
            },
            _ => Err(AwsError::of("UpdateItem", &error)),
        }
    }
}
