//! The demo integrator on this machine: a website with a host of its own on the first port, so that it is another site than the pages of
//! the functions, as an integrator's is.

use std::sync::Arc;

use axum::{Router, extract::Request};
use demo::{Function, Refusal, Settings};
use http::header::HOST;
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    aws::{Aws, OPERATORS},
    environment::site_origin,
    functions::FunctionError,
    ports::Numbers,
    seed::{DEMO, FIRST_APPLICATION},
};

/// The authority of the website. Browsers and curl know every name below `localhost` as this machine.
fn authority(ports: Numbers) -> String {
    format!("integrator.localhost:{}", ports.gateway)
}

/// The origin of the website.
pub fn demo_origin(ports: Numbers) -> String {
    format!("http://{}", authority(ports))
}

/// Serves the website under its own name, and `others` under every other.
pub(crate) fn beside(others: Router, ports: Numbers, aws: Aws) -> Router {
    let website = demo::router(Settings {
        origin: demo_origin(ports),
        bundle: site_origin(ports),
        amazon: format!("http://*.localhost:{}", ports.amazon),
        application: FIRST_APPLICATION.to_owned(),
        invoke: Arc::new(move |function, request| {
            let aws = aws.clone();
            Box::pin(async move { invoked(&aws, function, request).await })
        }),
    });
    let own = authority(ports);
    Router::new().fallback(async move |request: Request| {
        let is_own = request.headers().get(HOST).is_some_and(|host| host.as_bytes() == own.as_bytes());
        let answer = if is_own { website.oneshot(request).await } else { others.oneshot(request).await };
        let Ok(answer) = answer;
        answer
    })
}

/// Invokes a function as the backend of the website; but the addresses are registered as an operator registers them.
async fn invoked(aws: &Aws, function: Function, request: Value) -> Result<Value, Refusal> {
    let consumer = match function {
        Function::Administration => OPERATORS,
        Function::Authorizations | Function::GetAccessToken => DEMO,
    };
    let Some(invocation) = aws.start_as(consumer, function.name(), request) else {
        let message = format!("there is no function {}", function.name());
        return Err(Refusal { kind: "ResourceNotFoundException".to_owned(), message });
    };
    let failed =
        |FunctionError { error_type, error_message }| Refusal { kind: error_type, message: error_message };
    invocation.outcome().await.map_err(failed)
}
