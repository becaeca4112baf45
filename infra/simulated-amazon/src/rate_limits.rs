//! Usage plans: a token bucket for each operation and application, and for each selling partner where there is one
//! (F§7.3).

use std::collections::HashMap;

use jiff::Timestamp;

use crate::facts::Operation;

/// The buckets that have been used.
#[derive(Default)]
pub(crate) struct RateLimits(HashMap<(Operation, String), Bucket>);

struct Bucket {
    left: f64,
    filled_at: Timestamp,
}

impl RateLimits {
    /// Takes one request from the bucket of a caller, which is an application or its grant; returns whether one was left.
    pub(crate) fn take(&mut self, operation: Operation, caller: impl Into<String>, now: Timestamp) -> bool {
        let full = Bucket { left: operation.burst(), filled_at: now };
        let bucket = self.0.entry((operation, caller.into())).or_insert(full);
        let seconds = now.duration_since(bucket.filled_at).as_secs_f64().max(0.0);
        bucket.left = (bucket.left + seconds * operation.rate()).min(operation.burst());
        bucket.filled_at = now;
        let allowed = bucket.left >= 1.0;
        if allowed {
            bucket.left -= 1.0;
        }
        allowed
    }
}
