//! The AWS account, region and credentials of a run. An option of the command line outranks every variable of the environment.

use aws_config::{
    BehaviorVersion, SdkConfig, profile::ProfileFileCredentialsProvider, provider_config::ProviderConfig,
    timeout::TimeoutConfig,
};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_lambda::config::{Credentials, Region};
use aws_types::{
    os_shim_internal::{Env, Fs},
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

use crate::{arguments::AwsArguments, failure::Failure};

/// Where the local stack answers as AWS, unless it was started with other ports.
const LOCAL_STACK: &str = "http://127.0.0.1:9002";

/// The region of the local stack.
const LOCAL_REGION: &str = "us-east-1";

/// Reads the AWS configuration as every AWS tool does. Calls nothing yet, but a profile may run its credential process.
///
/// With `--profile`, credentials, region and address are those of the profile: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL` and their
/// like are not read, since a shell that has them set for another account would change that account.
pub(crate) async fn load(aws: &AwsArguments, timeouts: TimeoutConfig) -> Result<SdkConfig, Failure> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts);
    let mut region = aws.region.clone();
    let mut endpoint_url = aws.endpoint_url.clone();
    if aws.local {
        region = region.or_else(|| Some(LOCAL_REGION.to_owned()));
        endpoint_url = endpoint_url.or_else(|| Some(LOCAL_STACK.to_owned()));
        loader = loader.credentials_provider(Credentials::new("local", "local", None, None, "--local"));
    }
    if let Some(name) = &aws.profile {
        let profile = Profile::named(name).await?;
        region = region.or(profile.region);
        endpoint_url = endpoint_url.or(profile.endpoint_url);
        let within = ProviderConfig::default().with_region(region.clone().map(Region::new));
        let credentials =
            ProfileFileCredentialsProvider::builder().configure(&within).profile_name(name).build();
        loader = loader.profile_name(name).credentials_provider(credentials);
    }
    // As `AWS_PROFILE` would: region and address of the environment still outrank the profile's.
    if let Some(name) = &aws.default_profile {
        Profile::named(name).await?;
        loader = loader.profile_name(name);
    }
    if let Some(region) = &region {
        loader = loader.region(Region::new(region.clone()));
    } else if let Some(profile) = &aws.profile {
        return Err(without_region(&format!("the AWS profile {profile} has no region"), "to the profile"));
    }
    if let Some(url) = &endpoint_url {
        loader = loader.endpoint_url(url);
    }
    let mut config = loader.load().await;
    if aws.profile.is_some() && endpoint_url.is_none() {
        let mut builder = config.into_builder();
        builder.set_endpoint_url(None).set_service_config(None::<NoVariables>);
        config = builder.build();
    }
    if config.region().is_none() {
        return Err(without_region("no AWS region is configured", "to the AWS profile"));
    }
    Ok(config)
}

/// In place of the variables of one service, such as `AWS_ENDPOINT_URL_LAMBDA`.
#[derive(Debug)]
struct NoVariables;

impl LoadServiceConfig for NoVariables {
    fn load_config(&self, _: ServiceConfigKey<'_>) -> Option<String> {
        None
    }
}

fn without_region(message: &str, place: &str) -> Failure {
    Failure::Unreachable {
        message: message.to_owned(),
        hint: format!("add `--region`, set `AWS_REGION`, or add a region {place}"),
    }
}

/// What a profile of `~/.aws/config` and `~/.aws/credentials` says of its region and address.
struct Profile {
    region: Option<String>,
    endpoint_url: Option<String>,
}

impl Profile {
    async fn named(name: &str) -> Result<Self, Failure> {
        let (disk, variables, files) = (Fs::real(), Env::real(), EnvConfigFiles::default());
        let profiles = aws_config::profile::load(&disk, &variables, &files, None).await.map_err(|error| {
            Failure::usage(
                format!("the AWS profile {name} was not read: {error}"),
                "correct `~/.aws/config` and `~/.aws/credentials`",
            )
        })?;
        let Some(profile) = profiles.get_profile(name) else {
            let mut known: Vec<&str> = profiles.profiles().collect();
            known.sort_unstable();
            return Err(Failure::usage(
                format!("there is no AWS profile {name}"),
                match known.as_slice() {
                    [] => "`~/.aws/config` and `~/.aws/credentials` have no profile; `aws configure sso` adds one".to_owned(),
                    known => format!("the profiles are: {}", known.join(", ")),
                },
            ));
        };
        let value = |key: &str| profile.get(key).filter(|value| !value.is_empty()).map(ToOwned::to_owned);
        Ok(Self { region: value("region"), endpoint_url: value("endpoint_url") })
    }
}
