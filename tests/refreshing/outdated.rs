//! Reports of authorizations that are older than the application's roles: once for each change, and not all together.

use std::time::Duration;

use futures::future::join;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::deadline::{Clock, Deadline};

use crate::support::{
    crowd::crowd_id,
    invocation::{Dies, stopped_after},
    world::{World, attribute},
};

const TIMEOUT: Duration = Duration::from_mins(2);

/// The number of authorizations in one message.
const PAGE: usize = 50;

/// The time between two messages, in seconds.
const PAUSE: u32 = 30;

impl World {
    /// Records that the roles changed now, and returns the message that begins the reports.
    async fn roles_change(&self) -> Value {
        self.advance(60).await;
        let at = self.stack.clock().now().to_string();
        let request = json!({"operation": "updateApplication", "applicationId": self.application(), "rolesChangedAt": at});
        self.caller().invoke("administration", &request).await.unwrap();
        self.advance(1).await;
        let body = json!({"task": "outdated", "applicationId": self.application()}).to_string();
        json!({"Records": [{"messageId": "m", "body": body}]})
    }

    /// Handles a message in an environment of its own.
    async fn handles(&self, message: &Value) {
        let clock = Clock::starting_at(self.stack.clock().now(), Deadline::after(TIMEOUT));
        let answer = Box::pin(self.refresher().handle(message, clock)).await.unwrap();
        assert_eq!(serde_json::to_value(answer).unwrap(), json!({"batchItemFailures": []}));
    }

    /// How often each of so many partners was reported: in the history.
    async fn reports(&self, partners: usize) -> Vec<usize> {
        let mut reports = Vec::new();
        for number in 0..partners {
            let events = self.events_of(&crowd_id(number)).await;
            reports.push(events.iter().filter(|event| *event == "AuthorizationOutdated").count());
        }
        reports
    }
}

#[tokio::test]
async fn promise_13_two_refreshers_at_the_same_time_report_an_outdated_authorization_once() {
    const SELLERS: usize = 8;
    let world = World::new().await;
    world.crowd(SELLERS).await;
    let message = world.roles_change().await;

    join(world.handles(&message), world.handles(&message)).await;
    world.handles(&message).await;

    assert_eq!(world.reports(SELLERS).await, [1; SELLERS]);
    let sent = world.stack.events().await;
    let sent = sent.iter().filter(|sent| sent.event["detail-type"] == "AuthorizationOutdated");
    assert_eq!(sent.count(), SELLERS, "one event for each record");
}

#[tokio::test]
async fn promise_13_a_report_that_is_stopped_at_any_step_is_made_by_the_next_delivery_and_made_once() {
    const SELLERS: usize = 3;
    let world = World::new().await;
    world.crowd(SELLERS).await;
    let mut changes = 0;
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in 0.. {
            let message = world.roles_change().await;
            changes += 1;
            let refresher = world.refresher();
            let clock = Clock::starting_at(world.stack.clock().now(), Deadline::after(TIMEOUT));
            let ended = stopped_after(awaits, dies, Box::pin(refresher.handle(&message, clock))).await;

            world.handles(&message).await;

            assert_eq!(world.reports(SELLERS).await, [changes; SELLERS], "{dies:?} after {awaits} waits");
            if ended.is_some() {
                assert!(awaits > 5, "{awaits}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn promise_13_a_page_of_reports_waits_for_the_pause_also_if_the_one_before_was_stopped_or_came_twice() {
    const SELLERS: usize = PAGE + 3;
    let world = World::new().await;
    world.crowd(SELLERS).await;
    for (change, awaits) in [0, 3, 20, 60, 90, u32::MAX].into_iter().enumerate() {
        let message = world.roles_change().await;
        let refresher = world.refresher();
        let clock = Clock::starting_at(world.stack.clock().now(), Deadline::after(TIMEOUT));
        stopped_after(awaits, Dies::AfterTheAnswer, Box::pin(refresher.handle(&message, clock))).await;
        join(world.handles(&message), world.handles(&message)).await;
        world.advance(PAUSE + 1).await;

        let mut moments = Vec::new();
        for number in 0..SELLERS {
            let history = world.history("na", &crowd_id(number)).await;
            let mut reports =
                history.iter().filter(|record| attribute(record, "event") == "AuthorizationOutdated");
            assert_eq!(reports.clone().count(), change + 1, "{} after {awaits} waits", crowd_id(number));
            moments.push(attribute(reports.next_back().unwrap(), "at").parse::<Timestamp>().unwrap());
        }
        moments.sort_unstable();
        let pause = moments[PAGE].duration_since(moments[PAGE - 1]).as_secs();
        assert!(pause >= i64::from(PAUSE), "{pause} s after {awaits} waits");
    }
}
