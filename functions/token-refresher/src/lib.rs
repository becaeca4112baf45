//! Refreshes access tokens before they expire, validates every grant at Amazon once a day, and reports authorizations that
//! lapse after their year.
//!
//! A schedule sends one message for each shard to a queue, and the queue invokes this function. The cost of a run depends on
//! the number of due tokens, not of all tokens. A refresh that was interrupted is still due in the next run.

mod confirm;
mod count;
mod due;
mod measure;
mod message;
mod outages;
mod outdated;
mod pace;
mod plan;
mod progress;
mod queue;
mod renewals;
mod run;
mod settle;
mod shard;
mod storing;
mod sweep;
mod verify;

use std::sync::Mutex;

use serde::Deserialize;
use serde_json::Value;
use shared::{
    access_token::store::AccessTokenStore,
    amazon::{Amazon, http::HttpClient, sp_api::SpApi},
    application::ApplicationStore,
    aws::{Aws, metrics::Metrics},
    deadline::{Clock, retry_until},
    env::{Env, Unset},
    error::Error,
    grant::{renewal_links::RenewalPages, store::GrantStore},
    grant_change::GrantChanges,
    history::commit::Recorder,
    lambda::trigger::{QueueAnswer, QueueMessage, Trigger},
    vending::Vending,
};

use crate::{message::Message, outages::Outages, pace::Pace, queue::RefreshQueue};

/// The number of tokens that one environment fetches at the same time, unless `REFRESH_CONCURRENCY` sets another. Amazon
/// documents no limit.
const CONCURRENCY: u16 = 16;

/// The dependencies of the function.
#[derive(Debug)]
pub struct TokenRefresher {
    amazon: Amazon,
    applications: ApplicationStore,
    changes: GrantChanges,
    grants: GrantStore,
    recorder: Recorder,
    renewal_pages: RenewalPages,
    metrics: Metrics,
    outages: Mutex<Outages>,
    pace: Mutex<Pace>,
    queue: RefreshQueue,
    sp_api: SpApi,
    tokens: AccessTokenStore,
    vending: Vending,
}

/// The task that a schedule starts.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Task {
    /// Send a message for each shard.
    Plan,
    /// Send the messages for each application that report authorizations that lapse soon, and repair grants.
    Renewals,
}

impl TokenRefresher {
    /// Reads `APPLICATIONS_TABLE`, `REFRESH_QUEUE_URL`, `REFRESH_DEAD_LETTERS_URL`, `REFRESH_CONCURRENCY` (1 to 256, default 16), and
    /// what [`Vending`], [`RenewalPages`] and [`Amazon`] read.
    pub fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        let dynamodb = aws.dynamodb();
        let amazon = Amazon::from_env(env)?;
        let table = |name: &str| env.required(name).map(ToOwned::to_owned);
        let grants = GrantStore::new(dynamodb.clone(), table("GRANTS_TABLE")?);
        let concurrency = env.optional_parsed("REFRESH_CONCURRENCY")?.unwrap_or(CONCURRENCY);
        if !(1..=256).contains(&concurrency) {
            return Err(Unset::malformed("REFRESH_CONCURRENCY", "a number from 1 to 256"));
        }
        Ok(Self {
            applications: ApplicationStore::new(dynamodb.clone(), table("APPLICATIONS_TABLE")?),
            changes: GrantChanges::from_env(env, dynamodb.clone(), grants.clone())?,
            renewal_pages: RenewalPages::from_env(env)?,
            metrics: aws.metrics().clone(),
            outages: Mutex::default(),
            pace: Mutex::new(Pace::new(concurrency)),
            queue: RefreshQueue::from_env(env, aws)?,
            sp_api: SpApi::new(&amazon, HttpClient::new(&amazon)),
            tokens: AccessTokenStore::new(
                dynamodb.clone(),
                table("ACCESS_TOKENS_TABLE")?,
                grants.clone(),
                table("APPLICATIONS_TABLE")?,
            ),
            recorder: Recorder::new(dynamodb, table("HISTORY_TABLE")?),
            vending: Vending::from_env(env, aws)?,
            grants,
            amazon,
        })
    }

    /// Handles one invocation, by a schedule or by the queue.
    pub async fn handle(&self, event: &Value, clock: Clock) -> Result<QueueAnswer, Error> {
        match Trigger::deserialize(event) {
            Ok(Trigger::Queue { records }) => Ok(self.receive(&records, clock).await),
            Ok(Trigger::Schedule { task: Task::Plan }) => {
                self.plan(clock).await.map(|()| QueueAnswer::default())
            }
            Ok(Trigger::Schedule { task: Task::Renewals }) => {
                self.plan_renewals(clock).await.map(|()| QueueAnswer::default())
            }
            Err(_) => {
                let expected =
                    "one of SQS, with Records, or {\"task\": \"plan\"} or {\"task\": \"renewals\"}";
                Err(Error::invalid("event", expected))
            }
        }
    }

    /// Handles each message by itself. A message that fails returns to the queue and does not stop the others. A malformed
    /// message goes to the dead-letter queue immediately, with the reason.
    async fn receive(&self, records: &[QueueMessage], clock: Clock) -> QueueAnswer {
        let mut answer = QueueAnswer::default();
        for record in records {
            // The messages before it in the batch took time.
            let clock = clock.restarted();
            let done = match Message::parse(&record.body) {
                Ok(Message::Shard(shard)) => self.refresh_shard(&shard, clock).await,
                Ok(Message::Renewals(walk)) => self.report_renewals(&walk, clock).await,
                Ok(Message::Sweep(walk)) => self.sweep(&walk, clock).await,
                Ok(Message::Outdated(outdated)) => self.report_outdated(&outdated, clock).await,
                Err(reason) => {
                    let id = &record.message_id;
                    tracing::error!(
                        message.id = id,
                        reason,
                        "Message {id} goes to the dead-letter queue: {reason}"
                    );
                    retry_until(clock.deadline(), || {
                        self.queue.send_to_dead_letter_queue(&record.body, &reason)
                    })
                    .await
                    .map_err(Error::from)
                }
            };
            if let Err(error) = done {
                error.count_in(&self.metrics);
                let id = &record.message_id;
                tracing::error!(
                    message.id = id,
                    cause = error.cause(),
                    amazon.requestId = error.amazon_request_id(),
                    "Message {id} failed and was returned to the queue: {error}"
                );
                answer.again(record);
            }
        }
        answer
    }
}
