//! Promise 12: every record of the history is an event on the bus, valid by the schema of events.

mod publishing;
mod replay;
mod schemas;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::history::store::HistoryStore;

use crate::support::world::{Row, World};

/// Causes many kinds of events; returns the subjects whose history has grown.
async fn busy(world: &World) -> Vec<String> {
    let administration = async |request: Value| world.caller().invoke("administration", &request).await;
    for _ in 0..2 {
        world.browser().website("US", "seller", "A1US").await;
        world.browser().website("DE", "vendor", "VDE01").await;
        world.advance(60).await;
    }
    let application = world.application();
    let mut invalidate = json!({"operation": "invalidateTokens", "applicationId": application});
    administration(invalidate.clone()).await.unwrap();
    invalidate["sellingPartnerId"] = json!("A1US");
    invalidate["region"] = json!("na");
    administration(invalidate).await.unwrap();
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    world.advance(3700).await;
    world.caller().token_of("A1US", "na").await.unwrap();
    world.press_rotate().await;
    world.advance(60).await;
    world.control("rotation", json!({"subscribed": false})).await;
    let rotate = json!({"operation": "rotateClientSecret", "applicationId": application});
    administration(rotate).await.unwrap_err();
    world.advance(160 * 24 * 3600).await;
    vec![application.to_owned(), format!("{application}#na#A1US"), format!("{application}#eu#VDE01")]
}

/// Returns the details of all events.
async fn details(world: &World) -> Vec<Value> {
    world.stack.events().await.iter().map(|delivered| delivered.event["detail"].clone()).collect()
}

/// Returns a record's attributes with the names that an event gives them.
fn camel_case(row: &Row) -> Value {
    let name = |attribute: &String| {
        let mut words = attribute.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    };
    let text = |value: &aws_sdk_dynamodb::types::AttributeValue| {
        value.as_s().or_else(|_| value.as_n()).unwrap().clone()
    };
    json!(row.iter().map(|(attribute, value)| (name(attribute), text(value))).collect::<BTreeMap<_, _>>())
}

#[tokio::test]
async fn promise_12_every_record_of_the_history_is_sent_exactly_once_and_unabridged() {
    let world = World::new().await;

    let subjects = busy(&world).await;

    let mut records = Vec::new();
    for subject in &subjects {
        records.extend(world.history_of(subject).await.iter().map(camel_case));
    }
    let mut sent = details(&world).await;
    let key = |detail: &Value| detail["id"].as_str().unwrap().to_owned();
    records.sort_by_key(key);
    sent.sort_by_key(key);
    assert_eq!(sent, records);
    let kinds: BTreeSet<_> = sent.iter().map(|detail| detail["event"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        BTreeSet::from([
            "ApplicationTokensInvalidated",
            "AuthorizationConflict",
            "AuthorizationGranted",
            "AuthorizationRenewed",
            "ClientSecretExpiring",
            "ClientSecretRequested",
            "ClientSecretRotated",
            "ClientSecretRotationFailed",
            "RefreshTokenReplaced",
            "TokensInvalidated",
        ])
    );
}

#[tokio::test]
async fn promise_12_a_restart_loses_no_event_and_repeats_none() {
    let directory = std::env::temp_dir().join(format!("spapi-auth-{}", shared::secret::random_word()));
    let first = World::kept_in(&directory).await;
    first.browser().website("US", "seller", "A1US").await;
    let mut sent = details(&first).await;
    drop(first);

    let second = World::kept_in(&directory).await;
    second.browser().website("DE", "vendor", "VDE01").await;
    sent.extend(details(&second).await);

    let partners: Vec<_> = sent.iter().map(|detail| detail["sellingPartnerId"].as_str().unwrap()).collect();
    assert_eq!(partners, ["A1US", "VDE01"]);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[tokio::test]
async fn a_history_can_be_read_a_page_at_a_time_from_either_end() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let invalidate = json!({"operation": "invalidateTokens", "applicationId": world.application(),
        "sellingPartnerId": "A1US", "region": "na"});
    for _ in 0..4 {
        world.caller().invoke("administration", &invalidate).await.unwrap();
    }
    let client = aws_sdk_dynamodb::Client::new(&world.stack.sdk_config());
    let history = HistoryStore::new(client, "spapi-auth-history".to_owned());
    let subject = format!("{}#na#A1US", world.application());
    let page = async |newest_first, from, limit| {
        let (records, next) = history.page(&subject, newest_first, from, limit).await.unwrap();
        (records.iter().map(|record| record.revision).collect::<Vec<_>>(), next)
    };

    assert_eq!(page(false, None, 2).await, (vec![1, 2], Some(3)));
    assert_eq!(page(false, Some(3), 2).await, (vec![3, 4], Some(5)));
    assert_eq!(page(false, Some(5), 2).await, (vec![5], None));
    assert_eq!(page(true, None, 3).await, (vec![5, 4, 3], Some(2)));
    assert_eq!(page(true, Some(2), 2).await, (vec![2, 1], None));
    assert_eq!(page(true, Some(99), 5).await, (vec![5, 4, 3, 2, 1], None));
    assert_eq!(page(false, Some(6), 5).await, (vec![], None));
    assert_eq!(history.page("unknown", true, None, 5).await.unwrap().0.len(), 0);
}

#[tokio::test]
async fn events_can_be_requested_after_any_number() {
    let world = World::new().await;
    for partner in ["A1US", "A2US", "A3US"] {
        world.browser().website("US", "seller", partner).await;
    }
    let ask = async |query: &str| {
        let url = format!("http://127.0.0.1:{}/_control/events{query}", world.stack.ports().amazon);
        let answer = world.http().get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };

    let (_, all) = ask("").await;
    let (_, latest) = ask("?after=2").await;

    let partner =
        |delivered: &Value| delivered["event"]["detail"]["sellingPartnerId"].as_str().unwrap().to_owned();
    let partners: Vec<_> = all.as_array().unwrap().iter().map(partner).collect();
    assert_eq!(partners, ["A1US", "A2US", "A3US"]);
    assert_eq!(latest, json!([all[2]]));
    assert_eq!(latest[0]["n"], 3);
    for wrong in ["?after=x", "?before=1", "?after=-1"] {
        assert_eq!(ask(wrong).await.0, 400, "{wrong}");
    }
    let console = world.http().get(world.site("/")).send().await.unwrap().text().await.unwrap();
    assert!(console.contains("AuthorizationGranted") && console.contains("A3US"), "the console shows them");
}
