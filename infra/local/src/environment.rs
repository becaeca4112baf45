//! The variables with which every function runs on this machine, in this process or as a real bootstrap.

use crate::{aws::REGION, ports::Numbers};

/// The alias of the KMS key that seals tokens.
pub(crate) const SEALING_KEY: &str = "alias/spapi-auth";

/// The queue into which Amazon sends new client secrets, as infra/template.yaml names it.
pub(crate) const CLIENT_SECRET_QUEUE: &str = "spapi-auth-client-secrets";

/// The variables of every function, for a stack on these ports.
#[must_use]
pub fn environment(ports: Numbers) -> Vec<(&'static str, String)> {
    let mut variables: Vec<(&str, String)> =
        TABLES.iter().map(|(name, table)| (*name, (*table).to_owned())).collect();
    variables.extend([
        ("SEALING_KEY_ID", SEALING_KEY.to_owned()),
        ("SIMULATED_AMAZON_PORT", ports.amazon.to_string()),
        ("SITE_ORIGIN", site_origin(ports)),
        // What Lambda itself would set.
        ("AWS_ACCESS_KEY_ID", CREDENTIAL.to_owned()),
        ("AWS_ENDPOINT_URL", aws_endpoint(ports)),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", CREDENTIAL.to_owned()),
    ]);
    variables
}

/// Where the gateway is; the host of the cookie, so always spelt the same.
#[must_use]
pub fn site_origin(ports: Numbers) -> String {
    format!("http://127.0.0.1:{}", ports.gateway)
}

/// Where AWS is.
#[must_use]
pub fn aws_endpoint(ports: Numbers) -> String {
    format!("http://127.0.0.1:{}", ports.aws)
}

/// Signatures are not checked, but the SDK insists on making one.
pub(crate) const CREDENTIAL: &str = "local";

/// The tables as infra/template.yaml names them.
const TABLES: [(&str, &str); 6] = [
    ("ACCESS_TOKENS_TABLE", "spapi-auth-access-tokens"),
    ("APPLICATIONS_TABLE", "spapi-auth-applications"),
    ("AUTHORIZATION_LINKS_TABLE", "spapi-auth-authorization-links"),
    ("AUTHORIZATION_REQUESTS_TABLE", "spapi-auth-authorization-requests"),
    ("GRANTS_TABLE", "spapi-auth-grants"),
    ("HISTORY_TABLE", "spapi-auth-history"),
];
