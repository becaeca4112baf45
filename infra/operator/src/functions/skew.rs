//! How far this machine's clock is from that of AWS, by the `Date` of every answer.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_lambda::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextRef,
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

/// Notes the difference as answers come in.
#[derive(Debug)]
pub(super) struct Skew {
    noted: Arc<Mutex<Option<SignedDuration>>>,
    clock: fn() -> Timestamp,
}

impl Skew {
    /// Notes into `noted`.
    pub(super) fn new(noted: &Arc<Mutex<Option<SignedDuration>>>, clock: fn() -> Timestamp) -> Self {
        Self { noted: Arc::clone(noted), clock }
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
        if let Some(theirs) = context.response().headers().get("date").and_then(moment) {
            let ahead = (self.clock)().duration_since(theirs);
            *self.noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
        }
        Ok(())
    }
}

fn moment(date: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_understood() {
        let expected = "2026-11-21T22:39:51Z".parse().unwrap();
        assert_eq!(moment("Sat, 21 Nov 2026 22:39:51 GMT"), Some(expected));
        assert_eq!(moment("yesterday"), None);
    }
}
