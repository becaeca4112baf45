//! Rows of consumers that this release cannot read: a newer release or another hand wrote them.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use serde_json::{Value, json};
use tracing::Instrument;

use super::{NOT_COVERED, is_refused, of, put};
use crate::support::{
    environments::token,
    invocation::{authorizations_as, invoked_by},
    log::Log,
    operator::authorized,
    world::World,
};

const TABLE: &str = "spapi-auth-applications";

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// Rows that cannot be read: an unknown word of a newer release, a policy that is none, a revision that is none, and a name that is none.
fn broken() -> [(&'static str, HashMap<String, AttributeValue>); 4] {
    let one = AttributeValue::N("1".to_owned());
    let everything = |field: &str| (field.to_owned(), text("all"));
    let wide = HashMap::from(["applicationIds", "partners", "accounts", "regions", "scopes"].map(everything));
    let mut newer = wide.clone();
    newer.insert("may".to_owned(), AttributeValue::L(vec![text("read"), text("export")]));
    let row =
        |policy, revision| HashMap::from([("policy".to_owned(), policy), ("revision".to_owned(), revision)]);
    [
        ("newer", row(AttributeValue::M(newer), one.clone())),
        ("broken", row(text("all"), text("first"))),
        ("without-revision", HashMap::from([("policy".to_owned(), AttributeValue::Bool(true))])),
        ("no name", row(AttributeValue::M(wide), one)),
    ]
}

/// Writes [`broken`] rows beside those that are there.
async fn write_broken(world: &World) {
    let client = Client::new(&world.stack.sdk_config());
    for (name, row) in broken() {
        let put = client.put_item().table_name(TABLE).set_item(Some(row));
        put.item("application_id", text(&format!("consumer#{name}"))).send().await.unwrap();
        let list = client.update_item().table_name(TABLE).key("application_id", text("consumers"));
        let list = list.update_expression("ADD consumer_names :name");
        list.expression_attribute_values(":name", AttributeValue::Ss(vec![name.to_owned()]))
            .send()
            .await
            .unwrap();
    }
}

async fn administer(world: &World, request: Value) -> Value {
    world.caller().invoke("administration", &request).await.unwrap()
}

#[tokio::test]
async fn promise_17_a_policy_that_cannot_be_read_gives_nothing_and_its_log_says_why() {
    let log = Log::captured();
    let world = World::new().await;
    authorized(&world, "A1US").await;
    put(&world, &json!({"partners": ["A1US"]})).await;
    let warm = world.fresh().by("newer");
    let policy = json!({"operation": "putConsumer", "consumer": "newer", "applicationIds": "all", "partners": "all", "regions": "all"});
    administer(&world, policy).await;
    token(&warm.token(&of("A1US")).await);

    write_broken(&world).await;
    world.advance(60).await;

    for alias in ["newer", "broken", "without-revision"] {
        let id = format!("unreadable-{alias}");
        for environment in [warm.by(alias), world.fresh().by(alias)] {
            let span = shared::lambda::log::invocation_span(&id, None);
            is_refused(&environment.token(&of("A1US")).instrument(span).await, alias);
        }
        let (list, span) =
            (json!({"operation": "listGrants"}), shared::lambda::log::invocation_span(&id, None));
        let invoked = invoked_by("authorizations", alias);
        let listed = authorizations_as(&world, &invoked, &list).instrument(span).await;
        assert_eq!(listed.unwrap_err().to_string(), NOT_COVERED, "{alias}");
        let mut lines = log.lines_with(&id);
        lines.retain(|line| line["level"] == "ERROR");
        assert_eq!(lines.len(), 3, "{lines:?}");
        for line in lines {
            assert_eq!(line["consumer"], alias, "{line}");
            let said = line.to_string();
            assert!(
                said.contains("cannot be read by this release") && said.contains("putConsumer"),
                "{said}"
            );
        }
    }
    token(&world.fresh().by("orders").token(&of("A1US")).await);
}

#[tokio::test]
async fn promise_17_a_policy_that_cannot_be_read_is_named_and_stops_no_list_and_can_be_replaced_and_removed()
{
    let world = World::new().await;
    put(&world, &json!({"partners": ["A1US"]})).await;
    write_broken(&world).await;
    let get =
        async |name: &str| administer(&world, json!({"operation": "getConsumer", "consumer": name})).await;

    let all = administer(&world, json!({"operation": "listConsumers"})).await;

    assert_eq!(all["consumers"].as_array().unwrap().len(), 1, "{all}");
    assert_eq!(all["unreadable"], json!(["broken", "newer", "no name", "without-revision"]));
    let newer = get("newer").await;
    assert_eq!((&newer["consumer"], &newer["unreadable"]), (&Value::Null, &json!(true)));
    assert_eq!(get("orders").await.get("unreadable"), None);

    for name in ["newer", "broken", "without-revision"] {
        administer(&world, json!({"operation": "putConsumer", "consumer": name, "partners": ["A2US"]})).await;
        let now = get(name).await;
        assert_eq!((&now["consumer"]["partners"], now.get("unreadable")), (&json!(["A2US"]), None), "{now}");
        let reason = now["history"][0]["reason"].as_str().unwrap();
        assert!(reason.ends_with("which could not be read"), "{reason}");
    }
    write_broken(&world).await;
    for name in ["newer", "broken", "without-revision"] {
        let removed = administer(&world, json!({"operation": "removeConsumer", "consumer": name})).await;
        assert_eq!(removed["removed"], true, "{name}");
    }
    let all = administer(&world, json!({"operation": "listConsumers"})).await;
    assert_eq!(all["unreadable"], json!(["no name"]));
}
