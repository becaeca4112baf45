//! Environments of `get-access-token`, each with clients and a memory of its own, as Lambda starts many; and what may
//! happen to the rows that they read.

use std::{sync::Arc, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::join_all;
use get_access_token::GetAccessToken;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{
    consumer::Invoked,
    deadline::{Clock, Deadline},
    error::Error,
};

use super::{
    caller::Failure,
    invocation::invoked_by,
    world::{Row, World},
};

/// What a caller of `get-access-token` hears.
pub type Outcome = Result<Value, Failure>;

/// The function's own time-out.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One environment. Clones are the same one.
#[derive(Clone)]
pub struct Environment {
    function: Arc<GetAccessToken>,
    invoked: Invoked,
    clock: simulated_amazon::Clock,
}

impl Environment {
    /// The same environment, with the same memory, invoked by the alias of a consumer.
    pub fn by(&self, alias: &str) -> Self {
        Self { invoked: invoked_by("get-access-token", alias), ..self.clone() }
    }

    /// Asks for an access token.
    pub async fn token(&self, request: &Value) -> Outcome {
        self.token_at(request, self.clock.now(), TIMEOUT).await
    }

    /// Asks for the access token of a partner in North America.
    pub async fn token_of(&self, partner: &str) -> Outcome {
        self.token(&json!({"sellingPartnerId": partner, "region": "na"})).await
    }

    /// Asks with a clock that is ahead, so that leases have ended for it.
    pub async fn token_ahead(&self, request: &Value, ahead: SignedDuration) -> Outcome {
        self.token_at(request, self.clock.now() + ahead, TIMEOUT).await
    }

    /// Asks with so much time left.
    pub async fn token_within(&self, request: &Value, time_limit: Duration) -> Outcome {
        self.token_at(request, self.clock.now(), time_limit).await
    }

    /// Asks with so much time left, and returns the error as the log has it.
    pub async fn failure_within(&self, request: &Value, time_limit: Duration) -> Error {
        let clock = Clock::starting_at(self.clock.now(), Deadline::after(time_limit));
        match Box::pin(self.function.handle(request, &self.invoked, clock)).await {
            Ok(_) => panic!("a token was vended"),
            Err(error) => error,
        }
    }

    async fn token_at(&self, request: &Value, now: Timestamp, time_limit: Duration) -> Outcome {
        let clock = Clock::starting_at(now, Deadline::after(time_limit));
        let invoked = self.invoked.clone();
        let answer = Box::pin(self.function.handle(request, &invoked, clock)).await;
        answer.map(|answer| serde_json::to_value(answer).unwrap()).map_err(|error| failure(&error))
    }
}

/// The access token of an answer.
#[track_caller]
pub fn token(outcome: &Outcome) -> String {
    outcome.as_ref().unwrap()["accessToken"].as_str().unwrap().to_owned()
}

/// The `errorType` of a failure.
#[track_caller]
pub fn error_type(outcome: &Outcome) -> &str {
    &outcome.as_ref().unwrap_err().error_type
}

/// The one token that everybody got.
#[track_caller]
pub fn one_token(outcomes: &[Outcome]) -> String {
    let first = token(&outcomes[0]);
    for outcome in outcomes {
        assert_eq!(token(outcome), first);
    }
    first
}

/// Asserts that everybody heard this failure.
#[track_caller]
pub fn all_heard(outcomes: &[Outcome], expected: &str) {
    for outcome in outcomes {
        assert_eq!(error_type(outcome), expected, "{outcome:?}");
    }
}

impl World {
    /// One more environment.
    pub fn fresh(&self) -> Environment {
        Environment {
            function: Arc::new(self.environment()),
            invoked: Invoked::Unqualified,
            clock: self.stack.clock().clone(),
        }
    }

    /// So many environments.
    pub fn environments(&self, count: usize) -> Vec<Environment> {
        (0..count).map(|_| self.fresh()).collect()
    }

    /// A seller who has authorized the first application, and whose first access token has ended.
    pub async fn cold_seller(&self, partner: &str) {
        assert!(self.browser().website("US", "seller", partner).await.is_connected());
        self.advance(3600).await;
        self.control("reset", json!({})).await;
    }

    /// Waits until a refresh token has arrived at Amazon so many times.
    pub async fn until_refreshes(&self, count: u64) {
        while self.refreshes().await < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How often a grantless token was asked for.
    pub async fn client_credentials(&self) -> u64 {
        self.calls().await["token"]["client_credentials"].as_u64().unwrap()
    }

    /// How often a restricted data token was asked for.
    pub async fn restricted_calls(&self) -> u64 {
        self.calls().await["restrictedDataToken"].as_u64().unwrap()
    }

    /// The row of the first application's token for a partner in North America.
    pub async fn token_row(&self, partner: &str) -> Row {
        let key = format!("partner#{}#na#{partner}", self.application());
        self.row("spapi-auth-access-tokens", ("token_key", &key)).await.unwrap_or_default()
    }

    /// Sets a text attribute of a grant of the first application, with a new version, as administration does.
    pub async fn change_grant(&self, region: &str, partner: &str, attribute: &str, value: &str) {
        let client = aws_sdk_dynamodb::Client::new(&self.stack.sdk_config());
        let update = client
            .update_item()
            .table_name("spapi-auth-grants")
            .key("grant_key", AttributeValue::S(format!("{}#{region}#{partner}", self.application())))
            .update_expression("SET #attribute = :value ADD version :one, revision :one")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", AttributeValue::S(value.to_owned()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        update.send().await.unwrap();
    }

    /// Stores a whole grant.
    pub async fn put_grant(&self, row: Row) {
        let client = aws_sdk_dynamodb::Client::new(&self.stack.sdk_config());
        client.put_item().table_name("spapi-auth-grants").set_item(Some(row)).send().await.unwrap();
    }
}

/// Sends the same request from every environment at the same time.
pub async fn at_once(environments: &[Environment], request: &Value) -> Vec<Outcome> {
    let now = environments[0].clock.now();
    let asked = environments.iter().cloned().map(|environment| {
        let request = request.clone();
        tokio::spawn(async move { environment.token_at(&request, now, TIMEOUT).await })
    });
    join_all(asked).await.into_iter().map(Result::unwrap).collect()
}

fn failure(error: &Error) -> Failure {
    Failure { error_type: error.error_type().to_owned(), error_message: error.to_string() }
}
