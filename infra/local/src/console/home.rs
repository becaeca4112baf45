//! The home page: the applications, and the start of every workflow.

use axum::{body::Bytes, extract::State, response::Response};
use http::Uri;
use maud::{Markup, html};
use serde_json::{Value, json};
use shared::marketplace::{Marketplace, Marketplaces, PartnerType};

use crate::{
    console::{
        Console,
        ask::{by_console, sentence, with},
        events,
        fields::{Fields, Visit, application_path, grants_path},
        notices::Notice,
        page::table,
        token_command,
        views::Application,
    },
    functions::FunctionError,
    seed::FIRST_APPLICATION,
};

/// Shows the page.
pub(super) async fn show(State(console): State<Console>, uri: Uri) -> Response {
    let visit = Visit::of(&uri);
    let applications: Result<Vec<Application>, _> =
        console.read(json!({ "operation": "listApplications" }), "applications").await;
    let chosen = visit.fields.text("application").unwrap_or(FIRST_APPLICATION);
    let form = console.control("website-form").await.unwrap_or_default();
    let events = console.aws.events(0).await;
    let content = html! {
        p { "Amazon is simulated. You need no account, and no data leaves this machine." }
        h2 { "Applications" }
        (list(&applications))
        h2 { "Authorize" }
        @if applications.as_ref().is_ok_and(|all| all.len() > 1) { (choice(&applications, chosen)) }
        p {
            "Choose " em { "authorize a seller" } " or " em { "authorize a vendor" } " beside a marketplace to start the "
            "website workflow, as a link on your own site does. " em { "Appstore" } " opens the page where a seller finds "
            "the application. " em { "Manage Your Apps" } " is the page where a partner authorizes again, or disables and "
            "enables the application."
        }
        (website_form(&form))
        (starts(chosen, console.ports.amazon))
        h2 { "Create an authorization link" }
        p { "For one user of the integrator, named by its account there. The link is shown once." }
        (link_form(chosen))
        h2 { "Fetch an access token" }
        p { "Replace the id with that of the partner that you signed in as:" }
        pre { (token_command(console.ports, "A1EXAMPLESELLER", "na")) }
        h2 { "Latest events" }
        (events::recent(&events, LATEST, console.clock.now()))
        p { a href="/console/events" { "All events" } }
        h2 { "From a script" }
        p { "Every button that advances the clock or breaks Amazon is also an HTTP call. The "
            a href={ "http://127.0.0.1:" (console.ports.amazon) "/" } { "simulated Amazon" } " lists these calls." }
        pre { "curl -s -d '{\"seconds\": 3600}' http://127.0.0.1:" (console.ports.amazon) "/_control/advance" }
    };
    console.page(&visit, "spapi-auth on this machine", &content).await
}

/// Switches the form of the website workflow.
pub(super) async fn switch_form(State(console): State<Console>, body: Bytes) -> Response {
    let form = Fields::of(&body);
    let wanted = form.text("form").unwrap_or_default();
    let outcome = console.post_control("website-form", &json!({ "form": wanted })).await;
    console.back(
        &form,
        "/",
        outcome.map(|_| Notice::done(format!("The website workflow now has form {wanted}."))),
    )
}

/// Calls `authorizations` to create an authorization link.
pub(super) async fn make_link(State(console): State<Console>, body: Bytes) -> Response {
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
    let outcome = console.invoke("authorizations", with(request, by_console())).await;
    console.back(&form, "/", outcome.map(|answer| link_notice(&answer)))
}

/// The number of events on the page.
const LATEST: usize = 10;

fn list(applications: &Result<Vec<Application>, FunctionError>) -> Markup {
    let applications = match applications {
        Ok(applications) => applications,
        Err(error) => return html! { p { (sentence(error)) } },
    };
    let rows = html! {
        @for application in applications {
            tr {
                th scope="row" { a href=(grants_path(&application.id)) { bdi { (application.name) } } }
                td.id { code { (application.id) } }
                td { @if application.draft { "draft" } @else { "published" } }
                td { (application.default_region) }
                td {
                    a href=(grants_path(&application.id)) { "Grants" }
                    ", "
                    a href=(application_path(&application.id)) { "client secret and history" }
                }
            }
        }
    };
    let columns = ["Name", "Application id", "State", "Default region", "Pages"];
    table("applications", "Registered applications", &columns, &rows)
}

fn choice(applications: &Result<Vec<Application>, FunctionError>, chosen: &str) -> Markup {
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

fn link_form(application: &str) -> Markup {
    html! {
        form.row method="post" action="/console/links" {
            input type="hidden" name="application" value=(application);
            label { "Account" input name="account" required maxlength="128" placeholder="tenant-42"; }
            label { "Label on the page" input name="label" required maxlength="128" placeholder="Shop of Anne"; }
            label {
                "Marketplace"
                select name="marketplace" {
                    @for marketplace in Marketplaces::default().iter() {
                        option value=(marketplace.country) selected[marketplace.country == "US"] {
                            (marketplace.name)
                        }
                    }
                }
            }
            label {
                "Partner"
                select name="type" { option value="seller" { "Seller" } option value="vendor" { "Vendor" } }
            }
            label { "Return URL (registered; may be empty)" input name="returnUrl" type="url"; }
            button { "Create link" }
        }
    }
}

fn link_notice(answer: &Value) -> Notice {
    let text = |member: &str| answer[member].as_str().unwrap_or_default();
    let link = Some(text("url").to_owned());
    Notice { done: true, text: format!("Authorization link, valid once, until {}:", text("expiresAt")), link }
}
