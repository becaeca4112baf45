//! The options of `applications`.

use clap::{Args, Subcommand};

use crate::arguments::Region;

/// What to do with applications.
#[derive(Subcommand)]
pub(crate) enum Applications {
    /// List what is registered
    List,
    /// Register an application of Amazon's developer console
    Register(Register),
    /// Change what is registered; what is left out stays as it is
    Update(Update),
}

/// An application to register.
#[derive(Args)]
pub(crate) struct Register {
    /// Its application id: amzn1.sp.solution... or amzn1.sellerapps.app...
    #[arg(value_name = "APPLICATION")]
    pub(crate) id: String,
    /// Its client id: amzn1.application-oa2-client...
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: String,
    /// The name that partners know it by
    #[arg(long)]
    pub(crate) name: String,
    /// It is not published yet
    #[arg(long)]
    pub(crate) draft: bool,
    /// Vendor Central shows the draft only with version=beta
    #[arg(long)]
    pub(crate) vendors_need_beta: bool,
    /// The region of a grant that nothing else tells
    #[arg(long, value_enum, value_name = "REGION")]
    pub(crate) default_region: Region,
    /// A scope that may be handed out without a partner; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Where partners sign in at your site when they come from the Appstore
    #[arg(long, value_name = "URL")]
    pub(crate) sign_in_url: Option<String>,
    /// Where a browser may be sent after an authorization; may be repeated
    #[arg(long = "return-url", value_name = "URL")]
    pub(crate) return_urls: Vec<String>,
}

/// What to change of an application.
#[derive(Args)]
pub(crate) struct Update {
    /// Its application id
    #[arg(value_name = "APPLICATION")]
    pub(crate) id: String,
    /// The name that partners know it by
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Whether it is not published yet
    #[arg(long, value_name = "true|false")]
    pub(crate) draft: Option<bool>,
    /// Whether Vendor Central shows the draft only with version=beta
    #[arg(long, value_name = "true|false")]
    pub(crate) vendors_need_beta: Option<bool>,
    /// The region of a grant that nothing else tells
    #[arg(long, value_enum, value_name = "REGION")]
    pub(crate) default_region: Option<Region>,
    /// The scopes that may be handed out, in place of those before; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Hand out no scope
    #[arg(long, conflicts_with = "scopes")]
    pub(crate) no_scopes: bool,
    /// Where partners sign in at your site when they come from the Appstore
    #[arg(long, value_name = "URL")]
    pub(crate) sign_in_url: Option<String>,
    /// Partners do not sign in
    #[arg(long, conflicts_with = "sign_in_url")]
    pub(crate) no_sign_in_url: bool,
    /// The return URLs, in place of those before; may be repeated
    #[arg(long = "return-url", value_name = "URL")]
    pub(crate) return_urls: Vec<String>,
    /// Return nowhere
    #[arg(long, conflicts_with = "return_urls")]
    pub(crate) no_return_urls: bool,
}
