//! Policies: what `administration` takes, stores, shows and records.

use serde_json::{Value, json};

use super::put;
use crate::support::world::{World, attribute};

async fn operate(world: &World, request: Value) -> Result<Value, crate::support::caller::Failure> {
    world.caller().invoke("administration", &request).await
}

#[tokio::test]
async fn a_policy_is_put_shown_listed_and_removed_and_each_change_is_an_event() {
    let world = World::new().await;
    let whole = json!({
        "partners": ["A1US"], "accounts": {"prefix": "tenant-"}, "scopes": ["sellingpartnerapi::notifications"],
        "restricted": [{"operation": "orders.v0.getOrders", "dataElements": ["buyerInfo"]}], "delegates": "all",
        "may": ["read", "link"], "by": "anne",
    });

    let answer = put(&world, &whole).await;

    let mut expected = whole.clone();
    expected.as_object_mut().unwrap().remove("by");
    expected["may"] = json!(["read", "link"]);
    expected["consumer"] = json!("orders");
    expected["applicationIds"] = json!([world.application()]);
    expected["regions"] = json!(["na"]);
    assert_eq!(answer["consumer"], expected);
    assert_eq!(put(&world, &whole).await, answer, "again, the same, and no record");
    let mut shown = expected.clone();
    shown["operation"] = json!("putConsumer");
    assert_eq!(operate(&world, shown).await.unwrap(), answer, "what is shown can be put");
    put(&world, &json!({"accounts": "all", "by": "bert"})).await;
    operate(&world, json!({"operation": "putConsumer", "consumer": "a-first"})).await.unwrap();
    let listed = operate(&world, json!({"operation": "listConsumers"})).await.unwrap();
    let names: Vec<_> =
        listed["consumers"].as_array().unwrap().iter().map(|one| one["consumer"].clone()).collect();
    assert_eq!(names, ["a-first", "orders"]);
    assert_eq!(listed["consumers"][0]["partners"], json!([]), "a field that is left out covers nothing");
    let remove = json!({"operation": "removeConsumer", "consumer": "orders", "by": "anne"});
    assert_eq!(operate(&world, remove.clone()).await.unwrap(), json!({"removed": true}));
    assert_eq!(operate(&world, remove).await.unwrap(), json!({"removed": false}));
    put(&world, &json!({})).await;

    let one = operate(&world, json!({"operation": "getConsumer", "consumer": "orders"})).await.unwrap();
    assert_eq!(one["consumer"]["restricted"], json!(false));
    let reasons: Vec<_> =
        one["history"].as_array().unwrap().iter().map(|record| record["reason"].clone()).collect();
    assert_eq!(
        reasons,
        [
            "an operator added the consumer orders",
            "an operator removed the consumer orders",
            "an operator changed what the consumer orders may have: partners, accounts, scopes, restricted, delegates, may",
            "an operator added the consumer orders",
        ]
    );
    let none = operate(&world, json!({"operation": "getConsumer", "consumer": "nobody"})).await.unwrap();
    assert_eq!(none, json!({"consumer": null, "history": []}));
    let history = world.history_of("consumer#orders").await;
    let by: Vec<_> = history.iter().map(|record| attribute(record, "by").to_owned()).collect();
    assert_eq!(by, ["anne", "bert", "anne", ""]);
    let events = world.stack.events().await;
    let changed: Vec<_> = events
        .iter()
        .filter(|sent| sent.event["detail-type"] == "ConsumerChanged")
        .map(|sent| &sent.event)
        .collect();
    assert_eq!(changed.len(), 5);
    assert_eq!(changed[0]["detail"]["subject"], "consumer#orders");
    let schema: Value = serde_json::from_str(include_str!("../../infra/events/schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    assert!(changed.iter().all(|event| schema.is_valid(event)), "{changed:?}");
}

#[tokio::test]
async fn a_policy_that_is_not_understood_is_refused_by_the_name_of_its_field() {
    let world = World::new().await;
    let many: Vec<_> = (0..501).map(|n| format!("A{n}")).collect();
    for (field, value) in [
        ("consumer", json!(null)),
        ("consumer", json!("7")),
        ("consumer", json!("a b")),
        ("consumer", json!("x".repeat(129))),
        ("consumer", json!("$LATEST")),
        ("applicationIds", json!("everything")),
        ("applicationIds", json!(["amzn1.application-oa2-client.1"])),
        ("partners", json!(["A 1"])),
        ("partners", json!(many)),
        ("partners", json!("ALL")),
        ("accounts", json!({"prefix": ""})),
        ("accounts", json!({"prefix": "a", "suffix": "b"})),
        ("accounts", json!(["a#b"])),
        ("accounts", json!(many)),
        ("regions", json!(["us"])),
        ("scopes", json!([7])),
        ("restricted", json!("true")),
        ("restricted", json!([{"dataElements": []}])),
        ("restricted", json!([{"operation": "orders.v0.getOrders", "elements": []}])),
        ("restricted", json!([{"operation": "orders.v0.getOrdres"}])),
        ("restricted", json!([{"operation": "orders.v0.getOrders", "dataElements": ["hunter2"]}])),
        ("delegates", json!(["x"])),
        ("may", json!("all")),
        ("may", json!(["write"])),
        ("by", json!("")),
        ("payload", json!(null)),
    ] {
        let mut request = json!({"operation": "putConsumer", "consumer": "orders"});
        match field {
            "payload" => request["partner"] = json!(["A1US"]),
            field => request[field] = value,
        }

        let failure = operate(&world, request.clone()).await.unwrap_err();

        assert_eq!(failure.error_type, "InvalidRequest", "{request}");
        assert!(failure.error_message.starts_with(&format!("{field}: ")), "{request}: {failure:?}");
        assert!(!failure.error_message.contains("hunter2"), "{failure:?}");
    }
    assert_eq!(
        operate(&world, json!({"operation": "listConsumers"})).await.unwrap(),
        json!({"consumers": []})
    );
}
