//! Rows are put back from the copies of tables while the functions go on.

use aws_sdk_dynamodb::{Client, primitives::DateTime, types::AttributeValue};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::backup::{APPLICATIONS, GRANTS, HISTORY, TOKENS, clear, rows};
use crate::support::{
    environments::{error_type, token},
    operator::{authorized, events, operate},
    world::{World, attribute},
};

/// Copies of all tables of the present moment.
pub struct Copies {
    moment: Timestamp,
}

impl Copies {
    pub async fn of(world: &World) -> Self {
        world.advance(1).await;
        let client = Client::new(&world.stack.sdk_config());
        for table in [APPLICATIONS, GRANTS, HISTORY] {
            client.create_backup().table_name(table).backup_name("rehearsal").send().await.unwrap();
        }
        let moment = world.stack.clock().now();
        world.advance(2).await;
        Self { moment }
    }

    /// The moment of the copies.
    pub fn moment(&self) -> String {
        self.moment.to_string()
    }

    /// Makes the copy of a table, as a point-in-time recovery does.
    pub async fn make(&self, world: &World, table: &str) -> String {
        let name = format!("{table}-restore-1");
        let client = Client::new(&world.stack.sdk_config());
        let restore = client.restore_table_to_point_in_time().source_table_name(table);
        let moment = DateTime::from_secs(self.moment.as_second() + 1);
        restore.target_table_name(&name).restore_date_time(moment).send().await.unwrap();
        name
    }

    /// Puts the rows of a table back; what the answers say together.
    pub async fn put_back(&self, world: &World, table: &'static str, more: Value) -> Value {
        let short = table.strip_prefix("spapi-auth-").unwrap();
        let mut request = json!({
            "operation": "restoreRows", "table": short, "from": format!("{table}-restore-1"),
            "moment": self.moment.to_string(), "by": "olga",
        });
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        world.caller().invoke("administration", &request).await.unwrap()
    }
}

pub const ALL: [&str; 8] =
    ["A1STAYS", "A1GONE", "A1OFF", "A1ONOFF", "A1LINKED", "A1CLEARED", "A1RENEWED", "A1AGAIN"];

/// Changes of grants after the backup.
async fn change(world: &World) {
    for (operation, partner, more) in [
        ("removeGrant", "A1GONE", json!({"reason": "asked for"})),
        ("removeGrant", "A1AGAIN", json!({})),
        ("disableGrant", "A1OFF", json!({})),
        ("disableGrant", "A1ONOFF", json!({})),
        ("enableGrant", "A1ONOFF", json!({})),
        ("linkAccount", "A1LINKED", json!({"account": "last"})),
        ("linkAccount", "A1CLEARED", json!({"account": null})),
    ] {
        operate(world, operation, partner, more).await.unwrap();
    }
    authorized(world, "A1RENEWED").await;
    authorized(world, "A1AGAIN").await;
}

/// Grants, a copy of every table, and changes.
pub async fn changed_since() -> (World, Copies) {
    let world = World::new().await;
    for partner in ALL {
        authorized(&world, partner).await;
        token(&world.fresh().token_of(partner).await);
    }
    for partner in ["A1LINKED", "A1CLEARED"] {
        operate(&world, "linkAccount", partner, json!({"account": "first"})).await.unwrap();
    }
    let copies = Copies::of(&world).await;
    change(&world).await;
    (world, copies)
}

/// What a service gets of each grant.
pub async fn heard(world: &World) -> Vec<String> {
    let mut heard = Vec::new();
    for partner in ALL {
        heard.push(match world.fresh().token_of(partner).await {
            Ok(_) => "a token".to_owned(),
            refused => error_type(&refused).to_owned(),
        });
    }
    heard
}

pub const EXPECTED: [&str; 8] = [
    "a token",
    "UnknownSellingPartner",
    "AuthorizationDisabled",
    "a token",
    "a token",
    "a token",
    "a token",
    "a token",
];

/// Each table alone, several, and all at once, with the access tokens too.
#[tokio::test]
async fn promise_16_rows_are_put_back_from_a_copy_as_their_history_has_them() {
    for lost in [
        &[GRANTS][..],
        &[HISTORY],
        &[APPLICATIONS],
        &[TOKENS],
        &[GRANTS, TOKENS],
        &[APPLICATIONS, GRANTS, TOKENS],
    ] {
        let (world, copies) = changed_since().await;
        let sent: Vec<Value> = world.stack.events().await.into_iter().map(|one| one.event).collect();
        let revisions = newest_revisions(&sent);
        for table in lost {
            clear(&world, table).await;
        }
        for table in lost.iter().copied().filter(|table| *table != TOKENS) {
            copies.make(&world, table).await;
        }
        for table in [HISTORY, APPLICATIONS, GRANTS].into_iter().filter(|table| lost.contains(table)) {
            let shown = copies.put_back(&world, table, json!({"dryRun": true})).await;
            let done = copies.put_back(&world, table, json!({})).await;
            let again = copies.put_back(&world, table, json!({})).await;
            assert_eq!(shown["putBack"], done["putBack"], "{lost:?} {table}: a dry run shows what is done");
            assert!(done["putBack"].as_u64() > Some(0), "{done}");
            assert_eq!(again["putBack"], 0, "{lost:?} {table}: the second run finds its result");
        }

        let mut expected = EXPECTED;
        if lost.contains(&GRANTS) {
            // The copy has the token of before the removal, which stays removed: `reconcile` says whom to ask.
            expected[7] = "UnknownSellingPartner";
        }
        assert_eq!(heard(&world).await, expected, "{lost:?}");
        let account = |row: &crate::support::world::Row| row.get("account").cloned();
        let linked = world.grant("na", "A1LINKED").await.unwrap();
        assert_eq!(account(&linked), Some(AttributeValue::S("last".to_owned())), "{lost:?}");
        assert_eq!(account(&world.grant("na", "A1CLEARED").await.unwrap()), None, "{lost:?}");
        for event in world.stack.events().await.into_iter().map(|one| one.event).skip(sent.len()) {
            let known = sent.iter().any(|before| before["detail"]["id"] == event["detail"]["id"]);
            let subject = event["detail"]["subject"].as_str().unwrap();
            let published = revisions.iter().find(|(one, _)| one == subject).map_or(0, |(_, newest)| *newest);
            assert!(known || revision(&event) > published, "{lost:?}: {event}");
        }
    }
}

/// The revision in an event.
fn revision(event: &Value) -> u64 {
    let revision = &event["detail"]["revision"];
    revision.as_u64().or_else(|| revision.as_str()?.parse().ok()).unwrap()
}

/// The highest revision of each subject that was on the bus.
fn newest_revisions(events: &[Value]) -> Vec<(String, u64)> {
    let mut newest = std::collections::BTreeMap::new();
    for event in events {
        let published = newest.entry(event["detail"]["subject"].as_str().unwrap().to_owned()).or_insert(0);
        *published = revision(event).max(*published);
    }
    newest.into_iter().collect()
}

/// A partner that the copy does not know stays connected, and so does a newer token.
#[tokio::test]
async fn promise_16_what_a_table_still_has_is_no_older_afterwards() {
    let (world, copies) = changed_since().await;
    authorized(&world, "A1NEW").await;
    let before = rows(&world, GRANTS).await.len();
    for partner in ["A1STAYS", "A1OFF"] {
        let key = format!("{}#na#{partner}", world.application());
        let client = Client::new(&world.stack.sdk_config());
        let delete = client.delete_item().table_name(GRANTS).key("grant_key", AttributeValue::S(key));
        delete.send().await.unwrap();
    }
    let newer = world.grant("na", "A1RENEWED").await.unwrap();
    copies.make(&world, GRANTS).await;

    for replace in [false, true] {
        let done = copies.put_back(&world, GRANTS, json!({"replace": replace})).await;
        assert_eq!(done["putBack"], if replace { 0 } else { 2 }, "{done}");
    }

    assert_eq!(rows(&world, GRANTS).await.len(), before);
    assert_eq!(world.grant("na", "A1RENEWED").await.unwrap(), newer);
    token(&world.fresh().token_of("A1NEW").await);
    assert_eq!(heard(&world).await, EXPECTED);
    let published = events(&world, "A1STAYS").await;
    assert_eq!(published, ["AuthorizationGranted", "GrantRepaired"]);
}

/// What was disabled in the copy and enabled since is enabled, unless it was disabled once more.
#[tokio::test]
async fn promise_16_a_lost_row_that_was_enabled_since_the_copy_is_put_back_enabled() {
    let world = World::new().await;
    for partner in ["A1ON", "A1ONOFF"] {
        authorized(&world, partner).await;
        operate(&world, "disableGrant", partner, json!({})).await.unwrap();
    }
    let copies = Copies::of(&world).await;
    for (operation, partner) in
        [("enableGrant", "A1ON"), ("enableGrant", "A1ONOFF"), ("disableGrant", "A1ONOFF")]
    {
        operate(&world, operation, partner, json!({})).await.unwrap();
    }
    clear(&world, GRANTS).await;
    copies.make(&world, GRANTS).await;

    copies.put_back(&world, GRANTS, json!({})).await;

    token(&world.fresh().token_of("A1ON").await);
    assert_eq!(error_type(&world.fresh().token_of("A1ONOFF").await), "AuthorizationDisabled");
    let record = world.history("na", "A1ON").await.pop().unwrap();
    assert!(attribute(&record, "reason").ends_with("as its history has it"), "{record:?}");
    let request = json!({
        "operation": "reconcile", "applicationId": world.application(), "since": copies.moment(),
    });
    let done = world.caller().invoke("administration", &request).await.unwrap();
    assert_eq!((&done["changes"], &done["staysDisabled"]), (&json!([]), &json!([])), "{done}");
}

/// Nothing is replaced unasked, but an operator reads which rows `replace` would replace, and why.
#[tokio::test]
async fn promise_16_a_row_that_was_changed_without_a_record_is_named_and_replaced_if_that_is_asked_for() {
    let (world, copies) = changed_since().await;
    let mut row = world.grant("na", "A1OFF").await.unwrap();
    row.insert("account".to_owned(), AttributeValue::S("evil".to_owned()));
    world.put_grant(row).await;
    copies.make(&world, GRANTS).await;

    let shown = copies.put_back(&world, GRANTS, json!({})).await;
    let replaced = copies.put_back(&world, GRANTS, json!({"replace": true})).await;

    let [one] = shown["left"].as_array().unwrap().as_slice() else { panic!("{shown}") };
    assert!(one["row"].as_str().unwrap().ends_with("#A1OFF"), "{one}");
    let because = one["because"].as_str().unwrap();
    assert!(
        because.contains("account") && because.contains("--replace") && !because.contains("evil"),
        "{because}"
    );
    assert_eq!(
        (&shown["putBack"], &replaced["putBack"], &replaced["left"]),
        (&json!(0), &json!(1), &json!([]))
    );
    assert!(!world.grant("na", "A1OFF").await.unwrap().contains_key("account"));
    assert_eq!(heard(&world).await, EXPECTED);
}

/// Whether the application was stopped, what it knows of its secret, and who may have what, are not rolled back.
#[tokio::test]
async fn promise_16_a_stopped_application_stays_stopped_and_asks_amazon_for_nothing_after_a_restore() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let administer = |request: Value| {
        let caller = world.caller();
        async move { caller.invoke("administration", &request).await }
    };
    let policy = |partners: Value| json!({"operation": "putConsumer", "consumer": "orders", "applicationIds": "all", "regions": "all", "partners": partners});
    for consumer in ["orders", "quiet"] {
        let mut request = policy(json!("all"));
        request["consumer"] = consumer.into();
        administer(request).await.unwrap();
    }
    let rename =
        json!({"operation": "updateApplication", "applicationId": world.application(), "name": "Other"});
    administer(rename).await.unwrap();
    let copies = Copies::of(&world).await;
    administer(policy(json!(["A1OTHER"]))).await.unwrap();
    let stop = json!({"operation": "disableApplication", "applicationId": world.application()});
    administer(stop).await.unwrap();
    clear(&world, APPLICATIONS).await;
    copies.make(&world, APPLICATIONS).await;

    let done = copies.put_back(&world, APPLICATIONS, json!({})).await;

    let named: Vec<&str> =
        done["left"].as_array().unwrap().iter().map(|one| one["row"].as_str().unwrap()).collect();
    let rotation = format!("rotation#{}", world.application());
    assert!(named.contains(&"consumer#orders") && named.contains(&rotation.as_str()), "{done}");
    assert!(!named.contains(&"consumer#quiet"), "{done}");
    assert_eq!(error_type(&world.fresh().token_of("A1US").await), "ApplicationDisabled");
    let rotate = json!({"operation": "rotateClientSecret", "applicationId": world.application()});
    let refused = administer(rotate).await.unwrap_err();
    assert_eq!(refused.error_type, "RequestRefused");
    let orders = json!({"operation": "getConsumer", "consumer": "orders"});
    assert_eq!(administer(orders).await.unwrap()["consumer"], json!(null));

    let start = json!({"operation": "enableApplication", "applicationId": world.application()});
    administer(start).await.unwrap();
    token(&world.fresh().token_of("A1US").await);
    let history = world.history_of(world.application()).await;
    let revisions: Vec<u64> = history.iter().map(|one| attribute(one, "revision").parse().unwrap()).collect();
    assert!(revisions.windows(2).all(|pair| pair[0] < pair[1]), "{revisions:?}");
}

#[tokio::test]
async fn only_the_copy_of_a_table_is_read_for_it() {
    let world = World::new().await;
    for (table, from) in [
        ("grants", GRANTS),
        ("grants", "spapi-auth-history-restore-1"),
        ("history", "x"),
        ("access-tokens", GRANTS),
    ] {
        let request = json!({
            "operation": "restoreRows", "table": table, "from": from, "moment": "2026-01-01T00:00:00Z",
        });
        let refused = world.caller().invoke("administration", &request).await.unwrap_err();
        assert_eq!(refused.error_type, "InvalidRequest", "{table} {from}");
    }
}
