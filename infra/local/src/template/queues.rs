//! Reads the queues of the template, each with the attributes that the engine supports.

use std::collections::HashMap;

use serde_json::json;
use thiserror::Error;
use yaml_serde::Value;

use crate::{
    arn::queue_arn,
    template::{TEMPLATE, resources},
};

/// A queue of the template.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Queue {
    pub(crate) name: String,
    /// The attributes as the API takes them.
    pub(crate) attributes: HashMap<String, String>,
}

/// Why the template's queues could not be created.
#[derive(Debug, Error)]
pub enum QueueError {
    /// The template could not be read.
    #[error("could not read the queues of infra/template.yaml: {0}")]
    Template(String),
    /// The engine refused the queue.
    #[error("the SQS engine refused queue {queue}: {reason}")]
    Refused {
        /// The queue's name.
        queue: String,
        /// The engine's reason.
        reason: String,
    },
}

/// The template's queues.
pub(crate) fn queues() -> Result<Vec<Queue>, QueueError> {
    read(TEMPLATE)
}

fn read(template: &str) -> Result<Vec<Queue>, QueueError> {
    let queues = resources(template, "AWS::SQS::Queue").map_err(QueueError::Template)?;
    let names: HashMap<&str, &str> = queues
        .iter()
        .filter_map(|(id, queue)| Some((id.as_str(), queue.get("QueueName")?.as_str()?)))
        .collect();
    let read = |(id, properties): &(String, Value)| {
        let name = names.get(id.as_str()).ok_or_else(|| malformed(id, "QueueName"))?;
        let mut attributes = HashMap::new();
        for attribute in ["MessageRetentionPeriod", "VisibilityTimeout"] {
            if let Some(value) = properties.get(attribute) {
                let value = value.as_u64().ok_or_else(|| malformed(id, attribute))?;
                attributes.insert(attribute.to_owned(), value.to_string());
            }
        }
        if let Some(policy) = properties.get("RedrivePolicy") {
            let policy = redrive(policy, &names).ok_or_else(|| malformed(id, "RedrivePolicy"))?;
            attributes.insert("RedrivePolicy".to_owned(), policy);
        }
        Ok(Queue { name: (*name).to_owned(), attributes })
    };
    queues.iter().map(read).collect()
}

/// Returns a redrive policy whose target is `!GetAtt <queue>.Arn` as the API takes it.
fn redrive(policy: &Value, names: &HashMap<&str, &str>) -> Option<String> {
    let Value::Tagged(target) = policy.get("deadLetterTargetArn")? else { return None };
    let target = (target.tag == "GetAtt").then_some(&target.value)?.as_str()?.strip_suffix(".Arn")?;
    let most = policy.get("maxReceiveCount")?.as_u64()?;
    let arn = queue_arn(names.get(target)?);
    Some(json!({"deadLetterTargetArn": arn, "maxReceiveCount": most}).to_string())
}

fn malformed(queue: &str, property: &str) -> QueueError {
    QueueError::Template(format!("queue {queue} has no {property}, or an unsupported one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "
Resources:
  Shards:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: shards
      VisibilityTimeout: 300
      SqsManagedSseEnabled: true
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Dead:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: shards-dead
      MessageRetentionPeriod: 1209600
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Shards]
";

    #[test]
    fn a_dead_letter_queue_is_found_by_its_name_in_the_template() {
        let queues = read(TWO).unwrap();

        let policy = &queues[0].attributes["RedrivePolicy"];
        let expected = json!({"deadLetterTargetArn": queue_arn("shards-dead"), "maxReceiveCount": 3});
        assert_eq!(serde_json::from_str::<serde_json::Value>(policy).unwrap(), expected);
        assert_eq!(queues[0].attributes["VisibilityTimeout"], "300");
        let retention = ("MessageRetentionPeriod".to_owned(), "1209600".to_owned());
        let dead = Queue { name: "shards-dead".to_owned(), attributes: HashMap::from([retention]) };
        assert_eq!(queues[1], dead);
    }

    #[test]
    fn an_unsupported_property_is_named() {
        for (was, is, named) in [
            ("!GetAtt Dead.Arn", "!GetAtt Gone.Arn", "RedrivePolicy"),
            ("!GetAtt Dead.Arn", "!Sub 'x'", "RedrivePolicy"),
            ("VisibilityTimeout: 300", "VisibilityTimeout: !Ref Long", "VisibilityTimeout"),
            ("QueueName: shards\n", "FifoQueue: true\n", "QueueName"),
        ] {
            let error = read(&TWO.replace(was, is)).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn the_deployments_queue_of_client_secrets_has_dead_letters() {
        let queues = queues().unwrap();

        let queue =
            queues.iter().find(|queue| queue.name == crate::environment::CLIENT_SECRET_QUEUE).unwrap();
        assert!(queue.attributes["RedrivePolicy"].contains("spapi-auth-client-secrets-dead"));
        assert!(queues.iter().any(|queue| queue.name == "spapi-auth-client-secrets-dead"));
    }
}
