//! A role of the template, evaluated as IAM does.

use iam_rs::{
    Arn, Context, ContextValue, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId,
};
use serde_json::Value;

use super::deployment::{Deployment, REGION, texts};

/// A role, with all that is attached to it.
pub(super) struct Role {
    policies: PolicyEvaluator,
    principal: String,
}

impl Role {
    /// The role of a function.
    pub(super) fn of(deployment: &Deployment, function: &str) -> Self {
        let role = format!("{function}Role");
        let attached = deployment.of_type("AWS::IAM::Policy").into_iter();
        let policies = attached
            .filter(|(_, policy)| texts(&policy["Roles"]).contains(&role))
            .map(|(_, policy)| policy["PolicyDocument"].clone());
        let properties = deployment.properties(&role);
        for other_way in ["Policies", "ManagedPolicyArns"] {
            assert!(properties.get(other_way).is_none(), "{role}: policies are resources here");
        }
        Self::under(policies, deployment.arn(&role))
    }

    /// A principal with these policies.
    pub(super) fn under(policies: impl IntoIterator<Item = Value>, principal: String) -> Self {
        let policies = policies.into_iter().map(|policy| {
            let text = policy.to_string();
            serde_json::from_value::<IAMPolicy>(policy).unwrap_or_else(|error| panic!("{text}: {error}"))
        });
        Self { policies: PolicyEvaluator::with_policies(policies.collect()), principal }
    }

    /// Whether it may do `action` on `resource`.
    pub(super) fn may(&self, action: &str, resource: &str, context: &[(String, ContextValue)]) -> bool {
        let principal = Principal::Aws(PrincipalId::String(self.principal.clone()));
        let context = context.iter().fold(Context::new(), |mut all, (name, value)| {
            all.insert(name.clone(), value.clone());
            all
        });
        let request = IAMRequest::new_with_context(principal, action, Arn::parse(resource).unwrap(), context);
        self.policies.evaluate(&request).unwrap().decision == Decision::Allow
    }
}

/// The encryption context of what is sealed for a purpose.
pub(super) fn purpose(purpose: &str) -> Vec<(String, ContextValue)> {
    encryption_context(&[("purpose", purpose)])
}

/// The condition keys that KMS derives from an encryption context.
pub(super) fn encryption_context(context: &[(&str, &str)]) -> Vec<(String, ContextValue)> {
    let values = context.iter().map(|(name, value)| {
        (format!("kms:EncryptionContext:{name}"), ContextValue::String((*value).to_owned()))
    });
    let names = context.iter().map(|(name, _)| (*name).to_owned()).collect();
    values.chain([("kms:EncryptionContextKeys".to_owned(), ContextValue::StringList(names))]).collect()
}

/// The condition key of who calls.
pub(super) fn by(arn: &str) -> Vec<(String, ContextValue)> {
    vec![("aws:PrincipalArn".to_owned(), ContextValue::String(arn.to_owned()))]
}

/// The condition key of the service that calls KMS for somebody.
pub(super) fn via(service: &str) -> Vec<(String, ContextValue)> {
    let host = format!("{service}.{REGION}.amazonaws.com");
    vec![("kms:ViaService".to_owned(), ContextValue::String(host))]
}
