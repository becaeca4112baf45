//! The options of `applications`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::arguments::Region;

/// A command of `applications`.
#[derive(Subcommand)]
pub(crate) enum Applications {
    /// List the registered applications
    List,
    /// Register an application of Amazon's developer console
    Register(Register),
    /// Change a registered application; an option that is not given changes nothing
    Update(Update),
    /// Stop an application: within 65 seconds no function hands out or refreshes an access token of it
    Disable(Stop),
    /// Start a stopped application again
    Enable(Stop),
}

/// An application to register.
#[derive(Args)]
pub(crate) struct Register {
    /// The application id: amzn1.sp.solution... or amzn1.sellerapps.app...
    #[arg(value_name = "APPLICATION")]
    pub(crate) id: String,
    /// The client id of Login with Amazon: amzn1.application-oa2-client...
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: String,
    /// The name that partners see
    #[arg(long)]
    pub(crate) name: String,
    /// The application is a draft: Amazon has not published it
    #[arg(long)]
    pub(crate) draft: bool,
    /// Vendor Central shows the draft only with version=beta
    #[arg(long)]
    pub(crate) vendors_need_beta: bool,
    /// The region of a grant for which Amazon shows no region
    #[arg(long, value_enum, value_name = "REGION")]
    pub(crate) default_region: Region,
    /// A scope for which the application's own token may be fetched; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// The integrator's sign-in page, for partners from the Appstore
    #[arg(long, value_name = "URL")]
    pub(crate) sign_in_url: Option<String>,
    /// A page of the integrator to which a browser may return after an authorization; may be repeated
    #[arg(long = "return-url", value_name = "URL")]
    pub(crate) return_urls: Vec<String>,
    /// What partners see beside the name
    #[command(flatten)]
    pub(crate) branding: Branding,
}

/// What partners see beside the name.
#[derive(Args)]
pub(crate) struct Branding {
    /// The company that offers the application, for the pages that partners see
    #[arg(long)]
    pub(crate) company: Option<String>,
    /// Where partners get help: an https address, or mailto: and an e-mail address
    #[arg(long, value_name = "URL")]
    pub(crate) support_url: Option<String>,
    /// The page to which partners go back
    #[arg(long, value_name = "URL")]
    pub(crate) home_url: Option<String>,
    /// The language of pages for browsers that ask for none of the pages' languages, such as de
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    /// A PNG or WebP file of at most 16 KB, for the pages that partners see
    #[arg(long, value_name = "FILE")]
    pub(crate) logo: Option<PathBuf>,
}

/// An application to stop or to start.
#[derive(Args)]
pub(crate) struct Stop {
    /// The application id
    #[arg(value_name = "APPLICATION")]
    pub(crate) id: String,
    /// The reason, for the history
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

/// The changes of an application.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Update {
    /// The application id
    #[arg(value_name = "APPLICATION")]
    pub(crate) id: String,
    /// The name that partners see
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Whether the application is a draft: Amazon has not published it
    #[arg(long, value_name = "true|false")]
    pub(crate) draft: Option<bool>,
    /// Whether Vendor Central shows the draft only with version=beta
    #[arg(long, value_name = "true|false")]
    pub(crate) vendors_need_beta: Option<bool>,
    /// The region of a grant for which Amazon shows no region
    #[arg(long, value_enum, value_name = "REGION")]
    pub(crate) default_region: Option<Region>,
    /// A scope for which the application's own token may be fetched; replaces all stored scopes; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Delete all scopes
    #[arg(long, conflicts_with = "scopes")]
    pub(crate) no_scopes: bool,
    /// The integrator's sign-in page, for partners from the Appstore
    #[arg(long, value_name = "URL")]
    pub(crate) sign_in_url: Option<String>,
    /// Delete the sign-in page
    #[arg(long, conflicts_with = "sign_in_url")]
    pub(crate) no_sign_in_url: bool,
    /// A page to which a browser may return; replaces all stored return URLs; may be repeated
    #[arg(long = "return-url", value_name = "URL")]
    pub(crate) return_urls: Vec<String>,
    /// Delete all return URLs
    #[arg(long, conflicts_with = "return_urls")]
    pub(crate) no_return_urls: bool,
    /// When the application's roles changed at Amazon: `now` or a time. Grants that were authorized before are marked, and an
    /// event asks for the renewal of each
    #[arg(long, value_name = "TIME|now")]
    pub(crate) roles_changed_at: Option<String>,
    /// Delete the time of the change of roles
    #[arg(long, conflicts_with = "roles_changed_at")]
    pub(crate) no_roles_changed_at: bool,
    /// Do not ask before grants are marked
    #[arg(long)]
    pub(crate) yes: bool,
    /// What partners see beside the name
    #[command(flatten)]
    pub(crate) branding: Branding,
    /// Delete the company
    #[arg(long, conflicts_with = "company")]
    pub(crate) no_company: bool,
    /// Delete the address for help
    #[arg(long, conflicts_with = "support_url")]
    pub(crate) no_support_url: bool,
    /// Delete the page to which partners go back
    #[arg(long, conflicts_with = "home_url")]
    pub(crate) no_home_url: bool,
    /// Delete the language
    #[arg(long, conflicts_with = "language")]
    pub(crate) no_language: bool,
    /// Delete the logo
    #[arg(long, conflicts_with = "logo")]
    pub(crate) no_logo: bool,
}
