//! Promise 9: no token with less life than the caller asked for; and how a partner is found.

use serde_json::{Value, json};

use crate::support::world::World;

#[tokio::test]
async fn promise_9_no_cached_token_is_handed_out_with_less_life_than_was_asked_for() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let caller = world.caller();
    let ask = async |seconds: i64| {
        let request = json!({"sellingPartnerId": "A1US", "region": "na", "minValidSeconds": seconds});
        let answer = caller.token(&request).await.unwrap();
        (answer["accessToken"].clone(), answer["expiresIn"].as_i64().unwrap())
    };
    let (first, _) = ask(3300).await;
    assert_eq!(world.refreshes().await, 0);

    world.advance(400).await;
    let (same, life) = ask(3000).await;
    assert_eq!(same, first);
    assert!((3000..=3200).contains(&life));
    let (second, life) = ask(3300).await;
    assert_ne!(second, first);
    assert!(life >= 3590);
    assert_eq!(ask(60).await.0, second, "the new token is cached");
    assert_eq!(world.refreshes().await, 1);
}

#[tokio::test]
async fn promise_9_the_life_of_a_new_token_counts_from_before_it_was_asked_for() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    world.advance(3600).await;
    world.fault("token", "latency", json!({"milliseconds": 2500, "times": 1})).await;

    let token = world.caller().token_of("A1US", "na").await.unwrap();

    let expires_at: jiff::Timestamp = token["expiresAt"].as_str().unwrap().parse().unwrap();
    assert!(expires_at.duration_since(world.stack.clock().now()).as_secs() <= 3598);
}

#[tokio::test]
async fn promise_9_a_token_ends_no_later_than_the_client_secret_that_fetched_it() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    world.advance(180 * 24 * 3600 - 1800).await;

    let token = world.caller().token_of("A1US", "na").await.unwrap();

    let life = token["expiresIn"].as_i64().unwrap();
    assert!((1..=1800).contains(&life), "{life}");
}

#[tokio::test]
async fn a_partner_is_found_by_id_region_and_marketplace_and_ambiguity_is_named() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    world.browser().website("DE", "seller", "A1TWO").await;
    world.browser().website("JP", "seller", "A1TWO").await;
    let caller = world.caller();

    for found in [
        json!({"sellingPartnerId": "A1US"}),
        json!({"sellingPartnerId": "A1US", "region": "na", "applicationId": world.application()}),
        json!({"sellingPartnerId": "A1US", "marketplaceId": "ATVPDKIKX0DER"}),
        json!({"sellingPartnerId": "A1TWO", "region": "eu"}),
        json!({"sellingPartnerId": "A1TWO", "marketplaceId": "A1VC38T7YXB528"}),
    ] {
        let answer = caller.token(&found).await.unwrap();
        assert_eq!(answer["sellingPartnerId"], found["sellingPartnerId"]);
        assert_eq!(answer["tokenType"], "bearer");
        assert!(answer["endpoint"].as_str().unwrap().contains(answer["region"].as_str().unwrap()));
    }
    let unknown_application = "amzn1.sp.solution.99999999-2222-4333-8444-555555555555";
    for (request, refusal) in [
        (json!({"sellingPartnerId": "A1NOBODY"}), "UnknownSellingPartner"),
        (json!({"sellingPartnerId": "A1US", "region": "eu"}), "UnknownSellingPartner"),
        (json!({"account": "tenant-1"}), "UnknownSellingPartner"),
        (json!({"sellingPartnerId": "A1TWO"}), "AmbiguousSellingPartner"),
        (json!({"sellingPartnerId": "A1US", "applicationId": unknown_application}), "UnknownApplication"),
        (
            json!({"sellingPartnerId": "A1US", "marketplaceId": "ATVPDKIKX0DER", "region": "eu"}),
            "InvalidRequest",
        ),
        (json!({"sellingPartnerId": "A1US", "marketplaceId": "A2Q3Y263D00KWC"}), "InvalidRequest"),
        (json!({}), "InvalidRequest"),
    ] {
        assert_eq!(caller.refusal(&request).await, refusal, "{request}");
    }
}

#[tokio::test]
async fn the_endpoint_of_an_answer_is_reached_without_resolving_a_name() {
    let world = World::new().await;
    world.browser().website("DE", "seller", "A1DE").await;

    let answer = world.caller().token_of("A1DE", "eu").await.unwrap();

    for field in ["endpoint", "sandboxEndpoint"] {
        let endpoint = answer[field].as_str().unwrap();
        let host = reqwest::Url::parse(endpoint).unwrap().host_str().unwrap().to_owned();
        assert!(host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()), "{endpoint}");
        let listed = world.http().get(format!("{endpoint}/sellers/v1/marketplaceParticipations"));
        let listed = listed.header("x-amz-access-token", answer["accessToken"].as_str().unwrap());
        let stores: Value = listed.send().await.unwrap().json().await.unwrap();
        assert!(stores["payload"].as_array().is_some_and(|stores| !stores.is_empty()), "{field}: {stores}");
    }
    assert!(answer["sandboxEndpoint"].as_str().unwrap().contains("sandbox"), "{answer}");
}

#[tokio::test]
async fn invalidated_tokens_are_fetched_again_and_no_others() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    world.browser().website("US", "seller", "A2US").await;
    let token =
        async |partner: &str| world.caller().token_of(partner, "na").await.unwrap()["accessToken"].clone();
    let scope = json!({"scope": "sellingpartnerapi::notifications"});
    let (one, two) = (token("A1US").await, token("A2US").await);
    let grantless = world.caller().token(&scope).await.unwrap()["accessToken"].clone();
    let invalidate = async |more: Value| {
        let mut request = json!({"operation": "invalidateTokens", "applicationId": world.application()});
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        world.caller().invoke("administration", &request).await
    };

    assert_eq!(
        invalidate(json!({"sellingPartnerId": "A1US", "region": "na"})).await.unwrap()["invalidated"],
        1
    );
    world.advance(61).await;
    assert_ne!(token("A1US").await, one);
    assert_eq!(token("A2US").await, two);

    let all = invalidate(json!({})).await.unwrap();
    assert!(all["application"]["notBefore"].is_string(), "{all}");
    world.advance(61).await;
    assert_ne!(token("A2US").await, two);
    assert_ne!(world.caller().token(&scope).await.unwrap()["accessToken"], grantless);
    let unknown = invalidate(json!({"sellingPartnerId": "A9", "region": "na"})).await.unwrap_err();
    assert_eq!(unknown.error_type, "UnknownSellingPartner");
    assert_eq!(invalidate(json!({"region": "na"})).await.unwrap_err().error_type, "InvalidRequest");
    assert_eq!(invalidate(json!({"cursor": "x"})).await.unwrap_err().error_type, "InvalidRequest");
}
