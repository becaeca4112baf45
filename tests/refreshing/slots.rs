//! Tokens that are kept warm are found by their slots: none is passed over, whatever a run does, and a refresh writes nothing into the index.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{
    access_token::schedule::Due,
    deadline::{Clock, Deadline},
};

use super::number;
use crate::support::{
    crowd::crowd_id,
    invocation::{Dies, stopped_after},
    world::World,
};

const TICK: u32 = 300;
const TIMEOUT: Duration = Duration::from_mins(2);
const SHARD: &str = "0";

/// Some partners of one shard, whose tokens callers have asked for.
struct Warm {
    world: World,
    partners: Vec<String>,
}

impl Warm {
    async fn new(count: usize) -> Self {
        let world = World::new().await;
        world.crowd(count * 16).await;
        let of_shard =
            |partner: &String| Due::at(&world.grant_key(partner), Timestamp::UNIX_EPOCH).shard == SHARD;
        let partners: Vec<_> = (0..count * 16).map(crowd_id).filter(of_shard).take(count).collect();
        assert_eq!(partners.len(), count);
        for partner in &partners {
            world.fresh().token_of(partner).await.unwrap();
        }
        Self { world, partners }
    }

    fn planned_now(&self) -> (Value, Clock) {
        let now = self.world.stack.clock().now();
        let body = json!({"task": "shard", "shard": 0, "plannedFor": now}).to_string();
        (
            json!({"Records": [{"messageId": "m", "body": body}]}),
            Clock::starting_at(now, Deadline::after(TIMEOUT)),
        )
    }

    async fn run(&self) {
        let (run, clock) = self.planned_now();
        let answer = Box::pin(self.world.refresher().handle(&run, clock)).await.unwrap();
        assert_eq!(serde_json::to_value(answer).unwrap(), json!({"batchItemFailures": []}));
    }

    /// Returns until when the shard has nothing left to do in slots, in seconds since 1970.
    async fn done_until(&self) -> i64 {
        let row = self.world.row("spapi-auth-access-tokens", ("token_key", "shard#0")).await.unwrap();
        number(&row, "done_until")
    }

    fn now(&self) -> i64 {
        self.world.stack.clock().now().as_second()
    }

    /// Returns the life that is left of the token that ends first, in seconds.
    async fn least_life(&self) -> i64 {
        let mut ends = Vec::new();
        for partner in &self.partners {
            ends.push(self.world.token_ends_at(partner).await.as_second());
        }
        ends.into_iter().min().unwrap() - self.now()
    }

    async fn calls(&self) -> u64 {
        let calls = self.world.calls().await;
        self.partners
            .iter()
            .map(|partner| calls["tokenByPartner"][partner].as_u64().unwrap_or_default())
            .sum()
    }
}

#[tokio::test]
async fn promise_13_a_warm_token_is_passed_over_by_no_run_wherever_another_one_was_stopped() {
    for (dies, is_delivered_twice) in [(Dies::AfterTheAnswer, false), (Dies::AtOnce, true)] {
        let warm = Warm::new(27).await;
        let (mut awaits, mut steps) = (0, 0);
        // Nearly every run has a token to refresh, so it is stopped at each of its awaits.
        while steps < 40 {
            let (run, clock) = warm.planned_now();
            let refresher = warm.world.refresher();
            let ended = stopped_after(awaits, dies, Box::pin(refresher.handle(&run, clock))).await;
            awaits = if ended.is_some() { 0 } else { awaits + 1 };
            if is_delivered_twice {
                // The lease of the run that died holds.
                warm.run().await;
            }
            warm.world.advance(TICK).await;
            // The next run begins when the token that was due first has ten minutes left, or a bit less.
            assert!(warm.least_life().await > 9 * 60, "{dies:?} {awaits} {steps}");
            warm.run().await;
            warm.world.advance(TICK).await;
            assert!(warm.least_life().await > 9 * 60, "{dies:?} {awaits} {steps}");
            steps += 1;
        }
        let (hours, tokens) = (steps * 10 / 60, warm.partners.len() as u64);
        let calls = warm.calls().await;
        // 45 minutes each, and some more where a run died between the call to Amazon and the write.
        let usual = tokens * (hours + 1) * 60 / 45;
        assert!((tokens * hours..=usual + steps * 3).contains(&calls), "{calls} calls in {hours} hours");
    }
}

#[tokio::test]
async fn a_refresh_of_a_warm_token_changes_nothing_that_the_index_shows() {
    let warm = Warm::new(3).await;
    let mut shown = Vec::new();
    for _ in 0..48 {
        warm.run().await;
        let row = warm.world.token_row(&warm.partners[1]).await;
        let in_index = ["due_shard", "due_slot"].map(|name| row[name].clone());
        shown.push((number(&row, "due_at"), number(&row, "due_slot"), in_index));
        warm.world.advance(TICK).await;
    }
    shown.dedup();
    // It is due at a time of its own first if its slot comes too soon, which depends on when the test begins.
    let in_slot: Vec<_> = shown.iter().skip_while(|(at, slot, _)| at == slot).collect();
    assert!(in_slot.len() >= 4 && shown.len() - in_slot.len() <= 1, "{shown:?}");
    assert!(in_slot.iter().all(|(.., in_index)| *in_index == in_slot[0].2), "{shown:?}");
    assert!(in_slot.windows(2).all(|pair| pair[1].0 - pair[0].0 == 45 * 60), "{shown:?}");
}

#[tokio::test]
async fn promise_13_warm_tokens_stay_warm_when_what_a_shard_stores_is_lost_or_wrong() {
    let warm = Warm::new(9).await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&warm.world.stack.sdk_config());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    for step in 0..24 {
        warm.run().await;
        let far = (warm.now() + 7 * 24 * 3600).to_string();
        let row =
            dynamodb.put_item().table_name("spapi-auth-access-tokens").item("token_key", text("shard#0"));
        match step % 4 {
            1 => drop(row.send().await.unwrap()),
            3 => drop(row.item("done_until", AttributeValue::N(far)).send().await.unwrap()),
            _ => {}
        }
        warm.world.advance(TICK).await;
        assert!(warm.least_life().await > 9 * 60, "{step}");
    }
}

#[tokio::test]
async fn promise_13_tokens_that_cannot_be_refreshed_for_long_do_not_hold_up_their_shard() {
    let of_application = |warm: &Warm, operation: &str| {
        let request = json!({"operation": operation, "applicationId": warm.world.application()});
        let caller = warm.world.caller();
        async move { caller.invoke("administration", &request).await.unwrap() }
    };
    for is_disabled in [true, false] {
        let warm = Warm::new(9).await;
        for _ in 0..10 {
            warm.run().await;
            warm.world.advance(TICK).await;
        }
        if is_disabled {
            of_application(&warm, "disableApplication").await;
        } else {
            warm.world.fault("token", "http_error", json!({"status": 503})).await;
        }
        for _ in 0..24 {
            warm.run().await;
            warm.world.advance(TICK).await;
        }
        warm.world.stack.aws().reset_calls();
        let before = warm.world.refreshes().await;
        warm.run().await;
        let tried = warm.world.refreshes().await - before;
        let calls = warm.world.stack.aws().calls();
        let writes: u64 =
            calls.iter().filter(|(name, _)| name.contains("UpdateItem")).map(|(_, count)| count).sum();
        // The lease and the failure of each that was tried.
        assert!(writes <= tried * 2 + 2, "{is_disabled}: {writes} writes, {tried} tried");
        assert!(warm.done_until().await >= warm.now(), "{is_disabled}");
        for partner in &warm.partners {
            let row = warm.world.token_row(partner).await;
            assert_eq!(row["due_slot"], row["due_at"], "{is_disabled}");
        }

        if is_disabled {
            of_application(&warm, "enableApplication").await;
            warm.world.advance(TICK).await;
        } else {
            warm.world.fault("token", "none", json!({})).await;
        }
        for _ in 0..3 {
            warm.run().await;
            warm.world.advance(TICK).await;
        }
        assert!(warm.least_life().await > 30 * 60, "{is_disabled}");
        let row = warm.world.token_row(&warm.partners[0]).await;
        assert!(number(&row, "due_at") > warm.now() - i64::from(TICK), "{is_disabled}");
    }
}

#[tokio::test]
async fn promise_13_a_run_that_is_out_of_time_passes_no_warm_token_over() {
    let warm = Warm::new(9).await;
    for _ in 0..10 {
        warm.run().await;
        warm.world.advance(TICK).await;
    }
    warm.world.advance(35 * 60).await;
    let before = (warm.calls().await, warm.done_until().await);
    let (run, clock) = warm.planned_now();
    let hurried = Clock::starting_at(clock.now(), Deadline::after(Duration::from_secs(10)));
    warm.world.refresher().handle(&run, hurried).await.unwrap();
    assert_eq!((warm.calls().await, warm.done_until().await), before, "nothing begins that may not end");

    warm.world.stack.drain().await;
    assert!(warm.calls().await > before.0);
    assert!(warm.done_until().await >= warm.now());
    assert!(warm.least_life().await > 9 * 60);
}
