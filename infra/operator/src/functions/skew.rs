//! Measures how far this machine's clock is ahead of AWS, by the `Date` header of every answer.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_lambda::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextRef,
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

/// Stores the difference at every answer.
#[derive(Debug)]
pub(super) struct Skew {
    measured: Arc<Mutex<Option<SignedDuration>>>,
    clock: fn() -> Timestamp,
}

impl Skew {
    /// Stores the difference in `measured`.
    pub(super) fn new(measured: &Arc<Mutex<Option<SignedDuration>>>, clock: fn() -> Timestamp) -> Self {
        Self { measured: Arc::clone(measured), clock }
    }
}

impl Intercept for Skew {
    fn name(&self) -> &'static str {
        "Skew"
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        if let Some(of_aws) = context.response().headers().get("date").and_then(timestamp) {
            let ahead = (self.clock)().duration_since(of_aws);
            *self.measured.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
        }
        Ok(())
    }
}

fn timestamp(date: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_header_of_an_answer_is_parsed() {
        let expected = "2026-11-21T22:39:51Z".parse().unwrap();
        assert_eq!(timestamp("Sat, 21 Nov 2026 22:39:51 GMT"), Some(expected));
        assert_eq!(timestamp("yesterday"), None);
    }
}
