//! The faults that a test or a person at the console has set.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::facts::Region;

/// What a fault can apply to: two endpoints of Amazon and five services of AWS.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// Login with Amazon's token endpoint.
    Token,
    /// Every operation of SP-API.
    SpApi,
    /// The local stack's DynamoDB.
    Dynamodb,
    /// The local stack's EventBridge.
    Eventbridge,
    /// The local stack's KMS.
    Kms,
    /// The local stack's Secrets Manager.
    Secretsmanager,
    /// The local stack's SQS.
    Sqs,
}

/// What an endpoint does to a request.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Answers as usual, `milliseconds` later.
    Latency,
    /// Answers 429 (an AWS service: its own throttling error), with `retryAfter` as Retry-After if given.
    Throttle,
    /// Answers `status` (default 500) in the endpoint's own error format.
    HttpError,
    /// Answers 503 with an HTML page.
    Html,
    /// Closes the connection instead of answering.
    Reset,
    /// Receives the request and never answers.
    Hang,
    /// Answers 401 `invalid_client`, whatever the secret.
    InvalidClient,
    /// Answers 200 with an empty body.
    Empty,
    /// Answers 200 with incomplete JSON.
    Truncated,
    /// Answers 200 with a body of 10 MB.
    Oversized,
    /// Answers 302 to another host.
    Redirect,
    /// Answers 200 with an OAuth error object in the body; EventBridge: with the first entry rejected.
    OkError,
    /// Answers `status` (default 200) with exactly `body`, as JSON if it begins like JSON and else as HTML.
    Body,
    /// Begins to answer 200, and closes the connection in the middle of the JSON.
    Partial,
    /// Does what is asked, and closes the connection instead of answering.
    Unanswered,
    /// Answers as usual again.
    None,
}

/// A fault that is set at an endpoint.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Order {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What it does.
    pub fault: Fault,
    /// The delay for [`Fault::Latency`]; 1000 if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// The text for [`Fault::Body`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Arc<str>>,
    /// The status for [`Fault::HttpError`] and [`Fault::Body`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The value of a `Retry-After` header, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The share of requests to which the fault applies, 0 to 1.
    #[serde(default = "every_request")]
    pub share: f64,
    /// To how many requests the fault applies before it ends; without it, to all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The region of SP-API to whose endpoint the fault applies; without it, to all. Participations alone have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The operation of a service of AWS to which the fault applies, such as `UpdateItem`; without it, to all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

impl Order {
    /// Returns the delay for [`Fault::Latency`].
    pub fn delay(&self) -> Duration {
        Duration::from_millis(self.milliseconds.unwrap_or(1000))
    }
}

/// The active faults. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    orders: Arc<Mutex<HashMap<Endpoint, Order>>>,
}

impl Faults {
    /// Sets a fault in place of the endpoint's earlier one; [`Fault::None`] ends it.
    pub fn set(&self, order: Order) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if order.fault == Fault::None {
            orders.remove(&order.endpoint);
        } else {
            orders.insert(order.endpoint, order);
        }
    }

    /// Ends every fault.
    pub fn clear(&self) {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Returns the active faults in the order of their endpoints.
    pub fn in_force(&self) -> Vec<Order> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut orders: Vec<_> = orders.values().cloned().collect();
        orders.sort_by_key(|order| order.endpoint);
        orders
    }

    /// Returns the fault that applies to a request which has just reached an operation of a service of AWS, if one does, and counts it.
    pub fn strike_operation(&self, endpoint: Endpoint, operation: &str) -> Option<Order> {
        self.strike_where(endpoint, |order| order.operation.as_deref().is_none_or(|only| only == operation))
    }

    /// The same for a request to Amazon, to the endpoint of a region if there are several.
    pub(crate) fn strike_in(&self, endpoint: Endpoint, region: Option<Region>) -> Option<Order> {
        self.strike_where(endpoint, |order| order.region.is_none() || order.region == region)
    }

    fn strike_where(&self, endpoint: Endpoint, concerns: impl Fn(&Order) -> bool) -> Option<Order> {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let order = orders.get_mut(&endpoint)?;
        if !concerns(order) || rand::random::<f64>() >= order.share {
            return None;
        }
        let applied = order.clone();
        if let Some(left) = &mut order.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                orders.remove(&endpoint);
            }
        }
        Some(applied)
    }
}

fn every_request() -> f64 {
    1.0
}
