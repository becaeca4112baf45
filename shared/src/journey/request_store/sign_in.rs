//! A partner who comes from Amazon and signs in at the integrator's before it goes back.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::Timestamp;

use super::{AuthorizationRequestStore, opening::Row, progress};
use crate::{
    aws::{
        AwsError,
        transaction::{number, text},
    },
    ids::{Account, RequestId},
    journey::request::{AuthorizationRequest, Progress, Stage},
    secret::{BrowserId, SignInProof, StateSecret},
};

/// Why a sign-in does not go on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotSignedIn {
    /// No partner is signing in under this name, or the proof is another.
    Unknown,
    /// The journey began in another browser.
    OtherBrowser,
    /// Another account has signed in for it.
    OtherAccount,
    /// It has gone on before.
    Used,
    /// It took too long.
    Expired,
}

impl AuthorizationRequestStore {
    /// Stores a request whose partner is sent to the integrator's sign-in. It has no state yet.
    pub async fn begin_sign_in(
        &self,
        request: &AuthorizationRequest,
        browser: &BrowserId,
    ) -> Result<(), AwsError> {
        self.put(&Row::new(request, browser, &StateSecret::random(), Stage::SigningIn)).await
    }

    /// The request whose partner is signing in.
    pub async fn signing_in(
        &self,
        id: &RequestId,
        now: Timestamp,
    ) -> Result<Result<AuthorizationRequest, NotSignedIn>, AwsError> {
        let Some(row) = self.row(id).await? else {
            return Ok(Err(NotSignedIn::Unknown));
        };
        let row = progress(row)?;
        Ok(match row.not_signing_in(now) {
            Some(reason) => Err(reason),
            None => Ok(row.request),
        })
    }

    /// Notes which account has signed in, and the proof that its browser is to bring. Once an account has, no other can.
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
            .update_expression("SET account = :account, proof_hash = :proof")
            .condition_expression(
                "stage = :signing_in AND expires_at > :now \
                 AND (attribute_not_exists(account) OR account = :account)",
            )
            .expression_attribute_values(":signing_in", text("signing_in"))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":account", text(account.as_str()))
            .expression_attribute_values(":proof", text(proof.fingerprint().as_str()))
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

    /// Issues `state` for the request, once, to the browser that began it and brings the proof of its sign-in. `attempt`
    /// tells this call from every other: repeated after a lost answer, it succeeds again.
    pub async fn continue_signed_in(
        &self,
        id: &RequestId,
        browser: &BrowserId,
        proof: &SignInProof,
        state: &StateSecret,
        attempt: &str,
        now: Timestamp,
    ) -> Result<Result<AuthorizationRequest, NotSignedIn>, AwsError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("request_id", text(id.as_str()))
            .update_expression("SET stage = :issued, state_hash = :state, continued = :attempt")
            .condition_expression(
                "stage = :signing_in AND expires_at > :now AND browser_hash = :browser AND proof_hash = :proof",
            )
            .expression_attribute_values(":issued", text("issued"))
            .expression_attribute_values(":signing_in", text("signing_in"))
            .expression_attribute_values(":state", text(state.fingerprint().as_str()))
            .expression_attribute_values(":attempt", text(attempt))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":browser", text(browser.fingerprint().as_str()))
            .expression_attribute_values(":proof", text(proof.fingerprint().as_str()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match answer {
            Ok(updated) => return Ok(Ok(progress(updated.attributes.unwrap_or_default())?.request)),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => match failed.item() {
                None => Ok(Err(NotSignedIn::Unknown)),
                // The answer to our own write was lost, and it was made again.
                Some(row) if row.get("continued") == Some(&text(attempt)) => {
                    Ok(Ok(progress(row.clone())?.request))
                }
                Some(row) => {
                    let proved = row.get("proof_hash") == Some(&text(proof.fingerprint().as_str()));
                    let row = progress(row.clone())?;
                    Ok(Err(if !proved {
                        NotSignedIn::Unknown
                    } else if row.browser_hash == browser.fingerprint() {
                        row.not_signing_in(now).unwrap_or(NotSignedIn::Unknown)
                    } else {
                        NotSignedIn::OtherBrowser
                    }))
                }
            },
            _ => Err(AwsError::of("UpdateItem", &error)),
        }
    }
}

impl Progress {
    fn not_signing_in(&self, now: Timestamp) -> Option<NotSignedIn> {
        if self.request.arrival.is_none() {
            Some(NotSignedIn::Unknown)
        } else if self.stage != Stage::SigningIn {
            Some(NotSignedIn::Used)
        } else {
            (self.request.expires_at <= now).then_some(NotSignedIn::Expired)
        }
    }
}
