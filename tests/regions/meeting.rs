//! A grant in an assumed region meets an older grant of the same seller in the region of its stores: two active grants never
//! have one refresh token.

use serde_json::{Value, json};

use super::{EUROPE, arrived_unseen, shown};
use crate::support::{
    operator::operate,
    world::{Row, World, attribute},
};

const HOUR: u32 = 3600;

/// A seller of Europe has a grant there, and later another one in North America, whose region is assumed.
async fn two_grants(world: &World) -> (Row, Row) {
    world.website_form("4a").await;
    assert!(world.browser().website("DE", "seller", "A1DE").await.is_connected());
    world.advance(HOUR).await;
    arrived_unseen(world, EUROPE, "A1DE").await;
    (world.grant("eu", "A1DE").await.unwrap(), world.grant("na", "A1DE").await.unwrap())
}

async fn hours_pass(world: &World, hours: u32) {
    for _ in 0..2 * hours {
        world.advance(HOUR / 2).await;
        one_token_has_one_grant(world).await;
    }
}

/// No two active grants of the seller have the same refresh token.
async fn one_token_has_one_grant(world: &World) {
    let mut tokens = Vec::new();
    for region in ["na", "eu", "fe"] {
        if let Some(grant) = world.grant(region, "A1DE").await
            && attribute(&grant, "status") != "removed"
        {
            tokens.push(attribute(&grant, "fingerprint").to_owned());
        }
    }
    let all = tokens.len();
    tokens.dedup();
    assert_eq!(tokens.len(), all, "two grants have one token");
}

async fn events_in(world: &World, region: &str) -> Vec<String> {
    let history = world.history(region, "A1DE").await;
    history.iter().map(|record| attribute(record, "event").to_owned()).collect()
}

/// The grant in Europe has taken the place of both, and that in North America points to it.
async fn has_become_one(world: &World) -> Value {
    let pointer = world.grant("na", "A1DE").await.unwrap();
    assert_eq!((attribute(&pointer, "status"), attribute(&pointer, "moved_to")), ("removed", "eu"));
    assert!(!pointer.contains_key("refresh_token"));
    let records = world.history("eu", "A1DE").await;
    let moves: Vec<_> =
        records.iter().filter(|record| attribute(record, "event") == "AuthorizationMoved").collect();
    assert_eq!((moves.len(), attribute(moves[0], "previous_region")), (1, "na"), "the history says it");
    let view = shown(world, "A1DE", "na").await;
    assert_eq!((&view["region"], &view["movedFrom"]), (&json!("eu"), &json!("na")));
    assert_eq!((&view["conflicts"], &view["status"]), (&json!([]), &json!("active")));
    let grant = world.grant("eu", "A1DE").await.unwrap();
    assert_eq!(attribute(records.last().unwrap(), "revision"), attribute(&grant, "revision"));
    for region in ["na", "eu"] {
        assert_eq!(world.caller().token_of("A1DE", region).await.unwrap()["region"], "eu");
    }
    view
}

#[tokio::test]
async fn promise_4_a_conflict_with_a_grant_of_an_assumed_region_is_accepted_and_leaves_one_grant() {
    let world = World::attended().await;
    let (_, assumed) = two_grants(&world).await;

    hours_pass(&world, 6).await;

    let view = has_become_one(&world).await;
    assert_eq!(view["fingerprint"], attribute(&assumed, "fingerprint"));
    assert_eq!(
        events_in(&world, "eu").await,
        ["AuthorizationGranted", "AuthorizationConflict", "AuthorizationRenewed", "AuthorizationMoved"]
    );
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    hours_pass(&world, 6).await;
    assert!(world.caller().token_of("A1DE", "eu").await.is_ok());
    let whole = json!({"operation": "getHistory", "sellingPartnerId": "A1DE", "limit": 100});
    let first = world.caller().invoke("authorizations", &whole).await.unwrap();
    let rest = json!({"operation": "getHistory", "sellingPartnerId": "A1DE", "limit": 100, "cursor": first["cursor"]});
    let rest = world.caller().invoke("authorizations", &rest).await.unwrap();
    assert_eq!(rest["history"][0]["region"], "na", "its records are not lost");
}

#[tokio::test]
async fn promise_4_where_amazon_replaces_each_refresh_token_one_grant_with_the_last_one_is_left() {
    let world = World::attended().await;
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    two_grants(&world).await;

    hours_pass(&world, 8).await;

    has_become_one(&world).await;
    hours_pass(&world, 4).await;
    assert!(world.caller().token_of("A1DE", "eu").await.is_ok());
    // A grant that meets no other moves likewise.
    arrived_unseen(&world, EUROPE, "A1FR").await;
    hours_pass(&world, 4).await;
    assert_eq!(shown(&world, "A1FR", "na").await["region"], "eu");
}

#[tokio::test]
async fn an_account_that_was_linked_in_the_assumed_region_goes_along() {
    let world = World::attended().await;
    two_grants(&world).await;
    operate(&world, "linkAccount", "A1DE", json!({"account": "tenant-7"})).await.unwrap();

    hours_pass(&world, 6).await;

    assert_eq!(has_become_one(&world).await["account"], "tenant-7");
    assert_eq!(world.caller().token(&json!({"account": "tenant-7"})).await.unwrap()["region"], "eu");
}

#[tokio::test]
async fn promise_4_grants_of_two_accounts_and_a_disabled_one_wait_for_the_operator() {
    for (operation, more) in
        [("linkAccount", json!({"account": "tenant-8"})), ("disableGrant", json!({"region": "na"}))]
    {
        let world = World::attended().await;
        let (older, assumed) = two_grants(&world).await;
        let own = json!({"region": "eu", "account": "tenant-7"});
        operate(&world, "linkAccount", "A1DE", own).await.unwrap();
        // The refresher reports the conflict first, so that the token of the other grant waits beside the older one.
        let (mut waited, mut is_decided) = (0, false);
        while !world.grant("eu", "A1DE").await.unwrap().contains_key("conflicts") {
            world.advance(600).await;
            waited += 1;
            assert!(waited < 60, "the conflict is reported");
            // A disabled grant is refreshed no more, so its conflict is never reported.
            if is_decided && operation == "disableGrant" {
                break;
            }
            // Amazon has listed the stores of the other region once; the second time, the grant is moved or the conflict reported.
            if !is_decided && world.grant("na", "A1DE").await.unwrap().contains_key("sighting") {
                operate(&world, operation, "A1DE", more.clone()).await.unwrap();
                is_decided = true;
            }
        }
        assert!(is_decided, "the operator decides before the refresher does");

        hours_pass(&world, 30).await;

        let after = world.grant("eu", "A1DE").await.unwrap();
        assert_eq!(attribute(&after, "fingerprint"), attribute(&older, "fingerprint"), "{operation}");
        let other = world.grant("na", "A1DE").await.unwrap();
        assert_eq!(attribute(&other, "fingerprint"), attribute(&assumed, "fingerprint"), "{operation}");
        assert_ne!(attribute(&other, "status"), "removed", "{operation}");
    }
}

#[tokio::test]
async fn promise_4_an_operator_who_accepts_the_token_of_another_regions_grant_leaves_one_grant() {
    let world = World::attended().await;
    let view = in_conflict_with_another_account(&world).await;
    assert_eq!((&view["account"], view["conflicts"].as_array().unwrap().len()), (&json!("tenant-7"), 1));

    let fingerprint = view["conflicts"][0]["fingerprint"].clone();
    let accept = json!({"region": "eu", "fingerprint": fingerprint, "resolution": "accept", "by": "anne"});
    operate(&world, "resolveConflict", "A1DE", accept).await.unwrap();

    let view = has_become_one(&world).await;
    assert_eq!((&view["account"], &view["fingerprint"]), (&json!("tenant-8"), &fingerprint));
    hours_pass(&world, 6).await;
}

#[tokio::test]
async fn a_rejected_conflict_leaves_both_grants_with_their_own_tokens() {
    let world = World::attended().await;
    let fingerprint = in_conflict_with_another_account(&world).await["conflicts"][0]["fingerprint"].clone();
    let reject = json!({"region": "eu", "fingerprint": fingerprint, "resolution": "reject"});
    operate(&world, "resolveConflict", "A1DE", reject).await.unwrap();

    hours_pass(&world, 30).await;

    assert_eq!(shown(&world, "A1DE", "eu").await["conflicts"], json!([]), "it is not reported again");
    for region in ["na", "eu"] {
        assert_eq!(world.caller().token_of("A1DE", region).await.unwrap()["region"], region);
    }
}

/// The partner has a grant in each region, of two accounts, and the token of one is a conflict of the other. Returns that other one.
async fn in_conflict_with_another_account(world: &World) -> Value {
    two_grants(world).await;
    for (region, account) in [("eu", "tenant-7"), ("na", "tenant-8")] {
        operate(world, "linkAccount", "A1DE", json!({"region": region, "account": account})).await.unwrap();
    }
    hours_pass(world, 6).await;
    shown(world, "A1DE", "eu").await
}

/// Amazon answers with one refresh token, no matter which partner authorizes.
async fn amazon_issues_one_token(world: &World) {
    let body = json!({
        "access_token": "Atza|one", "token_type": "bearer", "expires_in": 3600, "refresh_token": "Atzr|one-and-the-same",
    });
    world.fault("token", "body", json!({"status": 200, "body": body.to_string()})).await;
}

#[tokio::test]
async fn a_token_that_another_regions_grant_has_is_saved_there() {
    let world = World::new().await;
    amazon_issues_one_token(&world).await;
    // First where the region is assumed, then where it is known.
    arrived_unseen(&world, EUROPE, "A1DE").await;
    world.website_form("4a").await;
    assert!(world.browser().website("DE", "seller", "A1DE").await.is_connected());
    one_token_has_one_grant(&world).await;
    assert_eq!(events_in(&world, "na").await, ["AuthorizationGranted", "AuthorizationRenewed"]);
    assert_eq!(shown(&world, "A1DE", "na").await["regionAssumed"], true);

    // The other way round.
    let world = World::new().await;
    amazon_issues_one_token(&world).await;
    world.website_form("4a").await;
    assert!(world.browser().website("DE", "seller", "A1DE").await.is_connected());
    arrived_unseen(&world, EUROPE, "A1DE").await;
    one_token_has_one_grant(&world).await;
    assert_eq!(events_in(&world, "eu").await, ["AuthorizationGranted", "AuthorizationRenewed"]);
    assert_eq!(shown(&world, "A1DE", "eu").await["regionAssumed"], false);
}

#[tokio::test]
async fn an_import_of_a_token_that_another_regions_grant_has_is_refused_with_the_way_on() {
    let world = World::new().await;
    amazon_issues_one_token(&world).await;
    arrived_unseen(&world, "vendorcentral.amazon.de", "VDE").await;
    let token = json!({
        "refreshToken": "Atzr|one-and-the-same", "kind": "oauth", "authorizedAt": "unknown", "partnerType": "vendor",
    });
    for (region, ok) in [("eu", false), ("fe", false), ("na", true)] {
        let mut request = token.clone();
        request["region"] = json!(region);
        match operate(&world, "importGrant", "VDE", request).await {
            Ok(answer) => assert!(ok && answer["outcome"] == "present", "{region}"),
            Err(failure) => {
                assert!(!ok, "{region}: {failure:?}");
                assert!(failure.error_message.starts_with("region: expected na"), "{failure:?}");
                assert!(failure.error_message.contains("setRegion"), "{failure:?}");
            }
        }
    }
    assert!(world.grant("eu", "VDE").await.is_none() && world.grant("fe", "VDE").await.is_none());
}

#[tokio::test]
async fn an_operator_makes_one_grant_of_two_to_which_an_earlier_release_gave_one_token() {
    let world = World::new().await;
    let (older, _) = two_grants(&world).await;
    let one = attribute(&older, "fingerprint").to_owned();
    world.change_grant("na", "A1DE", "fingerprint", &one).await;

    let set = json!({"toRegion": "eu", "by": "olga"});
    let answer = operate(&world, "setRegion", "A1DE", set.clone()).await.unwrap();

    assert_eq!(answer["grant"]["region"], "eu");
    assert_eq!(has_become_one(&world).await["fingerprint"], one);
    let again = operate(&world, "setRegion", "A1DE", set).await.unwrap();
    assert_eq!(again["grant"]["version"], answer["grant"]["version"], "sent again, it finds its result");
}
