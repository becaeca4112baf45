//! The console: web pages over the functions of one stack, with the grants, and a button for everything that operators do with them.
//!
//! The pages show the answers of the functions, and invoke them. They know them by their JSON alone, and never show a token or a
//! secret. The local stack serves them beside its simulation, and `spapi-auth console` over an operator's own AWS credentials.

use std::sync::Arc;

use axum::{Router, middleware, routing};

pub use crate::{
    ask::{no_such_button, with},
    fields::{Fields, Visit, application_path, grant_path, segment},
    grants::status,
    moment::moment,
    notices::Notice,
    page::table,
    stack::{Button, Function, Pending, Refusal, Spot, Stack},
    views::{Application, Grant},
};
use crate::{guard::guard, notices::Notices};

mod application;
mod ask;
mod fields;
mod grant;
mod grants;
mod guard;
mod history;
mod home;
mod links;
mod moment;
mod notices;
mod page;
mod random;
mod stack;
mod views;

/// How the pages are served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The port of the pages on this machine. No other `Host` is answered.
    pub port: u16,
    /// The name of the stack, in the title of every page.
    pub name: String,
    /// The author of changes, for the history.
    pub by: String,
}

/// The pages and their stack. Clones share everything.
#[derive(Clone)]
pub struct Console {
    stack: Arc<dyn Stack>,
    settings: Arc<Settings>,
    notices: Arc<Notices>,
}

impl Console {
    /// Pages over this stack.
    pub fn new(stack: Arc<dyn Stack>, settings: Settings) -> Self {
        Self { stack, settings: Arc::new(settings), notices: Arc::default() }
    }

    /// The routes of the pages and of `more` pages, guarded. They leave every other path to the router that they are merged with.
    pub fn router_with(&self, more: Router) -> Router {
        let one_grant = "/console/applications/{application}/grants/{region}/{partner}";
        let pages = Router::new()
            .route("/", routing::get(home::show))
            .route(
                "/console/applications/{application}",
                routing::get(application::show).post(application::act),
            )
            .route("/console/applications/{application}/grants", routing::get(grants::show))
            .route(one_grant, routing::get(grant::show).post(grant::act))
            .route("/console/links", routing::post(links::make))
            .route("/console/style.css", routing::get(page::style))
            .route("/console", routing::any(page::not_found))
            .route("/console/{*anything}", routing::any(page::not_found))
            .merge(more.with_state(()))
            .method_not_allowed_fallback(page::not_found);
        let guarded = middleware::from_fn_with_state(self.clone(), guard);
        pages.route_layer(guarded).with_state(self.clone())
    }
}
