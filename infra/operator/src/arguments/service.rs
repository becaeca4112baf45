//! The options of the commands for client secrets, access tokens and events.

use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use crate::{
    arguments::{
        Region,
        grants::{PartnerSelector, PartnerType},
    },
    secret::SecretSource,
    time::{DurationArgument, InvalidTime, TimeArgument},
};

/// A command of `secret`.
#[derive(Subcommand)]
pub(crate) enum Secret {
    /// Store a client secret from Amazon's developer console, if Amazon accepts it
    Set {
        /// When the secret ends, as the developer console shows; a duration counts from now
        #[arg(long, value_name = "TIME")]
        expires_at: Option<TimeArgument>,
        #[command(flatten)]
        source: SecretSource,
    },
    /// Request a new client secret from Amazon now; Amazon sends it to the queue
    Rotate {
        /// Request it even if no new client secret has ever come through the queue: Amazon sends the new secret once, the current one
        /// ends 7 days later, and a secret that does not come must be copied from Amazon's portal
        #[arg(long)]
        insist: bool,
    },
}

/// The grant or the scope of an access token.
#[derive(Args)]
#[command(group(ArgGroup::new("subject").required(true).args(["partner", "account", "scope"])))]
pub(crate) struct Token {
    /// The partner: a merchant token such as A3FHEXAMPLEYWS, or a vendor group code
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// The account to which the grant is linked, instead of the partner
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Fetch the application's own token for this scope, instead of a partner's
    #[arg(long, conflicts_with_all = ["region", "marketplace", "partner_type"])]
    pub(crate) scope: Option<String>,
    /// The grant's region; needed only if several grants match
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// A marketplace of the grant, by its id, instead of the region
    #[arg(long, value_name = "ID", conflicts_with = "region")]
    pub(crate) marketplace: Option<String>,
    /// The type of the grant's partner; needed only if several grants of an account match
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(crate) partner_type: Option<PartnerType>,
    /// Do not take a token from before this time, such as the time of an event; a duration counts back from now
    #[arg(long, value_name = "TIME")]
    pub(crate) minted_after: Option<TimeArgument>,
    /// The remaining lifetime that the token must have at least
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=3300))]
    pub(crate) min_valid: Option<u32>,
    /// Fetch a restricted data token for this operation, such as orders.v0.getOrders
    #[arg(long, value_name = "NAME", conflicts_with = "scope")]
    pub(crate) operation: Option<String>,
    /// The personal data that the restricted token opens: buyerInfo, shippingAddress or buyerTaxInformation; separated by commas
    #[arg(long, value_name = "ELEMENTS", value_delimiter = ',', requires = "operation")]
    pub(crate) data_elements: Vec<String>,
    /// A part of the operation's path, such as reportDocumentId=amzn1.spdoc.1; may be repeated
    #[arg(long = "parameter", value_name = "NAME=VALUE", requires = "operation", value_parser = parameter)]
    pub(crate) parameters: Vec<(String, String)>,
    /// Print the token even if standard output is a terminal
    #[arg(long)]
    pub(crate) show: bool,
}

fn parameter(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// The grants whose access tokens are invalidated.
#[derive(Args)]
#[command(group(ArgGroup::new("grants").required(true).args(["partner", "all"])))]
pub(crate) struct Invalidate {
    /// The partner: a merchant token such as A3FHEXAMPLEYWS, or a vendor group code
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// The grant's region; needed only if several grants match
    #[arg(long = "in", value_enum, value_name = "REGION", conflicts_with = "all")]
    pub(crate) region: Option<Region>,
    /// Invalidate the tokens of every grant of the application
    #[arg(long)]
    pub(crate) all: bool,
}

impl Invalidate {
    /// The grant; nothing with `--all`.
    pub(crate) fn grant(self) -> Option<PartnerSelector> {
        Some(PartnerSelector { partner: self.partner?, region: self.region })
    }
}

/// A command of `events`.
#[derive(Subcommand)]
pub(crate) enum Events {
    /// Send the events of a period again: all of the application, or those of one grant
    Replay(Replay),
    /// Print what happens to applications and grants as it happens, the newest at the bottom, until Ctrl-C
    Tail(Tail),
}

/// The history to follow.
#[derive(Args)]
pub(crate) struct Tail {
    /// Print first what happened since this time; a duration counts back from now. This reads the history of every grant once
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<TimeArgument>,
    /// The pause between two looks; it is longer if a look takes longer
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = pause)]
    pub(crate) every: Duration,
}

/// A pause of at least a second: every look reads all grants.
fn pause(text: &str) -> Result<Duration, String> {
    let DurationArgument(pause) = text.parse().map_err(|error: InvalidTime| error.to_string())?;
    let pause = Duration::try_from(pause).map_err(|error| error.to_string())?;
    if pause.is_zero() { Err("expected at least `1s`".to_owned()) } else { Ok(pause) }
}

/// A command of `restore`.
#[derive(Subcommand)]
pub(crate) enum Restore {
    /// Put rows back from copies that DynamoDB makes of the tables at one moment, while the functions go on
    Tables(RestoreTables),
    /// Do again what the history says and restored grants have forgotten
    Reconcile {
        /// The moment of the oldest backup that was restored; a duration counts back from now
        #[arg(long, value_name = "TIME")]
        since: TimeArgument,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Which tables are restored, and to which moment.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct RestoreTables {
    /// The moment before the damage; a duration counts back from now
    #[arg(long, value_name = "TIME")]
    pub(crate) to: TimeArgument,
    /// A table; may be repeated [default: all three]
    #[arg(long = "table", value_enum, value_name = "TABLE")]
    pub(crate) tables: Vec<RestoredTable>,
    /// Replace the rows of grants too that differ and that no history explains, or that this release cannot read
    #[arg(long)]
    pub(crate) replace: bool,
    /// Keep the copies of the tables afterwards
    #[arg(long)]
    pub(crate) keep_copies: bool,
    /// Show the steps and what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// A table that can be restored.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum RestoredTable {
    /// Applications, consumers, and what is known of client secrets
    Applications,
    /// What partners have authorized
    Grants,
    /// What happened
    History,
}

/// The events to send again.
#[derive(Args)]
pub(crate) struct Replay {
    /// The partner [default: every event of the application]
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// The grant's region; needed only if several grants match
    #[arg(long = "in", value_enum, value_name = "REGION", requires = "partner")]
    pub(crate) region: Option<Region>,
    /// The start of the period; a duration counts back from now
    #[arg(long, value_name = "TIME")]
    pub(crate) from: TimeArgument,
    /// The end of the period; a duration counts back from now [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<TimeArgument>,
}
