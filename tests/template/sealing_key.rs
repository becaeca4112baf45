//! The key that seals tokens: one that the stack makes, or one of the operator's own.

use serde_json::{Value, json};

use super::deployment::{Deployment, source};

const OWN: &str = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-4333-8444-555555555555";

/// Everything that is deployed with this key, as text.
fn deployed(with: &Deployment) -> String {
    let resources = with.resources().iter();
    // Without what its condition leaves out.
    let deployed = resources.filter(|(_, resource)| resource["Condition"] != "MakesSealingKey");
    deployed.map(|(id, _)| with.resource(id).to_string()).collect()
}

#[test]
fn a_key_of_the_operators_own_takes_the_place_of_the_stacks_in_every_role_and_variable() {
    let (made, own) = (Deployment::read(), Deployment::with("SealingKeyArn", OWN));
    let stacks = made.arn("SealingKey");
    let (with_made, with_own) = (deployed(&made), deployed(&own));

    assert_eq!(with_made.matches(&stacks).count(), 10, "six permissions and four variables");
    assert_eq!(with_own, with_made.replace(&stacks, OWN), "nothing else differs");
    assert!(!with_own.contains(&stacks));
    let of_condition =
        made.resources().iter().filter(|(_, resource)| resource["Condition"] == "MakesSealingKey");
    assert_eq!(
        of_condition.map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
        ["SealingKey", "SealingKeyAlias"]
    );
}

#[test]
fn the_policy_for_a_key_of_ones_own_is_that_of_the_stacks_key_with_patterns_for_the_roles_that_are_not_there_yet()
 {
    let policy: Value = serde_json::from_str(&source("infra/sealing-key-policy.json")).unwrap();

    let deployment = Deployment::read();
    let mut expected = deployment.properties("SealingKey")["KeyPolicy"].to_string();
    for role in ["Administration", "CodeExchange", "GetAccessToken", "TokenRefresher"] {
        let arn = deployment.arn(&format!("{role}Role"));
        let (account, name) = arn.split_once(":role/").unwrap();
        expected =
            expected.replace(&format!("\"{arn}\""), &format!("\"{account}:role/spapi-auth-{name}-*\""));
    }
    assert_eq!(json!(policy), serde_json::from_str::<Value>(&expected).unwrap());
}
