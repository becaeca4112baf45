//! The process: its key, its sockets, its log and its end.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

use crate::support::{
    fake::{Answers, FakeLambda},
    here::{KEY, client, free_port},
    process::{Process, command},
};

#[tokio::test]
async fn without_a_key_it_does_not_start_and_says_what_to_do() {
    let lambda = FakeLambda::start().await;
    let mut command = command(&lambda, free_port());
    let ended = command.env_remove("SPAPI_AUTH_AGENT_KEY").output().await.unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("hint: name a file with `--key-file`"), "{said}");
}

#[tokio::test]
async fn an_address_of_the_network_is_refused() {
    let lambda = FakeLambda::start().await;
    let ended = command(&lambda, 0).args(["--listen", "0.0.0.0:2774"]).output().await.unwrap();
    assert_eq!(ended.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unix_socket_is_served_too_and_removed_at_the_end() {
    let lambda = FakeLambda::start().await;
    let folder = std::env::temp_dir().join(format!("agent-{}", free_port()));
    fs::create_dir_all(&folder).unwrap();
    let (socket, key_file) = (folder.join("socket"), folder.join("key"));
    // Nobody listens on it: a process that was killed left it.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());

    let agent = Process::start(&lambda, |command| {
        command.env_remove("SPAPI_AUTH_AGENT_KEY");
        command.arg("--unix").arg(&socket).arg("--key-file").arg(&key_file);
    })
    .await;
    assert_eq!(fs::metadata(&key_file).unwrap().permissions().mode() & 0o777, 0o600);
    let key = fs::read_to_string(&key_file).unwrap();
    let mut connection = UnixStream::connect(&socket).await.unwrap();
    let request = format!(
        "GET /access-token?sellingPartnerId=A1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Atza|1"), "{answer}");

    assert!(agent.end().await.status.success());
    assert!(!socket.exists());
    assert_eq!(fs::read_to_string(&key_file).unwrap(), key, "the key stays");
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_no_key_no_token_and_no_body() {
    let lambda = FakeLambda::start().await;
    let agent = Process::start(&lambda, |_| {}).await;
    let url = format!("http://127.0.0.1:{}", agent.port);
    let get =
        || client().get(format!("{url}/access-token?sellingPartnerId=A1&mintedAfter=x")).bearer_auth(KEY);
    get().send().await.unwrap();
    for answers in [Answers::Function("Internal"), Answers::Lambda(403, "AccessDeniedException")] {
        lambda.answers(answers);
        get().send().await.unwrap();
        let body = "grant_type=refresh_token&refresh_token=Atzr|IwEBsecret&client_secret=wrong-secret";
        client().post(format!("{url}/auth/o2/token")).body(body).send().await.unwrap();
        client().post(format!("{url}/auth/o2/token")).bearer_auth(KEY).body(body).send().await.unwrap();
    }
    let ended = agent.end().await;
    let log = String::from_utf8(ended.stderr).unwrap() + &String::from_utf8(ended.stdout).unwrap();
    assert!(log.contains("listening on"), "{log}");
    for secret in [KEY, "Atza|", "Atzr|", "IwEB", "wrong-secret", "local"] {
        assert!(!log.replace("localhost", "").contains(secret), "{secret}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_handed_out_unconfirmed_leaves_a_line_in_the_log() {
    let lambda = FakeLambda::start().await;
    // Its life is below the least that is asked for, so it is confirmed at each request.
    lambda.answers(Answers::Token(200));
    let agent = Process::start(&lambda, |_| {}).await;
    let get = || async {
        let body = "grant_type=refresh_token&refresh_token=na:A1";
        let url = format!("http://127.0.0.1:{}/auth/o2/token", agent.port);
        let answer = client().post(url).bearer_auth(KEY).body(body).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["access_token"].clone()
    };
    assert_eq!(get().await, "Atza|1");
    lambda.answers(Answers::Function("AmazonThrottled"));
    assert_eq!(get().await, "Atza|1");

    let log = String::from_utf8(agent.end().await.stderr).unwrap();
    assert!(
        log.contains(
            r#"unconfirmed, for {"region":"na","sellingPartnerId":"A1"}: because of AmazonThrottled"#
        ),
        "{log}"
    );
}
