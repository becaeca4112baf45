//! What is done once, by an operator: the website's addresses are registered with the application.

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    Demo,
    functions::{Function, Refusal},
    guard::UserForm,
    page::{form, lead},
    session::Session,
};

/// The addresses of the application, as they are registered.
struct Registered {
    return_urls: BTreeSet<String>,
    sign_in_url: Option<String>,
}

impl Demo {
    /// Says whether the addresses of this website are registered, with a button that changes it.
    pub(crate) async fn setting(&self, session: &Session) -> Markup {
        let registered = match self.registered().await {
            Ok(registered) => registered,
            Err(refusal) => return html! { p.notice { code { (refusal.kind) } ": " (refusal.message) } },
        };
        let returns = registered.return_urls.contains(&self.return_url());
        let signs_in = registered.sign_in_url.as_deref() == Some(&self.sign_in_url());
        let button = |order: &str, what: &str| {
            form(session, "/set-up", &html! { button.quiet name="do" value=(order) { (what) } })
        };
        html! {
            h2 { "Set-up" }
            @if returns && signs_in {
                p { "The addresses of this website are registered with the application." }
                (button("withdraw", "Withdraw them"))
            } @else {
                p.notice {
                    "Before anything can be connected, an operator registers " code { (self.return_url()) } " as a return URL of the "
                    "application, and " code { (self.sign_in_url()) } " as its sign-in URL."
                }
                (button("register", "Register them"))
            }
            p {
                "Return URLs count immediately. The sign-in URL reaches every function within a minute; "
                "on this machine, advance the clock in the " a href={ (self.settings.bundle) "/" } { "console" } "."
            }
        }
    }

    async fn registered(&self) -> Result<Registered, Refusal> {
        let answer = self.ask(Function::Authorizations, json!({"operation": "listApplications"})).await?;
        let mut all = answer["applications"].as_array().into_iter().flatten();
        let own = all.find(|one| one["applicationId"] == self.settings.application.as_str());
        let own = own.unwrap_or(&Value::Null);
        let urls = own["returnUrls"].as_array().into_iter().flatten();
        Ok(Registered {
            return_urls: urls.filter_map(|url| Some(url.as_str()?.to_owned())).collect(),
            sign_in_url: own["signInUrl"].as_str().map(ToOwned::to_owned),
        })
    }

    /// Registers or withdraws the addresses of this website, and leaves those of others.
    async fn register(&self, wanted: bool) -> Result<Value, Refusal> {
        let Registered { mut return_urls, sign_in_url } = self.registered().await?;
        return_urls.remove(&self.return_url());
        let sign_in_url = if wanted {
            return_urls.insert(self.return_url());
            Some(self.sign_in_url())
        } else {
            sign_in_url.filter(|url| *url != self.sign_in_url())
        };
        let update = json!({
            "operation": "updateApplication", "returnUrls": return_urls, "signInUrl": sign_in_url, "by": "demo",
        });
        self.ask_of_application(Function::Administration, update).await
    }
}

/// Registers or withdraws the addresses of this website.
pub(crate) async fn set_up(State(demo): State<Demo>, UserForm { form, .. }: UserForm) -> Response {
    let changed = demo.register(form.text("do") == "register").await;
    lead(&form.session, changed.map(|_| "/".to_owned()))
}
