//! The layer with the agent, which functions of others name.

use serde_json::json;

use super::deployment::{Deployment, source};

#[test]
fn the_layer_of_the_agent_is_what_infra_package_packs_and_no_function_here_uses_it() {
    let deployment = Deployment::read();
    let layers = deployment.of_type("AWS::Serverless::LayerVersion");
    let [(id, layer)] = layers.as_slice() else { panic!("one layer: {layers:?}") };
    assert_eq!(layer["ContentUri"], "agent/");
    assert_eq!(deployment.resources()[id]["Metadata"], json!({"BuildMethod": "makefile"}));
    assert_eq!(layer["LayerName"], "spapi-auth-agent");
    // A function that was deployed with an older version would otherwise fail at its next deployment.
    assert_eq!(layer["RetentionPolicy"], "Retain");
    assert_eq!(
        layer["CompatibleArchitectures"],
        deployment.globals()["Architectures"],
        "the program is built for one processor"
    );
    for (function, properties) in deployment.functions() {
        assert!(properties.get("Layers").is_none(), "{function}");
    }
    assert_eq!(deployment.output(id), *id, "the newest version is an output");

    // Lambda starts a file of `extensions` under its own name, by which the agent has to register.
    let package = source("infra/package");
    assert!(package.contains("AGENT = \"spapi-auth-agent\"\n"));
    assert!(package.contains("f\"extensions/{AGENT}\" if name == AGENT"));
    assert!(source("infra/deploy").contains("put('spapi-auth-agent')"));
    let makefile = source("infra/agent/Makefile");
    assert!(makefile.contains(&format!("\nbuild-{id}:\n")));
    assert!(makefile.contains("\"$(ARTIFACTS_DIR)/extensions/spapi-auth-agent\"\n"));
    // A copy of the crate outside of the workspace cannot be built.
    assert!(source("samconfig.toml").contains("build_in_source = true\n"));
    assert!(
        source("infra/agent/src/lib.rs").contains("const EXTENSION: &str = \"spapi-auth-agent\";")
            && source("infra/agent/Cargo.toml").contains("name = \"spapi-auth-agent\"")
    );
}
