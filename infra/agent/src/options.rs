//! The options, each with a variable `SPAPI_AUTH_AGENT_*`, and what else the environment decides.

use std::{env, net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, builder::FalseyValueParser};

/// How the agent is reached, what it invokes, and who may ask it.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The loopback address and the port to listen on
    #[arg(long, global = true, env = "SPAPI_AUTH_AGENT_LISTEN", value_name = "ADDRESS", default_value = DEFAULT_LISTEN, value_parser = loopback)]
    pub listen: SocketAddr,
    /// A Unix socket to listen on too
    #[arg(long, global = true, env = "SPAPI_AUTH_AGENT_UNIX", value_name = "PATH")]
    pub unix: Option<PathBuf>,
    /// The function, with an alias if it has one for this consumer: get-access-token:orders; or its ARN
    #[arg(
        long,
        global = true,
        env = "SPAPI_AUTH_AGENT_FUNCTION",
        value_name = "NAME",
        default_value = "get-access-token"
    )]
    pub function: String,
    /// How long a token is handed out before get-access-token must confirm it: 1m to 55m
    #[arg(long, global = true, env = "SPAPI_AUTH_AGENT_CONFIRM_EVERY", value_name = "TIME", default_value = "15m", value_parser = interval)]
    pub confirm_every: Duration,
    /// The file of the local key; made with a random key if it is missing
    #[arg(long, global = true, env = "SPAPI_AUTH_AGENT_KEY_FILE", value_name = "PATH")]
    pub key_file: Option<PathBuf>,
    /// Answer everybody on this machine
    #[arg(long, global = true, env = "SPAPI_AUTH_AGENT_NO_KEY", value_parser = FalseyValueParser::new())]
    pub no_key: bool,
}

impl Options {
    /// Returns these options for the stack whose names begin with `prefix`. A name that has the prefix already, and an ARN, stay.
    #[must_use]
    pub fn in_stack(mut self, prefix: &str) -> Self {
        if !self.function.contains(":function:") && !self.function.starts_with(prefix) {
            self.function.insert_str(0, prefix);
        }
        self
    }
}

const DEFAULT_LISTEN: &str = "127.0.0.1:2774";

/// What the environment decides. Nothing prints it: two of the values are secret.
pub struct Environment {
    /// The local key, from `SPAPI_AUTH_AGENT_KEY`. It is no option: arguments can be seen by every process.
    pub key: Option<String>,
    /// In Lambda, the session token of the role.
    pub session_token: Option<String>,
    /// In Lambda, the host and port of the Extensions API.
    pub runtime_api: Option<String>,
}

impl Environment {
    /// Reads the variables of this process. An empty one counts as missing.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the agent reads the environment here and nowhere else")]
    pub fn read() -> Self {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            key: variable("SPAPI_AUTH_AGENT_KEY"),
            session_token: variable("AWS_SESSION_TOKEN"),
            runtime_api: variable("AWS_LAMBDA_RUNTIME_API"),
        }
    }
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
    address.ok_or_else(|| {
        "expected a loopback address with a port, such as 127.0.0.1:2774 or [::1]:2774".to_owned()
    })
}

fn interval(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.len() - usize::from(text.ends_with(['s', 'm'])));
    let seconds = number.parse::<u64>().ok().and_then(|number| match unit {
        "s" => Some(number),
        "m" => number.checked_mul(60),
        _ => None,
    });
    let seconds = seconds.filter(|seconds| (60..=55 * 60).contains(seconds));
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "expected 1m to 55m, or the same in seconds: 90s".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_loopback_address_is_listened_on() {
        assert!(loopback("127.0.0.1:2774").is_ok() && loopback("[::1]:0").is_ok());
        for open in ["0.0.0.0:2774", "[::]:2774", "10.0.0.1:2774", "2774", "localhost:2774", ""] {
            assert!(loopback(open).is_err(), "{open}");
        }
    }

    #[test]
    fn a_function_gets_the_prefix_of_its_stack_once_and_an_arn_never() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            options: Options,
        }
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:get-access-token:orders";
        for (named, prefix, function) in [
            ("get-access-token", "spapi-auth-", "spapi-auth-get-access-token"),
            ("get-access-token:orders", "spapi-auth-staging-", "spapi-auth-staging-get-access-token:orders"),
            ("spapi-auth-get-access-token:orders", "spapi-auth-", "spapi-auth-get-access-token:orders"),
            ("get-access-token", "", "get-access-token"),
            (arn, "spapi-auth-", arn),
        ] {
            let line: Line = clap::Parser::parse_from(["agent", "--function", named]);
            assert_eq!(line.options.in_stack(prefix).function, function, "{named} {prefix}");
        }
    }

    #[test]
    fn a_token_is_confirmed_every_1_to_55_minutes() {
        for (text, seconds) in [("1m", 60), ("15m", 900), ("55m", 3300), ("90s", 90)] {
            assert_eq!(interval(text), Ok(Duration::from_secs(seconds)));
        }
        for wrong in ["", "m", "15", "59s", "56m", "-1m", "1h", "18446744073709551615m"] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
    }
}
