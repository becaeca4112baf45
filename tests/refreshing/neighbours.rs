//! One partner's trouble is no other partner's, and no grant drops out of the refresher's care.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use local::environment::environment;
use serde_json::json;
use shared::{
    access_token::{
        schedule::Due,
        store::{AccessTokenStore, watch_with_grant},
    },
    aws::{
        Aws,
        transaction::{Commit, Transactions},
    },
    deadline::{Clock, Deadline},
    env::Env,
    grant::{Grant, GrantKey, Status, store::GrantStore},
    secret::random_word,
    vending::Vending,
};

use super::number;
use crate::support::{
    crowd::crowd_id,
    world::{World, attribute},
};

const TIMEOUT: Duration = Duration::from_mins(2);
const DAY: u32 = 24 * 3600;

async fn revoke(world: &World, number: usize) {
    world.control(&format!("partner/{}/revoke", crowd_id(number)), json!({})).await;
}

async fn is_fresh(world: &World, number: usize) -> bool {
    let row = world.token_row(&crowd_id(number)).await;
    row.contains_key("expires_at")
        && super::number(&row, "expires_at") > world.stack.clock().now().as_second() + 60
}

async fn remove(world: &World, number: usize) {
    let request = json!({"operation": "removeGrant", "applicationId": world.application(),
        "sellingPartnerId": crowd_id(number), "region": "na"});
    world.caller().invoke("administration", &request).await.unwrap();
}

fn key(world: &World, number: usize) -> GrantKey {
    format!("{}#na#{}", world.application(), crowd_id(number)).parse().unwrap()
}

/// The neighbours of the tables, for what happens between two of their calls.
struct Stores {
    env: Env,
    aws: Aws,
    grants: GrantStore,
    tokens: AccessTokenStore,
    tokens_table: String,
}

impl Stores {
    fn of(world: &World) -> Self {
        let env = Env::from_pairs(environment(world.stack.ports()));
        let aws = Aws::new(world.stack.sdk_config());
        let grants = GrantStore::new(aws.dynamodb(), env.required("GRANTS_TABLE").unwrap().to_owned());
        let tokens_table = env.required("ACCESS_TOKENS_TABLE").unwrap().to_owned();
        let applications = env.required("APPLICATIONS_TABLE").unwrap().to_owned();
        let tokens =
            AccessTokenStore::new(aws.dynamodb(), tokens_table.clone(), grants.clone(), applications);
        Self { env, aws, grants, tokens, tokens_table }
    }
}

#[tokio::test]
async fn promise_11_partners_who_left_long_ago_do_not_keep_a_new_refusal_from_being_believed() {
    let world = World::attended().await;
    world.crowd(24).await;
    for left in 0..12 {
        revoke(&world, left).await;
        world.change_grant("na", &crowd_id(left), "status", "reauthorizationRequired").await;
    }
    revoke(&world, 20).await;

    world.advance(300).await;
    world.advance(1200).await;

    assert_eq!(world.events_of(&crowd_id(20)).await, ["ReauthorizationRequired"]);
    assert_eq!(world.events_of(&crowd_id(21)).await, [""; 0]);
}

#[tokio::test]
async fn promise_13_a_run_that_is_asked_to_wait_waits_and_so_does_the_one_that_continues_it() {
    let world = World::attended().await;
    world.crowd(200).await;
    world.fault("token", "throttle", json!({"retryAfter": 300})).await;

    world.advance(300).await;

    let tried = world.refreshes().await;
    assert!(tried <= 8 * 4, "{tried} calls, after each of which Amazon asked for five minutes of peace");
}

#[tokio::test]
async fn promise_13_tokens_that_do_not_open_stop_no_other() {
    let world = World::attended().await;
    world.crowd(160).await;
    // Each of these is sealed for its neighbour.
    for number in 0..150 {
        let mut grant = world.grant("na", &crowd_id(number)).await.unwrap();
        let other = world.grant("na", &crowd_id(number + 1)).await.unwrap();
        grant.insert("refresh_token".to_owned(), other["refresh_token"].clone());
        world.put_grant(grant).await;
    }

    world.advance(300).await;
    world.advance(300).await;

    for number in 150..160 {
        assert!(is_fresh(&world, number).await, "{}", crowd_id(number));
    }
    let broken = world.token_row(&crowd_id(3)).await;
    let pause = number(&broken, "due_at") - world.stack.clock().now().as_second();
    assert!(pause > 0, "it comes back with growing pauses: {pause}");
}

#[tokio::test]
async fn promise_13_a_row_that_cannot_be_read_stops_no_other() {
    let world = World::attended().await;
    world.crowd(64).await;
    world.change_grant("na", &crowd_id(0), "status", "written_by_a_later_release").await;

    world.advance(300).await;

    for number in 1..64 {
        assert!(is_fresh(&world, number).await, "{}", crowd_id(number));
    }
    world.advance(336 * DAY).await;
    for number in 1..64 {
        assert_eq!(world.events_of(&crowd_id(number)).await, ["AuthorizationExpiring"]);
    }
}

#[tokio::test]
async fn a_grant_that_comes_back_while_its_removal_is_tidied_away_stays_in_care() {
    let world = World::new().await;
    world.crowd(1).await;
    let (stores, key) = (Stores::of(&world), key(&world, 0));
    let before: Grant = stores.grants.find(&key).await.unwrap().unwrap();
    remove(&world, 0).await;
    let seen = stores.tokens.look_at_all(std::slice::from_ref(&key), Deadline::after(TIMEOUT)).await.unwrap();
    let now = world.stack.clock().now();

    let removed = stores.grants.find(&key).await.unwrap().unwrap();
    let again = Grant { version: removed.version + 1, revision: removed.revision + 1, ..before };
    let writes = [
        stores.grants.put(&again, Some(removed.revision)),
        watch_with_grant(&stores.tokens_table, &key, &Due::at(&key, now)),
    ];
    let committed = Transactions::new(stores.aws.dynamodb()).commit(&writes, &random_word()).await.unwrap();
    assert_eq!(committed, Commit::Made);
    let vending = Vending::from_env(&stores.env, &stores.aws).unwrap();
    let until = now + SignedDuration::from_mins(5);
    vending.refresh_due(&seen[0], until, Clock::starting_at(now, Deadline::after(TIMEOUT)), || ()).await;

    assert!(world.token_row(&crowd_id(0)).await.contains_key("due_at"));
}

#[tokio::test]
async fn a_grant_that_is_removed_while_its_token_is_sealed_again_keeps_none() {
    let world = World::new().await;
    world.crowd(1).await;
    let (stores, key) = (Stores::of(&world), key(&world, 0));
    let before: Grant = stores.grants.find(&key).await.unwrap().unwrap();
    remove(&world, 0).await;

    stores.grants.reseal(&key, &before.fingerprint, &before.refresh_token.unwrap()).await.unwrap();

    let grant = stores.grants.find(&key).await.unwrap().unwrap();
    assert_eq!(grant.status, Status::Removed);
    assert!(grant.refresh_token.is_none());
}

#[tokio::test]
async fn each_message_of_a_batch_knows_what_time_it_is() {
    let world = World::new().await;
    world.crowd(24).await;
    world.fault("token", "latency", json!({"milliseconds": 800})).await;
    let (run, now) = (world.run_planned_now(), world.stack.clock().now());

    world.refresher().handle(&run, Clock::starting_at(now, Deadline::after(TIMEOUT))).await.unwrap();

    let mut last = Timestamp::UNIX_EPOCH;
    for seller in 0..24 {
        let minted_at = number(&world.token_row(&crowd_id(seller)).await, "minted_at");
        last = last.max(Timestamp::from_second(minted_at).unwrap());
    }
    let after = last.duration_since(now);
    assert!(
        after >= SignedDuration::from_secs(2),
        "the last of several shards was refreshed after {after:?}"
    );
}

#[tokio::test]
async fn a_page_of_renewals_that_is_read_later_than_it_was_planned_begins_where_the_last_one_ended() {
    let world = World::new().await;
    world.crowd(1).await;
    let due = number(&world.grant("na", &crowd_id(0)).await.unwrap(), "renewal_due_at");
    let planned_for = Timestamp::from_second(due).unwrap() + SignedDuration::from_hours(30 * 24);
    let renewals = json!({"task": "renewals", "applicationId": world.application(), "plannedFor": planned_for,
        "cursor": format!("{due}#{}", key(&world, 0))});
    let event = json!({"Records": [{"messageId": "m", "body": renewals.to_string()}]});

    let later = planned_for + SignedDuration::from_mins(2);
    let answer =
        world.refresher().handle(&event, Clock::starting_at(later, Deadline::after(TIMEOUT))).await.unwrap();

    assert_eq!(serde_json::to_value(answer).unwrap(), json!({"batchItemFailures": []}));
    assert_eq!(attribute(&world.grant("na", &crowd_id(0)).await.unwrap(), "status"), "active");
}
