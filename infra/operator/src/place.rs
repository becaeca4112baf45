//! Where a command acts, and as whom: what AWS itself says, so that no mistaken profile stays unnoticed.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
};

use aws_config::SdkConfig;
use aws_sdk_sts::Client;
use serde::Serialize;

use crate::{arguments::DEFAULT_PREFIX, failure::Failure, functions::Functions, terminal};

/// The account, region and address of a stack, and the identity that uses it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    /// The AWS account.
    pub(crate) account: String,
    /// The user, role or session, by its ARN.
    pub(crate) arn: String,
    /// The AWS region.
    pub(crate) region: String,
    /// The address in place of AWS, such as the local stack's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint_url: Option<String>,
    /// The prefix of the stack's names.
    pub(crate) function_prefix: String,
}

impl Place {
    /// Asks AWS whose credentials these are. No permission is needed for that (Amazon: `GetCallerIdentity`).
    pub(crate) async fn of(functions: &Functions) -> Result<Self, Failure> {
        let config = functions.config();
        let answer = Client::new(config).get_caller_identity().send().await.map_err(|error| {
            let cause = aws_sdk_sts::error::DisplayErrorContext(&error);
            Failure::Unreachable {
                message: format!("AWS does not say whose credentials these are: {cause}"),
                hint: "check the profile, the region and the network; `aws sts get-caller-identity` asks the same"
                    .to_owned(),
            }
        })?;
        Ok(Self {
            account: answer.account.unwrap_or_default(),
            arn: answer.arn.unwrap_or_default(),
            region: region(config),
            endpoint_url: config.endpoint_url().map(ToOwned::to_owned),
            function_prefix: functions.prefix().to_owned(),
        })
    }

    /// Writes where a change is made to the terminal of standard error, if it is one.
    pub(crate) async fn announce(functions: &Functions) -> Result<(), Failure> {
        let mut stderr = io::stderr();
        if stderr.is_terminal() {
            let place = Self::of(functions).await?;
            writeln!(stderr, "{}", terminal::escaped(&format!("In {place}.")))?;
        }
        Ok(())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "AWS account {}, region {}", self.account, self.region)?;
        if let Some(url) = &self.endpoint_url {
            write!(f, ", at {url}")?;
        }
        if self.function_prefix != DEFAULT_PREFIX {
            write!(f, ", functions {}…", self.function_prefix)?;
        }
        write!(f, ", as {}", self.arn)
    }
}

fn region(config: &SdkConfig) -> String {
    config.region().map(ToString::to_string).unwrap_or_default()
}
