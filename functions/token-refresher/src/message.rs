//! What the refresher writes to itself through its queue.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use shared::{access_token::schedule::SHARDS, grant::NO_RENEWAL, ids::ApplicationId};

use crate::queue::Outgoing;

/// The longest reason for a malformed message, in characters, that is logged and sent to the dead-letter queue.
const LONGEST_QUOTATION: usize = 500;

/// One task of a run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "task", rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum Message {
    /// Refresh what is due in one shard.
    Shard(Shard),
    /// Report an application's authorizations that lapse soon.
    Renewals(Walk),
    /// Repair an application's grants that no refresh is due for.
    Sweep(Walk),
    /// Report an application's authorizations that are older than its roles.
    Outdated(Outdated),
}

/// One shard of one run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shard {
    /// The number of the shard, from 0.
    pub(crate) shard: u8,
    /// The time for which the run was planned. The message is dropped once the next run is due.
    pub(crate) planned_for: Timestamp,
}

/// A page of an application's grants, by the time at which they lapse.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Walk {
    /// The application whose grants are checked.
    pub(crate) application_id: ApplicationId,
    /// The time for which the run was planned.
    pub(crate) planned_for: Timestamp,
    /// The place where the page begins. Without it, the page is the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<String>,
}

/// A page of an application's authorizations, which are compared with the change of its roles.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outdated {
    /// The application whose roles changed.
    pub(crate) application_id: ApplicationId,
    /// The place where the page begins. Without it, the page is the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<String>,
}

impl Message {
    /// Parses the message in `body`. The error says what is wrong with it.
    pub(crate) fn parse(body: &str) -> Result<Self, String> {
        let message: Self = serde_json::from_str(body).map_err(|error| {
            // The error quotes the body, and SQS rejects a message attribute that holds control characters.
            let quoted = error.to_string();
            format!("not a message: {}", quoted.escape_debug().take(LONGEST_QUOTATION).collect::<String>())
        })?;
        match &message {
            Self::Shard(Shard { shard, .. }) if *shard >= SHARDS => {
                Err(format!("shard: expected a number below {SHARDS}"))
            }
            Self::Shard(Shard { planned_for, .. })
            | Self::Renewals(Walk { planned_for, .. })
            | Self::Sweep(Walk { planned_for, .. })
                if !(Timestamp::UNIX_EPOCH..NO_RENEWAL).contains(planned_for) =>
            {
                Err("plannedFor: expected a time from 1970 to 9989".to_owned())
            }
            _ => Ok(message),
        }
    }

    /// Returns the message for the queue, without a delay.
    pub(crate) fn sent_at_once(&self) -> Outgoing {
        self.sent_after(SignedDuration::ZERO)
    }

    /// Returns the message for the queue, which hides it for `delay`.
    pub(crate) fn sent_after(&self, delay: SignedDuration) -> Outgoing {
        Outgoing { body: self.body(), delay }
    }

    /// Returns the message as JSON text.
    pub(crate) fn body(&self) -> String {
        serde_json::to_string(self).expect("a message is made of texts and numbers")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let planned_for = Timestamp::from_second(1_800_000_000).unwrap();
        let shard = Message::Shard(Shard { shard: 7, planned_for });

        assert_eq!(Message::parse(&shard.body()).unwrap(), shard);
        assert_eq!(shard.body(), r#"{"task":"shard","shard":7,"plannedFor":"2027-01-15T08:00:00Z"}"#);
    }

    #[test]
    fn a_message_that_is_none_says_why() {
        for (body, reason) in [
            ("", "not a message: EOF"),
            ("{}", "not a message: missing field `task`"),
            (r#"{"task":"sing"}"#, "not a message: unknown variant `sing`"),
            (r#"{"task":"shard","shard":8,"plannedFor":"2027-01-15T08:00:00Z"}"#, "shard: expected"),
            (
                r#"{"task":"shard","shard":-1,"plannedFor":"2027-01-15T08:00:00Z"}"#,
                "not a message: invalid value",
            ),
            (
                r#"{"task":"shard","shard":0,"plannedFor":"9999-12-30T22:00:00Z"}"#,
                "plannedFor: expected a time",
            ),
            (
                r#"{"task":"shard","shard":0,"plannedFor":"-009999-01-02T01:59:59Z"}"#,
                "plannedFor: expected a time",
            ),
            (
                r#"{"task":"renewals","applicationId":"x","plannedFor":"2027-01-15T08:00:00Z"}"#,
                "not a message",
            ),
        ] {
            let error = Message::parse(body).unwrap_err();
            assert!(error.starts_with(reason), "{body}: {error}");
        }
    }

    #[test]
    fn a_reason_is_one_that_sqs_takes() {
        let error =
            Message::parse(&format!(r#"{{"task":"\u0000\ufffe{}"}}"#, "x".repeat(100_000))).unwrap_err();

        let taken = |c: char| !c.is_control() && !('\u{fffe}'..='\u{ffff}').contains(&c);
        assert!(error.chars().all(taken) && error.len() < 600, "{error}");
    }
}
