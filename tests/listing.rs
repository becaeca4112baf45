//! Lists of grants and what they show: pages are complete, cost what they must, and filter on the rows.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::world::{Row, World};

async fn ask(world: &World, payload: Value) -> Value {
    world.caller().invoke("authorizations", &payload).await.unwrap()
}

async fn list(world: &World, filters: Value) -> Value {
    let mut request = json!({"operation": "listGrants"});
    request.as_object_mut().unwrap().extend(filters.as_object().cloned().unwrap());
    ask(world, request).await
}

/// Every page, in order.
async fn pages(world: &World, filters: Value) -> Vec<Value> {
    let mut pages = vec![list(world, filters.clone()).await];
    while let Some(cursor) = pages.last().unwrap().get("cursor").cloned() {
        let mut next = filters.clone();
        next["cursor"] = cursor;
        pages.push(list(world, next).await);
    }
    pages
}

fn partners(pages: &[Value]) -> Vec<String> {
    let grants = pages.iter().flat_map(|page| page["grants"].as_array().unwrap());
    grants.map(|grant| grant["sellingPartnerId"].as_str().unwrap().to_owned()).collect()
}

async fn refused(world: &World, payload: Value) -> (String, String) {
    let failure = world.caller().invoke("authorizations", &payload).await.unwrap_err();
    (failure.error_type, failure.error_message)
}

/// So many copies of a grant, a day apart, the first due in `first_due` days.
async fn copies(world: &World, original: &Row, count: i64, change: impl Fn(i64, &mut Row)) {
    for number in 0..count {
        let mut row = original.clone();
        let partner = format!("A{number:03}");
        let key = format!("{}#na#{partner}", world.application());
        row.insert("grant_key".to_owned(), AttributeValue::S(key));
        row.insert("selling_partner_id".to_owned(), AttributeValue::S(partner));
        change(number, &mut row);
        world.put_grant(row).await;
    }
}

async fn original(world: &World) -> Row {
    world.browser().website("US", "seller", "A1US").await;
    world.grant("na", "A1US").await.unwrap()
}

#[tokio::test]
async fn pages_of_250_grants_are_complete_and_without_duplicates() {
    let world = World::new().await;
    let original = original(&world).await;
    copies(&world, &original, 250, |_, row| {
        row.insert("account".to_owned(), AttributeValue::S("tenant-1".to_owned()));
    })
    .await;

    for (filters, expected) in [
        (json!({"limit": 100}), 251),
        (json!({"limit": 7}), 251),
        (json!({"account": "tenant-1", "limit": 100}), 250),
        (json!({"sellingPartnerId": "A007"}), 1),
    ] {
        let pages = pages(&world, filters.clone()).await;

        let listed = partners(&pages);
        assert_eq!(listed.len(), expected, "{filters}");
        assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), expected, "{filters}");
        let limit = filters["limit"].as_u64().unwrap_or(50);
        assert!(pages.iter().all(|page| page["grants"].as_array().unwrap().len() as u64 <= limit));
    }
}

#[tokio::test]
async fn listing_50_grants_costs_one_query_and_one_batch_read() {
    let world = World::new().await;
    let original = original(&world).await;
    copies(&world, &original, 60, |_, row| {
        row.insert("account".to_owned(), AttributeValue::S("tenant-1".to_owned()));
    })
    .await;
    list(&world, json!({})).await;

    for filters in [json!({}), json!({"account": "tenant-1"})] {
        world.stack.aws().reset_calls();
        assert_eq!(list(&world, filters).await["grants"].as_array().unwrap().len(), 50);

        let short = |name: String| name.rsplit('.').next().unwrap().to_owned();
        let cost: BTreeMap<_, _> =
            world.stack.aws().calls().into_iter().map(|(name, count)| (short(name), count)).collect();
        let expected = [("BatchGetItem", 1), ("Invoke", 1), ("Query", 1)];
        assert_eq!(cost, expected.map(|(name, count)| (name.to_owned(), count)).into());
    }
}

#[tokio::test]
async fn every_filter_is_decided_on_the_row() {
    let world = World::new().await;
    let now = world.stack.clock().now();
    let original = original(&world).await;
    let due = |days: i64| (now + SignedDuration::from_hours(24 * days)).as_second();
    let statuses = ["active", "disabled", "reauthorizationRequired", "active"];
    copies(&world, &original, 4, |number, row| {
        let status = statuses[usize::try_from(number).unwrap()];
        row.insert("status".to_owned(), AttributeValue::S(status.to_owned()));
        row.insert("renewal_due_at".to_owned(), AttributeValue::N(due(10 * (number + 1)).to_string()));
        row.insert("account".to_owned(), AttributeValue::S(format!("tenant-{}", number % 2)));
    })
    .await;
    let soon = Timestamp::from_second(due(25)).unwrap().to_string();

    for (filters, expected) in [
        (json!({}), vec!["A000", "A001", "A002", "A003", "A1US"]),
        (json!({"status": "active"}), vec!["A000", "A003", "A1US"]),
        (json!({"status": "reauthorizationRequired"}), vec!["A002"]),
        (json!({"status": "removed"}), vec![]),
        (json!({"region": "eu"}), vec![]),
        (json!({"account": "tenant-1"}), vec!["A001", "A003"]),
        (json!({"account": "tenant-1", "status": "active"}), vec!["A003"]),
        (json!({"account": "tenant-1", "sellingPartnerId": "A001"}), vec!["A001"]),
        (json!({"renewalDueBefore": soon}), vec!["A000", "A001"]),
        (json!({"renewalDueBefore": soon, "account": "tenant-0"}), vec!["A000"]),
    ] {
        let mut listed = partners(&pages(&world, filters.clone()).await);
        listed.sort();
        assert_eq!(listed, expected, "{filters}");
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_the_query_it_came_from_and_for_no_other() {
    let world = World::new().await;
    let original = original(&world).await;
    copies(&world, &original, 3, |_, _| {}).await;
    let first = list(&world, json!({"limit": 1})).await;
    let cursor = first["cursor"].clone();

    list(&world, json!({"limit": 2, "cursor": cursor})).await;
    for wrong in [
        json!({"operation": "listGrants", "cursor": cursor, "status": "active"}),
        json!({"operation": "listGrants", "cursor": cursor, "account": "tenant-1"}),
        json!({"operation": "getHistory", "cursor": cursor}),
        json!({"operation": "listGrants", "cursor": "hunter2"}),
        json!({"operation": "listGrants", "cursor": "A".repeat(100_000)}),
        json!({"operation": "listGrants", "cursor": 7}),
    ] {
        let (error_type, message) = refused(&world, wrong).await;
        assert_eq!(error_type, "InvalidRequest");
        assert!(message.starts_with("cursor:") && !message.contains("hunter2"), "{message}");
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_understood_names_the_field() {
    let world = World::new().await;
    for (payload, field) in [
        (json!(null), "payload"),
        (json!({}), "operation"),
        (json!({"operation": "dance"}), "operation"),
        (json!({"operation": "listGrants", "colour": "red"}), "payload"),
        (json!({"operation": "listGrants", "limit": 0}), "limit"),
        (json!({"operation": "listGrants", "limit": 101}), "limit"),
        (json!({"operation": "listGrants", "limit": -1}), "limit"),
        (json!({"operation": "listGrants", "status": "reauthorization_required"}), "status"),
        (json!({"operation": "listGrants", "renewalDueBefore": "tomorrow"}), "renewalDueBefore"),
        (json!({"operation": "listGrants", "region": "us"}), "region"),
        (json!({"operation": "listGrants", "outdated": "yes"}), "outdated"),
        (json!({"operation": "listGrants", "regionAssumed": "yes"}), "regionAssumed"),
        (json!({"operation": "getGrant"}), "sellingPartnerId"),
        (json!({"operation": "getGrant", "account": "a", "sellingPartnerId": "A1"}), "account"),
        (json!({"operation": "getHistory", "region": "na"}), "region"),
        (json!({"operation": "getHistory", "marketplaceId": "ATVPDKIKX0DER"}), "marketplaceId"),
        (json!({"operation": "getHistory", "partnerType": "seller"}), "partnerType"),
        (json!({"operation": "getHistory", "account": "a", "sellingPartnerId": "A1"}), "account"),
        (json!({"operation": "getGrant", "account": "a", "partnerType": "Seller"}), "partnerType"),
        (json!({"operation": "requestRenewal", "account": "a", "marketplaceId": "US!"}), "marketplaceId"),
        (
            json!({"operation": "disableGrant", "account": "a", "region": "eu", "marketplaceId": "ATVPDKIKX0DER"}),
            "region",
        ),
        (json!({"operation": "removeGrant", "account": "a", "by": "a\nb"}), "by"),
        (json!({"operation": "disableGrant", "account": "a", "by": "a\nb"}), "by"),
        (json!({"operation": "disableGrant", "account": "a", "reason": "x".repeat(201)}), "reason"),
    ] {
        let (error_type, message) = refused(&world, payload.clone()).await;
        assert_eq!(error_type, "InvalidRequest", "{payload}");
        assert!(message.starts_with(&format!("{field}:")), "{payload}: {message}");
    }
    let unregistered = "amzn1.sp.solution.00000000-2222-4333-8444-555555555555";
    for (payload, expected) in [
        (json!({"operation": "listGrants", "applicationId": unregistered}), "UnknownApplication"),
        (json!({"operation": "getGrant", "sellingPartnerId": "A9"}), "UnknownSellingPartner"),
        (json!({"operation": "getGrant", "account": "nobody"}), "UnknownSellingPartner"),
        (json!({"operation": "getHistory", "sellingPartnerId": "A9"}), "UnknownSellingPartner"),
        (json!({"operation": "disableGrant", "sellingPartnerId": "A9"}), "UnknownSellingPartner"),
    ] {
        assert_eq!(refused(&world, payload.clone()).await.0, expected, "{payload}");
    }
}

#[tokio::test]
async fn a_grant_is_shown_as_amazons_own_page_shows_it_and_never_with_its_token() {
    let world = World::new().await;
    world.website_form("4a").await;
    original(&world).await;
    let stranger = world.browser();
    let callback = stranger.website_until_callback("US", "seller", "A1OTHER").await;
    stranger.open(&callback.replace("A1OTHER", "A1US")).await;

    let shown = ask(&world, json!({"operation": "getGrant", "sellingPartnerId": "A1US"})).await;

    let grant = &shown["grant"];
    assert_eq!(grant["status"], "active");
    assert_eq!((&grant["kind"], &grant["version"]), (&json!("oauth"), &json!(1)));
    assert_eq!(grant["verified"], true);
    assert_eq!(grant["stores"][0]["country"].as_str().map(str::len), Some(2));
    let actions = json!(["disable", "remove", "renew", "linkAccount", "resolveConflict"]);
    assert_eq!(grant["actions"], actions);
    let host = world.amazon("sellercentral.amazon.com", "/apps/manage");
    assert_eq!(grant["manageYourAppsUrl"], host);
    let date = |name: &str| grant[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    let year = date("renewalDueAt").duration_since(date("authorizedAt"));
    assert_eq!(year, SignedDuration::from_hours(365 * 24));
    let differs = grant["conflicts"][0]["differs"].as_array().unwrap();
    assert!(
        differs
            .iter()
            .any(|sentence| sentence.as_str().unwrap().starts_with("store names differ in US: had ")),
        "{differs:?}"
    );
    assert!(!shown.to_string().contains("oken"), "{shown}");
}

#[tokio::test]
async fn a_history_is_read_newest_first_and_says_who_did_it() {
    let world = World::new().await;
    original(&world).await;
    let disable = json!({
        "operation": "disableGrant", "sellingPartnerId": "A1US", "reason": "contract ended", "by": "billing",
    });
    let disabled = ask(&world, disable.clone()).await;
    assert_eq!(disabled["grant"]["status"], "disabled");
    assert_eq!(ask(&world, disable).await, disabled, "asked again, nothing changes");

    let first = ask(&world, json!({"operation": "getHistory", "sellingPartnerId": "A1US", "limit": 1})).await;
    let record = &first["history"][0];
    assert_eq!((&record["event"], &record["by"]), (&json!("AuthorizationDisabled"), &json!("billing")));
    assert_eq!((&record["actor"], &record["reason"]), (&json!("integrator"), &json!("contract ended")));
    let second = ask(
        &world,
        json!({"operation": "getHistory", "sellingPartnerId": "A1US", "cursor": first["cursor"]}),
    )
    .await;
    assert_eq!(second["history"].as_array().unwrap().len(), 1);
    assert_eq!(second["history"][0]["event"], "AuthorizationGranted");
    assert!(second.get("cursor").is_none());
}

#[tokio::test]
async fn every_registered_application_is_listed_whole() {
    let world = World::new().await;

    let listed = ask(&world, json!({"operation": "listApplications"})).await;

    let application = &listed["applications"][0];
    assert_eq!(application["applicationId"], world.application());
    assert_eq!(application["defaultRegion"], "na");
    assert_eq!(application["scopes"], json!(["sellingpartnerapi::notifications"]));
    assert_eq!((&application["draft"], &application["returnUrls"]), (&json!(false), &json!([])));
}
