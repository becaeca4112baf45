//! `doctor`: the findings of `administration`, and the checks that only this machine can make.

use std::io;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    colour::{self, painted},
    commands::{applications, consumers::Report},
    failure::Failure,
    functions::{Function, Functions},
    request::Request,
    session::Session,
    table::Table,
    views::{self, Application},
};

mod topic;

/// The result of one check.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Finding {
    check: String,
    verdict: Verdict,
    says: String,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

/// How serious a finding is.
#[derive(Clone, Copy, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Verdict {
    /// Nothing is wrong.
    Ok,
    /// It works now and may stop working.
    Warning,
    /// It does not work.
    Failure,
}

impl Finding {
    fn new(check: &str, verdict: Verdict, says: impl Into<String>) -> Self {
        Self { check: check.to_owned(), verdict, says: says.into(), remedy: None }
    }

    fn with_remedy(mut self, remedy: &str) -> Self {
        self.remedy = Some(remedy.to_owned());
        self
    }
}

pub(super) async fn run(session: &mut Session) -> Result<(), Failure> {
    let mut worst = check_from_here(session).await?;
    // Functions that cannot be invoked cannot be examined.
    if worst == Verdict::Failure {
        return Err(Failure::Unhealthy);
    }
    for application in application_ids(session).await? {
        worst = worst.max(examine(&application, session).await?);
    }
    if worst == Verdict::Failure { Err(Failure::Unhealthy) } else { Ok(()) }
}

/// Checks whether each function can be invoked, and this machine's clock.
async fn check_from_here(session: &mut Session) -> Result<Verdict, Failure> {
    let mut findings = Vec::new();
    for function in Function::ALL {
        findings.push(reach(function, &session.functions).await?);
    }
    findings.push(clock(session.functions.skew()));
    if worst(&findings) != Verdict::Failure {
        findings.extend(consumers(session).await);
    }
    if session.output.is_json() {
        session.output.document(&json!({ "findings": findings }))?;
    } else {
        session.output.block("From this machine\n")?;
        show(&findings, session)?;
    }
    Ok(worst(&findings))
}

async fn reach(function: Function, functions: &Functions) -> Result<Finding, Failure> {
    let name = functions.name(function);
    match functions.reach(function).await {
        Ok(()) => Ok(Finding::new("function", Verdict::Ok, format!("{name} can be invoked"))),
        // AWS answered, so it is a finding of the stack. Without an answer, the network or the credentials are at fault.
        Err(Failure::Unreachable { message, hint }) if functions.skew().is_some() => {
            Ok(Finding::new("function", Verdict::Failure, message).with_remedy(&hint))
        }
        Err(failure) => Err(failure),
    }
}

/// Compares policies with aliases. Finds nothing where there is neither.
async fn consumers(session: &Session) -> Option<Finding> {
    const CHECK: &str = "consumers";
    const REMEDY: &str =
        "run `spapi-auth consumers apply`; `spapi-auth consumers remove` removes policy and aliases";
    let report = match Report::read(session).await {
        Ok(report) => report,
        Err(Failure::Unreachable { message, hint }) => {
            return Some(Finding::new(CHECK, Verdict::Warning, message).with_remedy(&hint));
        }
        // The functions are of a version without consumers.
        Err(Failure::Refused(refusal)) if refusal.kind == "InvalidRequest" => return None,
        Err(failure) => {
            let says = format!("the consumers could not be checked: {failure}");
            return Some(Finding::new(CHECK, Verdict::Warning, says));
        }
    };
    if !report.unreadable.is_empty() {
        let says = format!(
            "consumers whose policy this release cannot read, and which get nothing: {}",
            report.unreadable.join(", ")
        );
        return Some(Finding::new(CHECK, Verdict::Warning, says).with_remedy(
            "install the release that wrote them, or remove each with `spapi-auth consumers remove` and add it again",
        ));
    }
    let named = |pairs: &[(Function, String)]| {
        let names =
            pairs.iter().map(|(function, alias)| format!("{}:{alias}", session.functions.name(*function)));
        names.collect::<Vec<_>>().join(", ")
    };
    let finding = match (report.missing.as_slice(), report.stray.as_slice()) {
        ([], []) if report.consumers == 0 => return None,
        ([], []) => Finding::new(CHECK, Verdict::Ok, "every consumer has its policy and its aliases"),
        ([], stray) => {
            let says = format!("aliases without a policy, which get nothing: {}", named(stray));
            Finding::new(CHECK, Verdict::Warning, says).with_remedy(REMEDY)
        }
        (missing, _) => {
            let says = format!("consumers whose alias is missing: {}", named(missing));
            Finding::new(CHECK, Verdict::Warning, says).with_remedy(REMEDY)
        }
    };
    Some(finding)
}

fn clock(ahead: Option<SignedDuration>) -> Finding {
    let Some(ahead) = ahead else {
        return Finding::new("clock", Verdict::Warning, "the answers of AWS contain no time to compare with");
    };
    let seconds = ahead.as_secs().abs();
    let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
    let says = format!("this machine's clock is {seconds} s {direction} that of AWS");
    match seconds {
        // The `Date` of an answer has whole seconds, and the answer takes time to arrive.
        0..=2 => Finding::new("clock", Verdict::Ok, "this machine's clock agrees with that of AWS"),
        3..60 => Finding::new("clock", Verdict::Ok, says),
        60..300 => Finding::new("clock", Verdict::Warning, says).with_remedy("set the clock by NTP"),
        // From five minutes on, AWS rejects signatures.
        _ => Finding::new("clock", Verdict::Failure, says)
            .with_remedy("set the clock by NTP; AWS rejects requests that are signed at another time"),
    }
}

/// The ids of the applications to examine.
async fn application_ids(session: &mut Session) -> Result<Vec<String>, Failure> {
    if let Some(named) = &session.application {
        return Ok(vec![named.clone()]);
    }
    let answer = session.ask(Request::new("listApplications")).await?;
    let applications: Vec<Application> = views::field(&answer, "applications")?;
    if applications.is_empty() {
        let finding = Finding::new("application", Verdict::Failure, "no application is registered")
            .with_remedy("register one with `spapi-auth applications register`");
        if session.output.is_json() {
            session.output.document(&json!({ "findings": [finding] }))?;
        } else {
            show(&[finding], session)?;
        }
        session.output.flush()?;
        return Err(Failure::Unhealthy);
    }
    Ok(applications.into_iter().map(|application| application.id).collect())
}

async fn examine(application: &str, session: &mut Session) -> Result<Verdict, Failure> {
    let mut answer = session.administer(Request::new("examine").with("applicationId", application)).await?;
    let mut findings: Vec<Finding> = views::field(&answer, "findings")?;
    if let Some(topic) = answer["facts"]["alarmTopicArn"].as_str() {
        findings.push(topic::examine(topic, session.functions.config()).await);
    }
    if session.output.is_json() {
        answer["findings"] = json!(findings);
        answer["applicationId"] = Value::from(application);
        session.output.document(&answer)?;
    } else {
        session.output.block("\n")?;
        session.output.line(&format!("Application {application}"))?;
        // The URIs are printed below, each on a line of its own.
        let below = |finding: &Finding| finding.check == "uris" && finding.verdict == Verdict::Ok;
        findings.retain(|finding| !below(finding));
        show(&findings, session)?;
        applications::uris(&answer, session)?;
    }
    session.output.flush()?;
    Ok(worst(&findings))
}

/// Prints the findings, the most serious first.
fn show(findings: &[Finding], session: &mut Session) -> Result<(), Failure> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    let rows = sorted.into_iter().flat_map(|finding| {
        let verdict = match finding.verdict {
            Verdict::Ok => "ok",
            Verdict::Warning => "WARNING",
            Verdict::Failure => "FAILURE",
        };
        let row = vec![verdict.to_owned(), finding.check.clone(), finding.says.clone()];
        let remedy = finding
            .remedy
            .as_ref()
            .map(|remedy| vec![" ".to_owned(), " ".to_owned(), format!("→ {}", in_commands(remedy))]);
        [Some(row), remedy].into_iter().flatten()
    });
    let text = Table::new(&["", "CHECK", "FINDING"]).page(rows);
    session.output.block(&marked(&text))
}

/// The table, with the verdicts that need attention in colours. They are put in afterwards, because they would count as width.
fn marked(text: &str) -> String {
    let mark = |line: &str| {
        for (verdict, style) in [("WARNING", colour::WARNING), ("FAILURE", colour::BAD)] {
            if let Some(rest) = line.strip_prefix(verdict) {
                return painted(verdict, style, &io::stdout()) + rest;
            }
        }
        line.to_owned()
    };
    text.split_inclusive('\n').map(mark).collect()
}

/// The remedy, with the operations of the functions replaced by commands.
fn in_commands(remedy: &str) -> String {
    const COMMANDS: [(&str, &str); 6] = [
        ("setClientSecret", "`spapi-auth secret set`"),
        ("rotateClientSecret", "`spapi-auth secret rotate`"),
        ("updateApplication", "`spapi-auth applications update`"),
        ("expiresAt", "--expires-at"),
        ("listGrants (regionAssumed: true)", "`spapi-auth list --region-assumed`"),
        ("setRegion", "`spapi-auth set-region`"),
    ];
    COMMANDS.iter().fold(remedy.to_owned(), |text, (operation, command)| text.replace(operation, command))
}

fn worst(findings: &[Finding]) -> Verdict {
    findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_names_commands_in_place_of_operations() {
        let remedy =
            in_commands("find them with listGrants (regionAssumed: true); setRegion changes their region");
        assert_eq!(
            remedy,
            "find them with `spapi-auth list --region-assumed`; `spapi-auth set-region` changes their region"
        );
    }

    #[test]
    fn a_clock_that_is_wrong_by_five_minutes_is_a_failure() {
        let verdict = |seconds| clock(Some(SignedDuration::from_secs(seconds))).verdict;

        assert!(verdict(0) == Verdict::Ok && verdict(-30) == Verdict::Ok);
        assert!(verdict(61) == Verdict::Warning);
        assert!(verdict(-301) == Verdict::Failure);
        assert!(clock(Some(SignedDuration::from_secs(-301))).says.contains("301 s behind"));
    }
}
