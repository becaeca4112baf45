//! Builds the functions from the same variables as on Lambda, and invokes them in this process.

use std::{future::Future, sync::Arc, time::Duration};

use administration::Administration;
use authorizations::Authorizations;
use axum::http::Method;
use code_exchange::CodeExchange;
use event_publisher::EventPublisher;
use get_access_token::GetAccessToken;
use lambda_http::{Body, Request, Response, lambda_runtime::Diagnostic};
use login_uri::LoginUri;
use secret_rotation::SecretRotation;
use serde::Serialize;
use serde_json::Value;
use shared::{
    aws::{Aws, metrics::Metrics},
    consumer::Invoked,
    deadline::{Clock, Deadline},
    env::{Env, Unset},
    error::Error,
    lambda::{
        log::invocation_span,
        runtime::{answer_http, counted, reported},
    },
};
use token_refresher::TokenRefresher;
use tracing::Instrument;

use crate::{
    aws::PUBLISHER,
    functions::{FunctionError, FunctionFuture, Functions, invoked_arn, request_id},
    gateway::Gateway,
    metrics::CloudWatch,
};

/// The time limit of `code-exchange`. It is longer than the gateway waits, so that a refresh token from Amazon is still stored.
const CODE_EXCHANGE_TIMEOUT: Duration = Duration::from_secs(90);

/// The time limit of `get-access-token`. It is longer than a caller waits, so that a refresh token from Amazon is still stored.
const GET_ACCESS_TOKEN_TIMEOUT: Duration = Duration::from_mins(1);

/// The time limit of `login-uri`.
const LOGIN_URI_TIMEOUT: Duration = Duration::from_secs(10);

/// The time limit of `secret-rotation`. It is shorter than the visibility timeout of its queue (5 min).
const SECRET_ROTATION_TIMEOUT: Duration = Duration::from_mins(1);

/// The time limit of `token-refresher`: a sixth of the visibility timeout of its queue.
const TOKEN_REFRESHER_TIMEOUT: Duration = Duration::from_mins(2);

/// The time limit of `administration`.
const ADMINISTRATION_TIMEOUT: Duration = Duration::from_mins(1);

/// The time limit of `event-publisher`.
const EVENT_PUBLISHER_TIMEOUT: Duration = Duration::from_secs(30);

/// The time limit of `authorizations`.
const AUTHORIZATIONS_TIMEOUT: Duration = Duration::from_secs(30);

/// The browser routes of infra/template.yaml: method, path, and the function that answers. Those with `{proxy+}` take the paths
/// with a slash at the end, which API Gateway distinguishes from those without.
pub const ROUTES: [(Method, &str, &str); 10] = [
    (Method::GET, "/authorize", "login-uri"),
    (Method::GET, "/authorize/{proxy+}", "login-uri"),
    (Method::GET, "/callback", "code-exchange"),
    (Method::GET, "/callback/{proxy+}", "code-exchange"),
    (Method::GET, "/login", "login-uri"),
    (Method::GET, "/login/continue", "login-uri"),
    (Method::GET, "/login/{proxy+}", "login-uri"),
    (Method::HEAD, "/authorize", "login-uri"),
    (Method::HEAD, "/authorize/{proxy+}", "login-uri"),
    (Method::POST, "/authorize", "login-uri"),
];

/// The function that answers every other path and method, by the route `$default`.
pub const DEFAULT_ROUTE: &str = "login-uri";

/// Handles an event with one function.
type Handler = fn(Arc<Lambdas>, Value, Clock, Metrics) -> FunctionFuture;

/// Every function.
pub struct Lambdas {
    /// `administration`, invoked by operators.
    pub administration: Administration,
    /// `authorizations`, invoked by the services of integrators.
    pub authorizations: Authorizations,
    /// `login-uri`, which answers `GET /login`, `GET /login/continue` and `/authorize`.
    pub login_uri: LoginUri,
    /// `code-exchange`, which answers `GET /callback`.
    pub code_exchange: CodeExchange,
    /// `event-publisher`, invoked with what is new in the history.
    pub event_publisher: EventPublisher,
    /// `get-access-token`, invoked by other services.
    pub get_access_token: GetAccessToken,
    /// `secret-rotation`, invoked by its schedule and by the queue of Amazon's notifications.
    pub secret_rotation: SecretRotation,
    /// `token-refresher`, invoked by its schedules and by its own queue.
    pub token_refresher: TokenRefresher,
    cloud_watch: CloudWatch,
}

impl Lambdas {
    /// Builds every function from its variables.
    pub(crate) fn from_env(env: &Env, aws: &Aws, cloud_watch: &CloudWatch) -> Result<Self, Unset> {
        let aws_of = |function| aws.clone().counting_in(cloud_watch.metrics_of(function));
        Ok(Self {
            administration: Administration::from_env(env, &aws_of("administration"))?,
            authorizations: Authorizations::from_env(env, &aws_of("authorizations"))?,
            login_uri: LoginUri::from_env(env, &aws_of("login-uri"))?,
            code_exchange: CodeExchange::from_env(env, &aws_of("code-exchange"))?,
            event_publisher: EventPublisher::from_env(env, &aws_of(PUBLISHER))?,
            get_access_token: GetAccessToken::from_env(env, &aws_of("get-access-token"))?,
            secret_rotation: SecretRotation::from_env(env, &aws_of("secret-rotation"))?,
            token_refresher: TokenRefresher::from_env(env, &aws_of("token-refresher"))?,
            cloud_watch: cloud_watch.clone(),
        })
    }

    /// Registers every function under its name.
    pub(crate) fn register(self: &Arc<Self>, functions: &Functions, clock: &simulated_amazon::Clock) {
        let known = |name: &'static str, timeout, function: Handler| {
            let (lambdas, clock) = (Arc::clone(self), clock.clone());
            let metrics = self.cloud_watch.metrics_of(name);
            let started = move |event: Value| -> FunctionFuture {
                let (lambdas, metrics, now) = (Arc::clone(&lambdas), metrics.clone(), clock.now());
                let gateway_request_id = event["requestContext"]["requestId"].as_str();
                let span = invocation_span(&request_id(), gateway_request_id);
                let invocation = async move {
                    let _invocation = metrics.invocation(name, now);
                    let deadline = Deadline::after(timeout);
                    let clock = Clock::starting_at(now, deadline);
                    deadline.limiting(function(lambdas, event, clock, metrics.clone())).await
                };
                Box::pin(invocation.instrument(span))
            };
            functions.register(name, Arc::new(started));
        };
        known("administration", ADMINISTRATION_TIMEOUT, |lambdas, request, clock, metrics| {
            Box::pin(async move { answered(lambdas.administration.handle(&request, clock).await, &metrics) })
        });
        known("authorizations", AUTHORIZATIONS_TIMEOUT, |lambdas, request, clock, metrics| {
            let invoked = Invoked::of_arn(&invoked_arn());
            Box::pin(async move {
                answered(lambdas.authorizations.handle(&request, &invoked, clock).await, &metrics)
            })
        });
        known("code-exchange", CODE_EXCHANGE_TIMEOUT, |lambdas, event, clock, metrics| {
            Box::pin(browser(event, async move |request: Request| {
                counted(lambdas.code_exchange.handle(&request, clock).await, &metrics)
            }))
        });
        known(PUBLISHER, EVENT_PUBLISHER_TIMEOUT, |lambdas, event, clock, metrics| {
            Box::pin(async move { answered(lambdas.event_publisher.handle(&event, clock).await, &metrics) })
        });
        known("get-access-token", GET_ACCESS_TOKEN_TIMEOUT, |lambdas, request, clock, metrics| {
            let invoked = Invoked::of_arn(&invoked_arn());
            Box::pin(async move {
                answered(lambdas.get_access_token.handle(&request, &invoked, clock).await, &metrics)
            })
        });
        known("login-uri", LOGIN_URI_TIMEOUT, |lambdas, event, clock, metrics| {
            Box::pin(browser(event, async move |request: Request| {
                counted(lambdas.login_uri.handle(&request, clock.began()).await, &metrics)
            }))
        });
        known("secret-rotation", SECRET_ROTATION_TIMEOUT, |lambdas, event, clock, metrics| {
            Box::pin(async move { answered(lambdas.secret_rotation.handle(&event, clock).await, &metrics) })
        });
        known("token-refresher", TOKEN_REFRESHER_TIMEOUT, |lambdas, event, clock, metrics| {
            Box::pin(async move { answered(lambdas.token_refresher.handle(&event, clock).await, &metrics) })
        });
    }

    /// Returns a gateway with the browser routes.
    pub(crate) fn gateway(origin: &str, functions: Functions, clock: simulated_amazon::Clock) -> Gateway {
        let authority = origin.trim_start_matches("http://");
        let gateway = Gateway::new(authority, functions, clock).default_route(DEFAULT_ROUTE);
        ROUTES
            .into_iter()
            .fold(gateway, |gateway, (method, path, function)| gateway.route(method, path, function))
    }
}

async fn browser<H, F>(event: Value, handle: H) -> Result<Value, FunctionError>
where
    H: FnOnce(Request) -> F + Send,
    F: Future<Output = Response<Body>> + Send,
{
    let event = serde_json::from_value(event).map_err(|error| FunctionError {
        error_type: "Runtime.Deserialize".to_owned(),
        error_message: format!("not an event of an HTTP API, payload format 2.0: {error}"),
    })?;
    Ok(answer_http(event, handle).await)
}

fn answered<A: Serialize>(answer: Result<A, Error>, metrics: &Metrics) -> Result<Value, FunctionError> {
    let answer = answer.map_err(|error| {
        let Diagnostic { error_type, error_message, .. } = reported(error, metrics);
        FunctionError { error_type, error_message }
    })?;
    Ok(serde_json::to_value(answer).expect("answers are structs of plain values"))
}
