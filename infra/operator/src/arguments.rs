//! The command line: commands, options, and the text of `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::arguments::{
    applications::Applications,
    consumers::Consumers,
    grants::{
        AccountCommand, Conflicts, Erase, GrantSelector, History, Import, ListCommand, PartnerSelector,
        Renewals,
    },
    links::{Link, Renew},
    service::{Events, Invalidate, Restore, Secret, Token},
};

pub(crate) mod applications;
pub(crate) mod bulk;
pub(crate) mod consumers;
pub(crate) mod grants;
pub(crate) mod links;
pub(crate) mod narrowing;
pub(crate) mod service;

/// Manage Selling Partner API authorizations
#[derive(Parser)]
#[command(name = "spapi-auth", version, after_help = CLOSING, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The application [default: the only one that is registered]
    #[arg(long, global = true, value_name = "ID", env = "SPAPI_AUTH_APPLICATION", help_heading = GLOBAL)]
    pub(crate) application: Option<String>,
    /// Print JSON, one document a line; errors too, on standard error
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(crate) json: bool,
    /// The name that the history records for a change, up to 64 characters [default: $USER]
    #[arg(long, global = true, value_name = "NAME", help_heading = GLOBAL)]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) aws: AwsArguments,
}

/// The AWS account, region and functions to use. Options that are not given have the defaults of every AWS tool.
#[derive(Args)]
pub(crate) struct AwsArguments {
    /// The AWS profile; it outranks `AWS_ACCESS_KEY_ID`, `AWS_REGION` and `AWS_ENDPOINT_URL` [default: that of the AWS configuration]
    #[arg(long, global = true, value_name = "NAME", help_heading = GLOBAL)]
    pub(crate) profile: Option<String>,
    /// The profile of the configuration file, if neither an option nor the environment names one.
    #[arg(skip)]
    pub(crate) default_profile: Option<String>,
    /// Use the local stack: its address (see --endpoint-url for another port), its region, and no credentials of yours
    #[arg(long, global = true, conflicts_with = "profile", help_heading = GLOBAL)]
    pub(crate) local: bool,
    /// The AWS region, such as us-east-1 (the region of a grant is --in)
    #[arg(
        id = "aws_region",
        long = "region",
        global = true,
        value_name = "REGION",
        value_parser = aws_region,
        help_heading = GLOBAL
    )]
    pub(crate) region: Option<String>,
    #[arg(long, global = true, value_name = "URL", help = ENDPOINT_URL, value_parser = endpoint_url, help_heading = GLOBAL)]
    pub(crate) endpoint_url: Option<String>,
    /// The prefix of the stack's names, such as spapi-auth-staging- [default: spapi-auth-]
    #[arg(
        long,
        global = true,
        value_name = "PREFIX",
        env = "SPAPI_AUTH_PREFIX",
        default_value = DEFAULT_PREFIX,
        hide_default_value = true,
        help_heading = GLOBAL
    )]
    pub(crate) prefix: String,
    /// The consumer as which get-access-token and authorizations are invoked [default: operators, if they have that alias]
    #[arg(long = "consumer", id = "as_consumer", global = true, value_name = "CONSUMER", env = "SPAPI_AUTH_CONSUMER", help_heading = GLOBAL)]
    pub(crate) consumer: Option<String>,
}

/// A command.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List, register or change applications
    #[command(subcommand)]
    Applications(Applications),
    /// Set or rotate an application's client secret
    #[command(subcommand)]
    Secret(Secret),
    /// Add, list, change or remove consumers: who may have which tokens
    #[command(subcommand)]
    Consumers(Consumers),
    /// Print the AWS account, region and identity that commands use
    Whoami,
    /// Check the functions and every application, and print the URIs to register at Amazon
    Doctor,
    /// Create a link that a user opens to authorize
    Link(Link),
    /// List grants
    List(ListCommand),
    /// Show one grant
    Show(GrantSelector),
    /// Show the history of a grant, or of an application, newest first
    History(History),
    /// List the grants that lapse soon
    Renewals(Renewals),
    /// Create a link with which a partner renews a grant
    Renew(Renew),
    /// Stop handing out access tokens of a grant
    Disable(Reasoned),
    /// Hand out access tokens of a disabled grant again, if Amazon accepts its refresh token
    Enable(Reasoned),
    /// Confirm the region of a grant, or move the grant to another region
    SetRegion(SetRegion),
    /// Permanently delete a grant's refresh token; its history stays
    Remove(Remove),
    /// Permanently delete everything about a partner or an account, histories included
    Erase(Erase),
    /// Store a refresh token from elsewhere as a grant, or each row of a file, if Amazon accepts it
    Import(Box<Import>),
    /// Print all grants as JSON lines, without secrets
    Export,
    /// Compare two files of `export`; exit code 1 if they differ
    Diff {
        /// The first file
        a: PathBuf,
        /// The second file
        b: PathBuf,
    },
    /// Link a grant to an account of the integrator, or to none
    #[command(subcommand)]
    Account(AccountCommand),
    /// List, accept or reject authorizations that may be another partner's
    #[command(subcommand)]
    Conflicts(Conflicts),
    /// Fetch an access token: printed into a pipe or with --show, otherwise described
    Token(Token),
    /// Replace the cached access tokens of one grant or of all grants, within 65 seconds
    Invalidate(Invalidate),
    /// Send past events to the event bus again
    #[command(subcommand)]
    Events(Events),
    /// Restore tables to one moment, and compare grants with their history afterwards
    #[command(subcommand)]
    Restore(Restore),
    /// Hand out access tokens on this machine, as Login with Amazon does
    Agent(Agent),
    /// Serve web pages for what these commands do, to a browser on this machine
    Console(Console),
    /// Print the script with which a shell completes commands; on a terminal, also where it belongs
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write man pages, one for each command
    Man {
        /// The folder, such as ~/.local/share/man/man1
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

impl Command {
    /// Whether it is about a stack, whose place the configuration file may name.
    pub(crate) fn is_of_a_stack(&self) -> bool {
        !matches!(self, Self::Completions { .. } | Self::Man { .. } | Self::Diff { .. })
    }
}

/// The agent, with the options of `spapi-auth-agent`.
#[derive(Args)]
pub(crate) struct Agent {
    #[command(flatten)]
    pub(crate) options: agent::Options,
    #[command(subcommand)]
    pub(crate) command: Option<AgentCommand>,
}

/// A command of `agent`.
#[derive(Subcommand)]
pub(crate) enum AgentCommand {
    /// Print the variables for the clients of this agent, with its key, to a terminal
    Env,
}

/// How the console is served.
#[derive(Args)]
pub(crate) struct Console {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Show everything and change nothing
    #[arg(long)]
    pub(crate) read_only: bool,
}

/// A grant, and the reason for a change of it.
#[derive(Args)]
pub(crate) struct Reasoned {
    #[command(flatten)]
    pub(crate) grant: GrantSelector,
    /// The reason, for the history
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

/// A grant, and the region that is its partner's.
#[derive(Args)]
pub(crate) struct SetRegion {
    #[command(flatten)]
    pub(crate) change: Reasoned,
    /// The partner's region: the grant's own confirms it, another one moves the grant
    #[arg(long, value_name = "REGION")]
    pub(crate) to: Region,
}

/// A grant to remove.
#[derive(Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    pub(crate) grant: PartnerSelector,
    /// The reason, for the history
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Do not ask for confirmation; required without a terminal
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
    /// The region in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Na => "na",
            Self::Eu => "eu",
            Self::Fe => "fe",
        }
    }
}

/// The prefix of names that infra/template.yaml has by default.
pub(crate) const DEFAULT_PREFIX: &str = "spapi-auth-";

const GLOBAL: &str = "Global options";

/// Not a doc comment of the option, because rustdoc would want the address marked up.
const ENDPOINT_URL: &str =
    "The address of AWS, such as http://127.0.0.1:9002 for the local stack [default: AWS itself]";

const CLOSING: &str = "\
Words:
  application  an SP-API application that `spapi-auth applications register` has registered
  partner      a seller (its merchant token, such as A3FHEXAMPLEYWS) or a vendor (its vendor group code)
  grant        a partner's authorization of an application in one region of SP-API: na, eu or fe
  account      the integrator's own identifier of a user or tenant, to which a grant can be linked

Times are RFC 3339 or dates in UTC, such as 2027-05-20T00:00:00Z, or durations such as 30d and 12h.
Secrets are read from standard input or from a file (--secret-file). They are never arguments, and never printed.
The AWS configuration is that of every AWS tool: profiles, SSO, AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL. Options outrank variables.
~/.config/spapi-auth/config.toml (or SPAPI_AUTH_CONFIG) may have application, prefix, profile and region; variables outrank it.

Exit codes:
  0  done, or the reader of the output closed it
  1  a function answered with an error, which is on standard error; doctor: a check failed
  2  the command line is wrong, and nothing was done
  3  AWS was not reached: network, credentials, region, permission, or no such function
  130  import --file: Ctrl-C came before the end of the file

Example, against the local stack:
  spapi-auth --local doctor";

pub(crate) fn aws_region(text: &str) -> Result<String, String> {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if matches!(text, "na" | "eu" | "fe") {
        Err(format!("expected an AWS region such as us-east-1; the region of a grant is `--in {text}`"))
    } else if text.is_empty() || !plain {
        Err("expected an AWS region such as us-east-1".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn endpoint_url(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let usable = address.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()));
    if usable { Ok(text.to_owned()) } else { Err("expected a URL such as http://127.0.0.1:9002".to_owned()) }
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
    fn the_region_of_a_grant_is_not_accepted_as_an_aws_region() {
        let error = aws_region("eu").unwrap_err();
        assert!(error.contains("--in eu"), "{error}");
        assert_eq!(aws_region("eu-west-1").unwrap(), "eu-west-1");
    }
}
