//! A partner disconnects itself, and what is erased does not come back.

use std::time::Duration;

use serde_json::{Value, json};
use shared::deadline::{Clock, Deadline};

use crate::{
    restore::{
        backup::{APPLICATIONS, Backup, GRANTS, HISTORY, TOKENS, clear, rows},
        copies::Copies,
    },
    support::{
        environments::{error_type, token},
        invocation::{Dies, stopped_after},
        operator::{authorized, events, operate},
        world::World,
    },
};

const PARTNER: &str = "A1FORGOTTEN";
const ACCOUNT: &str = "tenant-forgotten";

/// Two partners, of which one is linked to an account, has a conflict and tokens.
async fn known() -> World {
    let world = World::new().await;
    for partner in ["A1KEPT", PARTNER] {
        authorized(&world, partner).await;
        token(&world.fresh().token_of(partner).await);
    }
    operate(&world, "linkAccount", PARTNER, json!({"account": ACCOUNT})).await.unwrap();
    operate(&world, "disableGrant", PARTNER, json!({})).await.unwrap();
    operate(&world, "enableGrant", PARTNER, json!({})).await.unwrap();
    world
}

/// The tables in which something names the partner or its account.
async fn naming(world: &World) -> Vec<&'static str> {
    let mut naming = Vec::new();
    for table in [APPLICATIONS, GRANTS, HISTORY, TOKENS] {
        let text = format!("{:?}", rows(world, table).await);
        if text.contains(PARTNER) || text.contains(ACCOUNT) {
            naming.push(table);
        }
    }
    naming
}

#[tokio::test]
async fn an_integrator_disconnects_a_partner_of_its_own() {
    let world = known().await;
    let remove =
        json!({"operation": "removeGrant", "account": ACCOUNT, "reason": "disconnected", "by": "shop"});

    let removed = world.caller().invoke("authorizations", &remove).await.unwrap();

    assert_eq!((&removed["grant"]["status"], removed["grant"].get("account")), (&json!("removed"), None));
    assert_eq!(error_type(&world.fresh().token_of(PARTNER).await), "UnknownSellingPartner");
    assert_eq!(events(&world, PARTNER).await.last().unwrap(), "AuthorizationRemoved");
    let sent = world.stack.events().await;
    let detail = &sent.last().unwrap().event["detail"];
    assert_eq!((&detail["actor"], &detail["account"]), (&json!("integrator"), &json!(ACCOUNT)));
    let again = world.caller().invoke("authorizations", &remove).await.unwrap_err();
    assert_eq!(again.error_type, "UnknownSellingPartner");
}

#[tokio::test]
async fn nothing_names_an_erased_partner_but_the_event_that_says_so() {
    let world = known().await;
    assert_eq!(naming(&world).await, [GRANTS, HISTORY, TOKENS]);

    let done = operate(&world, "eraseGrant", PARTNER, json!({"reason": "asked for"})).await.unwrap();
    let again = operate(&world, "eraseGrant", PARTNER, json!({})).await.unwrap();

    assert_eq!(done, json!({"erased": true, "records": 5}));
    assert_eq!(again, json!({"erased": false, "records": 0}));
    assert_eq!(naming(&world).await, [""; 0]);
    assert_eq!(error_type(&world.fresh().token_of(PARTNER).await), "UnknownSellingPartner");
    token(&world.fresh().token_of("A1KEPT").await);
    let sent = world.stack.events().await;
    let erased: Vec<&Value> = sent
        .iter()
        .map(|one| &one.event)
        .filter(|event| event["detail-type"] == "AuthorizationErased")
        .collect();
    assert_eq!(erased.len(), 1);
    assert_eq!(
        (&erased[0]["detail"]["account"], &erased[0]["detail"]["revision"]),
        (&json!(ACCOUNT), &json!("5"))
    );

    authorized(&world, PARTNER).await;
    assert_eq!(events(&world, PARTNER).await, ["AuthorizationGranted"]);
    token(&world.fresh().token_of(PARTNER).await);
}

/// Whatever is restored, by the tool or by hand.
#[tokio::test]
async fn promise_16_a_restore_does_not_bring_an_erased_partner_back() {
    let world = known().await;
    let by_hand = Backup::of(&world).await;
    let copies = Copies::of(&world).await;
    operate(&world, "eraseGrant", PARTNER, json!({})).await.unwrap();
    for table in [GRANTS, HISTORY] {
        copies.make(&world, table).await;
    }
    for table in [HISTORY, GRANTS] {
        clear(&world, table).await;
        let done = copies.put_back(&world, table, json!({})).await;
        assert!(done["putBack"].as_u64() > Some(0), "{done}");
    }
    assert_eq!(naming(&world).await, [""; 0], "the tool");
    token(&world.fresh().token_of("A1KEPT").await);

    for table in [GRANTS, HISTORY] {
        by_hand.restore(&world, table).await;
    }
    let request = json!({
        "operation": "reconcile", "applicationId": world.application(), "since": copies.moment(),
    });
    let done = world.caller().invoke("administration", &request).await.unwrap();
    let erased = json!([{"sellingPartnerId": PARTNER, "region": "na", "event": "AuthorizationErased"}]);
    assert_eq!(done["changes"], erased);
    assert_eq!(naming(&world).await, [""; 0], "by hand");
    assert_eq!(events(&world, "A1KEPT").await.first().unwrap(), "AuthorizationGranted");
}

/// A mark says nothing about a partner without its key, and ends when no backup is left.
#[tokio::test]
async fn an_erasure_is_remembered_for_36_days_and_names_nobody() {
    let world = known().await;
    operate(&world, "eraseGrant", PARTNER, json!({})).await.unwrap();
    let marks: Vec<_> = rows(&world, APPLICATIONS)
        .await
        .into_iter()
        .filter(|row| row["application_id"].as_s().unwrap().starts_with("erased#"))
        .collect();
    assert_eq!(marks.len(), 1);
    let key = format!("{}#na#{PARTNER}", world.application());
    let plain = shared::secret::Fingerprint::of(&key);
    assert!(!format!("{marks:?}").contains(plain.as_str()), "it is no plain hash");
    let ends: i64 = marks[0]["delete_at"].as_n().unwrap().parse().unwrap();
    let days = (ends - world.stack.clock().now().as_second()) / (24 * 3600);
    assert!((35..=36).contains(&days), "{days}");
}

/// Stopped anywhere, an erasure goes on when it is asked for again, and says so once.
#[tokio::test]
async fn an_erasure_that_is_stopped_anywhere_goes_on_and_is_reported_once() {
    let world = World::new().await;
    let lambdas = world.stack.lambdas().clone();
    let mut stopped = 0;
    for dies in [Dies::AtOnce, Dies::AfterTheAnswer] {
        for awaits in 0.. {
            let partner = format!("A1{dies:?}{awaits}").to_uppercase();
            authorized(&world, &partner).await;
            operate(&world, "linkAccount", &partner, json!({"account": "a"})).await.unwrap();
            let request = json!({
                "operation": "eraseGrant", "applicationId": world.application(), "sellingPartnerId": partner, "region": "na",
            });
            let (now, deadline) = (world.stack.clock().now(), Deadline::after(Duration::from_secs(20)));
            let invocation = lambdas.administration.handle(&request, Clock::starting_at(now, deadline));
            let ended = stopped_after(awaits, dies, Box::pin(invocation)).await.is_some();
            // A write that was on its way may still arrive.
            tokio::time::sleep(Duration::from_millis(100)).await;

            operate(&world, "eraseGrant", &partner, json!({})).await.unwrap();

            for table in [GRANTS, HISTORY, TOKENS] {
                let text = format!("{:?}", rows(&world, table).await);
                assert!(!text.contains(&format!("{partner}\"")), "{table} {awaits} {dies:?}");
            }
            let sent = world.stack.events().await;
            let published = |event: &Value| {
                event["detail-type"] == "AuthorizationErased"
                    && event["detail"]["sellingPartnerId"] == *partner
            };
            let published = sent.iter().filter(|one| published(&one.event)).count();
            assert_eq!(published, 1, "{awaits} {dies:?}");
            if ended {
                break;
            }
            stopped += 1;
        }
    }
    assert!(stopped > 10, "it was stopped {stopped} times");
}
