//! The answers of a service that was ordered to fail.

use std::panic;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CONTENT_TYPE, LOCATION, RETRY_AFTER},
};
use simulated_amazon::{Fault, Order};

use crate::aws::service::{self, Service};

/// Returns the answer that `order` asks for. Returns `None`, after the delay of the order, if the service itself answers.
pub(super) async fn answer(order: Order, service: Service) -> Option<Response> {
    let json = |body: Body| ([(CONTENT_TYPE, "application/x-amz-json-1.0")], body).into_response();
    let mut response = match order.fault {
        Fault::None => return None,
        Fault::Latency => {
            tokio::time::sleep(order.delay()).await;
            return None;
        }
        Fault::Throttle => service::response(service.throttling()),
        // All but the first concern Amazon's own endpoints, and no service of AWS.
        Fault::HttpError
        | Fault::InvalidClient
        | Fault::OkError
        | Fault::Body
        | Fault::Partial
        | Fault::Unanswered => {
            let mut response = service::response(service.internal_error());
            if let Some(status) = order.status.and_then(|status| StatusCode::from_u16(status).ok()) {
                *response.status_mut() = status;
            }
            response
        }
        Fault::Html => {
            let page = "<html><body><h1>503 Service Unavailable</h1></body></html>";
            (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/html")], page).into_response()
        }
        // Ends the task that serves the connection, and so the connection, without a line in the log.
        Fault::Reset => panic::resume_unwind(Box::new("the connection is closed as ordered")),
        Fault::Hang => std::future::pending().await,
        Fault::Empty => json(Body::empty()),
        Fault::Truncated => json(Body::from(r#"{"Item": {"value": {"S": "this breaks o"#)),
        Fault::Oversized => json(Body::from(format!(r#"{{"Padding": "{}"}}"#, "x".repeat(OVERSIZED)))),
        Fault::Redirect => (StatusCode::FOUND, [(LOCATION, "http://redirected.invalid/")]).into_response(),
    };
    if let Some(seconds) = order.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    Some(response)
}

/// The size of the oversized answer in bytes: 10 MB.
const OVERSIZED: usize = 10_000_000;
