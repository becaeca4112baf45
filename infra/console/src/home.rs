//! The first page: the applications, and links that connect partners.

use axum::{extract::State, response::Response};
use http::Uri;
use maud::{Markup, html};
use serde_json::json;

use crate::{
    Console,
    ask::sentence,
    fields::{Visit, application_path, grants_path},
    links,
    page::table,
    stack::{Refusal, Spot},
    views::Application,
};

/// Shows the page.
pub(crate) async fn show(State(console): State<Console>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let applications = console.applications().await;
    let addition = console.stack.addition(Spot::Home(&visit, &applications)).await;
    let content = html! {
        h2 { "Applications" }
        @match &applications {
            Ok(applications) => (list(applications)),
            Err(error) => p { (sentence(error)) },
        }
        @if !console.is_read_only() { p { a href="/console/register" { "Register an application" } } }
        @if let Some(applications) = applications.as_ref().ok().filter(|all| !all.is_empty() && !console.is_read_only()) {
            h2 { "Create an authorization link" }
            p { "For one user of the integrator, named by its account there. The link is shown once." }
            (links::form(&console, applications))
        }
        (addition)
    };
    console.page(&visit, "Applications and partners", &content).await
}

impl Console {
    /// Returns the registered applications.
    pub async fn applications(&self) -> Result<Vec<Application>, Refusal> {
        self.read(json!({ "operation": "listApplications" }), "applications").await
    }
}

fn list(applications: &[Application]) -> Markup {
    let rows = html! {
        @for application in applications {
            tr {
                th scope="row" { a href=(grants_path(&application.id)) { bdi { (application.name) } } }
                td.id { code { (application.id) } }
                td { (application.state()) }
                td { (application.default_region) }
                td {
                    a href=(grants_path(&application.id)) { "Grants" }
                    ", "
                    a href={ (application_path(&application.id)) "/overview" } { "overview" }
                    ", "
                    a href=(application_path(&application.id)) { "client secret and history" }
                }
            }
        }
    };
    let columns = ["Name", "Application id", "State", "Default region", "Pages"];
    table("applications", "Registered applications", &columns, &rows)
}
