//! The budget of codes that Amazon may refuse: how many journeys without a link and without a sign-in may have a code refused within a
//! minute, for each application. Nothing shows that a person stands behind such a journey, and each of them costs a call to Amazon under
//! the application's client id.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use jiff::{SignedDuration, Timestamp};

use super::{AuthorizationRequestStore, Redeemed};
use crate::{
    aws::{
        AwsError,
        transaction::{Write, number, text},
    },
    ids::ApplicationId,
    journey::request::AuthorizationRequest,
};

/// How long a count is stored after its minute.
const STORED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// One unit of the budget of a minute. It is given back if Amazon does not refuse the code.
#[derive(Debug)]
pub struct Unit {
    key: String,
}

impl AuthorizationRequest {
    /// Returns whether nothing shows that a user of the integrator began the journey: no link opened it, and nobody has signed in for it.
    pub fn is_anonymous(&self) -> bool {
        self.link_id.is_none() && self.account.is_none()
    }
}

impl AuthorizationRequestStore {
    /// Takes a unit of the budget of the present minute. Returns `None` if `budget` units are taken.
    pub async fn take_unit(
        &self,
        application: &ApplicationId,
        budget: u32,
        now: Timestamp,
    ) -> Result<Option<Unit>, AwsError> {
        // No id of a request contains `#`.
        let key = format!("refused#{application}#{}", now.as_second().div_euclid(60));
        let taken = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("request_id", text(&key))
            .update_expression("SET delete_at = :end ADD refused :one")
            .condition_expression("attribute_not_exists(refused) OR refused < :budget")
            .expression_attribute_values(":end", number((now + STORED_FOR).as_second()))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":budget", number(budget))
            .send()
            .await;
        match taken {
            Ok(_) => Ok(Some(Unit { key })),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(AwsError::of("UpdateItem", &error)),
        }
    }

    /// Gives a unit back: Amazon has not refused the code.
    pub async fn give_back(&self, unit: &Unit) -> Result<(), AwsError> {
        let write = self.client.update_item().table_name(&self.table).key("request_id", text(&unit.key));
        let write =
            write.update_expression("ADD refused :less").expression_attribute_values(":less", number(-1));
        write.send().await.map(drop).map_err(|error| AwsError::of("UpdateItem", &error))
    }

    /// Returns the write that makes the request of this attempt as if no callback had come: nothing was sent to Amazon.
    pub fn unredeem(&self, redeemed: &Redeemed) -> Write {
        let key = ("request_id", redeemed.request.request_id.as_str());
        let expression = "SET stage = :issued, attempts = attempts - :one REMOVE attempt, exchanging_until, partner, code_hash";
        Write::update(&self.table, key, expression)
            .only_if("stage = :exchanging AND attempt = :attempt")
            .with(":issued", text("issued"))
            .with(":one", number(1))
            .with(":exchanging", text("exchanging"))
            .with(":attempt", text(&redeemed.attempt))
    }
}
