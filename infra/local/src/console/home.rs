//! What the first page has on this machine alone: the start of every workflow at the simulated Amazon.

use axum::{body::Bytes, extract::State, response::Response};
use console::{Application, Fields, Notice, Refusal, Visit, table};
use maud::{Markup, html};
use serde_json::{Value, json};
use shared::amazon::marketplace::{Marketplace, Marketplaces, PartnerType};

use crate::{
    console::{Local, Simulation, events, token_command},
    demo::demo_origin,
    seed::FIRST_APPLICATION,
};

impl Simulation {
    /// The end of the first page.
    pub(super) async fn workflows(
        &self,
        visit: &Visit,
        applications: &Result<Vec<Application>, Refusal>,
    ) -> Markup {
        let chosen = visit.fields.text("application").unwrap_or(FIRST_APPLICATION);
        let form = self.control("website-form").await.unwrap_or_default();
        let events = self.aws.events(0).await;
        html! {
            h2 { "Authorize" }
            p { "Amazon is simulated. You need no account, and no data leaves this machine." }
            @if applications.as_ref().is_ok_and(|all| all.len() > 1) { (choice(applications, chosen)) }
            p {
                "Choose " em { "authorize a seller" } " or " em { "authorize a vendor" } " beside a marketplace to start the "
                "website workflow, as a link on your own site does. " em { "Appstore" } " opens the page where a seller finds "
                "the application. " em { "Manage Your Apps" } " is the page where a partner authorizes again, or disables and "
                "enables the application."
            }
            (website_form(&form))
            (starts(chosen, self.ports.amazon))
            h2 { "Be an integrator" }
            p {
                "The " a href={ (demo_origin(self.ports)) "/" } { "demo integrator" } " is a website whose users connect their Amazon "
                "accounts, with links and with a sign-in of its own."
            }
            h2 { "Fetch an access token" }
            p { "Replace the id with that of the partner that you signed in as:" }
            pre { (token_command(self.ports, "A1EXAMPLESELLER", "na")) }
            h2 { "Latest events" }
            (events::recent(&events, LATEST, self.clock.now()))
            p { a href="/console/events" { "All events" } }
            h2 { "From a script" }
            p { "Every button that advances the clock or breaks Amazon is also an HTTP call. The "
                a href={ "http://127.0.0.1:" (self.ports.amazon) "/" } { "simulated Amazon" } " lists these calls." }
            pre { "curl -s -d '{\"seconds\": 3600}' http://127.0.0.1:" (self.ports.amazon) "/_control/advance" }
        }
    }
}

/// Switches the form of the website workflow.
pub(super) async fn switch_form(State(local): State<Local>, body: Bytes) -> Response {
    let form = Fields::of(&body);
    let wanted = form.text("form").unwrap_or_default();
    let outcome = local.simulation.post_control("website-form", &json!({ "form": wanted })).await;
    local.console.back(
        &form,
        "/",
        outcome.map(|_| Notice::done(format!("The website workflow now has form {wanted}."))),
    )
}

/// The number of events on the page.
const LATEST: usize = 10;

fn choice(applications: &Result<Vec<Application>, Refusal>, chosen: &str) -> Markup {
    html! {
        form.row method="get" action="/" {
            label {
                "Application of the workflows"
                select name="application" {
                    @for application in applications.iter().flatten() {
                        option value=(application.id) selected[application.id == chosen] {
                            (application.name)
                        }
                    }
                }
            }
            button { "Choose" }
        }
    }
}

fn website_form(taken: &Value) -> Markup {
    let taken = taken["form"].as_str().unwrap_or("unknown").to_owned();
    let (other, meaning) = match taken.as_str() {
        "4b" => ("4a", "the consent page opens the Login URI first"),
        _ => ("4b", "the consent page returns the code directly"),
    };
    html! {
        form.row method="post" action="/console/website-form" {
            span { "The website workflow has form " strong { (taken) } ": " (meaning) "." }
            button name="form" value=(other) { "Switch to form " (other) }
        }
    }
}

fn starts(application: &str, amazon: u16) -> Markup {
    let rows = html! {
        @for marketplace in Marketplaces::default().iter() { (row(marketplace, application, amazon)) }
    };
    let columns = ["Marketplace", "Region", "Seller", "Vendor", "At Seller Central", "At Vendor Central"];
    table("marketplaces", "Starts of workflows, by marketplace", &columns, &rows)
}

fn row(marketplace: &Marketplace, application: &str, amazon: u16) -> Markup {
    let start = |partner_type: PartnerType| {
        let fields = [
            ("marketplace", marketplace.country.as_str()),
            ("type", partner_type.as_str()),
            ("application", application),
        ];
        Fields::default().address("/authorize", &fields)
    };
    let central =
        |partner_type| format!("http://{}.localhost:{amazon}", marketplace.central_host(partner_type));
    let place = html! { span.hidden { " in " (marketplace.name) } };
    let (seller, vendor) = (PartnerType::Seller, PartnerType::Vendor);
    html! {
        tr {
            th scope="row" { (marketplace.name) }
            td { (marketplace.region) }
            td { a href=(start(seller)) { "authorize a seller" (place) } }
            td { a href=(start(vendor)) { "authorize a vendor" (place) } }
            td {
                a href={ (central(seller)) "/appstore/" (application) } { "Appstore" (place) }
                ", "
                a href={ (central(seller)) "/apps/manage" } { "Manage Your Apps" (place) }
            }
            td { a href={ (central(vendor)) "/apps/manage" } { "Manage Your Apps" (place) } }
        }
    }
}
