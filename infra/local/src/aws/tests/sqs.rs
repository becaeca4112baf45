use std::time::Duration;

use serde_json::json;

use super::*;
use crate::arn::queue_arn;

async fn queue(served: &Served, name: &str) -> Value {
    let (status, answer) = served.raw("AmazonSQS.CreateQueue", &json!({"QueueName": name})).await;
    assert_eq!(status, 200, "{answer}");
    answer["QueueUrl"].clone()
}

async fn send(served: &Served, queue: &Value, body: &str) {
    let (status, answer) =
        served.raw("AmazonSQS.SendMessage", &json!({"QueueUrl": queue, "MessageBody": body})).await;
    assert_eq!(status, 200, "{answer}");
}

async fn receive(served: &Served, queue: &Value, wait: u32) -> Option<Value> {
    let wish = json!({"QueueUrl": queue, "WaitTimeSeconds": wait, "MaxNumberOfMessages": 1});
    let (status, mut answer) = served.raw("AmazonSQS.ReceiveMessage", &wish).await;
    assert_eq!(status, 200, "{answer}");
    answer["Messages"].get_mut(0).map(Value::take)
}

#[tokio::test]
async fn messages_and_receipts_survive_a_restart() {
    let data = Scratch::new();
    let first = Served::on(Some(&data.0)).await;
    let url = queue(&first, "new-secrets").await;
    send(&first, &url, "one").await;
    let taken = receive(&first, &url, 0).await.unwrap();
    send(&first, &url, "two").await;
    first.stop().await;

    let second = Served::on(Some(&data.0)).await;
    assert_eq!(receive(&second, &url, 0).await.unwrap()["Body"], "two");
    assert_eq!(receive(&second, &url, 0).await, None);
    let deletion = json!({"QueueUrl": url, "ReceiptHandle": taken["ReceiptHandle"]});
    assert_eq!(second.raw("AmazonSQS.DeleteMessage", &deletion).await.0, 200);
    second.clock.advance(31);
    let again = receive(&second, &url, 0).await.unwrap();
    assert_eq!(again["Body"], "two");
    assert_eq!(again["Attributes"]["ApproximateReceiveCount"], "2");
    assert_eq!(receive(&second, &url, 0).await, None);
}

#[tokio::test]
async fn visibility_follows_the_clock_of_the_local_stack_also_across_a_restart() {
    let data = Scratch::new();
    let first = Served::at(Some(&data.0), Clock::ahead_by(86_400)).await;
    let url = queue(&first, "new-secrets").await;
    send(&first, &url, "one").await;
    assert!(receive(&first, &url, 0).await.is_some());
    let clock = first.clock.clone();
    first.stop().await;

    clock.advance(25);
    let second = Served::at(Some(&data.0), clock.clone()).await;
    assert_eq!(receive(&second, &url, 0).await, None);
    clock.advance(6);
    assert!(receive(&second, &url, 0).await.is_some());
}

#[tokio::test]
async fn a_waiting_receive_does_not_block_a_send() {
    let data = Scratch::new();
    let served = Served::on(Some(&data.0)).await;
    let url = queue(&served, "new-secrets").await;

    let (received, ()) = tokio::join!(receive(&served, &url, 5), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        send(&served, &url, "one").await;
    });

    assert_eq!(received.unwrap()["Body"], "one");
}

#[tokio::test]
async fn a_message_received_too_often_goes_to_the_dead_letter_queue() {
    let served = Served::new().await;
    let dead = queue(&served, "dead").await;
    let policy = json!({"deadLetterTargetArn": queue_arn("dead"), "maxReceiveCount": 2});
    let wish = json!({"QueueName": "shards", "Attributes": {"RedrivePolicy": policy.to_string()}});
    let url = served.raw("AmazonSQS.CreateQueue", &wish).await.1["QueueUrl"].clone();
    send(&served, &url, "one").await;

    for _ in 0..2 {
        assert!(receive(&served, &url, 0).await.is_some());
        served.clock.advance(31);
    }

    assert_eq!(receive(&served, &url, 0).await, None);
    assert_eq!(receive(&served, &dead, 0).await.unwrap()["Body"], "one");
}
