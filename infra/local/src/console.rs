//! The console on this machine: the pages of the crate `console`, at `/` and below `/console/`, and what only a simulation has:
//! the clock, the faults, the events of the bus, and the start of every workflow.
//!
//! It has no login, so it accepts commands only from its own pages.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing};
use console::{Access, Console, Settings};
use simulated_amazon::Clock;

use crate::{aws::Aws, console::simulation::Simulation, environment::aws_endpoint, ports::Numbers};

mod clock;
mod events;
mod faults;
mod home;
mod simulation;
mod token_life;

/// The pages and their sources. Clones share them.
#[derive(Clone)]
struct Local {
    console: Console,
    simulation: Arc<Simulation>,
}

/// The routes of the console. They are served beside the gateway's. `controls` are those of the simulated Amazon and of the clock.
pub(crate) fn router(ports: Numbers, aws: Aws, controls: Router, clock: Clock) -> Router {
    let simulation = Arc::new(Simulation { ports, aws, controls, clock });
    let settings = Settings {
        port: ports.gateway,
        access: Access::Open,
        read_only: false,
        name: "local stack".to_owned(),
        place: None,
        by: "console".to_owned(),
        longest_wait: Duration::from_secs(5),
    };
    let console = Console::new(Arc::clone(&simulation) as _, settings);
    let own = Router::new()
        .route("/console/clock", routing::post(clock::advance))
        .route("/console/events", routing::get(events::show))
        .route("/console/faults", routing::get(faults::show).post(faults::act))
        .route("/console/website-form", routing::post(home::switch_form))
        .with_state(Local { console: console.clone(), simulation });
    console.router_with(own)
}

/// Returns the command that prints a partner's access token.
pub fn token_command(ports: Numbers, partner: &str, region: &str) -> String {
    format!(
        "curl -s {}/2015-03-31/functions/get-access-token/invocations -d '{{\"sellingPartnerId\": \"{partner}\", \"region\": \"{region}\"}}'",
        aws_endpoint(ports)
    )
}
