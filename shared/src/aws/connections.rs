//! How AWS is reached: one pool of connections for every service, over the TLS that Amazon is reached with too.
//!
//! Each client that the SDK makes by itself builds a connector, throws it away, and builds another one at its first call; each of them
//! parses every root of the system. This one parses them once in a process.

use std::time::Duration;

use aws_sdk_dynamodb::config::{
    SharedHttpClient,
    http::{HttpRequest, HttpResponse},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::tls;

/// The time limit for a connection to AWS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long the start of an environment waits for connections.
const OPENING_TAKES: Duration = Duration::from_millis(300);

/// The pool of connections to AWS. Its clones share connections.
#[derive(Clone, Debug)]
pub(crate) struct Connections(reqwest::Client);

impl Connections {
    /// A pool for every service of AWS, or for those at `endpoint`. As the SDK's own client does, it uses the proxy of the environment,
    /// but not to reach this machine.
    ///
    /// The time limit of an attempt is the SDK's own; here is only that of a connection.
    pub(crate) fn new(endpoint: Option<&str>) -> Self {
        Self(client(endpoint))
    }

    /// Returns the client that the SDK is given.
    pub(crate) fn for_the_sdk(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(Connector(self.0.clone()));
        http_client_fn(move |_, _| connector.clone())
    }

    /// Opens a connection to each of these URLs, for the first call to use. Whatever is wrong is found by that call, and not here. An
    /// answer is read, since a connection is free for the next request only then; without a signature it is no more than a refusal.
    pub(crate) async fn open(&self, urls: [String; 2]) {
        let open = async |url: String| {
            if let Ok(answer) = self.0.get(url).send().await {
                let _ = answer.bytes().await;
            }
        };
        let [first, second] = urls.map(open);
        let _ = tokio::time::timeout(OPENING_TAKES, async { tokio::join!(first, second) }).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the SDK of AWS signs requests and reads answers; this carries its requests and nothing else"
)]
fn client(endpoint: Option<&str>) -> reqwest::Client {
    let mut client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(Policy::none())
        .tls_backend_preconfigured(tls::configuration());
    if endpoint.is_some_and(is_this_machine) {
        client = client.no_proxy();
    }
    client.build().expect("the configuration of TLS is of the version that the client takes")
}

fn is_this_machine(endpoint: &str) -> bool {
    match Url::parse(endpoint).as_ref().map(Url::host) {
        Ok(Some(Host::Ipv4(address))) => address.is_loopback(),
        Ok(Some(Host::Ipv6(address))) => address.is_loopback(),
        Ok(Some(Host::Domain(name))) => name == "localhost",
        Ok(None) | Err(_) => false,
    }
}

/// Sends what the SDK signed.
#[derive(Clone, Debug)]
struct Connector(reqwest::Client);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move { send(&client, request).await })
    }
}

async fn send(client: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    let body = body.bytes().ok_or_else(|| ConnectorError::user("the body is a stream".into()))?.to_vec();
    let request = reqwest::Request::try_from(http::Request::from_parts(parts, body)).map_err(failed)?;
    let response = client.execute(request).await.map_err(failed)?;
    let mut answer = http::Response::new(());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    let body = SdkBody::from(response.bytes().await.map_err(failed)?);
    HttpResponse::try_from(answer.map(|()| body)).map_err(|error| ConnectorError::other(error.into(), None))
}

/// The SDK sends again what did not arrive or was not answered, but not what could not be written down.
fn failed(error: reqwest::Error) -> ConnectorError {
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_builder() {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    #[tokio::test]
    async fn the_first_call_uses_the_connection_that_was_opened_before() {
        static CONNECTIONS: AtomicUsize = AtomicUsize::new(0);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                CONNECTIONS.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    while connection.read(&mut request).await.is_ok_and(|read| read > 0) {
                        connection
                            .write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnone")
                            .await
                            .unwrap();
                    }
                });
            }
        });
        let connections = Connections::new(Some(&url));

        // Nothing listens at the second one.
        connections.open([url.clone(), "http://127.0.0.1:1/".to_owned()]).await;
        assert_eq!(CONNECTIONS.load(Ordering::Relaxed), 1);

        assert_eq!(connections.0.get(&url).send().await.unwrap().status(), 404);
        assert_eq!(CONNECTIONS.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn only_the_addresses_of_this_machine_are_reached_without_a_proxy() {
        for own in ["http://127.0.0.1:9002", "http://127.8.9.10", "http://localhost:1/", "https://[::1]:9002"]
        {
            assert!(is_this_machine(own), "{own}");
        }
        for other in [
            "https://dynamodb.eu-west-1.amazonaws.com",
            "http://10.0.0.1",
            "http://localhost.example",
            "127.0.0.1",
            "",
        ] {
            assert!(!is_this_machine(other), "{other}");
        }
    }
}
