use std::{net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::*;

/// Three ports that are free now and that nobody else takes: the system gives away higher ones only.
async fn free_ports() -> u16 {
    let mut first = 30_000 + u16::try_from(std::process::id() % 200).unwrap() * 10;
    while Ports::bind(first).await.is_err() {
        first += 3;
    }
    first
}

/// Waits until a port is open, and sends one request; returns the answer.
async fn first_answer(port: u16, request: &str) -> String {
    let mut connection = loop {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
            Ok(connection) => break connection,
            Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    };
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_request_after_a_port_opens_finds_everything_in_its_place() {
    let first = free_ports().await;
    let invocation = format!(
        "POST /2015-03-31/functions/get-access-token/invocations HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: \
         close\r\nContent-Length: 28\r\n\r\n{{\"sellingPartnerId\": \"A1US\"}}",
        first + 2
    );
    let invoked = tokio::spawn(async move { first_answer(first + 2, &invocation).await });
    let page = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", first + 1);
    let shown = tokio::spawn(async move { first_answer(first + 1, &page).await });

    let _stack = Stack::start(Options { port: first, ..Options::default() }).await.unwrap();

    let answer = timeout(Duration::from_mins(1), invoked).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("UnknownSellingPartner"), "{answer}");
    let index = timeout(Duration::from_mins(1), shown).await.unwrap().unwrap();
    assert!(index.contains(seed::FIRST_APPLICATION), "{index}");
}
