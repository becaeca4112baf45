//! The console of the local stack, at `/` and below `/console/`: what is authorized, and a button for everything that may happen to it.
//!
//! It shows what the functions and the simulated Amazon's controls answer, and does what they do; of a token it knows the times alone. It
//! has no login, so it takes orders only from its own pages.

use std::sync::Arc;

use axum::{Router, middleware, routing};
use simulated_amazon::Clock;

use crate::{
    aws::Aws,
    console::{guard::guard, notices::Notices},
    environment::aws_endpoint,
    functions::Functions,
    ports::Numbers,
};

mod application;
mod ask;
mod clock;
mod events;
mod faults;
mod fields;
mod grant;
mod grants;
mod guard;
mod home;
mod moment;
mod notices;
mod page;
mod token_life;
mod views;

/// What the pages are made from. Clones share it.
#[derive(Clone)]
struct Console {
    ports: Numbers,
    aws: Aws,
    functions: Functions,
    controls: Router,
    clock: Clock,
    notices: Arc<Notices>,
}

/// The routes, to be served beside the gateway's; `controls` are those of the simulated Amazon and of the clock.
pub(crate) fn router(
    ports: Numbers,
    aws: Aws,
    functions: Functions,
    controls: Router,
    clock: Clock,
) -> Router {
    let console = Console { ports, aws, functions, controls, clock, notices: Arc::default() };
    let one_grant = "/console/applications/{application}/grants/{region}/{partner}";
    Router::new()
        .route("/", routing::get(home::show))
        .route("/console/applications/{application}", routing::get(application::show).post(application::act))
        .route("/console/applications/{application}/grants", routing::get(grants::show))
        .route(one_grant, routing::get(grant::show).post(grant::act))
        .route("/console/clock", routing::post(clock::advance))
        .route("/console/events", routing::get(events::show))
        .route("/console/faults", routing::get(faults::show).post(faults::act))
        .route("/console/links", routing::post(home::make_link))
        .route("/console/style.css", routing::get(page::style))
        .route("/console/website-form", routing::post(home::switch_form))
        .route("/console", routing::any(page::nowhere))
        .route("/console/{*anything}", routing::any(page::nowhere))
        .method_not_allowed_fallback(page::nowhere)
        .route_layer(middleware::from_fn_with_state(ports.gateway, guard))
        .with_state(console)
}

/// The command that prints a partner's access token.
#[must_use]
pub fn token_command(ports: Numbers, partner: &str, region: &str) -> String {
    format!(
        "curl -s {}/2015-03-31/functions/get-access-token/invocations -d '{{\"sellingPartnerId\": \"{partner}\", \"region\": \"{region}\"}}'",
        aws_endpoint(ports)
    )
}
