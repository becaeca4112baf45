//! The options of everything that is about grants.

use clap::{Args, Subcommand, ValueEnum};

use crate::{
    arguments::Region,
    secret::SecretSource,
    when::{Length, When},
};

/// A grant, by its partner or by its account.
#[derive(Args)]
pub(crate) struct Which {
    /// The partner: a merchant token such as A3FHEXAMPLEYWS, or a vendor group code
    #[arg(value_name = "PARTNER", required_unless_present = "account")]
    pub(crate) partner: Option<String>,
    /// The account of yours that the grant is linked to, instead of the partner
    #[arg(long, conflicts_with = "partner")]
    pub(crate) account: Option<String>,
    /// The grant's region; not needed where the partner has one
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
}

/// A grant, by its partner alone.
#[derive(Args)]
pub(crate) struct Named {
    /// The partner: a merchant token such as A3FHEXAMPLEYWS, or a vendor group code
    pub(crate) partner: String,
    /// The grant's region; not needed where the partner has one
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
}

impl From<Named> for Which {
    fn from(named: Named) -> Self {
        Self { partner: Some(named.partner), account: None, region: named.region }
    }
}

/// Which grants to list.
#[derive(Args)]
pub(crate) struct List {
    /// Only this partner's
    #[arg(long)]
    pub(crate) partner: Option<String>,
    /// Only those linked to this account
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Only those of this status; removed ones are listed only so
    #[arg(long, value_enum)]
    pub(crate) status: Option<Status>,
    /// Only those of this region
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// Only those that lapse before this time or distance
    #[arg(long, value_name = "TIME")]
    pub(crate) due_before: Option<When>,
    /// At most so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
}

/// How a grant stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Status {
    /// Tokens are handed out
    Active,
    /// Amazon no longer accepts it
    ReauthorizationRequired,
    /// Disabled on our side
    Disabled,
    /// Its token is deleted
    Removed,
}

impl Status {
    /// Its name in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReauthorizationRequired => "reauthorizationRequired",
            Self::Disabled => "disabled",
            Self::Removed => "removed",
        }
    }
}

/// Whose history.
#[derive(Args)]
pub(crate) struct History {
    /// The partner; without one, the application's own history: its registration and its client secret
    #[arg(value_name = "PARTNER")]
    pub(crate) partner: Option<String>,
    /// The account of yours that the grant is linked to, instead of the partner
    #[arg(long, conflicts_with = "partner")]
    pub(crate) account: Option<String>,
    /// The grant's region; not needed where the partner has one
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// At most so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
}

/// A link to make.
#[derive(Args)]
pub(crate) struct Link {
    /// The account of yours that the grant will be linked to
    #[arg(long)]
    pub(crate) account: String,
    /// What the page calls that account before the user consents
    #[arg(long)]
    pub(crate) label: String,
    /// The marketplace: its id or its country code
    #[arg(long, required_unless_present = "region", conflicts_with = "region")]
    pub(crate) marketplace: Option<String>,
    /// The region, where the user chooses the marketplace
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// Who is to authorize
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(crate) partner_type: Option<PartnerType>,
    /// Where the browser goes afterwards: one of the application's return URLs
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,
    /// How long the link is valid, such as 7d
    #[arg(long, value_name = "LENGTH")]
    pub(crate) valid: Option<Length>,
}

/// A link by which a partner authorizes again.
#[derive(Args)]
pub(crate) struct Renew {
    #[command(flatten)]
    pub(crate) which: Which,
    /// What the page calls the account before the user consents
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// Where the browser goes afterwards: one of the application's return URLs
    #[arg(long, value_name = "URL")]
    pub(crate) return_url: Option<String>,
}

/// Which of Amazon's partners.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PartnerType {
    /// Of Seller Central
    Seller,
    /// Of Vendor Central
    Vendor,
}

impl PartnerType {
    /// Its name in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Vendor => "vendor",
        }
    }
}

/// A refresh token to take over.
#[derive(Args)]
pub(crate) struct Import {
    /// The partner that the refresh token is of
    pub(crate) partner: String,
    /// How it came about
    #[arg(long, value_enum)]
    pub(crate) kind: Kind,
    /// When the partner consented: its year began then, and Amazon does not tell it [default for self: now]
    #[arg(long, value_name = "TIME", required_if_eq("kind", "oauth"))]
    pub(crate) authorized_at: Option<When>,
    /// The grant's region [default: found by asking Amazon]
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// Whose it is
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(crate) partner_type: Option<PartnerType>,
    /// The account of yours to link it to
    #[arg(long)]
    pub(crate) account: Option<String>,
    #[command(flatten)]
    pub(crate) refresh_token: SecretSource,
}

/// How a refresh token came about.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Kind {
    /// A partner authorized: it lapses after 365 days
    Oauth,
    /// Self-authorized in the developer console: it does not lapse
    #[value(name = "self")]
    OfSelf,
}

impl Kind {
    /// Its name in requests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Oauth => "oauth",
            Self::OfSelf => "self",
        }
    }
}

/// What to do with authorizations that may be somebody else's.
#[derive(Subcommand)]
pub(crate) enum Conflicts {
    /// List them, with what differs from the grant they lie beside
    List(List),
    /// The new authorization is the same partner's: it replaces the grant's
    Accept(Conflicting),
    /// The new authorization is not: throw it away
    Reject(Conflicting),
}

/// One authorization beside a grant.
#[derive(Args)]
pub(crate) struct Conflicting {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Its fingerprint as listed, or the first 8 or more characters of it
    #[arg(value_name = "FINGERPRINT")]
    pub(crate) fingerprint: String,
}

/// Until when.
#[derive(Args)]
pub(crate) struct Renewals {
    /// Those that lapse before this time or distance
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub(crate) until: When,
    /// Only those of this region
    #[arg(long = "in", value_enum, value_name = "REGION")]
    pub(crate) region: Option<Region>,
}

/// What to do with the account of a grant.
#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// Link a grant to an account
    Link {
        #[command(flatten)]
        named: Named,
        /// The account
        account: String,
    },
    /// Link a grant to no account
    Clear {
        #[command(flatten)]
        named: Named,
    },
}
