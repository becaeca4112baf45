use aws_sdk_secretsmanager::{Client, error::ProvideErrorMetadata};

use super::*;

const SECRET: &str = "spapi-auth/amzn1.sp.solution.x";
const ONE: &str = "11111111-1111-4111-8111-111111111111";
const TWO: &str = "22222222-2222-4222-8222-222222222222";
const THREE: &str = "33333333-3333-4333-8333-333333333333";

async fn put(client: &Client, token: &str, value: &str, stage: &str) -> Result<Vec<String>, String> {
    let put = client.put_secret_value().secret_id(SECRET).client_request_token(token).secret_string(value);
    match put.version_stages(stage).send().await {
        Ok(done) => Ok(done.version_stages.unwrap_or_default()),
        Err(error) => Err(error.into_service_error().code().unwrap_or_default().to_owned()),
    }
}

async fn value(client: &Client, stage: &str) -> Option<String> {
    let get = client.get_secret_value().secret_id(SECRET).version_stage(stage);
    get.send().await.ok()?.secret_string
}

async fn promote(client: &Client, to: &str, from: &str) -> Result<(), String> {
    let promotion = client.update_secret_version_stage().secret_id(SECRET).version_stage("AWSCURRENT");
    let promotion = promotion.move_to_version_id(to).remove_from_version_id(from).send().await;
    promotion.map(drop).map_err(|error| error.into_service_error().code().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_pending_secret_becomes_current_and_the_old_one_previous_across_restarts() {
    let data = Scratch::new();
    let first = Served::on(Some(&data.0)).await;
    let client = Client::new(&first.sdk);
    client.create_secret().name(SECRET).send().await.unwrap();
    put(&client, ONE, "old", "AWSCURRENT").await.unwrap();
    put(&client, TWO, "new", "AWSPENDING").await.unwrap();
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("old"));
    first.stop().await;

    let second = Served::on(Some(&data.0)).await;
    let client = Client::new(&second.sdk);
    assert_eq!(value(&client, "AWSPENDING").await.as_deref(), Some("new"));
    promote(&client, TWO, ONE).await.unwrap();
    second.stop().await;

    let third = Served::on(Some(&data.0)).await;
    let client = Client::new(&third.sdk);
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("new"));
    assert_eq!(value(&client, "AWSPREVIOUS").await.as_deref(), Some("old"));
}

#[tokio::test]
async fn a_label_is_on_one_version_only() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    client.create_secret().name(SECRET).secret_string("zero").send().await.unwrap();

    for (token, text) in [(ONE, "one"), (TWO, "two"), (THREE, "three")] {
        put(&client, token, text, "AWSCURRENT").await.unwrap();
    }

    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("three"));
    let versions = client.describe_secret().secret_id(SECRET).send().await.unwrap();
    let versions = versions.version_ids_to_stages.unwrap_or_default();
    let previous = versions.iter().filter(|(_, stages)| stages.contains(&"AWSPREVIOUS".to_owned()));
    assert_eq!(previous.map(|(version, _)| version.as_str()).collect::<Vec<_>>(), [TWO]);
}

#[tokio::test]
async fn a_version_is_written_once() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    client.create_secret().name(SECRET).secret_string("zero").send().await.unwrap();
    put(&client, ONE, "one", "AWSPENDING").await.unwrap();

    assert_eq!(put(&client, ONE, "one", "AWSPENDING").await.unwrap(), ["AWSPENDING"]);
    assert_eq!(put(&client, ONE, "another", "AWSPENDING").await.unwrap_err(), "ResourceExistsException");
    assert_eq!(value(&client, "AWSPENDING").await.as_deref(), Some("one"));
}

#[tokio::test]
async fn a_label_moves_only_from_the_version_that_has_it() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    client.create_secret().name(SECRET).send().await.unwrap();
    put(&client, ONE, "one", "AWSCURRENT").await.unwrap();
    put(&client, TWO, "two", "AWSPENDING").await.unwrap();
    put(&client, THREE, "three", "AWSCURRENT").await.unwrap();

    assert_eq!(promote(&client, TWO, ONE).await.unwrap_err(), "InvalidParameterException");
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("three"));
    promote(&client, TWO, THREE).await.unwrap();
    assert_eq!(value(&client, "AWSPREVIOUS").await.as_deref(), Some("three"));
}

#[tokio::test]
async fn the_first_version_of_a_secret_is_current_whatever_its_label() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    client.create_secret().name(SECRET).send().await.unwrap();

    put(&client, ONE, "one", "AWSPENDING").await.unwrap();

    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("one"));
}

#[tokio::test]
async fn an_unknown_secret_is_not_found() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);

    let missing = client.get_secret_value().secret_id(SECRET).send().await.unwrap_err().into_service_error();

    assert!(missing.is_resource_not_found_exception(), "{missing:?}");
}
