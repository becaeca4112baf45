//! The console of the local stack, at `/` and below `/console/`: it shows the grants, and has a button for everything that can
//! happen to them.
//!
//! It shows the answers of the functions and of the simulated Amazon's controls, and calls them. Of a token it reads only times. It
//! has no login, so it accepts commands only from its own pages.

use std::sync::Arc;

use axum::{Router, middleware, routing};
use simulated_amazon::Clock;

use crate::{
    aws::Aws,
    console::{guard::guard, notices::Notices},
    environment::aws_endpoint,
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

/// The sources of the pages. Clones share them.
#[derive(Clone)]
struct Console {
    ports: Numbers,
    aws: Aws,
    controls: Router,
    clock: Clock,
    notices: Arc<Notices>,
}

/// The routes of the console. They are served beside the gateway's. `controls` are those of the simulated Amazon and of the clock.
pub(crate) fn router(ports: Numbers, aws: Aws, controls: Router, clock: Clock) -> Router {
    let console = Console { ports, aws, controls, clock, notices: Arc::default() };
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
        .route("/console", routing::any(page::not_found))
        .route("/console/{*anything}", routing::any(page::not_found))
        .method_not_allowed_fallback(page::not_found)
        .route_layer(middleware::from_fn_with_state(ports.gateway, guard))
        .with_state(console)
}

/// Returns the command that prints a partner's access token.
pub fn token_command(ports: Numbers, partner: &str, region: &str) -> String {
    format!(
        "curl -s {}/2015-03-31/functions/get-access-token/invocations -d '{{\"sellingPartnerId\": \"{partner}\", \"region\": \"{region}\"}}'",
        aws_endpoint(ports)
    )
}
