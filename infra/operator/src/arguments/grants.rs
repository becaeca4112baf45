//! The options of the commands for grants.

use std::str::FromStr;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::{
    arguments::{Region, bulk::ImportFile, narrowing::Narrowing},
    columns::Column,
    request::Request,
    secret::SecretSource,
    time::{InvalidTime, TimeArgument},
};

/// A grant, by its partner or by its account.
#[derive(Args)]
#[command(group(ArgGroup::new("grant").required(true).args(["partner", "account"])))]
pub(crate) struct GrantSelector {
    /// The partner: a merchant token such as A3FHEXAMPLEYWS, or a vendor group code
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// The account to which the grant is linked, instead of the partner
    #[arg(long)]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) narrowing: Narrowing,
}

/// A grant, by its partner alone.
#[derive(Args)]
pub(crate) struct PartnerSelector {
    /// The partner: a merchant token such as A3FHEXAMPLEYWS, or a vendor group code
    pub(crate) partner: String,
    /// The grant's region; needed only if several grants match
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
}

impl From<PartnerSelector> for GrantSelector {
    fn from(selector: PartnerSelector) -> Self {
        let narrowing = Narrowing { region: selector.region, ..Narrowing::default() };
        Self { partner: Some(selector.partner), account: None, narrowing }
    }
}

impl GrantSelector {
    /// The request with the fields that select the grant.
    pub(crate) fn added_to(&self, request: Request) -> Request {
        let request =
            request.maybe("sellingPartnerId", self.partner.clone()).maybe("account", self.account.clone());
        self.narrowing.added_to(request)
    }
}

/// The grants to list.
#[derive(Args)]
pub(crate) struct List {
    /// Only the grants of this partner
    #[arg(long)]
    pub(crate) partner: Option<String>,
    /// Only the grants that are linked to this account
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Only the grants with this status [default: every status except removed]
    #[arg(long, value_enum)]
    pub(crate) status: Option<Status>,
    /// Only the grants in this region
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// Only the grants that lapse before this time; a duration counts from now
    #[arg(long, value_name = "TIME")]
    pub(crate) due_before: Option<TimeArgument>,
    /// Only the grants that were authorized before this time; a duration counts back from now
    #[arg(long, value_name = "TIME")]
    pub(crate) authorized_before: Option<TimeArgument>,
    /// Only the grants that were authorized before the application's roles changed
    #[arg(long)]
    pub(crate) outdated: bool,
    /// Only the grants whose region is assumed, because nothing has shown it yet
    #[arg(long)]
    pub(crate) region_assumed: bool,
    /// The largest number of grants to list
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
}

/// The grants to list, and what to print of each.
#[derive(Args)]
pub(crate) struct ListCommand {
    #[command(flatten)]
    pub(crate) list: List,
    /// The columns, named as the fields in JSON and separated by commas; with --json, the fields of each document
    #[arg(long, value_name = "NAMES", value_enum, value_delimiter = ',', hide_possible_values = true)]
    pub(crate) columns: Vec<Column>,
}

/// The status of a grant, spelled as in the functions' JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
#[value(rename_all = "camelCase")]
pub(crate) enum Status {
    /// Access tokens are handed out
    Active,
    /// Amazon no longer accepts the refresh token; the partner must authorize again
    ReauthorizationRequired,
    /// An operator has disabled the grant
    Disabled,
    /// An operator has removed the grant; its refresh token is deleted
    Removed,
}

impl Status {
    /// The status in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReauthorizationRequired => "reauthorizationRequired",
            Self::Disabled => "disabled",
            Self::Removed => "removed",
        }
    }
}

/// The history to show.
#[derive(Args)]
pub(crate) struct History {
    /// The partner [default: the application's own history, of its registration and client secret]
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// The account to which the grant is linked, instead of the partner
    #[arg(long, conflicts_with = "partner")]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) narrowing: Narrowing,
    /// The largest number of records to show
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
}

/// The type of a partner.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PartnerType {
    /// A seller, of Seller Central
    Seller,
    /// A vendor, of Vendor Central
    Vendor,
}

impl PartnerType {
    /// The type in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Vendor => "vendor",
        }
    }
}

/// A refresh token to import.
#[derive(Args)]
pub(crate) struct Import {
    /// The partner to which the refresh token belongs; Amazon does not show this
    #[arg(required_unless_present = "file")]
    pub(crate) partner: Option<String>,
    /// How the refresh token was obtained
    #[arg(long, value_enum, required_unless_present = "file")]
    pub(crate) kind: Option<GrantKind>,
    /// When the partner consented, or unknown; the 365 days began then. Required for oauth [default for self: now]
    #[arg(long, value_name = "TIME", required_if_eq("kind", "oauth"))]
    pub(crate) authorized_at: Option<ConsentTime>,
    /// The grant's region [default: the region that Amazon shows]
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// The type of the partner
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(crate) partner_type: Option<PartnerType>,
    /// The account to which the grant will be linked
    #[arg(long)]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) refresh_token: SecretSource,
    #[command(flatten)]
    pub(crate) rows: ImportFile,
}

/// When a partner consented, as far as the operator knows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ConsentTime {
    /// At this time; a duration counts back from now.
    At(TimeArgument),
    /// At a time before the import.
    Unknown,
}

impl FromStr for ConsentTime {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        if text == "unknown" { Ok(Self::Unknown) } else { text.parse().map(Self::At) }
    }
}

impl ConsentTime {
    /// The time in requests.
    pub(crate) fn before(self, now: Timestamp) -> String {
        match self {
            Self::At(time) => time.before(now).to_string(),
            Self::Unknown => "unknown".to_owned(),
        }
    }
}

/// How a refresh token was obtained.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum GrantKind {
    /// A partner authorized the application; the grant lapses after 365 days
    Oauth,
    /// Self-authorized in Amazon's developer console; the grant does not lapse
    #[value(name = "self")]
    SelfAuthorized,
}

impl GrantKind {
    /// The kind in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Oauth => "oauth",
            Self::SelfAuthorized => "self",
        }
    }
}

/// A command of `conflicts`.
#[derive(Subcommand)]
pub(crate) enum Conflicts {
    /// List the conflicting authorizations, with their differences from the grant
    List(List),
    /// Use the new authorization: it is the same partner's and replaces the grant's
    Accept(Conflicting),
    /// Delete the new authorization: it is another partner's
    Reject(Conflicting),
}

/// An authorization that conflicts with a grant.
#[derive(Args)]
pub(crate) struct Conflicting {
    #[command(flatten)]
    pub(crate) grant: PartnerSelector,
    /// The fingerprint that `conflicts list` shows, or its first 8 or more characters
    #[arg(value_name = "FINGERPRINT")]
    pub(crate) fingerprint: String,
}

/// The renewals to list.
#[derive(Args)]
pub(crate) struct Renewals {
    /// List the grants that lapse before this time; a duration counts from now
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub(crate) until: TimeArgument,
    /// Only the grants in this region
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
}

/// A command of `account`.
#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// Link a grant to an account
    Link {
        #[command(flatten)]
        grant: PartnerSelector,
        /// The account: the integrator's own identifier of a user or tenant
        account: String,
    },
    /// Link a grant to no account
    Clear {
        #[command(flatten)]
        grant: PartnerSelector,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_spelled_as_in_json() {
        for status in Status::value_variants() {
            assert_eq!(status.to_possible_value().unwrap().get_name(), status.as_str());
        }
    }
}

/// The partner or the account that is erased.
#[derive(Args)]
#[command(group(ArgGroup::new("erased").required(true).args(["partner", "account"])))]
pub(crate) struct Erase {
    /// The partner: a merchant token such as A3FHEXAMPLEYWS, or a vendor group code
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// Erase the grants that are linked to this account, instead of those of a partner
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The reason, which the event has
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}
