//! The recipes for reminders: off by default, and each for the same events.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::deployment::{Deployment, source, texts};

#[test]
fn every_recipe_is_off_by_default_and_its_parameter_alone_switches_it_on() {
    let deployment = Deployment::read();
    for (parameter, condition, resources) in [
        (
            "ReminderEmail",
            "HasReminderEmail",
            &["EmailReminders", "ReminderTopic", "ReminderTopicPolicy"][..],
        ),
        ("ReminderQueueArn", "HasReminderQueue", &["QueueReminders"]),
        (
            "ReminderWebhook",
            "HasReminderWebhook",
            &["ReminderConnection", "ReminderDestination", "ReminderDestinationRole", "WebhookReminders"],
        ),
    ] {
        assert_eq!(deployment.parameters()[parameter]["Default"], "");
        let of_condition = deployment.resources().iter().filter(|(_, made)| made["Condition"] == condition);
        let of_condition: BTreeSet<_> = of_condition.map(|(id, _)| id.as_str()).collect();
        assert_eq!(of_condition, resources.iter().copied().collect(), "{condition}");
        let written = source("infra/template.yaml");
        assert!(written.contains(&format!("{condition}: !Not [!Equals [!Ref {parameter}, \"\"]]\n")));
    }
    assert_eq!(deployment.parameters()["ReminderWebhookKey"]["NoEcho"], true);
}

#[test]
fn every_recipe_takes_the_same_events_from_the_bus_and_each_of_them_exists() {
    let deployment = Deployment::read();
    let mut rules = deployment.of_type("AWS::Events::Rule");
    rules.retain(|(id, _)| *id != "ReplayedRecords");
    assert_eq!(rules.len(), 3);
    let bus = deployment.properties("EventBus")["Name"].clone();
    for (id, rule) in &rules {
        assert_eq!(rule["EventBusName"], bus, "{id}");
        assert_eq!(rule["EventPattern"], rules[0].1["EventPattern"], "{id}");
    }
    let pattern = &rules[0].1["EventPattern"];
    assert_eq!(pattern["source"], json!(["spapi-auth"]));
    let schema: Value = serde_json::from_str(&source("infra/events/schema.json")).unwrap();
    let text = schema.to_string();
    for event in texts(&pattern["detail-type"]) {
        assert!(text.contains(&format!("\"{event}\"")), "{event} is no event");
    }
}

#[test]
fn only_its_rule_publishes_to_the_topic_and_its_role_invokes_nothing_but_the_webhook() {
    let deployment = Deployment::read();
    let statement = &deployment.properties("ReminderTopicPolicy")["PolicyDocument"]["Statement"];
    assert_eq!(statement.as_array().unwrap().len(), 1);
    let source_arn = &statement[0]["Condition"]["ArnEquals"]["aws:SourceArn"];
    assert_eq!(*source_arn, deployment.arn("EmailReminders").as_str());
    let rights =
        &deployment.properties("ReminderDestinationRole")["Policies"][0]["PolicyDocument"]["Statement"];
    let only = json!([{
        "Effect": "Allow", "Action": "events:InvokeApiDestination", "Resource": deployment.arn("ReminderDestination"),
    }]);
    assert_eq!(*rights, only);
}
