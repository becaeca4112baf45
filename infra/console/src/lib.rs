//! The console: web pages over the functions of one stack, with the grants, and a button for everything that operators do with them.
//!
//! The pages show the answers of the functions, and invoke them. They know them by their JSON alone, and never show a token or a
//! secret. The local stack serves them beside its simulation, and `spapi-auth console` over an operator's own AWS credentials.

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware, routing};

pub use crate::{
    access::{Access, Keys},
    ask::{no_such_button, with},
    day::{Day, HOURS, Measure, Series},
    fields::{Fields, Visit, application_path, grant_path, segment},
    grants::status,
    moment::moment,
    notices::Notice,
    page::table,
    stack::{Button, Function, Pending, Refusal, Spot, Stack},
    views::{Application, Grant},
};
use crate::{census::Censuses, guard::guard, notices::Notices};

mod access;
mod application;
mod ask;
mod census;
mod consumers;
mod day;
mod edit;
mod fields;
mod findings;
mod grant;
mod grants;
mod guard;
mod history;
mod home;
mod import;
mod last_day;
mod links;
mod moment;
mod notices;
mod overview;
mod page;
mod pictures;
mod question;
mod random;
mod stack;
mod views;

/// How the pages are served.
pub struct Settings {
    /// The port of the pages on this machine. No other `Host` is answered.
    pub port: u16,
    /// Who may use them.
    pub access: Access,
    /// Whether they change nothing: they have no buttons, and every command is refused.
    pub read_only: bool,
    /// The name of the stack, in the title of every page.
    pub name: String,
    /// Where the pages act and as whom, on every page.
    pub place: Option<String>,
    /// The author of changes, for the history.
    pub by: String,
    /// The time that a page waits for a function. A command waits without a limit.
    pub longest_wait: Duration,
}

/// The pages and their stack. Clones share everything.
#[derive(Clone)]
pub struct Console {
    stack: Arc<dyn Stack>,
    settings: Arc<Settings>,
    notices: Arc<Notices>,
    censuses: Arc<Censuses>,
}

impl Console {
    /// Pages over this stack.
    pub fn new(stack: Arc<dyn Stack>, settings: Settings) -> Self {
        Self { stack, settings: Arc::new(settings), notices: Arc::default(), censuses: Arc::default() }
    }

    /// The routes of the pages and of `more` pages, guarded. They leave every other path to the router that they are merged with.
    pub fn router_with(&self, more: Router) -> Router {
        let guarded = middleware::from_fn_with_state(self.clone(), guard);
        let pages = Self::pages().merge(more.with_state(())).method_not_allowed_fallback(page::not_found);
        pages.route_layer(guarded).with_state(self.clone())
    }

    /// The pages as everything that a port answers.
    pub fn service(&self) -> Router {
        let guarded = middleware::from_fn_with_state(self.clone(), guard);
        let nothing = routing::get(async || http::StatusCode::NO_CONTENT);
        let pages = Self::pages().route("/favicon.ico", nothing).fallback(page::not_found);
        let pages = pages.method_not_allowed_fallback(page::not_found);
        pages.layer(guarded).with_state(self.clone())
    }

    fn pages() -> Router<Self> {
        let one_grant = "/console/applications/{application}/grants/{region}/{partner}";
        Router::new()
            .route("/", routing::get(home::show))
            .route(
                "/console/applications/{application}",
                routing::get(application::show).post(application::act),
            )
            .route("/console/applications/{application}/grants", routing::get(grants::show))
            .route(one_grant, routing::get(grant::show).post(grant::act))
            .route("/console/applications/{application}/edit", routing::get(edit::show).post(edit::act))
            .route("/console/applications/{application}/import", routing::get(import::show).post(import::act))
            .route("/console/applications/{application}/overview", routing::get(overview::show))
            .route("/console/applications/{application}/past", routing::get(overview::past))
            .route("/console/consumers", routing::get(consumers::show))
            .route("/console/last-day", routing::get(last_day::show))
            .route("/console/register", routing::get(edit::blank).post(edit::register))
            .route("/console/links", routing::post(links::make))
            .route(page::STYLE, routing::get(page::style))
            .route("/console", routing::any(page::not_found))
            .route("/console/{*anything}", routing::any(page::not_found))
    }
}
