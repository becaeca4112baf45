//! Which account, region and address a command uses: an option of the command line outranks every variable.

use std::{fs, path::PathBuf, process};

use serde_json::json;

use crate::support::{functions::Functions, tool::Tool};

/// Configuration files of AWS in a directory that is deleted with this.
struct Profiles(PathBuf);

impl Profiles {
    /// The files of one test. `config` has the form of `~/.aws/config`.
    fn of(test: &str, config: &str) -> Self {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", process::id()));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("config"), config).unwrap();
        Self(directory)
    }

    /// `tool` with these files.
    fn given_to(&self, tool: Tool) -> Tool {
        tool.with("AWS_CONFIG_FILE", self.0.join("config").to_str().unwrap())
            .with("AWS_SHARED_CREDENTIALS_FILE", self.0.join("credentials").to_str().unwrap())
    }
}

impl Drop for Profiles {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn functions() -> Functions {
    Functions::answering(Ok(json!({"grants": []}))).await
}

const KEYS: &str = "aws_access_key_id = PROFILEKEY\naws_secret_access_key = s\n";

#[tokio::test]
async fn a_profile_outranks_the_credentials_region_and_address_of_the_environment() {
    let (meant, other) = (functions().await, functions().await);
    let config = format!("[profile prod]\nregion = eu-west-1\nendpoint_url = {}\n{KEYS}", meant.url());
    let profiles = Profiles::of("outranks", &config);
    let tool = profiles
        .given_to(other.tool())
        .with("AWS_ENDPOINT_URL_LAMBDA", other.url())
        .with("AWS_PROFILE", "nope");

    let ran = tool.run("--profile prod list --json").await;

    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert_eq!(meant.last_signature(), ("PROFILEKEY".to_owned(), "eu-west-1".to_owned()));
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn a_profile_without_an_address_goes_to_aws_and_not_to_the_address_of_the_environment() {
    let other = functions().await;
    let profiles = Profiles::of("address", &format!("[profile prod]\nregion = xx-test-1\n{KEYS}"));
    let tool = profiles.given_to(other.tool()).with("AWS_ENDPOINT_URL_LAMBDA", other.url());

    let ran = tool.run("--profile prod list").await;

    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.contains("AWS in xx-test-1"), "{ran:?}");
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn the_options_for_region_and_address_outrank_the_profile() {
    let (meant, other) = (functions().await, functions().await);
    let config = format!("[profile prod]\nregion = eu-west-1\nendpoint_url = {}\n{KEYS}", other.url());
    let profiles = Profiles::of("options", &config);

    let words = format!("--profile prod --region us-west-2 --endpoint-url {} list", meant.url());
    let ran = profiles.given_to(other.tool()).run(&words).await;

    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(meant.last_signature(), ("PROFILEKEY".to_owned(), "us-west-2".to_owned()));
}

#[tokio::test]
async fn an_unknown_profile_is_an_error_that_names_the_known_ones() {
    let functions = functions().await;
    let profiles = Profiles::of("unknown", &format!("[profile b]\n{KEYS}[profile a]\n{KEYS}"));

    let ran = profiles.given_to(functions.tool()).run("--profile nope remove A1EXAMPLE --in na --yes").await;

    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("there is no AWS profile nope"), "{ran:?}");
    assert!(ran.stderr.contains("hint: the profiles are: a, b"), "{ran:?}");
    assert!(functions.requests().is_empty());
}

#[tokio::test]
async fn a_profile_without_credentials_does_not_use_those_of_the_environment() {
    let functions = functions().await;
    let config = format!("[profile bare]\nregion = eu-west-1\nendpoint_url = {}\n", functions.url());
    let profiles = Profiles::of("bare", &config);

    let ran = profiles.given_to(functions.tool()).run("--profile bare list").await;

    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.contains("no AWS credentials were found"), "{ran:?}");
    assert!(functions.requests().is_empty());
}

#[tokio::test]
async fn a_profile_without_a_region_does_not_use_that_of_the_environment() {
    let functions = functions().await;
    let profiles = Profiles::of("nowhere", &format!("[profile nowhere]\n{KEYS}"));

    let ran = profiles.given_to(functions.tool()).run("--profile nowhere list").await;

    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.contains("the AWS profile nowhere has no region"), "{ran:?}");
    assert!(functions.requests().is_empty());
}

#[tokio::test]
async fn local_needs_no_variable_and_takes_no_credentials_of_the_operator() {
    let functions = functions().await;
    let tool = functions.tool().with("AWS_ACCESS_KEY_ID", "MINE").with("AWS_REGION", "eu-west-1");

    let ran = tool.run(&format!("--local --endpoint-url {} list", functions.url())).await;

    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(functions.last_signature(), ("local".to_owned(), "us-east-1".to_owned()));
    let both = tool.run("--local --profile prod list").await;
    assert_eq!(both.code, 2, "{both:?}");
}
