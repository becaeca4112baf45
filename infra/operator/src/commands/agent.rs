//! `agent`: serves as `spapi-auth-agent` does, with the AWS configuration of this tool, SSO included.

use std::{
    io::{self, IsTerminal, Write},
    sync::Arc,
};

use ::agent::{Environment, StartFailure};
use aws_config::timeout::TimeoutConfig;
use jiff::Timestamp;

use crate::{
    arguments::{Agent, AgentCommand, AwsArguments},
    aws_configuration,
    failure::Failure,
};

/// Runs the agent until it is asked to end, or prints what its clients need.
pub(crate) async fn run(agent: Agent, aws: &AwsArguments, clock: fn() -> Timestamp) -> Result<(), Failure> {
    let Agent { mut options, command } = agent;
    let environment = Environment::read();
    let failure = |StartFailure { message, hint }| Failure::usage(message, hint);
    if let Some(AgentCommand::Env) = command {
        if !io::stdout().is_terminal() {
            return Err(Failure::usage(
                "the key is printed to a terminal only",
                "in a script, read the key file: export SPAPI_AUTH_AGENT_KEY=$(cat FILE)",
            ));
        }
        let lines = ::agent::export_lines(&options, &environment).map_err(failure)?;
        return Ok(io::stdout().write_all(lines.as_bytes())?);
    }
    // Without time limits of this tool: the agent has its own, by the wall clock.
    let config = aws_configuration::load(aws, TimeoutConfig::disabled()).await?;
    options = options.in_stack(&aws.prefix);
    if let Some(consumer) = aws.consumer.as_ref().filter(|_| !options.function.contains(':')) {
        options.function.extend([":", consumer]);
    }
    ::agent::run(Ok(options), environment, Some(config), Arc::new(clock)).await.map_err(failure)
}
