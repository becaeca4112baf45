//! Writes the example of this version: a system in which everything has happened once.

use std::{collections::BTreeSet, path::Path};

use jiff::SignedDuration;

use super::*;
use crate::support::{
    linking::RETURN_URL,
    operator::{authorized, conflicting, operate},
    world::attribute,
};

const DAY: u32 = 24 * 3600;

#[tokio::test]
#[ignore = "before a release: writes the file of this version"]
async fn the_rows_of_this_version_are_written_down() {
    let file = place().join(concat!(env!("CARGO_PKG_VERSION"), ".json"));
    assert!(!file.exists(), "{} is there already, and what a release wrote never changes", file.display());
    let folder = std::env::temp_dir().join(format!("spapi-auth-{}", random_word()));
    let world = World::kept_in(&folder).await;

    let example = Box::pin(lived(&world, &folder)).await;

    for (table, _, kinds) in KINDS {
        let written: BTreeSet<_> = example.rows[table].iter().map(|row| kind(table, row)).collect();
        assert_eq!(written, kinds.iter().copied().collect(), "the kinds of rows of {table}");
    }
    fs::write(&file, serde_json::to_string(&example).unwrap() + "\n").unwrap();
    fs::remove_dir_all(&folder).unwrap();
}

async fn lived(world: &World, folder: &Path) -> Example {
    applications(world).await;
    grants(world).await;
    tokens(world).await;
    world.register_urls(None, &[RETURN_URL]).await;
    arrived_unseen(world, "A1SIGHTED").await;
    while !world.grant("na", "A1SIGHTED").await.unwrap().contains_key("sighting") {
        world.advance(1800).await;
    }
    world.control("website-form", json!({"form": "4b", "callbackUri": "central"})).await;
    // Again, while SP-API does not say which stores the new token has.
    world.fault("sp-api", "http_error", json!({"status": 503})).await;
    assert!(
        world.browser().authorize_with(&world.link("tenant-linked").await, "A1LINKED").await.is_connected()
    );
    world.fault("sp-api", "none", json!({})).await;
    assert!(world.grant("na", "A1LINKED").await.unwrap().contains_key("superseded"));
    let link = world.link("tenant-open").await;
    let browser = world.browser();
    let start = browser.open_link(&world.link("tenant-journey").await).await;
    let consent = url::Url::parse(start.location()).unwrap();
    let host = consent.host_str().unwrap().trim_end_matches(".localhost").to_owned();
    // The first look of an operator after an upgrade, and of those who wait for tokens.
    let mut answers = Vec::new();
    for (function, request) in questions(world) {
        let answer = asked(world, function, &request).await;
        answers.push(Answered { function: function.to_owned(), request, answer });
    }
    let used = [world.stack.ports().gateway, world.stack.ports().amazon];
    let mut rows = BTreeMap::new();
    for (table, ..) in KINDS {
        let written = serde_json::to_string(&scanned(world, table).await).unwrap();
        rows.insert(table.to_owned(), serde_json::from_str(&moved(&written, used, PORTS)).unwrap());
    }
    let file = |name: &str| serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap();
    Example {
        written_at: world.stack.clock().now(),
        rows,
        folder: FOLDER.into_iter().map(|name| (name.to_owned(), file(name))).collect(),
        link: link.split_once("/authorize").map(|(_, query)| format!("/authorize{query}")).unwrap(),
        cookies: browser.cookies(),
        consent: (host, moved(&format!("{}?{}", consent.path(), consent.query().unwrap()), used, PORTS)),
        answers,
    }
}

/// A new client secret, and consumers.
async fn applications(world: &World) {
    world.press_rotate().await;
    world.advance(300).await;
    let administration =
        async |request: Value| world.caller().invoke("administration", &request).await.unwrap();
    administration(json!({
        "operation": "putConsumer", "consumer": "orders", "applicationIds": [world.application()], "regions": ["na"],
        "partners": ["A1ACTIVE"], "accounts": {"prefix": "tenant-"}, "may": ["read", "link"], "by": "olga",
    }))
    .await;
    administration(
        json!({"operation": "putConsumer", "consumer": "reports", "applicationIds": "all", "regions": "all"}),
    )
    .await;
    administration(json!({"operation": "removeConsumer", "consumer": "reports"})).await;
}

/// A partner in every state in which one can be.
async fn grants(world: &World) {
    // Who came while SP-API did not answer, and is in Europe, as it shows twice.
    arrived_unseen(world, "A1MOVED").await;
    world.advance(DAY).await;
    let wish = json!({"applicationId": world.application(), "sellingPartnerId": "A1LAPSING", "region": "na", "kind": "seller"});
    let answer = world.control("self-authorization", wish).await;
    let long_ago = world.stack.clock().now() - SignedDuration::from_hours(24 * 345);
    let imported = json!({"refreshToken": answer["refreshToken"], "kind": "oauth", "authorizedAt": long_ago.to_string(), "by": "anne"});
    operate(world, "importGrant", "A1LAPSING", imported).await.unwrap();
    let named = json!({"operation": "updateApplication", "applicationId": world.application(), "company": "Example Ltd",
        "rolesChangedAt": world.stack.clock().now().to_string(), "by": "olga"});
    world.caller().invoke("administration", &named).await.unwrap();
    world.advance(DAY).await;
    world.website_form("4b").await;
    world.control("website-form", json!({"form": "4b", "callbackUri": "central"})).await;
    for partner in ["A1ACTIVE", "A1CONFLICT", "A1DISABLED", "A1ERASED", "A1REFUSED", "A1REMOVED"] {
        authorized(world, partner).await;
    }
    assert!(world.browser().website("DE", "vendor", "VDE01").await.is_connected());
    assert!(
        world.browser().authorize_with(&world.link("tenant-linked").await, "A1LINKED").await.is_connected()
    );
    operate(world, "linkAccount", "A1ACTIVE", json!({"account": "tenant-1", "by": "olga"})).await.unwrap();
    operate(world, "disableGrant", "A1DISABLED", json!({"reason": "unpaid", "by": "olga"})).await.unwrap();
    operate(world, "removeGrant", "A1REMOVED", json!({"reason": "asked", "by": "olga"})).await.unwrap();
    operate(world, "eraseGrant", "A1ERASED", json!({"reason": "asked", "by": "olga"})).await.unwrap();
    conflicting(world, "A1CONFLICT", "A1OTHER").await;
    world.website_form("4b").await;
}

/// A seller of Europe, of whom nothing shows yet that it is there.
async fn arrived_unseen(world: &World, partner: &str) {
    world.fault("sp-api", "http_error", json!({"status": 403})).await;
    world.control("website-form", json!({"form": "4b", "callbackUri": "amazon.com"})).await;
    let page = format!("/appstore/{}?_as={partner}", world.application());
    let page = world.browser().follow(&world.amazon("sellercentral-europe.amazon.com", &page)).await;
    assert!(page.is_connected(), "{}", page.body);
    world.fault("sp-api", "none", json!({})).await;
}

/// Tokens of each kind, and the two ways in which Amazon refuses them.
async fn tokens(world: &World) {
    let grantless = json!({"scope": "sellingpartnerapi::notifications"});
    world.fault("token", "invalid_client", json!({})).await;
    assert_eq!(world.caller().refusal(&grantless).await, "ApplicationCredentialsRejected");
    world.fault("token", "none", json!({})).await;
    for operation in ["invalidateTokens", "disableApplication", "enableApplication"] {
        let brake = json!({"operation": operation, "applicationId": world.application(), "by": "olga"});
        world.caller().invoke("administration", &brake).await.unwrap();
    }
    world.control("partner/A1REFUSED/revoke", json!({})).await;
    world.advance(4000).await;
    let of_refused = json!({"sellingPartnerId": "A1REFUSED", "region": "na"});
    assert_eq!(world.caller().refusal(&of_refused).await, "ReauthorizationRequired");
    // Until a second answer has confirmed it.
    while attribute(&world.grant("na", "A1REFUSED").await.unwrap(), "status") == "active" {
        world.advance(1500).await;
    }
}

/// What operators, integrators and services ask.
fn questions(world: &World) -> Vec<(&'static str, Value)> {
    let application = world.application();
    let mut questions = vec![
        ("authorizations", json!({"operation": "listApplications"})),
        ("authorizations", json!({"operation": "listGrants"})),
        ("authorizations", json!({"operation": "getHistory", "applicationId": application})),
        ("authorizations", json!({"operation": "getGrant", "account": "tenant-1"})),
        ("administration", json!({"operation": "examine", "applicationId": application})),
        ("administration", json!({"operation": "listConsumers"})),
        ("administration", json!({"operation": "getConsumer", "consumer": "orders"})),
        ("administration", json!({"operation": "getConsumer", "consumer": "reports"})),
        (
            "get-access-token",
            json!({"scope": "sellingpartnerapi::notifications", "applicationId": application}),
        ),
        (
            "get-access-token",
            json!({"sellingPartnerId": "A1ACTIVE", "region": "na", "restrictedResources":
                [{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]}),
        ),
    ];
    for (partner, region) in [
        ("A1ACTIVE", "na"),
        ("A1CONFLICT", "na"),
        ("A1DISABLED", "na"),
        ("A1ERASED", "na"),
        ("A1LAPSING", "na"),
        ("A1LINKED", "na"),
        ("A1MOVED", "na"),
        ("A1REFUSED", "na"),
        ("A1REMOVED", "na"),
        ("A1SIGHTED", "na"),
        ("VDE01", "eu"),
    ] {
        let of = |operation| json!({"operation": operation, "sellingPartnerId": partner, "region": region});
        questions.push(("authorizations", of("getGrant")));
        questions.push(("authorizations", of("getHistory")));
        questions.push(("get-access-token", json!({"sellingPartnerId": partner, "region": region})));
    }
    questions
}

/// The rows of a table in DynamoDB's JSON.
async fn scanned(world: &World, table: &str) -> Vec<Value> {
    let endpoint = format!("http://127.0.0.1:{}/", world.stack.ports().aws);
    // The engine wants to see a signature, and checks none.
    let signature = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";
    let request = world.http().post(endpoint).body(json!({"TableName": table}).to_string());
    let request =
        request.header("content-type", "application/x-amz-json-1.0").header("authorization", signature);
    let request =
        request.header("x-amz-date", "20260101T000000Z").header("x-amz-target", "DynamoDB_20120810.Scan");
    let answer: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    assert!(answer.get("LastEvaluatedKey").is_none(), "a page holds all");
    answer["Items"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}
