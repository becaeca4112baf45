//! The clients of AWS, and their failures, reduced to what may be logged and whether a retry can help.

pub(crate) mod batch;
mod call_limit;
pub(crate) mod configuration;
mod connections;
pub mod copies;
mod failure;
pub mod metrics;
pub mod sealing;
pub mod transaction;

use std::{ops::Deref, sync::OnceLock, time::Duration};

use aws_config::{SdkConfig, timeout::TimeoutConfig};

pub use self::failure::AwsError;
use self::{call_limit::CallLimit, metrics::Metrics};
pub(crate) use self::{call_limit::in_time, connections::Connections, failure::innermost_kind};

/// The time limit for one attempt of a call to AWS. The SDK makes up to three.
const AWS_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// Makes a client of a service from the configuration. Its calls end in time.
macro_rules! limited {
    ($service:ident) => {
        |config: &SdkConfig| {
            let config = $service::config::Builder::from(config).interceptor(CallLimit).build();
            $service::Client::from_conf(config)
        }
    };
}

/// Makes clients of AWS, which share one pool of connections. Carries the metrics of the function too.
#[derive(Clone, Debug)]
pub struct Aws {
    config: SdkConfig,
    dynamodb: aws_sdk_dynamodb::Client,
    metrics: Metrics,
}

impl Aws {
    /// Takes `config`, with the time limits of this module, and with the connections of this module if it has no HTTP client. Its metrics are not written.
    pub fn new(config: SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(AWS_ATTEMPT_TIMEOUT).build();
        let http_client =
            config.http_client().unwrap_or_else(|| Connections::new(config.endpoint_url()).for_the_sdk());
        let config = config.into_builder().timeout_config(timeouts).http_client(http_client).build();
        let dynamodb = limited!(aws_sdk_dynamodb)(&config);
        Self { config, dynamodb, metrics: Metrics::default() }
    }

    /// Returns the same, with `metrics`.
    #[must_use]
    pub fn counting_in(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// Returns the metrics of everything that is made from this.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Returns the client of DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        self.dynamodb.clone()
    }

    /// Returns a client of EventBridge, made when it is first used.
    pub fn event_bridge(&self) -> Lazy<aws_sdk_eventbridge::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: limited!(aws_sdk_eventbridge) }
    }

    /// Returns a client of KMS, made when it is first used.
    pub fn kms(&self) -> Lazy<aws_sdk_kms::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: limited!(aws_sdk_kms) }
    }

    /// Returns a client of SQS, made when it is first used.
    pub fn sqs(&self) -> Lazy<aws_sdk_sqs::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: limited!(aws_sdk_sqs) }
    }

    /// Returns a client of Secrets Manager, made when it is first used.
    pub fn secrets_manager(&self) -> Lazy<aws_sdk_secretsmanager::Client> {
        Lazy { config: self.config.clone(), made: OnceLock::new(), make: limited!(aws_sdk_secretsmanager) }
    }
}

/// A client that is made when it is first used: a stored token needs only DynamoDB's.
#[derive(Debug)]
pub struct Lazy<C> {
    config: SdkConfig,
    made: OnceLock<C>,
    make: fn(&SdkConfig) -> C,
}

impl<C> Deref for Lazy<C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.made.get_or_init(|| (self.make)(&self.config))
    }
}
