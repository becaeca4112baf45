//! `infra/events/schema.json`, compared with the events themselves.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Value, json};
use shared::history::Event;

use super::busy;
use crate::support::world::World;

/// Returns the schema of all events.
fn schema() -> Value {
    serde_json::from_str(include_str!("../../infra/events/schema.json")).unwrap()
}

/// Returns a validator that checks formats too.
fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap()
}

/// Returns for each event the schema with its branch alone, which reports faults more exactly than `oneOf`.
fn branches() -> BTreeMap<String, Value> {
    let schema = schema();
    let alone = |branch: &Value| {
        let mut alone = schema.clone();
        alone["oneOf"] = json!([branch]);
        (branch["title"].as_str().unwrap().to_owned(), alone)
    };
    schema["oneOf"].as_array().unwrap().iter().map(alone).collect()
}

/// Returns the example of a branch: its detail, in the envelope of the schema's example.
fn example(branch: &Value) -> Value {
    let mut example = branch["examples"][0].clone();
    let properties = &branch["oneOf"][0]["properties"];
    example["detail-type"] = properties["detail-type"]["const"].clone();
    example["detail"] = properties["detail"]["examples"][0].clone();
    example
}

/// Returns what the schema finds wrong with an event.
fn faults(schema: &Value, event: &Value) -> Vec<String> {
    validator(schema).iter_errors(event).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Returns the names of all events, from the error of their own parser, which cannot omit one.
fn every_event() -> BTreeSet<String> {
    let error = serde_json::from_value::<Event>("none".into()).unwrap_err().to_string();
    let (_, names) = error.split_once("expected one of").unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_event_on_the_bus_is_valid_by_its_branch_of_the_schema() {
    let world = World::new().await;
    busy(&world).await;
    let (whole, branches) = (validator(&schema()), branches());

    let events = world.stack.events().await;

    assert!(events.len() >= 10, "{} events", events.len());
    for event in events.iter().map(|delivered| &delivered.event) {
        let faults = faults(&branches[event["detail-type"].as_str().unwrap()], event);
        assert!(faults.is_empty(), "{faults:?}: {event}");
        assert!(whole.is_valid(event), "{event}");
    }
}

#[test]
fn every_event_of_the_code_has_a_branch_with_an_example_and_every_branch_an_event() {
    let (schema, branches) = (schema(), branches());
    let events = every_event();

    assert!(events.contains("AuthorizationGranted"), "{events:?}");
    for event in &events {
        assert!(branches.contains_key(event), "infra/events/schema.json has no branch for the event {event}");
    }
    for event in branches.keys() {
        assert!(
            events.contains(event),
            "infra/events/schema.json has a branch for {event}, which is no event"
        );
    }
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let whole = validator(&schema);
    assert!(whole.is_valid(&schema["examples"][0]));
    for (event, branch) in &branches {
        let meaning = &branch["oneOf"][0]["description"];
        assert!(meaning.as_str().is_some_and(|meaning| !meaning.is_empty()), "{event}");
        let example = example(branch);
        assert_eq!(example["detail-type"], event.as_str());
        assert!(example["detail"].is_object(), "{event} has no example");
        assert!(faults(branch, &example).is_empty(), "{event}: {:?}", faults(branch, &example));
        assert!(whole.is_valid(&example), "{event} fits two branches");
    }
}

#[test]
fn the_schema_refuses_a_missing_an_additional_and_a_wrong_field_and_an_unknown_event() {
    let whole = validator(&schema());
    let branches = branches();
    for (event, branch) in &branches {
        let example = example(branch);
        let refused = |change: &dyn Fn(&mut Value)| {
            let mut changed = example.clone();
            change(&mut changed);
            !whole.is_valid(&changed)
        };
        assert!(refused(&|example| example["detail"]["more"] = "x".into()), "{event}");
        assert!(refused(&|example| example["more"] = "x".into()), "{event}");
        let details = example["detail"].as_object().unwrap();
        assert_eq!(details.len(), 19, "{event}");
        for field in details.keys() {
            let missing =
                |example: &mut Value| drop(example["detail"].as_object_mut().unwrap().remove(field));
            assert!(refused(&missing), "{event} without {field}");
            assert!(
                refused(&|example| example["detail"][field] = 7.into()),
                "{event} with a number for {field}"
            );
        }
        for field in ["id", "at", "subject", "revision", "applicationId", "region", "actor", "fingerprint"] {
            assert!(refused(&|example| example["detail"][field] = "no, wrong".into()), "{event}: {field}");
        }
        for other in branches.keys().map(String::as_str).filter(|other| other != event).chain(["Unknown"]) {
            assert!(refused(&|example| example["detail-type"] = other.into()), "{event} as {other}");
        }
        assert!(
            refused(&|example| {
                example["detail-type"] = "Unknown".into();
                example["detail"]["event"] = "Unknown".into();
            }),
            "{event} under an unknown name"
        );
    }
}
