//! The archive of the event bus, which knows what a lost history knew: its events are replayed to the one rule that has `administration` put
//! their records back, and to no other.

use std::time::Duration;

use aws_sdk_eventbridge::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    primitives::DateTime,
    types::{ReplayDestination, ReplayState},
};
use jiff::Timestamp;

use super::copies::refused;
use crate::{failure::Failure, session::Session};

/// The name of the rule in `infra/template.yaml`, after the stack's prefix. The archive's name is the prefix without its hyphen.
const RULE: &str = "replayed-records";

/// The pause between two looks at a replay, and their number: about six hours.
const LOOKS: (Duration, u32) = (Duration::from_secs(15), 1_440);

/// Replays the events since `moment`, and waits for their end. Another run of the same command finds the replay.
pub(super) async fn replay(moment: Timestamp, session: &mut Session) -> Result<(), Failure> {
    let client = Client::new(session.functions.config());
    let prefix = session.functions.prefix().to_owned();
    let name = prefix.strip_suffix('-').unwrap_or(&prefix);
    let archive = match client.describe_archive().archive_name(name).send().await {
        Ok(archive) => archive,
        Err(error) if is_missing(&error) => {
            return session.output.line(
                "There is no archive of the events here: what the history lost after that moment stays unknown.",
            );
        }
        Err(error) => return Err(refused("describe the archive of the events", &error)),
    };
    let (Some(archive), Some(bus)) = (archive.archive_arn, archive.event_source_arn) else {
        return Err(Failure::NotUnderstood("an archive without an ARN".to_owned()));
    };
    let name = format!("{prefix}restore-{}", moment.as_second());
    let rule = format!("{}/{prefix}{RULE}", bus.replace(":event-bus/", ":rule/"));
    let destination = ReplayDestination::builder().arn(bus).filter_arns(rule).build();
    let destination = destination.map_err(|error| Failure::NotUnderstood(error.to_string()))?;
    let started = client
        .start_replay()
        .replay_name(&name)
        .event_source_arn(archive)
        .destination(destination)
        .event_start_time(DateTime::from_secs(moment.as_second()))
        .event_end_time(DateTime::from_secs(session.now.as_second()))
        .send()
        .await;
    match started {
        Ok(_) => {}
        Err(error) if error.code() == Some("ResourceAlreadyExistsException") => {}
        Err(error) => return Err(refused("replay the archive of the events", &error)),
    }
    session.output.line(&format!("Replaying the events since {moment} into the history …"))?;
    session.output.flush()?;
    let (pause, looks) = LOOKS;
    for _ in 0..looks {
        let replay = client.describe_replay().replay_name(&name).send().await;
        let replay = replay.map_err(|error| refused("describe the replay of the events", &error))?;
        match replay.state {
            Some(ReplayState::Completed) => return session.output.line("All events are replayed."),
            Some(ReplayState::Failed | ReplayState::Cancelled) => {
                return Err(Failure::usage(
                    format!("the replay {name} failed: {}", replay.state_reason.unwrap_or_default()),
                    "look at it in the EventBridge console; delete nothing, and run the same command again after it ended",
                ));
            }
            _ => tokio::time::sleep(pause).await,
        }
    }
    Err(Failure::usage(
        format!("the replay {name} did not end in time"),
        "look at it in the EventBridge console, then run the same command again",
    ))
}

/// Whether there is no such archive, or the endpoint knows none.
fn is_missing<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    matches!(error.code(), Some("ResourceNotFoundException" | "UnknownOperationException"))
}
