//! `by`, the name that a caller gives itself, is one thing everywhere: what one operation accepts, all accept.

use serde_json::{Value, json};

use crate::support::world::World;

/// Every operation that takes a `by`, complete but for it.
fn operations() -> Vec<(&'static str, Value)> {
    let application = "amzn1.sp.solution.99999999-2222-4333-8444-555555555555";
    let grant = json!({"applicationId": application, "sellingPartnerId": "A1US", "region": "na"});
    let with = |more: Value| {
        let mut request = grant.clone();
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        request
    };
    let of_application = |more: Value| {
        let mut request = json!({"applicationId": application});
        request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        request
    };
    vec![
        // An application without a name is never registered.
        (
            "administration",
            of_application(json!({
                "operation": "registerApplication", "clientId": "amzn1.application-oa2-client.1", "name": "",
                "draft": true, "defaultRegion": "na",
            })),
        ),
        ("administration", of_application(json!({"operation": "updateApplication"}))),
        ("administration", of_application(json!({"operation": "setClientSecret", "secret": "x"}))),
        ("administration", of_application(json!({"operation": "rotateClientSecret"}))),
        ("administration", of_application(json!({"operation": "invalidateTokens"}))),
        (
            "administration",
            with(json!({"operation": "importGrant", "refreshToken": "Atzr|x", "kind": "self"})),
        ),
        (
            "administration",
            of_application(json!({"operation": "reconcile", "since": "2026-01-01T00:00:00Z"})),
        ),
        ("administration", with(json!({"operation": "disableGrant"}))),
        ("administration", with(json!({"operation": "enableGrant"}))),
        ("administration", with(json!({"operation": "removeGrant"}))),
        ("administration", with(json!({"operation": "eraseGrant"}))),
        (
            "administration",
            json!({
                "operation": "restoreRows", "table": "grants", "from": "x", "moment": "2026-01-01T00:00:00Z",
            }),
        ),
        (
            "administration",
            with(json!({
                "operation": "resolveConflict", "fingerprint": "0".repeat(64), "resolution": "reject",
            })),
        ),
        ("administration", with(json!({"operation": "linkAccount", "account": null}))),
        ("administration", with(json!({"operation": "setRegion", "toRegion": "eu"}))),
        // Another field is wrong, so that nothing is stored.
        (
            "administration",
            json!({"operation": "putConsumer", "consumer": "orders", "by": "", "colour": "red"}),
        ),
        (
            "administration",
            json!({"operation": "removeConsumer", "consumer": "orders", "by": "", "colour": "red"}),
        ),
        ("authorizations", with(json!({"operation": "disableGrant"}))),
        ("authorizations", with(json!({"operation": "removeGrant"}))),
        (
            "authorizations",
            of_application(json!({
                "operation": "createAuthorizationLink", "account": "tenant-1", "label": "Shop",
                "marketplace": "US",
            })),
        ),
        ("authorizations", with(json!({"operation": "requestRenewal"}))),
    ]
}

#[tokio::test]
async fn a_name_of_a_caller_is_accepted_by_every_operation_or_refused_by_every_one() {
    let world = World::new().await;
    let (longest, too_long) = ("é".repeat(64), "x".repeat(65));
    let accepted = ["anne@example.com", "Änne (support)", "書店", "a  b", "#7", longest.as_str()];
    let refused = [
        "",
        " ",
        " anne",
        "anne ",
        "a\nb",
        "a\u{7f}b",
        "a\u{85}b",
        "a\u{200b}b",
        "a\u{200e}b",
        "a\u{2028}b",
        "a\u{202e}b",
        "a\u{2066}b",
        "\u{feff}anne",
        "\u{3164}",
        too_long.as_str(),
    ];
    for (function, request) in operations() {
        for by in accepted.iter().chain(&refused) {
            let mut request = request.clone();
            request["by"] = json!(by);

            let failure = world.caller().invoke(function, &request).await.unwrap_err();

            let operation = &request["operation"];
            // An accepted name leaves what is wrong otherwise: the application is not registered, or has no name.
            let is_refused = failure.error_message.starts_with("by: ");
            assert_eq!(is_refused, refused.contains(by), "{function} {operation} {by:?}: {failure:?}");
            let otherwise = ["UnknownApplication", "InvalidRequest"];
            assert!(otherwise.contains(&failure.error_type.as_str()), "{operation} {by:?}: {failure:?}");
            assert!(by.len() < 3 || !failure.error_message.contains(by), "{failure:?}");
        }
    }
}
