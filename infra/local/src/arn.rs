//! The region and the account of the local AWS, and the ARNs made from them.

/// The region in the local services' ARNs.
pub(crate) const REGION: &str = "us-east-1";

/// The account in the local services' ARNs.
pub(crate) const ACCOUNT: &str = winterbaume_core::DEFAULT_ACCOUNT_ID;

/// Returns the ARN of the queue `name`.
pub(crate) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

/// Returns the ARN of the function `name` of an account, with its qualifier if it has one.
pub(crate) fn function_arn(account: &str, name: &str, qualifier: Option<&str>) -> String {
    let qualifier = qualifier.map(|qualifier| format!(":{qualifier}")).unwrap_or_default();
    format!("arn:aws:lambda:{REGION}:{account}:function:{name}{qualifier}")
}
