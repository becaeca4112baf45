//! One call of CloudWatch's `GetMetricData`, in its JSON protocol, by the operator's credentials.

use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_runtime::auth::{
    SigV4OperationSigningConfig,
    sigv4::{SCHEME_ID, SigV4AuthScheme},
};
use aws_sdk_lambda::error::{DisplayErrorContext, SdkError};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        auth::{
            AuthSchemeOptionResolverParams,
            static_resolver::{StaticAuthSchemeOptionResolver, StaticAuthSchemeOptionResolverParams},
        },
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError},
        runtime_components::RuntimeComponentsBuilder,
        runtime_plugin::StaticRuntimePlugin,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::Layer};
use aws_types::{SigningName, region::SigningRegion};
use serde_json::Value;
use thiserror::Error;

use crate::failure::Failure;

/// Sends the request. It is not repeated: a page can be loaded again.
pub(super) async fn get_metric_data(config: &SdkConfig, request: &Value) -> Result<Value, Failure> {
    let operation = Operation::builder()
        .service_name("CloudWatch")
        .operation_name("GetMetricData")
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(&endpoint(config))
        .no_retry()
        .timeout_config(config.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled))
        .runtime_plugin(signed(config))
        .serializer(serialized)
        .deserializer(deserialized)
        .build();
    operation.invoke(request.to_string()).await.map_err(|error| failure(&error))
}

fn endpoint(config: &SdkConfig) -> String {
    let region = config.region().map(ToString::to_string).unwrap_or_default();
    let top = if region.starts_with("cn-") { "com.cn" } else { "com" };
    config
        .endpoint_url()
        .map_or_else(|| format!("https://monitoring.{region}.amazonaws.{top}"), ToOwned::to_owned)
}

/// AWS Signature Version 4.
fn signed(config: &SdkConfig) -> StaticRuntimePlugin {
    let mut layer = Layer::new("signature");
    layer.store_put(AuthSchemeOptionResolverParams::from(StaticAuthSchemeOptionResolverParams::new()));
    layer.store_put(SigV4OperationSigningConfig {
        region: config.region().cloned().map(SigningRegion::from),
        name: Some(SigningName::from_static("monitoring")),
        ..SigV4OperationSigningConfig::default()
    });
    let schemes = StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]);
    let mut components = RuntimeComponentsBuilder::new("signature")
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(schemes));
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, credentials);
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

fn serialized(body: String) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    request.set_uri("/")?;
    request.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    request.headers_mut().insert("x-amz-target", "GraniteServiceVersion20100801.GetMetricData");
    Ok(request)
}

/// An error that CloudWatch answered.
#[derive(Debug, Error)]
#[error("{message} ({kind})")]
struct Refused {
    kind: String,
    message: String,
}

fn deserialized(answer: &HttpResponse) -> Result<Value, OrchestratorError<Refused>> {
    let body: Value =
        answer.body().bytes().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    if answer.status().is_success() {
        return Ok(body);
    }
    let text = |name: &str| body[name].as_str();
    let kind = text("__type").unwrap_or("no code");
    let kind = kind.rsplit('#').next().unwrap_or(kind).to_owned();
    let message = text("message").or_else(|| text("Message")).unwrap_or("no reason given");
    let message = message.trim_end_matches('.').to_owned();
    Err(OrchestratorError::operation(Refused { kind, message }))
}

fn failure(error: &SdkError<Refused, HttpResponse>) -> Failure {
    let (message, hint) = match error {
        SdkError::ServiceError(refused) if refused.err().kind.starts_with("AccessDenied") => (
            format!("CloudWatch denied the metrics: {}", refused.err()),
            "allow `cloudwatch:GetMetricData` in IAM to the operator who runs the console",
        ),
        SdkError::ServiceError(refused) => {
            (format!("CloudWatch did not return the metrics: {}", refused.err()), "load the page again")
        }
        other => (
            format!("CloudWatch cannot be reached: {}", DisplayErrorContext(other)),
            "check the network, and load the page again",
        ),
    };
    Failure::Unreachable { message, hint: hint.to_owned() }
}
