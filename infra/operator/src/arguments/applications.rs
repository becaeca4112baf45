//! The options of `applications`.

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
}
