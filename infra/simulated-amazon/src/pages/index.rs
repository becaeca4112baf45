//! The index page: sites, applications and control calls.

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};
use maud::html;

use crate::{amazon::SimulatedAmazon, facts::Region, layout::page, marketplaces::Central, urls::local_url};

/// Shows the sites, the applications and the control calls.
pub(crate) async fn show(State(amazon): State<SimulatedAmazon>) -> Response {
    let backend = amazon.backend();
    let port = amazon.port();
    let content = html! {
        h2 { "Applications" }
        ul {
            @for application in backend.ledger().applications.values() {
                li {
                    (application.name) ": " code { (application.application_id) }
                    @if application.draft { " (draft)" }
                }
            }
        }
        @for region in Region::ALL {
            h2 { "Sites of the region " (region) }
            p {
                "SP-API: " code { (local_url(region.sp_api_host(), port, "")) } " or "
                code { "http://127.0.0.1:" (port) "/" (region) } ", its sandbox: "
                code { "http://127.0.0.1:" (port) "/sandbox/" (region) }
            }
            ul {
                @for host in hosts(region) {
                    @let at = |path: &str| local_url(host, port, path);
                    li {
                        (host) ": " a href=(at("/apps/manage")) { "Manage Your Apps" }
                        @for application in backend.ledger().applications.values().filter(|a| !a.draft) {
                            ", " a href=(at(&format!("/appstore/{}", application.application_id))) {
                                (application.name) " in the Appstore"
                            }
                        }
                    }
                }
            }
        }
        h2 { "Operations of SP-API" }
        p { "getAccount, getDestinations, getMarketplaceParticipations, getOrders (v0) and searchOrders (2026-01-01),
            createRestrictedDataToken, rotateApplicationClientSecret" }
        h2 { "Control" }
        p { "POST with a JSON body, unless GET is written:" }
        ul {
            @for call in CONTROL_CALLS { li { code { (call) } } }
        }
        p { "Only in the local stack:" }
        ul {
            @for call in CONTROL_CALLS_OF_THE_STACK { li { code { (call) } } }
        }
    };
    page("Contents", &content)
}

fn hosts(region: Region) -> BTreeSet<&'static str> {
    Central::all().filter(|central| central.region == region).map(|central| central.host).collect()
}

/// The control calls that the local stack answers on the same port.
const CONTROL_CALLS_OF_THE_STACK: [&str; 4] = [
    r#"/_control/advance {"seconds"}"#,
    "GET /_control/events?after=<n>",
    r#"/_control/reads {"milliseconds"}"#,
    "GET /_control/metrics",
];

const CONTROL_CALLS: [&str; 19] = [
    r#"/_control/applications {"applicationId", "clientId", "name", "draft", "loginUri", "redirectUris",
    "clientSecret"}"#,
    "GET /_control/calls",
    r#"/_control/client-secret {"clientId", "clientSecret", "expiresAt"?}"#,
    r#"/_control/faults {"endpoint", "fault", "milliseconds"?, "status"?,
    "retryAfter"?, "share"?, "times"?}"#,
    "GET /_control/faults",
    r#"/_control/old-tokens {"onReauthorization": "keep" | "kill"}"#,
    "GET /_control/partner/<selling partner id>",
    "/_control/partner/<selling partner id>/restore",
    "/_control/partner/<selling partner id>/revoke",
    r#"/_control/partners {"sellingPartnerId", "region": "na" | "eu" | "fe", "kind": "seller" | "vendor",
    "storeNames"?: {"<marketplace id>": "<name>"}}"#,
    "/_control/reset",
    r#"/_control/roles {"applicationId", "missing": ["directToConsumerShipping" | "professionalServices" |
    "taxInvoicing" | "taxRemittance", ..]}"#,
    "/_control/rotate/<application id>",
    r#"/_control/rotation {"validAfterSeconds"?, "duplicates"?, "subscribed"?}"#,
    r#"/_control/self-authorization {"applicationId", "sellingPartnerId", "region": "na" | "eu" | "fe",
    "kind": "seller" | "vendor"}"#,
    r#"/_control/tokens {"onRefresh"?: "echo" | "replace", "expiresIn"?: <any value; null leaves it out>,
    "severalScopes"?: "accept" | "refuse", "migrationScope"?: "accept" | "refuse"}"#,
    r#"/_control/user-agent {"required": true | false}"#,
    r#"/_control/website-form {"form": "4a" | "4b",
    "callbackUri"?: "central" | "amazon.com" | "relative" | "trailing-slash"}"#,
    "GET /_control/website-form",
];
