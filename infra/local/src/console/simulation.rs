//! What the simulation adds to the pages of the console, and how these reach the functions of this process.

use std::future::ready;

use axum::{
    Router,
    body::{self, Body},
};
use console::{Button, Day, Function, Grant, Notice, Pending, Refusal, Spot, Stack, segment, status};
use http::{Method, Request};
use maud::{Markup, html};
use serde_json::{Value, json};
use simulated_amazon::Clock;
use tower::ServiceExt;

use crate::{
    aws::{Aws, OPERATORS},
    console::{clock, faults, token_command},
    functions::FunctionError,
    ports::Numbers,
};

/// The largest answer of a control in bytes.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// The parts of the local stack that the pages show.
pub(super) struct Simulation {
    pub(super) ports: Numbers,
    pub(super) aws: Aws,
    /// The controls of the simulated Amazon and of the clock.
    pub(super) controls: Router,
    pub(super) clock: Clock,
}

impl Simulation {
    /// Reads from a control.
    pub(super) async fn control(&self, call: &str) -> Result<Value, Refusal> {
        self.controlled(Method::GET, call, Body::empty()).await
    }

    /// Posts a command to a control.
    pub(super) async fn post_control(&self, call: &str, order: &Value) -> Result<Value, Refusal> {
        self.controlled(Method::POST, call, Body::from(order.to_string())).await
    }

    async fn controlled(&self, method: Method, call: &str, body: Body) -> Result<Value, Refusal> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}/_control/{call}", self.ports.amazon))
            .body(body)
            .map_err(|error| Refusal::new("Console.NoControl", error.to_string()))?;
        let Ok(answer) = self.controls.clone().oneshot(request).await;
        let status = answer.status();
        let bytes = body::to_bytes(answer.into_body(), LARGEST_ANSWER).await.unwrap_or_default();
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(answer);
        }
        Err(Refusal::new("InvalidRequest", answer["error"].as_str().unwrap_or("the simulated Amazon failed")))
    }

    /// The grant's status at the simulated Amazon.
    async fn status_at_amazon(&self, grant: &Grant) -> Markup {
        let partner = self.control(&format!("partner/{}", segment(&grant.selling_partner_id))).await;
        let partner = partner.unwrap_or_default();
        let known = partner["grants"].as_array().into_iter().flatten().find(|known| {
            known["applicationId"] == grant.application_id.as_str()
                && known["region"] == grant.region.as_str()
        });
        let at_amazon = known.and_then(|known| known["status"].as_str());
        html! {
            div {
                dt { "At Amazon" }
                dd { @match at_amazon { Some(known) => (status(known)), None => "not authorized" } }
            }
        }
    }

    async fn pressed(&self, button: Button<'_>) -> Option<Result<Notice, Refusal>> {
        let (call, done) = match button {
            // Amazon's portal shows the new secret now. Here it arrives only through the queue.
            Button::Application("rotate", application) => (
                format!("rotate/{}", segment(application)),
                "Amazon has issued a new client secret and sends it through the queue. Reload this page in a few seconds to \
                 see its rotation in the history.",
            ),
            Button::Grant("revoke", partner) => (
                format!("partner/{}/revoke", segment(partner)),
                "The partner has disabled the application at Amazon, in every region. The next refresh discovers this.",
            ),
            Button::Grant("restore", partner) => (
                format!("partner/{}/restore", segment(partner)),
                "The partner has enabled the application at Amazon again.",
            ),
            _ => return None,
        };
        Some(self.post_control(&call, &json!({})).await.map(|_| Notice::done(done)))
    }

    /// The links of the simulation's own pages, of which `path` is perhaps one.
    fn navigation(&self, path: &str) -> Markup {
        html! {
            @for (page, name) in [("/console/events", "Events"), ("/console/faults", "Break Amazon")] {
                a href=(page) aria-current=[(page == path).then_some("page")] { (name) }
            }
            a href={ "http://127.0.0.1:" (self.ports.amazon) "/" } { "Simulated Amazon" }
        }
    }

    async fn header(&self, here: &str) -> Markup {
        let faults = self.control("faults").await.unwrap_or_default();
        html! { (clock::form(self.clock.now(), here)) (faults::banner(&faults)) }
    }

    fn token(&self, grant: &Grant) -> Markup {
        html! {
            (self.token_life(grant).long(grant.version, self.clock.now()))
            pre { (token_command(self.ports, &grant.selling_partner_id, &grant.region)) }
        }
    }
}

impl Stack for Simulation {
    fn invoke(&self, function: Function, request: Value) -> Pending<'_, Result<Value, Refusal>> {
        Box::pin(async move {
            let Some(invocation) = self.aws.start_as(OPERATORS, function.name(), request) else {
                return Err(Refusal::new("Console.NoFunction", "there is no such function"));
            };
            let failed =
                |FunctionError { error_type, error_message }| Refusal::new(&error_type, error_message);
            invocation.outcome().await.map_err(failed)
        })
    }

    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    fn last_day(&self) -> Pending<'_, Result<Day, Refusal>> {
        Box::pin(ready(Ok(self.aws.cloud_watch().last_day(self.clock.now()))))
    }

    fn shows_tokens(&self) -> bool {
        true
    }

    fn token_cell(&self, grant: &Grant) -> Markup {
        self.token_life(grant).short(grant.version, self.clock.now())
    }

    fn addition<'a>(&'a self, spot: Spot<'a>) -> Pending<'a, Markup> {
        Box::pin(async move {
            match spot {
                Spot::Navigation(path) => self.navigation(path),
                Spot::Header(here) => self.header(here).await,
                Spot::Home(visit, applications) => self.workflows(visit, applications).await,
                Spot::ApplicationButtons => {
                    html! { button name="do" value="rotate" { "Rotate in Amazon's portal" } }
                }
                Spot::GrantFacts(grant) => self.status_at_amazon(grant).await,
                Spot::GrantButtons => html! {
                    span { "At Amazon:" }
                    button name="do" value="revoke" { "Revoke" }
                    button name="do" value="restore" { "Restore" }
                },
                Spot::GrantToken(grant) => self.token(grant),
            }
        })
    }

    fn press<'a>(&'a self, button: Button<'a>) -> Pending<'a, Option<Result<Notice, Refusal>>> {
        Box::pin(self.pressed(button))
    }
}
