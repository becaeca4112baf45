//! Amazon away for an hour, for hours and for days: few calls meanwhile, the delay in a metric, and every token warm soon
//! after.

use serde_json::{Value, json};

use crate::support::{crowd::crowd_id, world::World};

const HOUR: u32 = 3600;
const TICK: u32 = 300;
const CROWD: usize = 64;

impl World {
    /// A crowd whose tokens callers have asked for. The counts begin again.
    async fn crowd_in_demand() -> Self {
        let world = Self::attended().await;
        world.crowd(CROWD).await;
        world.advance(TICK).await;
        for number in 0..CROWD {
            world.fresh().token_of(&crowd_id(number)).await.unwrap();
        }
        world.control("reset", json!({})).await;
        world
    }

    /// Returns how many calls each run made while `fault` lasted for so many hours.
    async fn outage(&self, fault: &str, more: Value, hours: u32) -> Vec<u64> {
        self.fault("token", fault, more).await;
        let mut calls = Vec::new();
        for _ in 0..hours * HOUR / TICK {
            let before = self.refreshes().await;
            self.advance(TICK).await;
            calls.push(self.refreshes().await - before);
        }
        calls
    }

    /// Ends the fault. Returns after how many runs all tokens are warm, and how many calls that took.
    async fn recovery(&self, count: usize) -> (u32, u64) {
        self.fault("token", "none", json!({})).await;
        let before = self.refreshes().await;
        for runs in 1..=12 {
            self.advance(TICK).await;
            if self.warm_tokens(count).await == count {
                return (runs, self.refreshes().await - before);
            }
        }
        panic!("only {} of {count} tokens are warm after an hour", self.warm_tokens(count).await);
    }

    async fn warm_tokens(&self, count: usize) -> usize {
        let mut warm = 0;
        for number in 0..count {
            let row = self.token_row(&crowd_id(number)).await;
            let ends_at = row.get("expires_at").map_or(0, |_| super::number(&row, "expires_at"));
            warm += usize::from(ends_at > self.stack.clock().now().as_second() + 60);
        }
        warm
    }

    fn due_lag(&self) -> u64 {
        let lag = self.measured("DueLag", ("Function", "token-refresher")).unwrap();
        u64::try_from(lag.latest).unwrap()
    }
}

#[tokio::test]
async fn promise_13_after_an_outage_of_any_kind_and_length_all_tokens_are_warm_within_minutes() {
    for (fault, more, hours) in [
        ("http_error", json!({"status": 503}), 6),
        ("throttle", json!({"retryAfter": 300}), 2),
        ("invalid_client", json!({}), 3),
        ("reset", json!({}), 1),
    ] {
        let world = World::crowd_in_demand().await;

        let calls = world.outage(fault, more, hours).await;
        let (runs, recovered) = world.recovery(CROWD).await;

        assert!(runs <= 3, "{fault} for {hours} h: warm after {runs} runs");
        assert!(recovered <= CROWD as u64 + 8, "{fault}: {recovered} calls for {CROWD} tokens");
        // A shard gives up after a dozen failures, and from then on tries one token in each run.
        assert!(calls.iter().all(|calls| *calls <= 8 * 16), "{fault}: {calls:?}");
        let last = &calls[12..];
        assert!(last.iter().all(|calls| *calls <= 8), "{fault}: {calls:?}");
    }
}

#[tokio::test]
async fn promise_13_the_delay_of_due_tokens_is_measured_while_amazon_is_away_and_no_longer() {
    for (fault, more) in [("http_error", json!({"status": 503})), ("invalid_client", json!({}))] {
        let world = World::crowd_in_demand().await;
        assert!(world.due_lag() < u64::from(TICK) * 2);

        world.outage(fault, more.clone(), 2).await;
        let two_hours = world.due_lag();
        // The first token of a shard falls due within an hour.
        assert!(two_hours > u64::from(HOUR) - 900, "{fault}: {two_hours}");
        world.outage(fault, more, 3).await;
        let five_hours = world.due_lag();
        assert!(five_hours > two_hours + 2 * u64::from(HOUR), "{fault}: {two_hours}, then {five_hours}");

        world.recovery(CROWD).await;
        for _ in 0..3 {
            world.advance(TICK).await;
        }
        assert!(world.due_lag() < u64::from(TICK), "{fault}: {}", world.due_lag());
    }
}

#[tokio::test]
async fn promise_13_what_is_asked_for_in_vain_for_days_stays_in_demand() {
    let world = World::crowd_in_demand().await;
    world.fault("token", "http_error", json!({"status": 503})).await;
    for _ in 0..48 {
        world.advance(HOUR).await;
        world.fresh().token_of(&crowd_id(0)).await.unwrap_err();
    }

    world.recovery(1).await;
    // No caller asks for it any more, and it is replaced before it ends all the same.
    for _ in 0..6 {
        world.advance(HOUR / 2).await;
        assert_eq!(world.warm_tokens(1).await, 1);
    }
}

#[tokio::test]
async fn promise_13_a_token_that_was_first_asked_for_during_an_outage_is_warm_soon_after() {
    let world = World::attended().await;
    world.crowd(1).await;
    world.advance(TICK).await;
    world.advance(3 * HOUR).await;
    assert_eq!(world.warm_tokens(1).await, 0, "no caller has asked for it");
    world.fault("token", "http_error", json!({"status": 503})).await;
    world.fresh().token_of(&crowd_id(0)).await.unwrap_err();
    world.advance(TICK).await;

    let (runs, calls) = world.recovery(1).await;

    assert!(runs <= 2 && calls == 1, "{runs} runs, {calls} calls");
}

#[tokio::test]
async fn promise_13_after_an_outage_amazon_is_not_stormed_by_a_backlog() {
    let world = World::attended().await;
    world.crowd(400).await;
    world.fault("token", "http_error", json!({"status": 503})).await;
    for _ in 0..12 {
        world.advance(TICK).await;
    }
    world.fault("token", "none", json!({})).await;
    world.fault("token", "latency", json!({"milliseconds": 20})).await;

    world.advance(TICK).await;

    assert!(world.warm_tokens(400).await >= 350, "{}", world.warm_tokens(400).await);
    let refreshed = world.refreshes().await;
    world.advance(TICK).await;
    assert!(world.refreshes().await - refreshed <= 60);
}
