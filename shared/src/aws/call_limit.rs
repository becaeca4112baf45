//! Ends each call to AWS at the deadline of the work that makes it.

use std::{future::Future, time::Duration};

use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef},
    },
    error::BoxError,
    operation::RequestId,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;

use crate::{
    aws::AwsError,
    deadline::{Deadline, FailedAnswer},
};

/// Limits a call, with the SDK's own retries, to the remaining time. The SDK then returns a time-out, and its caller names the call,
/// and the error with which the service answered an attempt before it.
#[derive(Debug)]
pub(super) struct CallLimit;

impl Intercept for CallLimit {
    fn name(&self) -> &'static str {
        "CallLimit"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(deadline) = Deadline::of_calls() {
            let limit = TimeoutConfig::builder().operation_timeout(at_least_a_moment(deadline));
            config.interceptor_state().store_put(limit.build());
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let (Some(answer), Some(call)) = (context.response(), config.load::<Metadata>()) {
            let failed = !answer.status().is_success();
            FailedAnswer::keep(failed.then(|| FailedAnswer {
                operation: call.name().to_owned(),
                status: answer.status().as_u16(),
                request_id: answer.headers().request_id().map(ToOwned::to_owned),
            }));
        }
        Ok(())
    }
}

/// Waits for `work`, which is not a call itself but waits for one of this operation by another task, until the deadline of calls.
pub(crate) async fn in_time<F: Future>(operation: &'static str, work: F) -> Result<F::Output, AwsError> {
    match Deadline::of_calls() {
        Some(deadline) => tokio::time::timeout(at_least_a_moment(deadline), work)
            .await
            .map_err(|_| AwsError::timed_out(operation)),
        None => Ok(work.await),
    }
}

/// A time-out of zero means none to the SDK.
fn at_least_a_moment(deadline: Deadline) -> Duration {
    deadline.remaining().max(Duration::from_millis(1))
}
