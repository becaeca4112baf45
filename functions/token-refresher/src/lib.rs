//! Keeps tokens warm, proves every grant alive once a day, and keeps the yearly clock of authorizations.
//!
//! A schedule plans one message for each shard; the queue brings them here. Work costs what is due, not what exists, and
//! whatever ends in the middle is due again at the next look.

mod confirm;
mod due;
mod keeping;
mod measure;
mod message;
mod pace;
mod plan;
mod renewals;
mod shard;
mod verify;

use std::sync::Mutex;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{
    access_token_store::AccessTokenStore,
    amazon::Amazon,
    application::ApplicationStore,
    aws::Aws,
    deadline::{Deadline, Present, patiently},
    env::{Env, Unset},
    error::Error,
    grant_change::GrantChanges,
    grant_store::GrantStore,
    http_client::HttpClient,
    metrics::Metrics,
    refresh_queue::RefreshQueue,
    site::Site,
    sp_api::SpApi,
    transaction::Transactions,
    vending::Vending,
};

use crate::{message::Message, pace::Pace};

/// How many tokens one environment fetches from Amazon at once, unless `REFRESH_CONCURRENCY` says otherwise. Amazon does not
/// say what it allows.
const CONCURRENCY: u16 = 16;

/// What the function may touch.
#[derive(Debug)]
pub struct TokenRefresher {
    amazon: Amazon,
    applications: ApplicationStore,
    changes: GrantChanges,
    direct_authorize: bool,
    grants: GrantStore,
    history_table: String,
    metrics: Metrics,
    pace: Mutex<Pace>,
    queue: RefreshQueue,
    site: Site,
    sp_api: SpApi,
    tokens: AccessTokenStore,
    transactions: Transactions,
    vending: Vending,
}

/// Who invokes the function, and with what.
#[derive(Deserialize)]
#[serde(untagged)]
enum Event {
    Queue {
        #[serde(rename = "Records")]
        records: Vec<Record>,
    },
    Schedule {
        task: Task,
    },
}

/// What a schedule asks for.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Task {
    /// Refresh what is due.
    Plan,
    /// Tell of the authorizations that lapse.
    Renewals,
}

/// A message of the queue.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    body: String,
}

/// What the function answers: the queue delivers again what is named here.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

impl TokenRefresher {
    /// Reads `APPLICATIONS_TABLE`, `REFRESH_CONCURRENCY` (1 to 256, default 16), `DIRECT_AUTHORIZE` (`on`, the default, or
    /// `off`), and what [`Vending`], [`RefreshQueue`], [`Site`] and [`Amazon`] read.
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
            direct_authorize: match env.optional("DIRECT_AUTHORIZE") {
                None | Some("on") => true,
                Some("off") => false,
                Some(_) => return Err(Unset::malformed("DIRECT_AUTHORIZE", "on or off")),
            },
            history_table: table("HISTORY_TABLE")?,
            metrics: aws.metrics().clone(),
            pace: Mutex::new(Pace::new(concurrency)),
            queue: RefreshQueue::from_env(env, aws)?,
            site: Site::from_env(env)?,
            sp_api: SpApi::new(&amazon, HttpClient::new(&amazon)),
            tokens: AccessTokenStore::new(dynamodb.clone(), table("ACCESS_TOKENS_TABLE")?, grants.clone()),
            transactions: Transactions::new(dynamodb),
            vending: Vending::from_env(env, aws)?,
            grants,
            amazon,
        })
    }

    /// Answers one invocation, of a schedule or of the queue.
    pub async fn handle(&self, event: &Value, now: Timestamp, deadline: Deadline) -> Result<Answer, Error> {
        match Event::deserialize(event) {
            Ok(Event::Queue { records }) => Ok(self.receive(&records, now, deadline).await),
            Ok(Event::Schedule { task: Task::Plan }) => {
                self.plan(now, deadline).await.map(|()| Answer::default())
            }
            Ok(Event::Schedule { task: Task::Renewals }) => {
                self.plan_renewals(now, deadline).await.map(|()| Answer::default())
            }
            Err(_) => {
                let expected =
                    "one of SQS, with Records, or {\"task\": \"plan\"} or {\"task\": \"renewals\"}";
                Err(Error::invalid("event", expected))
            }
        }
    }

    /// Each message on its own: one that fails comes again, and stops no other. One that nobody understands goes to the dead
    /// letters at once, with the reason.
    async fn receive(&self, records: &[Record], now: Timestamp, deadline: Deadline) -> Answer {
        let mut answer = Answer::default();
        let present = Present::starting_at(now);
        for record in records {
            // Those before it in the batch have taken their time.
            let now = present.now();
            let done = match Message::parse(&record.body) {
                Ok(Message::Shard(shard)) => self.refresh_shard(&shard, now, deadline).await,
                Ok(Message::Renewals(renewals)) => self.tell_of_renewals(&renewals, now, deadline).await,
                Err(reason) => {
                    tracing::error!(message.id = record.message_id, reason, "A message is not understood");
                    patiently(deadline, || self.queue.bury(&record.body, &reason)).await.map_err(Error::from)
                }
            };
            if let Err(error) = done {
                error.count_in(&self.metrics);
                tracing::error!(message.id = record.message_id, cause = %error, "A message comes again");
                let item_identifier = record.message_id.clone();
                answer.batch_item_failures.push(BatchItemFailure { item_identifier });
            }
        }
        answer
    }
}
