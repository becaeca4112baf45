//! The configuration of AWS in a function: what Lambda's variables say. `aws_config::load_defaults` would also look for profiles, roles and metadata
//! services, which no function has: over a megabyte of each program (infra/benchmark measures it).

use aws_config::{
    BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider,
    retry::RetryConfig,
};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use super::Connections;
use crate::env::Env;

/// Reads `AWS_REGION`, `AWS_ENDPOINT_URL` with its variants for one service, such as `AWS_ENDPOINT_URL_KMS`, and `AWS_USE_FIPS_ENDPOINT`. The
/// credentials are those of the process, which Lambda sets.
pub(crate) fn of_lambda(env: &Env, connections: &Connections) -> SdkConfig {
    let text = |name: &str| env.optional(name).map(ToOwned::to_owned);
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(text("AWS_REGION").map(Region::new))
        .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .retry_config(RetryConfig::standard())
        .service_config(Variables(env.clone()))
        .http_client(connections.for_the_sdk());
    config.set_endpoint_url(text("AWS_ENDPOINT_URL"));
    config.set_use_fips(uses_fips(env));
    config.build()
}

/// Returns where the configuration has a service, by the first part of the service's host, such as `kms`.
pub(crate) fn url_of(service: &str, env: &Env) -> String {
    let own = env.optional(&format!("AWS_ENDPOINT_URL_{}", service.to_uppercase()));
    own.or_else(|| env.optional("AWS_ENDPOINT_URL")).map_or_else(
        || {
            let region = env.optional("AWS_REGION").unwrap_or_default();
            let fips = if uses_fips(env) == Some(true) { "-fips" } else { "" };
            let china = if region.starts_with("cn-") { ".cn" } else { "" };
            format!("https://{service}{fips}.{region}.amazonaws.com{china}")
        },
        ToOwned::to_owned,
    )
}

fn uses_fips(env: &Env) -> Option<bool> {
    env.optional("AWS_USE_FIPS_ENDPOINT").map(|value| value.eq_ignore_ascii_case("true"))
}

/// The variables of one service.
#[derive(Debug)]
struct Variables(Env);

impl LoadServiceConfig for Variables {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        self.0.optional(&format!("{}_{service}", key.env())).map(ToOwned::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(variables: &[(&str, &str)]) -> SdkConfig {
        of_lambda(&Env::from_pairs(variables.iter().copied()), &Connections::new(None))
    }

    #[test]
    fn the_variables_of_lambda_say_where_aws_is() {
        let config = configuration(&[
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:2"),
            ("AWS_USE_FIPS_ENDPOINT", "true"),
        ]);
        let of_service = |service: &str| {
            let key = ServiceConfigKey::builder()
                .service_id(service)
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url");
            config.service_config().unwrap().load_config(key.build().unwrap())
        };

        assert_eq!(config.region(), Some(&Region::from_static("eu-west-1")));
        assert_eq!(config.endpoint_url(), Some("http://127.0.0.1:1"));
        assert_eq!(of_service("Secrets Manager").as_deref(), Some("http://127.0.0.1:2"));
        assert_eq!(of_service("KMS"), None);
        assert_eq!(config.use_fips(), Some(true));
    }

    #[test]
    fn connections_are_opened_to_where_the_calls_go() {
        for (variables, expected) in [
            (&[("AWS_REGION", "eu-west-1")][..], "https://kms.eu-west-1.amazonaws.com"),
            (&[("AWS_REGION", "cn-north-1")], "https://kms.cn-north-1.amazonaws.com.cn"),
            (
                &[("AWS_REGION", "us-east-1"), ("AWS_USE_FIPS_ENDPOINT", "true")],
                "https://kms-fips.us-east-1.amazonaws.com",
            ),
            (&[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")], "http://127.0.0.1:1"),
            (
                &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:2")],
                "http://127.0.0.1:2",
            ),
        ] {
            assert_eq!(url_of("kms", &Env::from_pairs(variables.iter().copied())), expected);
        }
    }

    #[test]
    fn without_variables_the_services_are_those_of_aws_and_calls_are_repeated() {
        let config = configuration(&[]);

        assert_eq!((config.endpoint_url(), config.use_fips()), (None, None));
        assert_eq!(config.retry_config().map(RetryConfig::max_attempts), Some(3));
    }
}
