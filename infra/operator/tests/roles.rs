//! `applications update --roles-changed-at`, and the grants that it marks, against the local stack.

use serde_json::json;

use crate::{
    local_stack::{APPLICATION, CLIENT_SECRET, registered},
    support::{stack::TestStack, tool::Tool},
};

/// A stack with two grants from before a moment, which is returned, and one from after it.
async fn with_grants_before_and_after() -> (TestStack, Tool, String) {
    let (stack, tool) = registered().await;
    import(&stack, &tool, "A1ONE").await;
    import(&stack, &tool, "A1TWO").await;
    stack.control("advance", json!({"seconds": 3600})).await;
    let moment = tool.succeeds("show A1ONE --json").await.document()["authorizedAt"].clone();
    let moment: jiff::Timestamp = moment.as_str().unwrap().parse().unwrap();
    import(&stack, &tool, "A1LATE").await;
    (stack, tool, (moment + jiff::SignedDuration::from_mins(30)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

async fn import(stack: &TestStack, tool: &Tool, partner: &str) {
    let token = stack.refresh_token(APPLICATION, CLIENT_SECRET, partner).await;
    assert_eq!(tool.run_with(&["import", partner, "--kind", "self"], &token).await.code, 0);
}

async fn listed(tool: &Tool, options: &str) -> Vec<String> {
    let documents = tool.succeeds(&format!("list --json {options}")).await.documents();
    let mut partners: Vec<_> =
        documents.iter().map(|document| document["sellingPartnerId"].as_str().unwrap().to_owned()).collect();
    partners.sort();
    partners
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_roles_says_how_many_grants_it_marks_and_asks() {
    let (stack, tool, moment) = with_grants_before_and_after().await;
    // Functions read an application once a minute.
    let a_minute_later = async || stack.control("advance", json!({"seconds": 61})).await;
    let command = format!("applications update {APPLICATION} --roles-changed-at {moment}");
    let question = format!(
        "Mark 2 grants of application {APPLICATION} that were authorized before {moment}, and send an event for each active one?"
    );

    let ran = tool.run(&command).await;
    assert!(ran.code == 2 && ran.stderr.contains("--yes"), "{ran:?}");
    for typed in ["no\n", ""] {
        let ran = tool.on_a_terminal(&command, typed).await;
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(&question).says("In ").says("the answer was not `yes`");
    }
    assert!(listed(&tool, "--outdated").await.is_empty());

    let ran = tool.on_a_terminal(&command, "yes\n").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.says(&question).says("roles changed");
    a_minute_later().await;
    assert_eq!(listed(&tool, "--outdated").await, ["A1ONE", "A1TWO"]);
    tool.succeeds("show A1ONE").await.says("roles outdated");
    assert!(!tool.succeeds("show A1LATE").await.stdout.contains("roles outdated"));

    tool.succeeds(&format!("applications update {APPLICATION} --no-roles-changed-at")).await;
    a_minute_later().await;
    assert!(listed(&tool, "--outdated").await.is_empty());
    tool.succeeds(&format!("{command} --yes")).await;
    a_minute_later().await;
    assert_eq!(listed(&tool, "--outdated").await, ["A1ONE", "A1TWO"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_from_before_a_time_are_listed_whether_or_not_roles_changed() {
    let (_stack, tool, moment) = with_grants_before_and_after().await;

    assert_eq!(listed(&tool, &format!("--authorized-before {moment}")).await, ["A1ONE", "A1TWO"]);
    assert_eq!(listed(&tool, "--authorized-before 2999-01-01").await, ["A1LATE", "A1ONE", "A1TWO"]);
    assert!(listed(&tool, "--authorized-before 365d").await.is_empty());
    let ran = tool.run("list --authorized-before yesterday").await;
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_roles_in_the_future_and_one_that_is_no_time_are_refused() {
    let (_stack, tool, _) = with_grants_before_and_after().await;

    for (moment, code, said) in [("2999-01-01", 1, "(InvalidRequest)"), ("yesterday", 2, "write `now`")] {
        let command = format!("applications update {APPLICATION} --roles-changed-at {moment} --yes");
        let ran = tool.run(&command).await;
        assert!(ran.code == code && ran.stderr.contains(said), "{ran:?}");
        let unknown = tool.on_a_terminal(command.trim_end_matches(" --yes"), "yes\n").await;
        assert_eq!(unknown.code, code, "{unknown:?}");
    }
    assert!(listed(&tool, "--outdated").await.is_empty());
}
