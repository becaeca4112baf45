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

/// Returns the client for every service of AWS, or for those at `endpoint`. Its clones share connections. As the SDK's own client does, it
/// uses the proxy of the environment, but not to reach this machine.
///
/// The time limit of an attempt is the SDK's own; here is only that of a connection.
#[expect(
    clippy::disallowed_methods,
    reason = "the SDK of AWS signs and judges; this carries its requests and nothing else"
)]
pub(crate) fn http_client(endpoint: Option<&str>) -> SharedHttpClient {
    let mut client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(Policy::none())
        .tls_backend_preconfigured(tls::configuration());
    if endpoint.is_some_and(is_this_machine) {
        client = client.no_proxy();
    }
    let client = client.build().expect("the configuration of TLS is of the version that the client takes");
    let connector = SharedHttpConnector::new(Connector(client));
    http_client_fn(move |_, _| connector.clone())
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
    use super::is_this_machine;

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
