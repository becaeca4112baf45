//! The page at `/`: what there is to click, and what there is to call.

use axum::{Router, response::Html, routing};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use shared::marketplace::{Marketplace, Marketplaces, PartnerType};

use crate::{
    aws::{Aws, Told},
    environment::aws_endpoint,
    ports::Numbers,
    seed::FIRST_APPLICATION,
};

/// The route, to be served beside the gateway's.
pub(crate) fn router(ports: Numbers, aws: &Aws) -> Router {
    let aws = aws.clone();
    let page = async move || Html(page(ports, &aws.events(0).await).into_string());
    Router::new().route("/", routing::get(page))
}

/// The command that prints a partner's access token.
#[must_use]
pub fn token_command(ports: Numbers, partner: &str, region: &str) -> String {
    format!(
        "curl -s {}/2015-03-31/functions/get-access-token/invocations -d '{{\"sellingPartnerId\": \"{partner}\", \"region\": \"{region}\"}}'",
        aws_endpoint(ports)
    )
}

fn page(ports: Numbers, events: &[Told]) -> Markup {
    let marketplaces = Marketplaces::default();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "spapi-auth on this machine" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "spapi-auth on this machine" }
                    p {
                        "One application is registered: " code { (FIRST_APPLICATION) } ". Amazon is simulated; no account is "
                        "needed, and nothing leaves this machine."
                    }
                    h2 { "Authorize" }
                    p { "Starts the website workflow, as a link on your own site would." }
                    table {
                        thead { tr { th { "Marketplace" } th { "Region" } th { "Seller" } th { "Vendor" } th { "At Amazon" } } }
                        tbody { @for marketplace in marketplaces.iter() { (row(marketplace, ports)) } }
                    }
                    h2 { "Fetch an access token" }
                    p { "With the id of the partner that you signed in as:" }
                    pre { (token_command(ports, "A1EXAMPLESELLER", "na")) }
                    h2 { "What has happened" }
                    (happened(events))
                    p { a href={ "http://127.0.0.1:" (ports.amazon) "/_control/events" } { "All events" } " as JSON, newest last." }
                    h2 { "Move the clock" }
                    pre { "curl -s -d '{\"seconds\": 3600}' http://127.0.0.1:" (ports.amazon) "/_control/advance" }
                }
            }
        }
    }
}

fn happened(events: &[Told]) -> Markup {
    let text =
        |told: &Told, member: &str| told.event["detail"][member].as_str().unwrap_or_default().to_owned();
    html! {
        table {
            thead { tr { th { "At" } th { "Event" } th { "Region" } th { "Partner" } th { "Why" } } }
            tbody {
                @for told in events.iter().rev().take(SHOWN) {
                    tr {
                        @for member in ["at", "event", "region", "sellingPartnerId", "reason"] { td { (text(told, member)) } }
                    }
                }
            }
        }
    }
}

/// How many events the page shows, the newest first.
const SHOWN: usize = 20;

fn row(marketplace: &Marketplace, ports: Numbers) -> Markup {
    let link = |partner_type: PartnerType| {
        format!("/authorize?marketplace={}&type={}", marketplace.country, partner_type.as_str())
    };
    let central = format!("http://{}.localhost:{}", marketplace.seller_central, ports.amazon);
    html! {
        tr {
            td { (marketplace.name) }
            td { (marketplace.region) }
            td { a href=(link(PartnerType::Seller)) { "authorize a seller" } }
            td { a href=(link(PartnerType::Vendor)) { "authorize a vendor" } }
            td {
                a href={ (central) "/appstore/" (FIRST_APPLICATION) } { "Appstore" }
                ", "
                a href={ (central) "/apps/manage" } { "Manage Your Apps" }
            }
        }
    }
}

const STYLE: &str = "
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
main { margin: 0 auto; max-width: 60rem; padding: 1.5rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .35rem .75rem .35rem 0; text-align: left }
pre { background: color-mix(in srgb, currentColor 8%, transparent); overflow-x: auto; padding: .75rem }
";
