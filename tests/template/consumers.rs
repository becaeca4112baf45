//! What the template says of consumers.

use std::collections::BTreeSet;

use serde_json::json;

use super::deployment::{Deployment, source};

#[test]
fn a_new_stack_requires_consumers_and_operators_have_an_alias_of_each_function_that_consumers_invoke() {
    let deployment = Deployment::read();
    assert_eq!(deployment.parameters()["Consumers"]["Default"], "required");
    let functions = deployment.functions();
    let by_consumers: BTreeSet<_> = functions
        .iter()
        .filter(|(_, function)| function["Environment"]["Variables"].get("CONSUMERS").is_some())
        .map(|(_, function)| deployment.bare(&function["FunctionName"]))
        .collect();
    assert_eq!(by_consumers, BTreeSet::from(["authorizations", "get-access-token"]));

    let aliases = deployment.of_type("AWS::Lambda::Alias");
    let of_functions: BTreeSet<_> =
        aliases.iter().map(|(_, alias)| deployment.bare(&alias["FunctionName"])).collect();

    assert_eq!(of_functions, by_consumers);
    for (id, alias) in &aliases {
        // No version is ever published, and spapi-auth knows the name.
        assert_eq!(
            (&alias["FunctionVersion"], &alias["Name"]),
            (&json!("$LATEST"), &json!("operators")),
            "{id}"
        );
    }
    for knows in ["infra/operator/src/functions.rs", "infra/local/src/aws.rs"] {
        assert!(source(knows).contains("const OPERATORS: &str = \"operators\";"), "{knows}");
    }
    assert!(source("infra/deploy").contains("OPERATORS = \"operators\"\n"));
}
