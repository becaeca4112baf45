use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        AttributeValue, KeysAndAttributes, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
        Update,
    },
};

use super::*;

const TABLE: &str = "spapi-auth-grants";

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

async fn put(client: &Client, key: &str, version: i64) {
    let put = client.put_item().table_name(TABLE).item("grant_key", s(key)).item("version", n(version));
    put.send().await.unwrap();
}

async fn version(client: &Client, key: &str) -> Option<AttributeValue> {
    let get = client.get_item().table_name(TABLE).key("grant_key", s(key)).consistent_read(true);
    get.send().await.unwrap().item?.remove("version")
}

fn creation(key: &str) -> TransactWriteItem {
    let put = Put::builder()
        .table_name(TABLE)
        .item("grant_key", s(key))
        .item("version", n(1))
        .condition_expression("attribute_not_exists(grant_key)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    TransactWriteItem::builder().put(put.build().unwrap()).build()
}

#[tokio::test]
async fn a_refused_condition_returns_the_current_row() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    put(&client, "g1", 7).await;

    let refused = client
        .update_item()
        .table_name(TABLE)
        .key("grant_key", s("g1"))
        .update_expression("SET #v = #v + :one")
        .condition_expression("#v = :seen")
        .expression_attribute_names("#v", "version")
        .expression_attribute_values(":one", n(1))
        .expression_attribute_values(":seen", n(6))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();

    let aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(refusal) =
        refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal.item().unwrap()["version"], n(7));
    assert_eq!(version(&client, "g1").await, Some(n(7)));
}

#[tokio::test]
async fn a_cancelled_transaction_returns_a_reason_for_each_item_and_changes_nothing() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    put(&client, "g2", 3).await;

    let cancelled = client
        .transact_write_items()
        .transact_items(creation("g1"))
        .transact_items(creation("g2"))
        .send()
        .await
        .unwrap_err()
        .into_service_error();

    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
        cancelled,
    ) = cancelled
    else {
        panic!("{cancelled:?}");
    };
    let reasons = cancelled.cancellation_reasons();
    assert_eq!(reasons[0].code(), Some("None"));
    assert_eq!(reasons[1].code(), Some("ConditionalCheckFailed"));
    assert_eq!(reasons[1].item().unwrap()["version"], n(3));
    assert_eq!(version(&client, "g1").await, None);
}

#[tokio::test]
async fn a_transaction_sent_twice_with_one_token_runs_once() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    put(&client, "g1", 1).await;
    let rise = |by: i64| {
        let update = Update::builder()
            .table_name(TABLE)
            .key("grant_key", s("g1"))
            .update_expression("ADD version :by")
            .expression_attribute_values(":by", n(by));
        let item = TransactWriteItem::builder().update(update.build().unwrap()).build();
        client.transact_write_items().client_request_token("once").transact_items(item).send()
    };

    rise(1).await.unwrap();
    rise(1).await.unwrap();

    assert_eq!(version(&client, "g1").await, Some(n(2)));
    let other = rise(5).await.unwrap_err().into_service_error();
    assert_eq!(other.code(), Some("IdempotentParameterMismatchException"));
}

#[tokio::test]
async fn rows_and_indexes_survive_a_restart() {
    let data = Scratch::new();
    let first = Served::on(Some(&data.0)).await;
    let client = Client::new(&first.sdk);
    let put = client.put_item().table_name(TABLE).item("grant_key", s("g1")).item("account", s("tenant-42"));
    put.send().await.unwrap();
    first.stop().await;

    let second = Served::on(Some(&data.0)).await;
    let client = Client::new(&second.sdk);

    let found = client
        .query()
        .table_name(TABLE)
        .index_name("account")
        .key_condition_expression("account = :account")
        .expression_attribute_values(":account", s("tenant-42"))
        .send()
        .await
        .unwrap();
    assert_eq!(found.items()[0]["grant_key"], s("g1"));
}

/// The keys that the index of accounts shows.
async fn keys_of(client: &Client, account: &str) -> Vec<String> {
    let found = client
        .query()
        .table_name(TABLE)
        .index_name("account")
        .key_condition_expression("account = :account")
        .expression_attribute_values(":account", s(account))
        .send()
        .await
        .unwrap();
    found.items().iter().map(|item| item["grant_key"].as_s().unwrap().clone()).collect()
}

async fn until_shown(client: &Client, account: &str, keys: &[&str]) {
    for _ in 0..500 {
        if keys_of(client, account).await == keys {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the index of {account} never showed {keys:?}");
}

#[tokio::test]
async fn an_index_that_lags_shows_the_state_of_before_for_some_time() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    let put = |key: &str, account: &str| {
        client.put_item().table_name(TABLE).item("grant_key", s(key)).item("account", s(account)).send()
    };
    put("g1", "one").await.unwrap();
    served.aws.delay_reads(Duration::from_millis(1500)).unwrap();
    assert_eq!(keys_of(&client, "one").await, ["g1"], "what was there is shown");

    put("g2", "two").await.unwrap();
    put("g1", "two").await.unwrap();

    assert_eq!(keys_of(&client, "two").await, [""; 0]);
    assert_eq!(keys_of(&client, "one").await, ["g1"], "the index has not followed");
    until_shown(&client, "two", &["g1", "g2"]).await;
    assert_eq!(keys_of(&client, "one").await, [""; 0]);

    // Writes by key and in transactions are followed, too; a refused one changes nothing.
    let update = client.update_item().table_name(TABLE).key("grant_key", s("g1"));
    let update =
        update.update_expression("SET account = :three").expression_attribute_values(":three", s("three"));
    update.send().await.unwrap();
    client.delete_item().table_name(TABLE).key("grant_key", s("g2")).send().await.unwrap();
    client.transact_write_items().transact_items(creation("g1")).send().await.unwrap_err();
    let created = Put::builder()
        .table_name(TABLE)
        .item("grant_key", s("g4"))
        .item("account", s("three"))
        .build()
        .unwrap();
    let created = TransactWriteItem::builder().put(created).build();
    client.transact_write_items().transact_items(created).send().await.unwrap();
    until_shown(&client, "three", &["g1", "g4"]).await;
    assert_eq!(keys_of(&client, "two").await, [""; 0]);

    put("g5", "five").await.unwrap();
    served.aws.delay_reads(Duration::ZERO).unwrap();
    assert_eq!(keys_of(&client, "five").await, ["g5"], "without a lag");
}

#[tokio::test]
async fn a_row_that_is_not_read_consistently_is_shown_as_it_was() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    let put = |account: &str| {
        client.put_item().table_name(TABLE).item("grant_key", s("g1")).item("account", s(account)).send()
    };
    put("old").await.unwrap();
    served.aws.delay_reads(Duration::from_hours(1)).unwrap();
    put("new").await.unwrap();

    for (consistent, account) in [(true, "new"), (false, "old")] {
        let get = client.get_item().table_name(TABLE).key("grant_key", s("g1")).consistent_read(consistent);
        assert_eq!(get.send().await.unwrap().item.unwrap()["account"], s(account));
        let keys = KeysAndAttributes::builder().keys(HashMap::from([("grant_key".to_owned(), s("g1"))]));
        let keys = keys.consistent_read(consistent).build().unwrap();
        let both = client.batch_get_item().request_items(TABLE, keys).send().await.unwrap();
        assert_eq!(both.responses.unwrap()[TABLE][0]["account"], s(account));
    }
}

#[tokio::test]
async fn one_of_many_concurrent_writers_wins() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);

    let race = (0..16).map(|_| client.transact_write_items().transact_items(creation("g1")).send());
    let outcomes = futures::future::join_all(race).await;

    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
}
