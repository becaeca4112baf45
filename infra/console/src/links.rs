//! Authorization links: each for one user of the integrator.

use axum::{body::Bytes, extract::State, response::Response};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{Console, ask::with, fields::Fields, notices::Notice, stack::Function, views::Application};

/// Invokes `authorizations` to create an authorization link.
pub(crate) async fn make(State(console): State<Console>, body: Bytes) -> Response {
    let form = Fields::of(&body);
    let request = with(
        json!({ "operation": "createAuthorizationLink" }),
        json!({
            "applicationId": form.text("application"),
            "account": form.text("account"),
            "label": form.text("label"),
            "marketplace": form.text("marketplace"),
            "type": form.text("type"),
            "returnUrl": form.text("returnUrl"),
        }),
    );
    let outcome = console.change(Function::Authorizations, request).await;
    console.back(&form, "/", outcome.map(|answer| notice(&answer)))
}

/// The form of a link, of one of these applications.
pub(crate) fn form(console: &Console, applications: &[Application]) -> Markup {
    let fields = html! {
        label {
            "Application"
            select name="application" {
                @for application in applications { option value=(application.id) { (application.name) } }
            }
        }
        label { "Account" input name="account" required maxlength="128" placeholder="tenant-42"; }
        label { "Label on the page" input name="label" required maxlength="128" placeholder="Shop of Anne"; }
        label { "Marketplace (country or id)" input name="marketplace" required maxlength="32" placeholder="US"; }
        label {
            "Partner"
            select name="type" { option value="seller" { "Seller" } option value="vendor" { "Vendor" } }
        }
        label { "Return URL (registered; may be empty)" input name="returnUrl" type="url"; }
        button { "Create link" }
    };
    console.form("row", "/console/links", &fields)
}

fn notice(answer: &Value) -> Notice {
    let text = |member: &str| answer[member].as_str().unwrap_or_default();
    let link = Some(text("url").to_owned());
    Notice { done: true, text: format!("Authorization link, valid once, until {}:", text("expiresAt")), link }
}
