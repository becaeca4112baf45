//! A function that reads one row from `DynamoDB`.

use aws_config::BehaviorVersion;
use floors::{table, token_key};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let tokens = table("ACCESS_TOKENS_TABLE");

    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let get = dynamodb.get_item().table_name(&tokens).set_key(Some(token_key(&event.payload)));
        let read = Box::pin(get.consistent_read(true).send()).await?;
        Ok::<_, Error>(Value::Bool(read.item.is_some()))
    }))
    .await
}
