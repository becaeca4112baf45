//! The options of `link` and `renew`.

use clap::{ArgGroup, Args};

use crate::{
    arguments::{
        Region,
        grants::{GrantSelector, PartnerType},
    },
    time::DurationArgument,
};

/// A link to create.
#[derive(Args)]
#[command(group(ArgGroup::new("place").required(true).args(["marketplace", "region"])))]
pub(crate) struct Link {
    /// The account to which the grant will be linked
    #[arg(long)]
    pub(crate) account: String,
    /// The account's name on the page that the user sees before consent
    #[arg(long)]
    pub(crate) label: String,
    /// The marketplace, by its id or country code
    #[arg(long)]
    pub(crate) marketplace: Option<String>,
    /// The region, instead of a marketplace, which the user then chooses
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// The type of the partner that is to authorize
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(crate) partner_type: Option<PartnerType>,
    /// The page to which the browser returns: one of the application's return URLs
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,
    /// The language of the user, such as de
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    /// How long the link is valid, such as 7d
    #[arg(long, value_name = "DURATION")]
    pub(crate) valid: Option<DurationArgument>,
}

/// A link to create for the renewal of a grant.
#[derive(Args)]
pub(crate) struct Renew {
    #[command(flatten)]
    pub(crate) grant: GrantSelector,
    /// The account's name on the page that the user sees before consent
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// The page to which the browser returns: one of the application's return URLs
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,
    /// The language of the user, such as de
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
}
