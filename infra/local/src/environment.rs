//! The variables of every function on this machine, in this process or as a real bootstrap.

use crate::{
    arn::{ACCOUNT, REGION},
    ports::Numbers,
};

/// The prefix of all names, the default of infra/template.yaml.
pub(crate) const PREFIX: &str = "spapi-auth-";

/// The name of the stack: the prefix without its hyphen.
pub(crate) const STACK: &str = "spapi-auth";

/// The alias of the KMS key that seals tokens.
pub(crate) const SEALING_KEY: &str = "alias/spapi-auth";

/// The queue for new client secrets from Amazon, as infra/template.yaml names it.
pub(crate) const CLIENT_SECRET_QUEUE: &str = "spapi-auth-client-secrets";

/// The queue of the refresher's shards, as infra/template.yaml names it.
pub(crate) const REFRESH_QUEUE: &str = "spapi-auth-refresh";

/// The dead-letter queue of [`REFRESH_QUEUE`].
const REFRESH_DEAD_LETTERS: &str = "spapi-auth-refresh-dead";

/// The event bus, as infra/template.yaml names it.
pub(crate) const EVENT_BUS: &str = "spapi-auth";

/// The table of the history, as infra/template.yaml names it.
pub(crate) const HISTORY_TABLE: &str = "spapi-auth-history";

/// The variables of every function, for a stack on these ports.
pub fn environment(ports: Numbers) -> Vec<(&'static str, String)> {
    let mut variables: Vec<(&str, String)> =
        TABLES.iter().map(|(name, table)| (*name, (*table).to_owned())).collect();
    let queue_url = |queue| format!("{}/{ACCOUNT}/{queue}", aws_endpoint(ports));
    variables.extend([
        ("REFRESH_DEAD_LETTERS_URL", queue_url(REFRESH_DEAD_LETTERS)),
        ("REFRESH_QUEUE_URL", queue_url(REFRESH_QUEUE)),
        // The alias of no key: Secrets Manager on this machine encrypts nothing, and enforces no policy.
        ("CLIENT_SECRET_KEY_ID", "alias/spapi-auth-client-secrets".to_owned()),
        ("CLIENT_SECRET_ROLES", format!("arn:aws:iam::{ACCOUNT}:role/local")),
        ("EVENT_BUS_NAME", EVENT_BUS.to_owned()),
        ("PREFIX", PREFIX.to_owned()),
        ("SEALING_KEY_ID", SEALING_KEY.to_owned()),
        ("SIMULATED_AMAZON_PORT", ports.amazon.to_string()),
        ("SITE_ORIGIN", site_origin(ports)),
        // Lambda itself sets these.
        ("AWS_ACCESS_KEY_ID", CREDENTIAL.to_owned()),
        ("AWS_ENDPOINT_URL", aws_endpoint(ports)),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", CREDENTIAL.to_owned()),
    ]);
    variables
}

/// The origin of the gateway. Its host is the host of the cookie, so it is always spelt the same way.
pub fn site_origin(ports: Numbers) -> String {
    format!("http://127.0.0.1:{}", ports.gateway)
}

/// The URL of the local AWS.
pub fn aws_endpoint(ports: Numbers) -> String {
    format!("http://127.0.0.1:{}", ports.aws)
}

/// The credentials of every client. Signatures are not checked, but the SDK needs credentials to make one.
pub(crate) const CREDENTIAL: &str = "local";

/// The tables as infra/template.yaml names them.
const TABLES: [(&str, &str); 6] = [
    ("ACCESS_TOKENS_TABLE", "spapi-auth-access-tokens"),
    ("APPLICATIONS_TABLE", "spapi-auth-applications"),
    ("AUTHORIZATION_LINKS_TABLE", "spapi-auth-authorization-links"),
    ("AUTHORIZATION_REQUESTS_TABLE", "spapi-auth-authorization-requests"),
    ("GRANTS_TABLE", "spapi-auth-grants"),
    ("HISTORY_TABLE", HISTORY_TABLE),
];
