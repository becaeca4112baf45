//! Creates many sellers: their rows are imported instead of authorized one by one. Amazon knows those whose tokens become due.

use std::{future, sync::Arc};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use local::{
    environment::environment,
    functions::FunctionError,
    seed::FIRST_APPLICATION,
    stack::{Options, Stack},
};
use reqwest::Client;
use serde_json::{Value, json};
use shared::{
    access_token::schedule::Due,
    amazon::marketplace::{PartnerType, Store},
    aws::{Aws, sealing::Sealer},
    env::Env,
    grant::{Grant, GrantKey, GrantKind},
    region::Region,
    secret::RefreshToken,
};

use crate::{
    Fault,
    partners::{self, browser},
};

/// The shard of every due token. One run of one environment reads one shard.
pub(crate) const SHARD: u8 = 0;

/// How the sellers' refresh tokens are sealed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sealing {
    /// Each under its own data key, as after an authorization in an environment that sealed no other token.
    Apart,
    /// Under data keys that are shared by thousands, as after the refresher has sealed them again.
    Together,
}

/// A stack with sellers whose tokens can become due, and with other sellers.
pub(crate) struct Crowd {
    pub(crate) stack: Stack,
    sellers: Vec<GrantKey>,
    http: Client,
}

/// The number of rows in one import.
const IMPORTED_AT_ONCE: usize = 10_000;

/// The tables of the imports.
const GRANTS: &str = "spapi-auth-grants";
const TOKENS: &str = "spapi-auth-access-tokens";

impl Crowd {
    /// Starts a stack in memory with `sellers`, and with `others` whose tokens are due tomorrow.
    pub(crate) async fn gathered(sellers: usize, others: usize, sealing: Sealing) -> Result<Self, Fault> {
        let stack = Stack::start(Options { without_refresher: true, ..Options::default() }).await?;
        // The measured process gets its own messages again, so no function in this process may process them.
        stack.functions().register("token-refresher", Arc::new(|_| Box::pin(future::ready(Err(not_here())))));
        let http = browser().build()?;
        let keys = |from: usize, to: usize| (from..to).map(key).collect::<Result<Vec<_>, _>>();
        let crowd = Self { stack, sellers: keys(0, sellers)?, http };
        for keys in crowd.sellers.chunks(IMPORTED_AT_ONCE) {
            crowd.import_grants(keys, sealing).await?;
        }
        for from in (sellers..sellers + others).step_by(IMPORTED_AT_ONCE) {
            crowd.import_others(&keys(from, (from + IMPORTED_AT_ONCE).min(sellers + others))?).await?;
        }
        Ok(crowd)
    }

    /// The current time of the stack.
    pub(crate) fn now(&self) -> Timestamp {
        self.stack.clock().now()
    }

    /// Makes the tokens of the first `count` sellers due since some time ago, since the clock of the real binary is never moved.
    pub(crate) fn make_due(&self, count: usize, since: SignedDuration) -> Result<(), Fault> {
        for sellers in self.sellers[..count].chunks(IMPORTED_AT_ONCE) {
            let due_at = self.now() - since;
            let due = |key| Due { shard: SHARD.to_string(), ..Due::at(key, due_at) };
            let rows = sellers.iter().map(|key| token_row(key, &due(key))).collect();
            self.stack.aws().import(TOKENS, rows)?;
        }
        Ok(())
    }

    /// Sets the latency of an endpoint of Amazon or AWS, in milliseconds.
    pub(crate) async fn wait_at(&self, endpoint: &str, milliseconds: u64) -> Result<(), Fault> {
        partners::wait_at(&self.http, &self.control("faults"), endpoint, milliseconds).await
    }

    /// The number of LWA calls with a refresh token.
    pub(crate) async fn refreshes(&self) -> Result<usize, Fault> {
        let calls: Value = self.http.get(self.control("calls")).send().await?.json().await?;
        Ok(usize::try_from(calls["token"]["refresh_token"].as_u64().unwrap_or_default())?)
    }

    /// The number of calls to these operations since the counts were reset.
    pub(crate) fn calls(&self, operations: &[&str]) -> u64 {
        let named = |name: &String| operations.iter().any(|operation| name.contains(operation));
        self.stack.aws().calls().iter().filter(|(name, _)| named(name)).map(|(_, count)| count).sum()
    }

    /// The sizes of a seller's token row and grant row in bytes, as DynamoDB counts them.
    pub(crate) async fn row_sizes(&self) -> Result<(u32, u32), Fault> {
        let key = self.sellers.first().ok_or("there are no sellers")?;
        let dynamodb = aws_sdk_dynamodb::Client::new(&self.stack.sdk_config());
        let size = async |table: &str, name: &str, key: String| {
            let read = dynamodb.get_item().table_name(table).key(name, AttributeValue::S(key)).send().await?;
            let attributes = read.item.iter().flatten();
            let size: usize = attributes.map(|(name, value)| name.len() + bytes(value)).sum();
            Ok::<_, Fault>(u32::try_from(size)?)
        };
        Ok((
            size(TOKENS, "token_key", format!("partner#{key}")).await?,
            size(GRANTS, "grant_key", key.to_string()).await?,
        ))
    }

    fn control(&self, call: &str) -> String {
        format!("http://127.0.0.1:{}/_control/{call}", self.stack.ports().amazon)
    }

    async fn import_grants(&self, keys: &[GrantKey], sealing: Sealing) -> Result<(), Fault> {
        let ids = keys.iter().map(|key| key.selling_partner_id.as_str().to_owned());
        let refresh_tokens = self.stack.amazon().self_authorize(FIRST_APPLICATION, ids)?;
        let now = self.now();
        let aws = Aws::new(self.stack.sdk_config());
        let mut sealer = self.sealer(&aws)?;
        let mut rows = Vec::with_capacity(keys.len());
        for (key, refresh_token) in keys.iter().zip(refresh_tokens) {
            if sealing == Sealing::Apart {
                sealer = self.sealer(&aws)?;
            }
            let grant = grant(key, &RefreshToken::new(refresh_token), &sealer, now).await?;
            rows.push(grant_row(&Grant { resealed: sealing == Sealing::Together, ..grant })?);
        }
        Ok(self.stack.aws().import(GRANTS, rows)?)
    }

    /// A new sealer. Its first sealing makes a new data key.
    fn sealer(&self, aws: &Aws) -> Result<Sealer, Fault> {
        let env = Env::from_pairs(environment(self.stack.ports()));
        Ok(Sealer::new(aws.kms(), env.required("SEALING_KEY_ID")?.to_owned()))
    }

    /// Imports sellers without refresh tokens, since no run reads them.
    async fn import_others(&self, keys: &[GrantKey]) -> Result<(), Fault> {
        let now = self.now();
        let sealer = self.sealer(&Aws::new(self.stack.sdk_config()))?;
        let none = RefreshToken::new("Atzr|none".to_owned());
        let grant = grant(&key(0)?, &none, &sealer, now).await?;
        let usual = grant_row(&Grant { resealed: true, refresh_token: None, ..grant })?;
        let grants = keys.iter().map(|key| {
            let mut row = usual.clone();
            row["grant_key"] = json!({"S": key.to_string()});
            row["selling_partner_id"] = json!({"S": key.selling_partner_id.as_str()});
            row
        });
        let tokens = keys.iter().map(|key| token_row(key, &Due::tomorrow(key, now)));
        self.stack.aws().import(TOKENS, tokens.collect())?;
        Ok(self.stack.aws().import(GRANTS, grants.collect())?)
    }
}

/// An error that leaves the message in the queue.
fn not_here() -> FunctionError {
    FunctionError {
        error_type: "Benchmark".to_owned(),
        error_message: "the measured process handles this message".to_owned(),
    }
}

/// The key of a seller's grant.
pub(crate) fn key(number: usize) -> Result<GrantKey, Fault> {
    Ok(GrantKey {
        application_id: FIRST_APPLICATION.parse()?,
        region: Region::Na,
        selling_partner_id: format!("A{number:07}CROWD").parse()?,
    })
}

/// The size of a value in bytes, as DynamoDB counts it.
fn bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number.len().div_ceil(2) + 1,
        AttributeValue::B(blob) => blob.as_ref().len(),
        AttributeValue::L(values) => 3 + values.iter().map(|value| 1 + bytes(value)).sum::<usize>(),
        AttributeValue::M(map) => {
            3 + map.iter().map(|(name, value)| 1 + name.len() + bytes(value)).sum::<usize>()
        }
        _ => 1,
    }
}

fn token_row(key: &GrantKey, due: &Due) -> Value {
    json!({"token_key": {"S": format!("partner#{key}")}, "due_shard": {"S": due.shard},
        "due_at": {"N": due.at.as_second().to_string()}, "due_slot": {"N": due.slot.to_string()}})
}

fn grant_row(grant: &Grant) -> Result<Value, Fault> {
    let row: serde_dynamo::Item = serde_dynamo::to_item(grant)?;
    let mut row = serde_json::to_value(row)?;
    row["grant_key"] = json!({"S": grant.key().to_string()});
    Ok(row)
}

/// The grant of a verified seller in the United States.
async fn grant(
    key: &GrantKey,
    refresh_token: &RefreshToken,
    sealer: &Sealer,
    now: Timestamp,
) -> Result<Grant, Fault> {
    let owner = key.refresh_token_owner();
    let token = sealer.seal(refresh_token.expose(), &owner, now).await?;
    let store = Store {
        marketplace_id: "ATVPDKIKX0DER".to_owned().try_into()?,
        name: format!("Store of {}", key.selling_partner_id),
        participating: true,
    };
    Ok(Grant {
        partner_type: Some(PartnerType::Seller),
        central_host: Some("sellercentral.amazon.com".to_owned()),
        stores: vec![store],
        ..Grant::authorized(key.clone(), GrantKind::Oauth, refresh_token.fingerprint(), token, now)
    })
}
