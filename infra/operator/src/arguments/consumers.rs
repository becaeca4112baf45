//! The options of `consumers`.

use clap::{Args, Subcommand, ValueEnum};

use crate::arguments::Region;

/// A command of `consumers`.
#[derive(Subcommand)]
pub(crate) enum Consumers {
    /// Add a consumer: its policy, and its alias on get-access-token and authorizations
    Add(Box<Consumer>),
    /// List the policies of all consumers
    List,
    /// Show the policy of a consumer, the IAM statement for its role, and the option of its agent
    Show {
        /// The consumer
        consumer: String,
    },
    /// Change the policy of a consumer; what no option names stays as it is
    Update(Box<Consumer>),
    /// Remove the policy of a consumer, then its aliases
    Remove {
        /// The consumer
        consumer: String,
        /// Do not ask for confirmation; required without a terminal
        #[arg(long)]
        yes: bool,
    },
    /// Make the aliases that are missing, and report aliases without a policy
    Apply,
}

/// A consumer, and what it may have.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Consumer {
    /// The name: that of a Lambda alias, such as orders
    #[arg(value_name = "CONSUMER")]
    pub(crate) name: String,
    /// An application whose tokens it may have; may be repeated [default of add: --application, or the only one]
    #[arg(long = "for-application", value_name = "ID")]
    pub(crate) applications: Vec<String>,
    /// It may have tokens of every application
    #[arg(long, conflicts_with = "applications")]
    pub(crate) all_applications: bool,
    /// A partner whose tokens it may have; may be repeated
    #[arg(long = "partner", value_name = "PARTNER")]
    pub(crate) partners: Vec<String>,
    /// It may have tokens of every partner
    #[arg(long, conflicts_with = "partners")]
    pub(crate) all_partners: bool,
    /// It may have tokens of no partner by the partner's id
    #[arg(long, conflicts_with_all = ["partners", "all_partners"])]
    pub(crate) no_partners: bool,
    /// An account of whose grants it may have tokens; may be repeated
    #[arg(long = "account", value_name = "ACCOUNT")]
    pub(crate) accounts: Vec<String>,
    /// It may have tokens of the grants whose account begins so
    #[arg(long, value_name = "TEXT", conflicts_with = "accounts")]
    pub(crate) account_prefix: Option<String>,
    /// It may have tokens of every grant, also of those without an account
    #[arg(long, conflicts_with_all = ["accounts", "account_prefix"])]
    pub(crate) all_accounts: bool,
    /// It may have tokens of no grant by its account
    #[arg(long, conflicts_with_all = ["accounts", "account_prefix", "all_accounts"])]
    pub(crate) no_accounts: bool,
    /// A region in which it may have tokens; may be repeated [default of add: every region]
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) regions: Vec<Region>,
    /// A scope for which it may have the application's own token; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// It may have the application's own tokens for no scope
    #[arg(long, conflicts_with = "scopes")]
    pub(crate) no_scopes: bool,
    /// An operation for which it may have restricted data tokens, with data elements: orders.v0.getOrders:buyerInfo,shippingAddress
    #[arg(long = "restricted", value_name = "OPERATION[:ELEMENTS]")]
    pub(crate) restricted: Vec<String>,
    /// It may have every restricted data token
    #[arg(long, conflicts_with = "restricted")]
    pub(crate) all_restricted: bool,
    /// It may have no restricted data token
    #[arg(long, conflicts_with_all = ["restricted", "all_restricted"])]
    pub(crate) no_restricted: bool,
    /// An application to which it may delegate restricted data; may be repeated
    #[arg(long = "delegate", value_name = "ID")]
    pub(crate) delegates: Vec<String>,
    /// It may delegate restricted data to no application
    #[arg(long, conflicts_with = "delegates")]
    pub(crate) no_delegates: bool,
    /// What it may do with authorizations; may be repeated, or separated by commas
    #[arg(long = "may", value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub(crate) may: Vec<May>,
    /// It may do nothing with authorizations
    #[arg(long, conflicts_with = "may")]
    pub(crate) no_may: bool,
    /// Another AWS account, or a role of it by its ARN, that may invoke the aliases
    #[arg(long, value_name = "ACCOUNT|ARN")]
    pub(crate) principal: Option<String>,
}

/// What a consumer may do with `authorizations`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum May {
    /// List and read grants, applications and histories
    Read,
    /// Make links, and complete sign-ins and authorizations
    Link,
    /// Disable grants
    Disable,
    /// Remove grants
    Remove,
}

impl May {
    /// The word in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Link => "link",
            Self::Disable => "disable",
            Self::Remove => "remove",
        }
    }
}
