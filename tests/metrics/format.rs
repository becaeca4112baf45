//! Each line, against the specification of CloudWatch's embedded metric format; and what may not be in it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::DAY;
use crate::support::world::World;

/// The root and its `_aws`, after the JSON Schema of the specification. Everything that it leaves optional and we write is
/// required here.
fn schema() -> Value {
    let name = json!({"type": "string", "minLength": 1, "maxLength": 1024});
    json!({
        "type": "object",
        "required": ["_aws"],
        "properties": {"_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "additionalProperties": false,
            "properties": {
                // In milliseconds: a time in seconds would be in 1970.
                "Timestamp": {"type": "integer", "minimum": 1_600_000_000_000_i64},
                "CloudWatchMetrics": {"type": "array", "minItems": 1, "items": {
                    "type": "object",
                    "required": ["Namespace", "Dimensions", "Metrics"],
                    "additionalProperties": false,
                    "properties": {
                        "Namespace": {"const": "spapi-auth"},
                        "Dimensions": {"type": "array", "minItems": 1, "maxItems": 30, "items": {
                            "type": "array", "minItems": 1, "maxItems": 30, "items": {
                                "type": "string", "minLength": 1, "maxLength": 250}}},
                        "Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": {
                            "type": "object",
                            "required": ["Name", "Unit"],
                            "additionalProperties": false,
                            "properties": {
                                "Name": name,
                                "Unit": {"enum": ["Seconds", "Milliseconds", "Count", "None"]}}}}}}}}}},
        // Every other member is a dimension's value or a metric's, which may be up to 100 at once.
        "additionalProperties": {"oneOf": [
            name, {"type": "number"},
            {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "number"}}]},
    })
}

/// What a schema cannot say: each name that is spoken of is a member of the root, and each member is spoken of.
fn assert_members_are_spoken_of(line: &Value) {
    let (mut dimensions, mut metrics) = (BTreeSet::new(), BTreeSet::new());
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
        for name in directive["Dimensions"].as_array().unwrap().iter().flat_map(|set| set.as_array().unwrap())
        {
            assert!(line[name.as_str().unwrap()].is_string(), "{line}");
            dimensions.insert(name.as_str().unwrap());
        }
        for name in directive["Metrics"].as_array().unwrap().iter().map(|metric| &metric["Name"]) {
            let value = &line[name.as_str().unwrap()];
            assert!(value.is_number() || value.is_array(), "{line}");
            assert!(metrics.insert(name.as_str().unwrap()), "{line}");
        }
    }
    let members: BTreeSet<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    let spoken_of: BTreeSet<_> = dimensions.union(&metrics).copied().chain(["_aws"]).collect();
    assert_eq!(members, spoken_of);
    assert!(line.to_string().len() < 256 * 1024);
}

#[tokio::test]
async fn every_line_follows_the_format_and_names_no_partner_or_secret() {
    let world = World::attended().await;
    for partner in ["A1US", "A2US", "A3US"] {
        world.connect(partner).await;
    }
    world.advance(3600).await;
    let token = world.caller().token_of("A1US", "na").await.unwrap()["accessToken"].clone();
    world.control("partner/A2US/revoke", json!({})).await;
    let disable = json!({"operation": "disableGrant", "applicationId": world.application(),
        "sellingPartnerId": "A3US", "region": "na"});
    world.caller().invoke("administration", &disable).await.unwrap();
    let new_secret = world.press_rotate().await;
    for _ in 0..4 {
        world.advance(DAY / 2).await;
    }
    world.fault("token", "invalid_client", json!({"times": 5})).await;
    for _ in 0..3 {
        world.advance(DAY).await;
    }
    world.advance(350 * DAY).await;
    // Hits that wait are written too.
    assert!(!world.stack.metrics().is_empty());

    let lines = world.stack.metric_lines();

    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let (mut measured, mut several_values) = (BTreeSet::new(), false);
    for text in &lines {
        let line: Value = serde_json::from_str(text).unwrap();
        let faults: Vec<_> = validator.iter_errors(&line).map(|error| error.to_string()).collect();
        assert!(faults.is_empty() && !text.contains('\n'), "{faults:?}: {text}");
        assert_members_are_spoken_of(&line);
        let members = line.as_object().unwrap();
        several_values |= members.values().any(Value::is_array);
        measured.extend(members.keys().cloned());
        for secret in
            ["A1US", "A2US", "A3US", token.as_str().unwrap(), &new_secret, "Atza|", "Atzr|", "oa2-cs"]
        {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
    assert!(several_values && measured.len() >= 14, "{measured:?}");
    for metric in world.stack.metrics() {
        assert_eq!(metric.dimensions.len(), 1, "{metric:?}");
    }
}
