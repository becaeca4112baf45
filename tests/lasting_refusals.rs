//! Refusals of a refresh in other words than `invalid_grant`, answers with odd fields, and replaced refresh tokens.

use serde_json::{Value, json};

use crate::support::{
    environments::{error_type, token},
    operator::{events, operate},
    world::{World, attribute},
};

const REFRESHER: (&str, &str) = ("Function", "token-refresher");

async fn answers(world: &World, status: u16, body: &Value) {
    world.fault("token", "body", json!({"status": status, "body": body.to_string()})).await;
}

#[tokio::test]
async fn a_refusal_in_whatever_words_is_reported_within_a_day_changes_nothing_and_ends_by_itself() {
    for (status, word, said) in [
        (401, "unauthorized_client", "unauthorized_client"),
        (403, "access_denied", "access_denied"),
        (400, "invalid_request", "invalid_request"),
        (400, "unsupported_grant_type", "unsupported_grant_type"),
        (401, "invalid_token", "invalid_token"),
        (400, "expired_token", "expired_token"),
        (400, "INVALID_GRANT", "INVALID_GRANT"),
        (422, "Atzr|not-a-word", "an error that is no word"),
    ] {
        let world = World::attended().await;
        world.connect("A1US").await;
        let before = world.grant("na", "A1US").await.unwrap();
        let refused = json!({"error": word});
        answers(&world, status, &refused).await;

        for _ in 0..24 {
            world.advance(3600).await;
        }

        let history = world.history("na", "A1US").await;
        let record = history.last().unwrap();
        assert_eq!(attribute(record, "event"), "RefreshRefused", "{word}");
        let reason = attribute(record, "reason");
        assert!(reason.contains(said) && reason.contains("Amazon's request id "), "{reason}");
        assert!(!reason.contains("Atzr|"));
        assert_eq!(attribute(record, "authorize_url"), "", "{word}");
        assert!(world.counted("LastingRefusals", REFRESHER) >= 1);
        let heard = world.fresh().token_of("A1US").await;
        assert_eq!(error_type(&heard), "RequestRefused", "{word}");
        for _ in 0..9 {
            world.advance(24 * 3600).await;
        }
        assert_eq!(events(&world, "A1US").await, ["AuthorizationGranted", "RefreshRefused"], "{word}: once");
        assert!(world.refreshes().await < 30, "the pauses grow");
        let after = world.grant("na", "A1US").await.unwrap();
        for name in ["status", "version", "fingerprint"] {
            assert_eq!(before[name], after[name], "{word}: {name}");
        }

        world.fault("token", "none", json!({})).await;
        world.advance(61).await;
        token(&world.fresh().token_of("A1US").await);
    }
}

#[tokio::test]
async fn a_refusal_that_ended_and_comes_again_is_reported_again() {
    let world = World::attended().await;
    world.connect("A1US").await;
    for reported in 1..=2 {
        answers(&world, 403, &json!({"error": "access_denied"})).await;
        for _ in 0..25 {
            world.advance(3600).await;
        }
        let expected = [&["AuthorizationGranted"][..], &vec!["RefreshRefused"; reported]].concat();
        assert_eq!(events(&world, "A1US").await, expected);

        world.fault("token", "none", json!({})).await;
        world.advance(61).await;
        token(&world.fresh().token_of("A1US").await);
    }
}

#[tokio::test]
async fn a_refusal_that_passes_is_not_reported() {
    let world = World::attended().await;
    world.connect("A1US").await;
    world.fault("token", "http_error", json!({"status": 403, "times": 1})).await;

    for _ in 0..48 {
        world.advance(3600).await;
    }

    assert_eq!(events(&world, "A1US").await, ["AuthorizationGranted"]);
    assert_eq!(world.counted("LastingRefusals", REFRESHER), 0);
}

#[tokio::test]
async fn one_clear_refusal_after_an_answer_of_a_firewall_is_not_reported() {
    let world = World::attended().await;
    world.connect("A1US").await;
    world.fault("token", "body", json!({"status": 403, "body": "<html>blocked</html>"})).await;
    while world.refreshes().await == 0 {
        world.advance(3600).await;
    }
    world.advance(3600).await;
    let tried = world.refreshes().await;
    answers(&world, 401, &json!({"error": "unauthorized_client"})).await;

    while world.refreshes().await == tried {
        world.advance(300).await;
    }

    assert_eq!(events(&world, "A1US").await, ["AuthorizationGranted"], "nothing confirms it yet");
    for _ in 0..3 {
        world.advance(3600).await;
    }
    assert_eq!(events(&world, "A1US").await, ["AuthorizationGranted", "RefreshRefused"]);
}

#[tokio::test]
async fn a_refusal_without_an_error_is_reported_after_a_day_and_a_shorter_one_is_not() {
    for (status, body) in [(403, "<html>blocked</html>"), (401, ""), (400, r#"{"message":"Bad Request"}"#)] {
        let world = World::attended().await;
        world.connect("A1US").await;
        let before = world.grant("na", "A1US").await.unwrap();
        world.fault("token", "body", json!({"status": status, "body": body})).await;
        for _ in 0..22 {
            world.advance(3600).await;
        }
        assert_eq!(events(&world, "A1US").await, ["AuthorizationGranted"], "{status}: it may pass");
        assert_eq!(error_type(&world.fresh().token_of("A1US").await), "AmazonUnavailable", "{status}");

        for _ in 0..24 {
            world.advance(3600).await;
        }

        assert_eq!(
            events(&world, "A1US").await,
            ["AuthorizationGranted", "RefreshRefused"],
            "{status}: once"
        );
        assert!(world.counted("LastingRefusals", REFRESHER) >= 1);
        let record = world.history("na", "A1US").await.pop().unwrap();
        assert!(attribute(&record, "reason").contains(&status.to_string()), "{record:?}");
        let after = world.grant("na", "A1US").await.unwrap();
        for name in ["status", "version", "fingerprint"] {
            assert_eq!(before[name], after[name], "{status}: {name}");
        }
        world.fault("token", "none", json!({})).await;
        world.advance(1200).await;
        token(&world.fresh().token_of("A1US").await);
    }
}

#[tokio::test]
async fn an_odd_optional_field_does_not_cost_a_good_access_token() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let before = world.grant("na", "A1US").await;
    for (number, odd) in [
        json!(""),
        json!("   "),
        json!("a b"),
        json!(7),
        json!(true),
        json!({}),
        json!("x".repeat(9000)),
        json!(null),
    ]
    .into_iter()
    .enumerate()
    {
        let issued = format!("Atza|{number}");
        let body =
            json!({"access_token": issued, "refresh_token": odd, "expires_in": 3600, "token_type": odd});
        answers(&world, 200, &body).await;

        assert_eq!(token(&world.fresh().token_of("A1US").await), issued, "{odd}");

        assert_eq!(world.grant("na", "A1US").await, before, "{odd}: the refresh token stays");
        world.advance(3601).await;
    }
}

#[tokio::test]
async fn a_restricted_token_of_any_length_that_a_row_holds_is_handed_out_whole_and_cached() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    for length in [4_097, 8_000, 30_000, 250_000] {
        let issued = "x".repeat(length);
        let body = json!({"restrictedDataToken": issued, "expiresIn": 3600}).to_string();
        world.fault("sp-api", "body", json!({"body": body, "times": 1})).await;
        let request = json!({"sellingPartnerId": "A1US", "region": "na", "restrictedResources": [
            {"method": "GET", "path": format!("/orders/v0/orders/{length}"), "dataElements": ["buyerInfo"]}]});

        assert_eq!(token(&world.fresh().token(&request).await), issued);
        assert_eq!(token(&world.fresh().token(&request).await), issued, "{length}: from the table");
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_replaced_while_the_grant_is_removed_is_not_stored_in_it() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    world.fault("token", "latency", json!({"milliseconds": 3000, "times": 1})).await;
    let environment = world.fresh();
    let removing = async {
        world.until_refreshes(1).await;
        operate(&world, "removeGrant", "A1US", json!({})).await.unwrap();
    };

    let _ = tokio::join!(environment.token_of("A1US"), removing);

    let grant = world.grant("na", "A1US").await.unwrap();
    assert_eq!(attribute(&grant, "status"), "removed");
    assert!(!grant.contains_key("refresh_token"), "{grant:?}");
    assert_eq!(events(&world, "A1US").await, ["AuthorizationGranted", "AuthorizationRemoved"]);
}

#[tokio::test]
async fn a_replaced_refresh_token_that_is_lost_is_reported_with_the_true_reason() {
    let world = World::attended().await;
    world.connect("A1US").await;
    operate(&world, "invalidateTokens", "A1US", json!({})).await.unwrap();
    world.control("tokens", json!({"onRefresh": "replace"})).await;
    world.fault("token", "latency", json!({"milliseconds": 2000, "times": 1})).await;
    let environment = world.fresh();
    let breaking = async {
        world.until_refreshes(1).await;
        world.fault("kms", "http_error", json!({})).await;
    };

    let request = json!({"sellingPartnerId": "A1US", "region": "na"});
    let asking = environment.token_within(&request, std::time::Duration::from_secs(10));
    let (outcome, ()) = tokio::join!(asking, breaking);

    assert_eq!(error_type(&outcome), "AmazonUnavailable");
    let row = world.token_row("A1US").await;
    assert!(row.contains_key("lost_at"), "{row:?}");
    world.control("reset", json!({})).await;
    for _ in 0..4 {
        world.advance(1800).await;
    }
    let history = world.history("na", "A1US").await;
    let last = history.last().unwrap();
    assert_eq!(attribute(last, "event"), "ReauthorizationRequired");
    assert!(attribute(last, "reason").contains("lost"), "{last:?}");
}
