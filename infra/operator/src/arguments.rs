//! What can be typed: commands, options, and the text of `--help`.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    arguments::{
        applications::Applications,
        grants::{AccountCommand, Conflicts, History, Import, Link, List, Named, Renew, Renewals, Which},
        service::{Events, Invalidate, Secret, Token},
    },
    failure::Failure,
};

pub(crate) mod applications;
pub(crate) mod grants;
pub(crate) mod service;

/// Looks after the Selling Partner API authorizations of a stack.
#[derive(Parser)]
#[command(name = "spapi-auth", version, after_help = ENDING, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The application; not needed while one is registered
    #[arg(long, global = true, value_name = "ID", env = "SPAPI_AUTH_APPLICATION", help_heading = EVERYWHERE)]
    pub(crate) application: Option<String>,
    /// Print JSON, one document a line; failures too, on standard error
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
    /// Who does it, for the history: up to 64 characters
    #[arg(long, global = true, value_name = "WHO", env = "USER", hide_env_values = true, help_heading = EVERYWHERE)]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) aws: AwsArguments,
}

/// Which stack is meant; what is left out comes from where every AWS tool has it.
#[derive(Args)]
pub(crate) struct AwsArguments {
    /// The AWS profile [default: that of the AWS configuration]
    #[arg(long, global = true, value_name = "NAME", help_heading = EVERYWHERE)]
    pub(crate) profile: Option<String>,
    /// The AWS region, such as us-east-1 (a grant's region is --in)
    #[arg(
        id = "aws_region",
        long = "region",
        global = true,
        value_name = "REGION",
        value_parser = aws_region,
        help_heading = EVERYWHERE
    )]
    pub(crate) region: Option<String>,
    #[arg(long, global = true, value_name = "URL", help = ENDPOINT_URL, value_parser = endpoint_url, help_heading = EVERYWHERE)]
    pub(crate) endpoint_url: Option<String>,
    /// What stands before the functions' names
    #[arg(
        long,
        global = true,
        value_name = "TEXT",
        env = "SPAPI_AUTH_FUNCTION_PREFIX",
        default_value = "",
        hide_default_value = true,
        help_heading = EVERYWHERE
    )]
    pub(crate) function_prefix: String,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List, register and change applications
    #[command(subcommand)]
    Applications(Applications),
    /// Check what goes wrong in real life, say what to do, and print the URIs to register at Amazon
    Doctor,
    /// Make a link that a user of yours opens to authorize
    Link(Link),
    /// List grants
    List(List),
    /// Show one grant
    Show(Which),
    /// Show what happened, newest first: to one grant, or to the application itself
    History(History),
    /// Hand out no more tokens of a grant
    Disable(Reasoned),
    /// Hand out tokens of a disabled grant again, once Amazon has accepted its refresh token
    Enable(Reasoned),
    /// Delete a grant's refresh token for good; its history stays
    Remove(Remove),
    /// Take over a refresh token that was made elsewhere, once Amazon has accepted it
    Import(Import),
    /// Authorizations that may be somebody else's: list them, accept or reject one
    #[command(subcommand)]
    Conflicts(Conflicts),
    /// List the grants that lapse soon
    Renewals(Renewals),
    /// Make a link by which a partner authorizes again
    Renew(Renew),
    /// Set or rotate the application's client secret
    #[command(subcommand)]
    Secret(Secret),
    /// Fetch an access token: printed into a pipe, or with --show; otherwise only what is known of it
    Token(Token),
    /// Have the kept access tokens of one grant, or of all, fetched anew
    Invalidate(Invalidate),
    /// Publish past events again
    #[command(subcommand)]
    Events(Events),
    /// Link a grant to an account of yours, or to none
    #[command(subcommand)]
    Account(AccountCommand),
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// A grant, and why something is done to it.
#[derive(Args)]
pub(crate) struct Reasoned {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

/// A grant that is to go.
#[derive(Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// A region of the Selling Partner API.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Region {
    /// North America and Brazil
    Na,
    /// Europe, the Middle East, Africa and India
    Eu,
    /// Japan, Australia and Singapore
    Fe,
}

impl Region {
    /// Its name in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Na => "na",
            Self::Eu => "eu",
            Self::Fe => "fe",
        }
    }
}

const EVERYWHERE: &str = "Everywhere";

/// Not a comment of the option, where the address would have to be marked up.
const ENDPOINT_URL: &str = "Another address of AWS, such as http://127.0.0.1:9002 for the local stack";

const ENDING: &str = "\
Exit codes:
  0  done (also when the reader of the output has gone)
  1  refused: the sentence and its errorType are on standard error; doctor: something fails
  2  the command line is wrong; nothing was done
  3  AWS was not reached: network, credentials, region, permission, or no such function

Secrets are read from standard input or a file (--secret-file), never from the arguments, and never printed.
Times are RFC 3339 or dates in UTC, such as 2027-05-20T00:00:00Z, or distances such as 30d and 12h.
The AWS configuration is the usual one: profiles, SSO, AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.

Example, against the local stack:
  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \\
  spapi-auth --region us-east-1 --endpoint-url http://127.0.0.1:9002 doctor";

fn aws_region(text: &str) -> Result<String, Failure> {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if matches!(text, "na" | "eu" | "fe") {
        Err(Failure::Usage(format!("this is the region of AWS; a grant's is --in {text}")))
    } else if text.is_empty() || !plain {
        Err(Failure::Usage("expected a region of AWS such as us-east-1".to_owned()))
    } else {
        Ok(text.to_owned())
    }
}

fn endpoint_url(text: &str) -> Result<String, Failure> {
    let address = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let usable = address.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()));
    if usable {
        Ok(text.to_owned())
    } else {
        Err(Failure::Usage("expected a URL such as http://127.0.0.1:9002".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_region_of_a_grant_is_not_taken_for_one_of_aws() {
        let failure = aws_region("eu").unwrap_err();
        assert!(failure.to_string().contains("--in eu"), "{failure}");
        assert_eq!(aws_region("eu-west-1").unwrap(), "eu-west-1");
    }
}
