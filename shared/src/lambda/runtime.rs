//! Where a function meets Lambda: the one reader of the clock, the environment and the AWS configuration.

use std::{future::Future, io::Write as _, time::Duration};

use jiff::Timestamp;
use lambda_http::{
    Adapter, Body, Context, LambdaEvent, Request, Response, Service,
    aws_lambda_events::apigw::ApiGatewayV2httpRequest, http::HeaderValue, request::LambdaRequest,
    tower::service_fn,
};
use lambda_runtime::Diagnostic;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use tracing::{Instrument, Level};
use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    aws::{
        Aws, AwsError, Connections, configuration,
        metrics::{Metric, Metrics},
    },
    browser::page::Message,
    consumer::Invoked,
    deadline::{Clock, Deadline},
    env::{Env, Unset},
    error::Error,
    lambda::log::{invocation_span, log_lines},
};

/// What `main` may end with.
pub type Fault = lambda_runtime::Error;

/// What is kept free of an invocation's time for the answer itself.
const ANSWER_TAKES: Duration = Duration::from_millis(500);

/// Starts a function: its log, its metrics, its variables and its way to AWS. Reads `LOG_LEVEL` (default `info`) and
/// `PREFIX`.
pub fn start() -> (Env, Aws) {
    started(&Connections::new(None))
}

/// The same. It also opens a connection to DynamoDB and one to KMS at the same time, and makes the function meanwhile, while Lambda gives it a whole
/// processor. Without them, each of the first two calls would wait for a handshake, which takes long on a share of a processor (infra/benchmark
/// measures it). Fails if `make` finds a variable unset or malformed; connections that fail are opened again by the first calls.
pub async fn start_connected<F>(
    make: impl FnOnce(&Env, &Aws) -> Result<F, Unset>,
) -> Result<(Aws, F), Unset> {
    let connections = Connections::new(None);
    let (env, aws) = started(&connections);
    let urls = ["dynamodb", "kms"].map(|service| configuration::url_of(service, &env));
    let ((), function) = tokio::join!(connections.open(urls), async { make(&env, &aws) });
    Ok((aws, function?))
}

fn started(connections: &Connections) -> (Env, Aws) {
    let env = Env::of_process();
    let level = env.optional_parsed::<Level>("LOG_LEVEL").ok().flatten().unwrap_or(Level::INFO);
    tracing_subscriber::registry().with(log_lines(level, std::io::stdout)).init();
    let config = configuration::of_lambda(&env, connections);
    let metrics = Metrics::written_by(env.stack_name().unwrap_or_default(), to_log);
    (env, Aws::new(config).counting_in(metrics))
}

/// Serves browsers: API Gateway events become requests, and `handle`'s responses its answers.
pub async fn serve_http<H, F>(aws: &Aws, handle: H) -> Result<(), Fault>
where
    H: Fn(Request, Clock) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    lambda_runtime::run(service_fn(async |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let clock = clock_of(&event.context);
        let metrics = aws.metrics();
        let _invocation = metrics.invocation(&event.context.env_config.function_name, clock.began());
        let gateway = event.payload.request_context.request_id.as_deref();
        let span = invocation_span(&event.context.request_id, gateway);
        let answer = |request| {
            let response = handle(request, clock);
            async { counted(response.await, metrics) }
        };
        let answer = Box::pin(clock.deadline().limiting(answer_http(event.payload, answer)));
        Ok::<_, Fault>(answer.instrument(span).await)
    }))
    .await
}

/// Serves other services: the payload of an invocation, and how the function was invoked, is handed to `handle`, whose error becomes the
/// function's.
pub async fn serve_invocations<H, F, A>(aws: &Aws, handle: H) -> Result<(), Fault>
where
    H: Fn(Value, Invoked, Clock) -> F,
    F: Future<Output = Result<A, Error>>,
    A: Serialize,
{
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let clock = clock_of(&event.context);
        let metrics = aws.metrics();
        let _invocation = metrics.invocation(&event.context.env_config.function_name, clock.began());
        let span = invocation_span(&event.context.request_id, None);
        let invoked = Invoked::of_arn(&event.context.invoked_function_arn);
        let answer =
            async { handle(event.payload, invoked, clock).await.map_err(|error| reported(error, metrics)) };
        // Boxed, because the futures of the AWS SDK nest deeper than the compiler lays out in one piece.
        Box::pin(clock.deadline().limiting(answer).instrument(span)).await
    }))
    .await
}

/// Answers one API Gateway event (payload format 2.0) by way of `handle`.
pub async fn answer_http<H, F>(mut event: ApiGatewayV2httpRequest, handle: H) -> Value
where
    H: FnOnce(Request) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    // A byte that no URI may hold would be a panic in the conversion to a request.
    event.raw_query_string = event.raw_query_string.as_deref().map(readable);
    if let Some(path) = &event.raw_path {
        event.raw_path = Some(utf8_percent_encode(path, NOT_IN_A_PATH).to_string());
    }
    // Likewise a host or scheme that makes no URL; nothing here reads them.
    event.headers.remove("x-forwarded-proto");
    event.headers.insert("host", HeaderValue::from_static("localhost"));
    // One foreign cookie that is not ASCII would take all the others with it.
    if let Some(cookies) = &mut event.cookies {
        cookies.retain(|cookie| cookie.is_ascii());
    }
    let mut handle = Some(handle);
    let mut adapter = Adapter::from(service_fn(move |request: Request| {
        let handle = handle.take().expect("one event is one request");
        let response = Box::pin(handle(request));
        async move { Ok::<_, std::convert::Infallible>(response.await) }
    }));
    let Ok(response) =
        adapter.call(LambdaEvent::new(LambdaRequest::ApiGatewayV2(event), Context::default())).await;
    serde_json::to_value(response).expect("an API Gateway response is made of texts and numbers")
}

/// Counts a response that tells a browser of trouble of ours.
pub fn counted(response: Response<Body>, metrics: &Metrics) -> Response<Body> {
    if response.extensions().get() == Some(&Message::Internal) {
        metrics.count(Metric::Internal);
    }
    response
}

/// Logs and counts an error where its source is still known, and gives what the caller may see.
pub fn reported(error: Error, metrics: &Metrics) -> Diagnostic {
    error.count_in(metrics);
    let (error_type, amazon, aws) = (error.error_type(), error.amazon_request_id(), error.aws());
    let aws = aws.and_then(AwsError::request_id);
    // The sentence itself is the cause where nothing failed below it.
    let cause = Some(error.cause()).filter(|cause| !cause.is_empty()).unwrap_or_else(|| error.to_string());
    macro_rules! log {
        ($level:ident) => {
            tracing::$level!(
                error_type,
                cause,
                amazon.requestId = amazon,
                aws.requestId = aws,
                "Invocation failed, {error_type}: {error}"
            )
        };
    }
    if error.is_ours() {
        log!(error);
    } else if error.is_of_a_service() {
        log!(warn);
    } else {
        log!(info);
    }
    error.into()
}

/// Lambda takes every line of standard output for its log, and CloudWatch finds the metrics there.
fn to_log(line: &str) {
    // A log that cannot be written is no reason to fail.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the time; everything else has it as an argument"
)]
fn clock_of(context: &Context) -> Clock {
    let now = Timestamp::now();
    let millisecond = u64::try_from(now.as_millisecond()).unwrap_or_default();
    let remaining = Duration::from_millis(context.deadline.saturating_sub(millisecond));
    Clock::starting_at(now, Deadline::after(remaining.saturating_sub(ANSWER_TAKES)))
}

/// Returns the query with an undecodable value for each parameter that holds a byte that no URI may hold. Code that reads such a
/// parameter refuses it, and one that is not read does not invalidate the others.
fn readable(query: &str) -> String {
    let parts = query.split('&').map(|part| {
        let encoded = utf8_percent_encode(part, NOT_IN_A_QUERY).to_string();
        if encoded == part {
            return encoded;
        }
        let name = encoded.split('=').next().unwrap_or_default();
        format!("{name}=%")
    });
    parts.collect::<Vec<_>>().join("&")
}

/// What `http::Uri` refuses in a query and API Gateway might pass on; our own parser then refuses or reads it.
const NOT_IN_A_QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}');
const NOT_IN_A_PATH: &AsciiSet = &NOT_IN_A_QUERY.add(b'?');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_parameter_with_a_byte_that_no_uri_may_hold_is_undecodable() {
        for (query, expected) in [
            ("state=a%20b&x=%zz", "state=a%20b&x=%zz"),
            ("x={}&state=a", "x=%&state=a"),
            ("state=a\"b&x=1", "state=%&x=1"),
            ("state=a&x=\u{e9}&y=\\^`<>", "state=a&x=%&y=%"),
            ("{x}=1&state=a&\u{e9}", "%7Bx%7D=%&state=a&%C3%A9=%"),
            ("x=a b#c&&=", "x=%&&="),
            ("", ""),
        ] {
            assert_eq!(readable(query), expected, "{query}");
        }
    }
}
