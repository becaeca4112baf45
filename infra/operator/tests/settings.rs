//! The configuration file: what it decides, what outranks it, and what is wrong with one.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    local_stack::registered,
    support::{folder::Folder, functions::Functions, tool::Tool},
};

/// A folder with a configuration file of this tool and one of AWS, and `tool` with its variables alone.
fn configured(name: &str, config: &str, profiles: &str, tool: Tool) -> (Folder, Tool) {
    let folder = Folder::new(name);
    let home = folder.path("home");
    fs::create_dir_all(Path::new(&home).join(".config/spapi-auth")).unwrap();
    fs::write(Path::new(&home).join(".config/spapi-auth/config.toml"), config).unwrap();
    let aws = folder.file("aws", profiles);
    let tool =
        ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"].into_iter().fold(tool, Tool::without);
    let tool = tool
        .with("HOME", &home)
        .with("AWS_CONFIG_FILE", &aws)
        .with("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
    (folder, tool)
}

const KEYS: &str = "aws_access_key_id = PROFILEKEY\naws_secret_access_key = s\n";
const FILE: &str = "application = \"amzn1.sp.solution.file\"\nprefix = \"test-\"\nprofile = \"prod\"\nregion = \"eu-west-1\"\n";

async fn functions() -> Functions {
    Functions::answering(Ok(json!({"grants": []}))).await
}

/// The access key, the region, the function and the application of the last request.
fn asked(functions: &Functions) -> (String, String, String, Value) {
    let ((key, region), (function, request)) = (functions.last_signature(), functions.last_request());
    (key, region, function, request["applicationId"].clone())
}

#[tokio::test]
async fn the_file_decides_what_neither_an_option_nor_the_environment_says() {
    let functions = functions().await;
    let profiles = format!(
        "[profile prod]\nregion = us-west-1\n{KEYS}[profile other]\nregion = ap-south-1\nendpoint_url = {}\n{KEYS}",
        functions.url()
    );
    let (_folder, tool) = configured("settings", FILE, &profiles, functions.tool());

    tool.succeeds("list").await;
    let of_file = ("PROFILEKEY", "eu-west-1", "test-authorizations", json!("amzn1.sp.solution.file"));
    let (key, region, function, application) = asked(&functions);
    assert_eq!((key.as_str(), region.as_str(), function.as_str(), application), of_file);

    let tool = tool
        .with("SPAPI_AUTH_APPLICATION", "amzn1.sp.solution.variable")
        .with("SPAPI_AUTH_PREFIX", "spapi-auth-")
        .with("AWS_REGION", "us-east-2");
    tool.succeeds("list").await;
    let (key, region, function, application) = asked(&functions);
    assert_eq!(
        (key.as_str(), region.as_str(), function.as_str()),
        ("PROFILEKEY", "us-east-2", "authorizations")
    );
    assert_eq!(application, "amzn1.sp.solution.variable");

    let tool = tool.with("AWS_ACCESS_KEY_ID", "SHELLKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    tool.succeeds("--application amzn1.sp.solution.option --prefix test- --region us-west-2 list").await;
    let (key, region, function, application) = asked(&functions);
    assert_eq!(
        (key.as_str(), region.as_str(), function.as_str()),
        ("SHELLKEY", "us-west-2", "test-authorizations")
    );
    assert_eq!(application, "amzn1.sp.solution.option");

    tool.without("SPAPI_AUTH_PREFIX").succeeds("--profile other list").await;
    let (key, region, ..) = asked(&functions);
    assert_eq!(
        (key.as_str(), region.as_str()),
        ("PROFILEKEY", "ap-south-1"),
        "a profile brings its own region"
    );
}

#[tokio::test]
async fn a_file_with_a_fault_is_an_error_with_its_line_and_nothing_is_invoked() {
    let functions = functions().await;
    let (folder, tool) = configured("faults", "application = \"a\"\nregoin = \"x\"\n", "", functions.tool());
    let ran = tool.run("list").await;
    assert_eq!(ran.code, 2, "{ran:?}");
    for said in [
        "config.toml, line 2: unknown field `regoin`",
        "hint: its keys are application, prefix, profile and region",
    ] {
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
    let missing = tool.with("SPAPI_AUTH_CONFIG", &folder.path("missing.toml"));
    let ran = missing.run("list --json").await;
    assert_eq!((ran.code, ran.stderr.contains("missing.toml cannot be read")), (2, true), "{ran:?}");
    assert_eq!(missing.run("completions bash").await.code, 0, "what invokes nothing needs no file");
    assert!(functions.requests().is_empty());

    let nowhere =
        configured("nowhere", "profile = \"nope\"\n", &format!("[profile prod]\n{KEYS}"), functions.tool());
    let ran = nowhere.1.run("list").await;
    assert_eq!((ran.code, ran.stderr.contains("there is no AWS profile nope")), (2, true), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoami_says_what_decided_and_local_reads_no_file() {
    let (stack, tool) = registered().await;
    let folder = Folder::new("whoami");
    let file =
        folder.file("config.toml", "application = \"amzn1.sp.solution.file\"\nprefix = \"spapi-auth-\"\n");
    let tool = tool.with("SPAPI_AUTH_CONFIG", &file);

    let place = tool.succeeds("whoami --json --region us-east-1").await.document();
    assert_eq!(place["configFile"], json!(file));
    let expected = json!({"application": "environment", "prefix": "configFile", "profile": "environment", "region": "option"});
    assert_eq!(place["decidedBy"], expected);
    let tool = tool.without("SPAPI_AUTH_APPLICATION");
    tool.succeeds("whoami").await.says("amzn1.sp.solution.file (from the configuration file)").says(&file);

    let url =
        stack.tool().succeeds("whoami --json").await.document()["endpointUrl"].as_str().unwrap().to_owned();
    let place = tool.succeeds(&format!("whoami --json --local --endpoint-url {url}")).await.document();
    assert_eq!((&place["application"], &place["configFile"]), (&Value::Null, &Value::Null));
}
