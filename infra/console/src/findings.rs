//! What `administration` finds when it examines an application, and the state of its client secret.

use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Console,
    ask::sentence,
    history::shortened,
    moment::moment,
    page::table,
    stack::{Function, Refusal},
};

#[derive(Deserialize)]
struct Finding {
    check: String,
    verdict: Verdict,
    says: String,
    #[serde(rename = "do")]
    remedy: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "camelCase")]
enum Verdict {
    Failure,
    Warning,
    Ok,
}

/// The state of the client secret and the findings, or why they are not shown.
pub(crate) async fn examined(console: &Console, application: &str) -> [Markup; 2] {
    let request = json!({ "operation": "examine", "applicationId": application });
    match console.look(Function::Administration, request).await {
        Ok(answer) => [secret(&answer["facts"], console.now()), findings(&answer)],
        Err(error) => {
            let unknown = not_shown(&error);
            [unknown.clone(), unknown]
        }
    }
}

/// Says why `administration` did not answer: support staff may perhaps not invoke it.
pub(crate) fn not_shown(error: &Refusal) -> Markup {
    html! { p.quiet { "Not shown: " (sentence(error)) } }
}

fn secret(facts: &Value, now: Timestamp) -> Markup {
    let at = |member: &str| facts[member].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let times = [
        ("Ends", at("clientSecretEndsAt"), "not known"),
        ("Last notification in the queue", at("queueHeardAt"), "never"),
        ("Last requested", at("clientSecretAskedForAt"), "never"),
        ("Last received", at("clientSecretReceivedAt"), "never"),
    ];
    html! {
        dl.facts {
            div {
                dt { "Fingerprint" }
                dd { @match facts["clientSecretFingerprint"].as_str() {
                    Some(fingerprint) => code { (shortened(fingerprint)) },
                    None => span.quiet { "none is stored" },
                } }
            }
            @for (name, at, otherwise) in times {
                div {
                    dt { (name) }
                    dd { @match at { Some(at) => (moment(at, now)), None => span.quiet { (otherwise) } } }
                }
            }
        }
    }
}

fn findings(answer: &Value) -> Markup {
    let read: Result<Vec<Finding>, _> = serde_json::from_value(answer["findings"].clone());
    let mut findings = match read {
        Ok(findings) => findings,
        Err(error) => return not_shown(&Refusal::new("Console.NotUnderstood", error.to_string())),
    };
    findings.sort_by_key(|finding| finding.verdict);
    let rows = html! {
        @for finding in &findings {
            tr {
                td { @match finding.verdict {
                    Verdict::Failure => span.status.disabled { "failure" },
                    Verdict::Warning => span.status.expired { "warning" },
                    Verdict::Ok => span.status.active { "ok" },
                } }
                th scope="row" { (finding.check) }
                td {
                    (finding.says)
                    @if let Some(remedy) = &finding.remedy { br; span.quiet { (in_commands(remedy)) } }
                }
            }
        }
    };
    table(
        "findings",
        "What spapi-auth doctor finds, the most serious first",
        &["Verdict", "Check", "Finding"],
        &rows,
    )
}

/// The remedy, with the operations of the functions replaced by commands.
fn in_commands(remedy: &str) -> String {
    const COMMANDS: [(&str, &str); 3] = [
        ("setClientSecret", "spapi-auth secret set"),
        ("rotateClientSecret", "Request a new secret now"),
        ("updateApplication", "Edit"),
    ];
    COMMANDS.iter().fold(remedy.to_owned(), |text, (operation, command)| text.replace(operation, command))
}
