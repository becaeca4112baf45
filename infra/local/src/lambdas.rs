//! The functions themselves, built from the same variables as on Lambda and invoked in this process.

use std::{future::Future, sync::Arc, time::Duration};

use administration::Administration;
use authorizations::Authorizations;
use axum::http::Method;
use code_exchange::CodeExchange;
use get_access_token::GetAccessToken;
use jiff::Timestamp;
use lambda_http::{Body, Request, Response, lambda_runtime::Diagnostic};
use login_uri::LoginUri;
use secret_rotation::SecretRotation;
use serde::Serialize;
use serde_json::Value;
use shared::{
    aws::Aws,
    deadline::Deadline,
    env::{Env, Unset},
    error::Error,
    runtime::{answer_http, reported},
};
use simulated_amazon::Clock;
use token_refresher::TokenRefresher;

use crate::{
    functions::{FunctionError, FunctionFuture, Functions},
    gateway::Gateway,
};

/// How long a callback may go on after the gateway has given up: a refresh token may hang on it.
const CODE_EXCHANGE_TIMEOUT: Duration = Duration::from_secs(90);

/// How long a caller may wait for a token.
const GET_ACCESS_TOKEN_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a browser's first request may take.
const LOGIN_URI_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the rotation may take; less than the queue hides a message (5 min).
const SECRET_ROTATION_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a run of the refresher may take; a sixth of the time for which the queue hides a message.
const TOKEN_REFRESHER_TIMEOUT: Duration = Duration::from_mins(2);

/// How long an operator may wait.
const ADMINISTRATION_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a service of the integrator's may wait.
const AUTHORIZATIONS_TIMEOUT: Duration = Duration::from_secs(30);

/// What one function does with an event.
type Handler = fn(Arc<Lambdas>, Value, Timestamp, Deadline) -> FunctionFuture;

/// Every function.
pub struct Lambdas {
    /// Invoked by operators.
    pub administration: Administration,
    /// Invoked by the integrators' services.
    pub authorizations: Authorizations,
    /// `GET /login`, `GET /login/continue`, and `/authorize`.
    pub login_uri: LoginUri,
    /// `GET /callback`.
    pub code_exchange: CodeExchange,
    /// Invoked by other services.
    pub get_access_token: GetAccessToken,
    /// Invoked by its schedule and by the queue of Amazon's notifications.
    pub secret_rotation: SecretRotation,
    /// Invoked by its schedules and by its own queue.
    pub token_refresher: TokenRefresher,
}

impl Lambdas {
    /// Builds them, each from the variables it reads.
    pub(crate) fn from_env(env: &Env, aws: &Aws) -> Result<Self, Unset> {
        Ok(Self {
            administration: Administration::from_env(env, aws)?,
            authorizations: Authorizations::from_env(env, aws)?,
            login_uri: LoginUri::from_env(env, aws)?,
            code_exchange: CodeExchange::from_env(env, aws)?,
            get_access_token: GetAccessToken::from_env(env, aws)?,
            secret_rotation: SecretRotation::from_env(env, aws)?,
            token_refresher: TokenRefresher::from_env(env, aws)?,
        })
    }

    /// Makes them known by their names.
    pub(crate) fn register(self: &Arc<Self>, functions: &Functions, clock: &Clock) {
        let known = |name, timeout, function: Handler| {
            let (lambdas, clock) = (Arc::clone(self), clock.clone());
            let started =
                move |event| function(Arc::clone(&lambdas), event, clock.now(), Deadline::after(timeout));
            functions.register(name, Arc::new(started));
        };
        known("administration", ADMINISTRATION_TIMEOUT, |lambdas, request, now, deadline| {
            Box::pin(async move { answered(lambdas.administration.handle(&request, now, deadline).await) })
        });
        known("authorizations", AUTHORIZATIONS_TIMEOUT, |lambdas, request, now, deadline| {
            Box::pin(async move { answered(lambdas.authorizations.handle(&request, now, deadline).await) })
        });
        known("code-exchange", CODE_EXCHANGE_TIMEOUT, |lambdas, event, now, deadline| {
            Box::pin(browser(event, async move |request: Request| {
                lambdas.code_exchange.handle(&request, now, deadline).await
            }))
        });
        known("get-access-token", GET_ACCESS_TOKEN_TIMEOUT, |lambdas, request, now, deadline| {
            Box::pin(async move { answered(lambdas.get_access_token.handle(&request, now, deadline).await) })
        });
        known("login-uri", LOGIN_URI_TIMEOUT, |lambdas, event, now, _| {
            Box::pin(browser(event, async move |request: Request| {
                lambdas.login_uri.handle(&request, now).await
            }))
        });
        known("secret-rotation", SECRET_ROTATION_TIMEOUT, |lambdas, event, now, deadline| {
            Box::pin(async move { answered(lambdas.secret_rotation.handle(&event, now, deadline).await) })
        });
        known("token-refresher", TOKEN_REFRESHER_TIMEOUT, |lambdas, event, now, deadline| {
            Box::pin(async move { answered(lambdas.token_refresher.handle(&event, now, deadline).await) })
        });
    }

    /// The gateway with the routes of the browser.
    pub(crate) fn gateway(origin: &str, functions: Functions, clock: Clock) -> Gateway {
        let authority = origin.trim_start_matches("http://");
        Gateway::new(authority, functions, clock)
            .route(Method::GET, "/authorize", "login-uri")
            .route(Method::HEAD, "/authorize", "login-uri")
            .route(Method::POST, "/authorize", "login-uri")
            .route(Method::GET, "/callback", "code-exchange")
            .route(Method::GET, "/login", "login-uri")
            .route(Method::GET, "/login/continue", "login-uri")
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

fn answered<A: Serialize>(answer: Result<A, Error>) -> Result<Value, FunctionError> {
    let answer = answer.map_err(|error| {
        let Diagnostic { error_type, error_message, .. } = reported(error);
        FunctionError { error_type, error_message }
    })?;
    Ok(serde_json::to_value(answer).expect("answers are structs of plain values"))
}
