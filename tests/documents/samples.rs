//! The samples of JSON and YAML in documents are well-formed, and the functions accept those that are requests.

use serde_json::Value;

use super::markdown::{Block, Document};
use crate::support::world::World;

#[test]
fn every_sample_of_a_document_is_well_formed() {
    for document in Document::all() {
        for block in document.blocks() {
            let place = format!("{}:{}", document.path, block.line);
            match block.language.as_str() {
                "json" if block.mark.is_empty() => {
                    let parsed: Result<Value, _> = serde_json::from_str(&block.text);
                    parsed.unwrap_or_else(|error| panic!("{place}: {error}"));
                }
                "yaml" => {
                    let parsed: Result<yaml_serde::Value, _> = yaml_serde::from_str(&block.text);
                    parsed.unwrap_or_else(|error| panic!("{place}: {error}"));
                }
                _ => {}
            }
        }
    }
}

/// A block of JSON that is marked with a function's name has one request to that function in each line.
#[tokio::test]
async fn every_request_of_a_document_is_accepted() {
    let world = World::new().await;
    let mut functions = Vec::new();
    for document in Document::all() {
        let requests = document.blocks().into_iter().filter(|block| block.language == "json");
        for Block { line, mark, text, .. } in requests.filter(|block| !block.mark.is_empty()) {
            for (request, number) in text.lines().zip(line + 1..) {
                let place = format!("{}:{number}", document.path);
                let request: Value =
                    serde_json::from_str(request).unwrap_or_else(|error| panic!("{place}: {error}"));
                if let Err(failure) = world.caller().invoke(&mark, &request).await {
                    assert_ne!(failure.error_type, "InvalidRequest", "{place}: {}", failure.error_message);
                }
            }
            functions.push(mark);
        }
    }
    functions.sort();
    functions.dedup();
    assert_eq!(functions, ["administration", "authorizations", "get-access-token"]);
}
