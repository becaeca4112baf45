//! The scheduled refresher: promises 11 and 13.

mod calendar;
mod crashes;
mod crowds;
mod input;
mod neighbours;
mod outages;
mod outdated;
mod slots;

use std::time::Duration;

use jiff::Timestamp;
use local::environment::environment;
use serde_json::{Value, json};
use shared::{
    access_token::schedule::SHARDS,
    aws::Aws,
    deadline::{Clock, Deadline},
    env::Env,
    grant::GrantKey,
    region::Region,
};
use token_refresher::TokenRefresher;

use crate::support::world::{Row, World};

impl World {
    /// The key of a seller of North America.
    pub(crate) fn grant_key(&self, partner: &str) -> GrantKey {
        GrantKey {
            application_id: self.application().parse().unwrap(),
            region: Region::Na,
            selling_partner_id: partner.parse().unwrap(),
        }
    }

    /// One more environment of the refresher.
    pub(crate) fn refresher(&self) -> TokenRefresher {
        let env = Env::from_pairs(environment(self.stack.ports()));
        TokenRefresher::from_env(&env, &Aws::new(self.stack.sdk_config())).unwrap()
    }

    /// The messages of a whole run that is planned now, in one batch.
    pub(crate) fn run_planned_now(&self) -> Value {
        let planned_for = self.stack.clock().now();
        let record = |shard: u8| {
            let body = json!({"task": "shard", "shard": shard, "plannedFor": planned_for}).to_string();
            json!({"messageId": format!("m{shard}"), "body": body})
        };
        json!({"Records": (0..SHARDS).map(record).collect::<Vec<_>>()})
    }

    /// Runs the refresher once, for everything that is due.
    pub(crate) async fn refresh_all_due(&self) {
        let (run, now) = (self.run_planned_now(), self.stack.clock().now());
        let clock = Clock::starting_at(now, Deadline::after(Duration::from_mins(2)));
        let answer = Box::pin(self.refresher().handle(&run, clock)).await.unwrap();
        assert_eq!(serde_json::to_value(answer).unwrap(), json!({"batchItemFailures": []}));
    }

    /// When a partner's cached token ends.
    async fn token_ends_at(&self, partner: &str) -> Timestamp {
        Timestamp::from_second(number(&self.token_row(partner).await, "expires_at")).unwrap()
    }

    /// The kinds of the events in a partner's history, oldest first.
    async fn events_of(&self, partner: &str) -> Vec<String> {
        let history = self.history("na", partner).await;
        history.iter().map(|record| crate::support::world::attribute(record, "event").to_owned()).collect()
    }
}

fn number(row: &Row, name: &str) -> i64 {
    row.get(name).unwrap_or_else(|| panic!("no {name}")).as_n().unwrap().parse().unwrap()
}
