//! What is broken at the moment, by order of a test or of a person at the console.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// What can be broken: two of Amazon's endpoints and five of AWS's services.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// Login with Amazon's token endpoint.
    Token,
    /// Every operation of SP-API.
    SpApi,
    /// DynamoDB of the local stack.
    Dynamodb,
    /// `EventBridge` of the local stack.
    Eventbridge,
    /// KMS of the local stack.
    Kms,
    /// Secrets Manager of the local stack.
    Secretsmanager,
    /// SQS of the local stack.
    Sqs,
}

/// How an endpoint misbehaves.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Answers as usual, `milliseconds` later.
    Latency,
    /// 429 (for AWS, the service's own throttling error), with `retryAfter` as Retry-After if given.
    Throttle,
    /// Answers `status` (default 500) with the endpoint's usual error shape.
    HttpError,
    /// 503 with an HTML page.
    Html,
    /// Closes the connection instead of answering.
    Reset,
    /// Takes the request and never answers.
    Hang,
    /// 401 `invalid_client`, whatever the secret.
    InvalidClient,
    /// 200 with an empty body.
    Empty,
    /// 200 with JSON that breaks off.
    Truncated,
    /// 200 with a body of 10 MB.
    Oversized,
    /// 302 to another host.
    Redirect,
    /// 200 with an OAuth error object in the body; for `EventBridge`, with the first entry not taken.
    OkError,
    /// Behaves again.
    None,
}

/// One order to misbehave.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Order {
    /// Who misbehaves.
    pub endpoint: Endpoint,
    /// How.
    pub fault: Fault,
    /// Delay for [`Fault::Latency`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// Status for [`Fault::HttpError`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Seconds for a `Retry-After` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The share of requests that are struck, 0 to 1.
    #[serde(default = "whole")]
    pub share: f64,
    /// How many requests are struck before the endpoint behaves again; without it, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl Order {
    /// The delay that [`Fault::Latency`] asks for.
    #[must_use]
    pub fn delay(&self) -> Duration {
        Duration::from_millis(self.milliseconds.unwrap_or(1000))
    }
}

/// The orders in force. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    orders: Arc<Mutex<HashMap<Endpoint, Order>>>,
}

impl Faults {
    /// Puts an order in force in place of the endpoint's earlier one; [`Fault::None`] ends it.
    pub fn set(&self, order: Order) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if order.fault == Fault::None {
            orders.remove(&order.endpoint);
        } else {
            orders.insert(order.endpoint, order);
        }
    }

    /// Ends every order.
    pub fn clear(&self) {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The orders in force, by endpoint.
    #[must_use]
    pub fn in_force(&self) -> Vec<Order> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut orders: Vec<_> = orders.values().copied().collect();
        orders.sort_by_key(|order| order.endpoint);
        orders
    }

    /// What happens to one request that has just reached `endpoint`: the order that strikes it, if one does.
    #[must_use]
    pub fn strike(&self, endpoint: Endpoint) -> Option<Order> {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let order = orders.get_mut(&endpoint)?;
        if rand::random::<f64>() >= order.share {
            return None;
        }
        let struck = *order;
        if let Some(left) = &mut order.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                orders.remove(&endpoint);
            }
        }
        Some(struck)
    }
}

fn whole() -> f64 {
    1.0
}
