//! Every variable that a function reads is set, and the reverse; the table of `functions/README.md` says the same.

use std::collections::{BTreeMap, BTreeSet};

use administration::Administration;
use authorizations::Authorizations;
use code_exchange::CodeExchange;
use event_publisher::EventPublisher;
use get_access_token::GetAccessToken;
use local::stack::{Options, Stack};
use login_uri::LoginUri;
use secret_rotation::SecretRotation;
use serde_json::Value;
use shared::{
    aws::Aws,
    env::{Env, Unset},
};
use token_refresher::TokenRefresher;

use super::deployment::{Deployment, source};

/// What every function's start reads.
const READ_AT_THE_START: [&str; 2] = ["LOG_LEVEL", "PREFIX"];

type Names = BTreeSet<String>;

#[tokio::test]
async fn every_variable_that_a_function_reads_is_set_and_every_one_that_is_set_is_read() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let aws = Aws::new(stack.sdk_config());
    for (function, set) in variables(&Deployment::read()) {
        let env = Env::from_pairs(set.clone());

        let started = start(&function, &env, &aws);

        started.unwrap_or_else(|unset| panic!("{function} would not start: {unset}"));
        let mut read = env.asked();
        read.extend(READ_AT_THE_START.map(str::to_owned));
        assert_eq!(read, set.into_keys().collect(), "{function}: left is read, right is set");
    }
}

#[test]
fn the_readme_describes_every_variable_and_names_its_readers() {
    let set = variables(&Deployment::read());
    let mut readers: BTreeMap<String, Names> = BTreeMap::new();
    for (function, variables) in &set {
        for name in variables.keys() {
            readers.entry(name.clone()).or_default().insert(function.clone());
        }
    }
    let functions: Names = set.into_keys().collect();

    assert_eq!(documented(&functions), readers, "left is the README, right the template");
}

#[test]
fn every_parameter_is_used_and_described() {
    let template = source("infra/template.yaml");
    for (name, parameter) in Deployment::read().parameters() {
        assert!(parameter["Description"].as_str().is_some_and(|text| text.len() > 20), "{name}");
        let used = template.contains(&format!("!Ref {name}")) || template.contains(&format!("${{{name}}}"));
        assert!(used, "{name} is not used");
        let restricted = ["AllowedValues", "AllowedPattern", "MinValue"].iter();
        assert!(restricted.copied().any(|rule| parameter.get(rule).is_some()), "{name} takes anything");
    }
}

fn start(function: &str, env: &Env, aws: &Aws) -> Result<(), Unset> {
    match function {
        "administration" => Administration::from_env(env, aws).map(drop),
        "authorizations" => Authorizations::from_env(env, aws).map(drop),
        "code-exchange" => CodeExchange::from_env(env, aws).map(drop),
        "event-publisher" => EventPublisher::from_env(env, aws).map(drop),
        "get-access-token" => GetAccessToken::from_env(env, aws).map(drop),
        "login-uri" => LoginUri::from_env(env, aws).map(drop),
        "secret-rotation" => SecretRotation::from_env(env, aws).map(drop),
        "token-refresher" => TokenRefresher::from_env(env, aws).map(drop),
        other => panic!("{other} is not one of our functions"),
    }
}

/// The variables of each function, as the template sets them.
fn variables(deployment: &Deployment) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let variables = |properties: &Value| {
        let variables = properties["Environment"]["Variables"].as_object().unwrap().iter();
        variables.map(|(name, value)| (name.clone(), text(value))).collect()
    };
    let functions = deployment.functions().into_iter();
    functions
        .map(|(_, properties)| {
            (deployment.bare(&properties["FunctionName"]).to_owned(), variables(&properties))
        })
        .collect()
}

/// The table of `functions/README.md`: for each variable, the functions that read it.
fn documented(functions: &Names) -> BTreeMap<String, Names> {
    let readme = source("functions/README.md");
    let (_, chapter) = readme.split_once("\n## Variables\n").expect("a chapter on variables");
    let rows =
        chapter.split("\n## ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| `"));
    let who = |text: &str| -> Names {
        let named = |list: &str| list.split(", ").map(ToOwned::to_owned).collect::<Names>();
        match text.strip_prefix("all") {
            Some("") => functions.clone(),
            Some(but) => functions - &named(but.strip_prefix(" but ").expect("all but ...")),
            None => named(text),
        }
    };
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`').to_owned(), who(cells[2]))
    })
    .collect()
}
