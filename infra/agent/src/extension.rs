//! Lambda's Extensions API. An extension that does not register, or that ends, fails its function; so the agent registers, for no
//! event at all, and stays.

use std::{io, time::Duration};

use tokio::{net::TcpStream, time::sleep};

use crate::{http, log};

/// Between attempts that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Registers at the Extensions API at `api`, a host and a port, under the name of the agent's own file, and waits for ever.
pub(crate) async fn stay_registered(api: &str, name: &str) {
    loop {
        if let Err(error) = registered(api, name).await {
            log(&format!("the Extensions API at {api} failed: {error}"));
        }
        sleep(PAUSE).await;
    }
}

/// Ends only with an error.
async fn registered(api: &str, name: &str) -> io::Result<()> {
    let host = format!("Host: {api}");
    let headers =
        [host.clone(), format!("Lambda-Extension-Name: {name}"), "Content-Type: application/json".to_owned()];
    let registration = http::exchange(
        TcpStream::connect(api).await?,
        "POST /2020-01-01/extension/register",
        &headers,
        r#"{"events":[]}"#,
    )
    .await?;
    let refused = |reply: &http::Reply| io::Error::other(format!("status {}", reply.status));
    let identifier =
        registration.header("lambda-extension-identifier").ok_or_else(|| refused(&registration))?;
    // The first of these requests says that the agent is ready. With no events there is no answer.
    let headers = [host, format!("Lambda-Extension-Identifier: {identifier}")];
    loop {
        let connection = TcpStream::connect(api).await?;
        let event = http::exchange(connection, "GET /2020-01-01/extension/event/next", &headers, "").await?;
        if event.status != 200 {
            return Err(refused(&event));
        }
    }
}
