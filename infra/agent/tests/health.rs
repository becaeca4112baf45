//! `GET /health` and `--health`.

use serde_json::json;

use crate::support::{
    fake::{Answers, FakeLambda},
    here::{Here, KEY, read},
    process::{Process, command},
};

#[tokio::test]
async fn health_is_a_dry_run_that_is_believed_for_30_seconds() {
    let here = Here::start().await;
    let health = || here.http.get(format!("http://127.0.0.1:{}/health", here.port));
    for _ in 0..3 {
        let (status, answer) = read(health().send().await.unwrap()).await;
        assert_eq!((status.as_u16(), answer), (200, json!({"status": "ok"})));
    }
    assert_eq!((here.lambda.tried_out(), here.lambda.count()), (1, 0));

    here.lambda.answers(Answers::Lambda(403, "AccessDeniedException"));
    here.advance(20);
    assert_eq!(health().send().await.unwrap().status(), 200);
    here.advance(10);
    let (status, answer) = read(health().send().await.unwrap()).await;
    assert_eq!(
        (status.as_u16(), answer),
        (503, json!({"status": "unavailable"})),
        "the reason needs the key"
    );
    let (status, answer) = read(health().bearer_auth(KEY).send().await.unwrap()).await;
    assert_eq!((status.as_u16(), answer["errorType"].as_str()), (503, Some("AccessDeniedException")));
    assert_eq!(here.lambda.tried_out(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_that_runs_a_command_hears_the_same() {
    let lambda = FakeLambda::start().await;
    let mut probe = command(&lambda, crate::support::here::free_port());
    let down = probe.arg("--health").output().await.unwrap();
    assert_eq!(down.status.code(), Some(1));

    let agent = Process::start(&lambda, |_| {}).await;
    let mut probe = command(&lambda, agent.port);
    assert!(probe.arg("--health").status().await.unwrap().success());
    let agent = {
        agent.end().await;
        lambda.answers(Answers::Lambda(404, "ResourceNotFoundException"));
        Process::start(&lambda, |_| {}).await
    };
    let refused = command(&lambda, agent.port).arg("--health").output().await.unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let reason = String::from_utf8(refused.stderr).unwrap();
    assert!(reason.contains("ResourceNotFoundException"), "{reason}");
}
