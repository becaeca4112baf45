//! A small integrator: a website whose users belong to tenants, and each tenant connects its Amazon account.
//!
//! It shows what an integrator's backend and pages do with the functions, for readers who write their own. It knows the functions by their
//! JSON alone, and trusts nothing of an address but what a function has confirmed. Its sign-in is pretended: one button for each user.

use std::{pin::Pin, sync::Arc};

use axum::{Router, middleware, routing};
use serde_json::Value;

pub use crate::functions::{Function, Refusal};
use crate::session::Sessions;

mod connect;
mod functions;
mod grants;
mod guard;
mod hand_off;
mod home;
mod page;
mod returned;
mod session;
mod set_up;
mod sign_in;
mod tenants;

/// An answer that is awaited.
pub type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How a function is invoked. On AWS, this is `Invoke` of the AWS SDK.
pub type Invoke = Arc<dyn Fn(Function, Value) -> Pending<Result<Value, Refusal>> + Send + Sync>;

/// Where the website is, and what it works with.
pub struct Settings {
    /// The website's own origin.
    pub origin: String,
    /// The origin of the pages of `login-uri`, to which links lead.
    pub bundle: String,
    /// The hosts of Amazon, as sources of a content security policy. For the real Amazon this is `https:`, because the hosts of its
    /// sign-in are not documented.
    pub amazon: String,
    /// The id of the application for which partners authorize.
    pub application: String,
    /// How functions are invoked.
    pub invoke: Invoke,
}

/// The website. Clones share it.
#[derive(Clone)]
pub(crate) struct Demo {
    settings: Arc<Settings>,
    sessions: Arc<Sessions>,
}

/// Returns the routes of the website.
pub fn router(settings: Settings) -> Router {
    let demo = Demo { settings: Arc::new(settings), sessions: Arc::default() };
    Router::new()
        .route("/", routing::get(home::show))
        .route("/style.css", routing::get(page::style))
        .route("/sign-in", routing::post(sign_in::sign_in))
        .route("/sign-out", routing::post(sign_in::sign_out))
        .route("/set-up", routing::post(set_up::set_up))
        .route("/connect", routing::post(connect::connect))
        .route("/renew", routing::post(connect::renew))
        .route("/disconnect", routing::post(connect::disconnect))
        .route("/check", routing::post(connect::check))
        .route(returned::PATH, routing::get(returned::returned))
        .route(hand_off::PATH, routing::get(hand_off::ask).post(hand_off::agree))
        .fallback(page::not_found)
        .layer(middleware::from_fn_with_state(demo.clone(), guard::guard))
        .with_state(demo)
}

impl Demo {
    /// The address to which a browser comes back after an authorization. The application's list of return URLs has exactly this text.
    fn return_url(&self) -> String {
        format!("{}{}", self.settings.origin, returned::PATH)
    }

    /// The address at which partners who come from Amazon sign in.
    fn sign_in_url(&self) -> String {
        format!("{}{}", self.settings.origin, hand_off::PATH)
    }
}
