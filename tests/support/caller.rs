//! A service that invokes functions with the AWS SDK.

use aws_config::SdkConfig;
use aws_sdk_lambda::{Client, primitives::Blob};
use serde_json::{Value, json};

/// A service that needs tokens.
#[derive(Clone)]
pub struct Caller {
    client: Client,
}

/// Why it did not get one.
#[derive(Debug, Eq, PartialEq)]
pub struct Failure {
    pub error_type: String,
    pub error_message: String,
}

impl Caller {
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    /// Invokes a function and waits for its answer.
    pub async fn invoke(&self, function: &str, payload: &Value) -> Result<Value, Failure> {
        let payload = Blob::new(serde_json::to_vec(payload).unwrap());
        let answer = self.client.invoke().function_name(function).payload(payload).send().await.unwrap();
        let body: Value = serde_json::from_slice(answer.payload().unwrap().as_ref()).unwrap();
        if answer.function_error().is_none() {
            return Ok(body);
        }
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Err(Failure { error_type: text("errorType"), error_message: text("errorMessage") })
    }

    /// Asks for an access token.
    pub async fn token(&self, request: &Value) -> Result<Value, Failure> {
        self.invoke("get-access-token", request).await
    }

    /// Asks for a partner's access token.
    pub async fn token_of(&self, partner: &str, region: &str) -> Result<Value, Failure> {
        self.token(&json!({"sellingPartnerId": partner, "region": region})).await
    }

    /// The `errorType` with which a request fails.
    pub async fn refusal(&self, request: &Value) -> String {
        self.token(request).await.unwrap_err().error_type
    }
}
