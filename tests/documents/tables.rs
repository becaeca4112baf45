//! The tables of operations and events, compared with the code that they describe.

use std::collections::BTreeSet;

use serde_json::json;
use shared::history::Event;

use crate::support::{repository::source, world::World};

/// Returns the names in backticks in the first column of the table whose head begins with `head`.
fn first_column(document: &str, head: &str) -> BTreeSet<String> {
    let (_, table) = document.split_once(&format!("\n| {head}")).unwrap_or_else(|| panic!("no table {head}"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.strip_prefix("| ")?.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_tables_of_operations_have_every_operation_and_no_other() {
    let world = World::new().await;
    let readme = source("functions/README.md");
    for function in ["authorizations", "administration"] {
        // The error lists what the function knows.
        let unknown = world.caller().invoke(function, &json!({"operation": "x"})).await.unwrap_err();
        let (_, known) = unknown.error_message.split_once("one of ").unwrap();
        let known: BTreeSet<_> = known.split(", ").map(str::to_owned).collect();

        assert!(known.len() >= 9, "{known:?}");
        assert_eq!(
            first_column(&readme, &format!("`{function}`")),
            known,
            "left is the README, right {function}"
        );
    }
}

#[test]
fn the_table_of_events_has_every_event_and_no_other() {
    let error = serde_json::from_value::<Event>("none".into()).unwrap_err().to_string();
    let (_, names) = error.split_once("expected one of").unwrap();
    let known: BTreeSet<_> = names.split('`').skip(1).step_by(2).map(str::to_owned).collect();

    assert!(known.len() >= 18, "{known:?}");
    assert_eq!(
        first_column(&source("infra/events/README.md"), "`detail-type`"),
        known,
        "left is the README, right the code"
    );
}
