//! The first page: the tenants with their connections, and what the user can do with those of its own tenant.

use axum::{extract::State, response::Response};
use http::HeaderMap;
use maud::{Markup, html};

use crate::{
    Demo,
    functions::Refusal,
    grants::Connection,
    page::{form, page},
    session::Session,
    tenants::{USERS, User},
};

/// Marketplaces to choose from; a real website would offer those in which it works.
const MARKETPLACES: [(&str, &str); 4] =
    [("US", "United States"), ("DE", "Germany"), ("GB", "United Kingdom"), ("JP", "Japan")];

/// Shows the tenants, or asks who it is.
pub(crate) async fn show(State(demo): State<Demo>, headers: HeaderMap) -> Response {
    let session = demo.sessions.find(&headers);
    let Some((session, user)) = session.and_then(|session| Some((session.clone(), session.user?))) else {
        return demo.who_is_it(&headers, "/");
    };
    let mut tenants = html! {};
    for tenant in &USERS {
        let connections = demo.connections(tenant).await;
        let own = (tenant.account == user.account).then_some(&session);
        tenants = html! { (tenants) (section(tenant, &connections, own)) };
    }
    let content = html! {
        (demo.setting(&session).await)
        h2 { "Tenants" }
        p { "You act for " strong { (user.tenant) } "; a real website would show you no other tenant." }
        (tenants)
    };
    page(Some(&session), "Connections", &content)
}

/// A tenant with its connections; with buttons in the session of its user.
fn section(tenant: &User, connections: &Result<Vec<Connection>, Refusal>, own: Option<&Session>) -> Markup {
    html! {
        section {
            h3 { (tenant.tenant) }
            @match connections {
                Err(refusal) => p { "Not known: " code { (refusal.kind) } ": " (refusal.message) },
                Ok(connections) if connections.is_empty() => p { "not connected" },
                Ok(connections) => @for connection in connections {
                    (connection.facts())
                    @if let Some(session) = own { (buttons(session, connection)) }
                }
            }
            @if let Some(session) = own { div { (connect(session)) } }
        }
    }
}

fn buttons(session: &Session, connection: &Connection) -> Markup {
    let button = |action: &str, what: &str| {
        let said = html! {
            (connection.fields())
            button.quiet { (what) span.hidden { " " (connection.partner()) } }
        };
        form(session, action, &said)
    };
    html! {
        @if connection.is_active() { (button("/check", "Check")) }
        (button("/renew", "Renew"))
        @if connection.is_active() { (button("/disconnect", "Disconnect")) }
    }
}

fn connect(session: &Session) -> Markup {
    let fields = html! {
        label for="marketplace" { "Marketplace" }
        select #marketplace name="marketplace" {
            @for (code, country) in MARKETPLACES { option value=(code) { (country) } }
        }
        " "
        button { "Connect Amazon" }
    };
    form(session, "/connect", &fields)
}
