//! The options of what is about the service: client secrets, access tokens and events.

use clap::{Args, Subcommand};

use crate::{
    arguments::{Region, grants::Named},
    secret::SecretSource,
    when::When,
};

/// What to do with the client secret.
#[derive(Subcommand)]
pub(crate) enum Secret {
    /// Store a client secret copied from Amazon's developer console, once Amazon has accepted it
    Set {
        /// When it ends, as the console shows
        #[arg(long, value_name = "TIME")]
        expires_at: Option<When>,
        #[command(flatten)]
        source: SecretSource,
    },
    /// Ask Amazon for a new client secret now; it comes through the queue
    Rotate,
}

/// Whose access token.
#[derive(Args)]
pub(crate) struct Token {
    /// The partner
    #[arg(value_name = "PARTNER", required_unless_present_any = ["account", "scope"])]
    pub(crate) partner: Option<String>,
    /// The account of yours that the grant is linked to, instead of the partner
    #[arg(long, conflicts_with = "partner")]
    pub(crate) account: Option<String>,
    /// The application's own token, for this scope
    #[arg(long, conflicts_with_all = ["partner", "account", "region", "marketplace"])]
    pub(crate) scope: Option<String>,
    /// The grant's region; not needed where the partner has one
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// A marketplace of the grant, instead of its region
    #[arg(long, value_name = "ID", conflicts_with = "region")]
    pub(crate) marketplace: Option<String>,
    /// The life it has at least, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=3300))]
    pub(crate) min_valid: Option<u32>,
    /// Print the token to a terminal
    #[arg(long)]
    pub(crate) show: bool,
}

/// Whose access tokens.
#[derive(Args)]
pub(crate) struct Invalidate {
    /// The partner
    #[arg(value_name = "PARTNER", required_unless_present = "all")]
    pub(crate) partner: Option<String>,
    /// The grant's region; not needed where the partner has one
    #[arg(long = "in", value_enum, value_name = "REGION", conflicts_with = "all")]
    pub(crate) region: Option<Region>,
    /// Of every grant of the application
    #[arg(long, conflicts_with = "partner")]
    pub(crate) all: bool,
}

impl Invalidate {
    /// The grant, unless all are meant.
    pub(crate) fn named(self) -> Option<Named> {
        Some(Named { partner: self.partner?, region: self.region })
    }
}

/// What to do with events.
#[derive(Subcommand)]
pub(crate) enum Events {
    /// Send those of a time again to the bus: all of the application, or one grant's
    Replay(Replay),
}

/// Which events.
#[derive(Args)]
pub(crate) struct Replay {
    /// The partner; without one, the whole application
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// The grant's region; not needed where the partner has one
    #[arg(long = "in", value_enum, value_name = "REGION", requires = "partner")]
    pub(crate) region: Option<Region>,
    /// From this time on, or this long ago
    #[arg(long, value_name = "TIME")]
    pub(crate) from: When,
    /// Until this time, or this long ago [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<When>,
}
