//! `--health`: asks a running agent, for probes that can only run a command.

use std::{io, time::Duration};

use tokio::{net::TcpStream, time::timeout};

use crate::{
    http::{Reply, exchange},
    log,
    options::{Environment, Options},
};

const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// Whether the agent that runs with these options can invoke the function. Logs the reason if not.
pub async fn is_healthy(options: &Options, environment: &Environment) -> bool {
    let problem = match timeout(LONGEST_WAIT, ask(options, environment)).await {
        Ok(Ok(reply)) if reply.status == 200 => return true,
        Ok(Ok(reply)) => reply.body,
        Ok(Err(error)) => format!("the agent at {} cannot be reached: {error}", options.listen),
        Err(_) => format!("the agent at {} did not answer within {LONGEST_WAIT:?}", options.listen),
    };
    log(&problem);
    false
}

async fn ask(options: &Options, environment: &Environment) -> io::Result<Reply> {
    let mut headers = vec![format!("Host: {}", options.listen), "X-Spapi-Auth-Agent: health".to_owned()];
    // With the key comes the reason; a probe makes no file.
    let file = || options.key_file.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
    if let Some(key) = environment.key.clone().or_else(file) {
        headers.push(format!("Authorization: Bearer {}", key.trim()));
    }
    exchange(TcpStream::connect(options.listen).await?, "GET /health", &headers, "").await
}
