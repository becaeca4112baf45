//! How a journey ends, and how the integrator completes its authorization.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::{AuthorizationRequestStore, Redeemed, progress};
use crate::{
    aws::{
        AwsError,
        transaction::{Write, number, text},
    },
    journey::request::{Brought, Outcome, Progress, RESULT_VALID_FOR, ResultHandle},
    secret::ResultSecret,
};

impl AuthorizationRequestStore {
    /// Returns the write that ends the request of this attempt. It fails if another attempt has redeemed the request.
    pub fn finish(&self, redeemed: &Redeemed, outcome: Outcome, now: Timestamp) -> Write {
        self.finishing(redeemed, outcome, "", now)
    }

    /// Returns the same write for a request whose integrator completes the authorization with `result`.
    pub fn finish_for(
        &self,
        redeemed: &Redeemed,
        outcome: Outcome,
        brought: &Brought,
        result: &ResultSecret,
        now: Timestamp,
    ) -> Write {
        self.finishing(redeemed, outcome, ", brought = :brought, result_hash = :result", now)
            .with(":brought", attribute(brought))
            .with(":result", text(result.fingerprint().as_str()))
    }

    /// Returns the write that ends the request of this attempt without an outcome.
    pub fn break_off(&self, redeemed: &Redeemed) -> Write {
        let key = ("request_id", redeemed.request.request_id.as_str());
        Write::update(&self.table, key, "SET stage = :finished")
            .only_if("stage = :exchanging AND attempt = :attempt")
            .with(":finished", text("finished"))
            .with(":exchanging", text("exchanging"))
            .with(":attempt", text(&redeemed.attempt))
    }

    fn finishing(&self, redeemed: &Redeemed, outcome: Outcome, more: &str, now: Timestamp) -> Write {
        let request = &redeemed.request;
        let expression = "SET stage = :finished, outcome = :outcome, result_until = :until";
        Write::update(
            &self.table,
            ("request_id", request.request_id.as_str()),
            &format!("{expression}{more}"),
        )
        .only_if("stage = :exchanging AND attempt = :attempt")
        .with(":finished", text("finished"))
        .with(":exchanging", text("exchanging"))
        .with(":attempt", text(&redeemed.attempt))
        .with(":outcome", attribute(outcome))
        .with(":until", number((now + RESULT_VALID_FOR).as_second()))
    }

    /// Reads the journey that this result names, with a consistent read.
    pub async fn finished(&self, result: &ResultHandle) -> Result<Option<Progress>, AwsError> {
        self.row(&result.request_id).await?.map(progress).transpose()
    }

    /// Returns the write that uses the result. It fails if the result was used or has expired.
    pub fn complete(&self, result: &ResultHandle, now: Timestamp) -> Write {
        Write::update(&self.table, ("request_id", result.request_id.as_str()), "SET completed_at = :now")
            .only_if("result_hash = :result AND attribute_not_exists(completed_at) AND result_until > :now")
            .with(":result", text(result.secret.fingerprint().as_str()))
            .with(":now", number(now.as_second()))
    }
}

fn attribute(value: impl serde::Serialize) -> AttributeValue {
    serde_dynamo::to_attribute_value(value).expect("a struct of plain values is an attribute")
}
