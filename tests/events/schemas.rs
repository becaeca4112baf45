//! What is written about events in `infra/events`, held against the events themselves.

use std::{collections::BTreeMap, fs, path::Path};

use jsonschema::Validator;
use serde_json::Value;
use shared::history::Event;

use super::busy;
use crate::support::world::World;

/// Every schema by its event, strict about formats.
fn schemas() -> BTreeMap<String, Value> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/events");
    let files = fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    let named = |path: std::path::PathBuf| {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let event = file.strip_suffix(".schema.json").unwrap_or_else(|| panic!("{file} is no schema"));
        (event.to_owned(), serde_json::from_slice(&fs::read(&path).unwrap()).unwrap())
    };
    files.map(named).collect()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap()
}

/// What is wrong with an event.
fn faults(schema: &Value, event: &Value) -> Vec<String> {
    validator(schema).iter_errors(event).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The names of all events: the parser of them knows the list, and cannot forget one.
fn every_event() -> Vec<String> {
    let error = serde_json::from_value::<Event>("none".into()).unwrap_err().to_string();
    let (_, names) = error.split_once("expected one of").unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_event_that_comes_is_as_its_schema_says() {
    let world = World::new().await;
    busy(&world).await;
    let schemas = schemas();

    let told = world.stack.events().await;

    assert!(told.len() >= 10, "{} events", told.len());
    for told in &told {
        let schema = &schemas[told.event["detail-type"].as_str().unwrap()];
        assert!(faults(schema, &told.event).is_empty(), "{:?}: {}", faults(schema, &told.event), told.event);
    }
}

#[test]
fn every_event_that_there_is_has_a_schema_with_an_example() {
    let schemas = schemas();
    let mut events = every_event();
    events.sort();

    assert!(events.contains(&"AuthorizationGranted".to_owned()), "{events:?}");
    assert_eq!(schemas.keys().collect::<Vec<_>>(), events.iter().collect::<Vec<_>>());
    for (event, schema) in &schemas {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{event}");
        assert_eq!(schema["title"], event.as_str());
        assert!(schema["description"].as_str().is_some_and(|meaning| !meaning.is_empty()), "{event}");
        let example = &schema["examples"][0];
        assert!(example.is_object(), "{event} has no example");
        assert!(faults(schema, example).is_empty(), "{event}: {:?}", faults(schema, example));
        assert_eq!(example["detail-type"], event.as_str());
    }
}

#[test]
fn a_schema_takes_no_event_with_a_field_too_many_or_too_few_and_none_of_another_kind() {
    let schemas = schemas();
    for (event, schema) in &schemas {
        let example = &schema["examples"][0];
        let broken = |change: &dyn Fn(&mut Value)| {
            let mut broken = example.clone();
            change(&mut broken);
            !faults(schema, &broken).is_empty()
        };
        assert!(broken(&|example| example["detail"]["more"] = "x".into()), "{event}");
        assert!(broken(&|example| example["more"] = "x".into()), "{event}");
        let details = example["detail"].as_object().unwrap();
        assert_eq!(details.len(), 15, "{event}");
        for field in details.keys() {
            let missing =
                |example: &mut Value| drop(example["detail"].as_object_mut().unwrap().remove(field));
            assert!(broken(&missing), "{event} without {field}");
            assert!(
                broken(&|example| example["detail"][field] = 7.into()),
                "{event} with a number for {field}"
            );
        }
        let others = schemas.iter().filter(|(other, _)| *other != event);
        for (other, schema) in others {
            assert!(!faults(schema, example).is_empty(), "{event} passes for {other}");
        }
    }
}
