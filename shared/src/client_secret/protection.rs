//! How client secrets are protected in Secrets Manager: under a key of their own, and by a policy that denies them to
//! everybody but the functions' roles.

use serde_json::json;

use crate::env::{Env, Unset};

/// What the policy denies: reading and writing. The account may still change the policy, and describe, delete and
/// restore the secret.
const DENIED: [&str; 4] = [
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecret",
    "secretsmanager:UpdateSecretVersionStage",
];

/// The protection of every client secret.
#[derive(Clone, Debug)]
pub struct Protection {
    /// The KMS key, by its ARN or alias.
    pub key_id: String,
    /// The resource policy, as JSON.
    pub policy: String,
}

impl Protection {
    /// Reads `CLIENT_SECRET_KEY_ID` and `CLIENT_SECRET_ROLES`: the ARNs of the roles that may read or write client secrets,
    /// with blanks between them.
    pub fn from_env(env: &Env) -> Result<Self, Unset> {
        let key_id = env.required("CLIENT_SECRET_KEY_ID")?.to_owned();
        let roles: Vec<_> = env.required("CLIENT_SECRET_ROLES")?.split_whitespace().collect();
        Ok(Self { key_id, policy: only_for(&roles) })
    }
}

fn only_for(roles: &[&str]) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "OnlyTheseRoles",
            "Effect": "Deny",
            "Principal": "*",
            "Action": DENIED,
            "Resource": "*",
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": roles}},
        }],
    })
    .to_string()
}
