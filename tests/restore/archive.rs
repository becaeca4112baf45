//! What a lost history knew is in the archive of the event bus.

use serde_json::{Value, json};

use super::{
    backup::{APPLICATIONS, GRANTS, HISTORY, clear, rows},
    copies::{ALL, Copies, EXPECTED, changed_since, heard},
};
use crate::support::{operator::operate, world::World};

/// Sends the archived events to `administration`, as the rule for replays does, newest first: a replay keeps no order.
async fn replayed(world: &World, events: &[Value]) {
    for event in events.iter().rev() {
        let request = json!({"operation": "restoreRecord", "record": event["detail"]});
        world.caller().invoke("administration", &request).await.unwrap();
    }
}

async fn archived(world: &World) -> Vec<Value> {
    world.stack.events().await.into_iter().map(|one| one.event).collect()
}

async fn records(world: &World) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for row in rows(world, HISTORY).await {
        let sorted: std::collections::BTreeMap<_, _> = row.into_iter().collect();
        records.push(format!("{sorted:?}"));
    }
    records.sort();
    records
}

/// All tables are lost, and what happened after the copy is in the archive alone.
#[tokio::test]
async fn promise_16_what_a_lost_history_knew_comes_back_from_the_archive() {
    let (world, copies): (World, Copies) = changed_since().await;
    let (events, before) = (archived(&world).await, records(&world).await);
    for table in [APPLICATIONS, GRANTS, HISTORY] {
        clear(&world, table).await;
        copies.make(&world, table).await;
    }
    copies.put_back(&world, HISTORY, json!({})).await;
    assert!(records(&world).await.len() < before.len(), "the copy knows less");

    copies.put_back(&world, APPLICATIONS, json!({})).await;
    replayed(&world, &events).await;
    assert_eq!(records(&world).await, before);
    replayed(&world, &events).await;
    assert_eq!(records(&world).await, before, "a second replay adds nothing");
    copies.put_back(&world, GRANTS, json!({})).await;

    let mut expected = EXPECTED;
    expected[7] = "UnknownSellingPartner";
    assert_eq!(heard(&world).await, expected);
    assert_eq!(ALL.len(), expected.len());
}

/// Even if the marks of erasures are lost with the table of applications.
#[tokio::test]
async fn promise_16_the_archive_tells_of_an_erasure_whose_mark_is_lost() {
    let (world, copies): (World, Copies) = changed_since().await;
    operate(&world, "eraseGrant", "A1STAYS", json!({})).await.unwrap();
    let events = archived(&world).await;
    for table in [APPLICATIONS, GRANTS, HISTORY] {
        clear(&world, table).await;
        copies.make(&world, table).await;
    }
    for table in [APPLICATIONS, HISTORY] {
        copies.put_back(&world, table, json!({})).await;
    }
    replayed(&world, &events).await;
    copies.put_back(&world, GRANTS, json!({})).await;

    for table in [GRANTS, HISTORY] {
        assert!(!format!("{:?}", rows(&world, table).await).contains("A1STAYS"), "{table}");
    }
}

#[tokio::test]
async fn what_is_no_event_of_the_history_is_refused_by_name() {
    let world = World::new().await;
    for record in [json!({}), json!("x"), json!({"id": "x"})] {
        let request = json!({"operation": "restoreRecord", "record": record});
        let refused = world.caller().invoke("administration", &request).await.unwrap_err();
        assert_eq!(refused.error_type, "InvalidRequest");
        assert!(refused.error_message.starts_with("record:"), "{}", refused.error_message);
    }
}
