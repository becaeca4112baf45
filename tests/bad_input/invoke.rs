//! `get-access-token`: whatever is asked, the answer is a token or a typed error.

use serde_json::{Value, json};

use crate::support::world::World;

#[tokio::test]
async fn a_bad_request_gets_a_typed_error_and_loses_nothing() {
    let world = World::new().await;
    world.browser().website("US", "seller", "A1US").await;
    let first = world.caller().token_of("A1US", "na").await.unwrap();

    for payload in payloads() {
        let failure = world.caller().token(&payload).await.unwrap_err();

        assert_eq!(failure.error_type, "InvalidRequest", "{}", shortened(&payload));
        assert_explains(&failure.error_message, &payload);
    }
    let unregistered = "amzn1.sp.solution.00000000-2222-4333-8444-555555555555";
    for (payload, error_type) in [
        (
            json!({"sellingPartnerId": "A1US", "region": "na", "applicationId": unregistered}),
            "UnknownApplication",
        ),
        (json!({"account": "tenant-1", "applicationId": unregistered}), "UnknownApplication"),
        (json!({"sellingPartnerId": "A1NOBODY", "region": "na"}), "UnknownSellingPartner"),
        (json!({"sellingPartnerId": "A1NOBODY"}), "UnknownSellingPartner"),
        (json!({"sellingPartnerId": "a1us", "region": "na"}), "UnknownSellingPartner"),
        (json!({"sellingPartnerId": "A1US", "region": "eu"}), "UnknownSellingPartner"),
        (json!({"sellingPartnerId": "A".repeat(64)}), "UnknownSellingPartner"),
        (json!({"account": "tenant-1"}), "UnknownSellingPartner"),
        (json!({"account": "~".repeat(128), "region": "na"}), "UnknownSellingPartner"),
    ] {
        let failure = world.caller().token(&payload).await.unwrap_err();

        assert_eq!(failure.error_type, error_type, "{}", shortened(&payload));
        assert_explains(&failure.error_message, &payload);
    }

    let again = world.caller().token_of("A1US", "na").await.unwrap();
    assert_eq!(again["accessToken"], first["accessToken"]);
    assert_eq!(world.refreshes().await, 0);
}

/// None of them can be understood.
fn payloads() -> Vec<Value> {
    let mut payloads = vec![
        json!(null),
        json!(true),
        json!(0),
        json!("A1US"),
        json!([]),
        json!([{"sellingPartnerId": "A1US"}]),
        json!({}),
        json!({"": ""}),
        json!({"sellingPartnerId": null, "account": null}),
        json!({"sellingPartnerId": "A1US", "account": "tenant-1"}),
        json!({"SellingPartnerId": "A1US"}),
        json!({"selling_partner_id": "A1US"}),
        json!({"sellingPartnerId": "A1US", "regions": "na"}),
        json!({"region": "na"}),
        json!({"sellingPartnerId": "A1US", "region": "eu", "marketplaceId": "ATVPDKIKX0DER"}),
        json!({"sellingPartnerId": "A1US", "marketplaceId": "A0000000000000"}),
        json!({"sellingPartnerId": "A1US", "applicationId": "amzn1.application-oa2-client.1"}),
    ];
    let over_long = "A".repeat(8192);
    for hostile in [
        json!(""),
        json!(" "),
        json!(7),
        json!(-0.5),
        json!(true),
        json!([]),
        json!(["A1US"]),
        json!({"S": "A1US"}),
        json!("A1US#na"),
        json!("A1US\u{0}"),
        json!("A1US\r\nx"),
        json!("\u{c4}1"),
        json!("\u{1f600}"),
        json!(over_long),
        nested(100),
    ] {
        for field in ["sellingPartnerId", "account"] {
            payloads.push(json!({field: hostile}));
        }
        for field in
            ["applicationId", "marketplaceId", "region", "partnerType", "mintedAfter", "minValidSeconds"]
        {
            payloads.push(json!({"sellingPartnerId": "A1US", field: hostile}));
        }
    }
    for seconds in
        [json!(-1), json!(3301), json!(1.5), json!(u64::MAX), json!(i64::MIN), json!(1e308), json!("60")]
    {
        payloads.push(json!({"sellingPartnerId": "A1US", "region": "na", "minValidSeconds": seconds}));
    }
    // Seven seconds of life is a wish like any other.
    payloads.retain(|payload| payload["minValidSeconds"] != json!(7));
    payloads
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("A1US"), |inner, _| json!([inner]))
}

/// A sentence for a person, which does not repeat what came.
fn assert_explains(message: &str, payload: &Value) {
    assert!(!message.is_empty() && message.len() < 300, "{message}");
    assert!(!message.contains("expected expected"), "{message}");
    for value in payload.as_object().into_iter().flat_map(|fields| fields.values()) {
        let text = value.as_str().unwrap_or_default();
        assert!(text.len() < 8 || !message.contains(text), "{message}");
    }
}

fn shortened(payload: &Value) -> String {
    payload.to_string().chars().take(120).collect()
}
