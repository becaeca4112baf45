//! What is granted is called: every action of the table against the code.

use super::granted;
use crate::template::deployment::root;

/// What Lambda does in a function's name without the function's asking.
const CALLED_BY_LAMBDA: &[&str] = &[
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

#[test]
fn every_granted_action_is_one_that_the_code_calls() {
    let code = code();
    for (function, action, _) in granted() {
        let (service, operation) = action.split_once(':').unwrap();
        if CALLED_BY_LAMBDA.contains(&action.as_str()) {
            continue;
        }
        let call = match (service, operation) {
            // Within a transaction, each write has its own action.
            ("dynamodb", "ConditionCheckItem") => "Write::check(".to_owned(),
            ("dynamodb", "DeleteItem") => "Write::delete(".to_owned(),
            ("dynamodb", "PutItem") => "Write::put(".to_owned(),
            (_, operation) => format!(".{}", snake_case(operation)),
        };
        assert!(code.contains(&call), "{function} may {action}, and nothing calls {call}");
    }
}

fn snake_case(operation: &str) -> String {
    let mut out = String::new();
    for letter in operation.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// All of our Rust code that is deployed.
fn code() -> String {
    let mut code = String::new();
    let mut places = vec![root().join("shared/src"), root().join("functions")];
    while let Some(place) = places.pop() {
        for entry in std::fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                places.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                code.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    code
}
