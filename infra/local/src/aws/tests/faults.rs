use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use tokio::time::Instant;

use super::*;

#[tokio::test]
async fn a_throttled_service_answers_with_its_own_error() {
    let served = Served::new().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&served.sdk);
    let kms = aws_sdk_kms::Client::new(&served.sdk);
    served.order(Endpoint::Dynamodb, Fault::Throttle);
    served.order(Endpoint::Kms, Fault::Throttle);

    let get = dynamodb.get_item().table_name("spapi-auth-grants");
    let get = get.key("grant_key", aws_sdk_dynamodb::types::AttributeValue::S("g".to_owned()));
    let refused = get.send().await.unwrap_err().into_service_error();
    assert!(refused.is_provisioned_throughput_exceeded_exception(), "{refused:?}");

    let refused = kms.list_keys().send().await.unwrap_err().into_service_error();
    assert_eq!(refused.code(), Some("ThrottlingException"));
}

#[tokio::test]
async fn a_failing_service_answers_with_the_ordered_status() {
    let served = Served::new().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&served.sdk);
    served.order(Endpoint::Dynamodb, Fault::HttpError);

    let refused = dynamodb.list_tables().send().await.unwrap_err();

    assert_eq!(refused.raw_response().unwrap().status().as_u16(), 500);
    assert!(refused.into_service_error().is_internal_server_error());
}

#[tokio::test]
async fn malformed_answers_are_errors_to_the_client() {
    let served = Served::new().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&served.sdk);

    for fault in [Fault::Html, Fault::Truncated, Fault::Redirect, Fault::InvalidClient] {
        served.order(Endpoint::Dynamodb, fault);
        assert!(dynamodb.list_tables().send().await.is_err(), "{fault:?}");
    }
}

#[tokio::test]
async fn answers_without_any_member_arrive_as_ordered() {
    let served = Served::new().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&served.sdk);

    // To the SDK a body without members is a result without members.
    for fault in [Fault::Empty, Fault::Oversized] {
        served.order(Endpoint::Dynamodb, fault);
        assert!(dynamodb.list_tables().send().await.unwrap().table_names().is_empty(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_reset_closes_the_connection_and_the_service_continues() {
    let served = Served::new().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&served.sdk);
    served.order(Endpoint::Dynamodb, Fault::Reset);

    let refused = dynamodb.list_tables().send().await.unwrap_err();
    assert!(matches!(refused, SdkError::DispatchFailure(_)), "{refused:?}");

    served.faults.clear();
    dynamodb.list_tables().send().await.unwrap();
}

#[tokio::test]
async fn a_late_answer_is_late_and_a_hanging_one_never_arrives() {
    let served = Served::new().await;
    let kms = aws_sdk_kms::Client::new(&served.sdk);
    served.order(Endpoint::Kms, Fault::Latency);
    let start = Instant::now();
    kms.list_keys().send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(200));

    served.order(Endpoint::Kms, Fault::Hang);
    let waiting = tokio::time::timeout(Duration::from_millis(300), kms.list_keys().send());
    assert!(waiting.await.is_err());
}
