//! Commands that change a grant: the requests they send to `administration`, with the value of `--by`.

use serde_json::{Value, json};

use crate::{applications::APPLICATION, grants::grant, support::functions::Functions};

/// Functions with one grant, which has two conflicts.
async fn one_grant() -> Functions {
    Functions::with(|_, request| {
        let mut known = grant("A1EXAMPLE");
        let conflict = |fingerprint: &str| json!({"fingerprint": fingerprint, "at": "2026-05-01T10:00:00Z", "stores": [], "differs": ["the stores"]});
        known["conflicts"] = json!([conflict("aaaaaaaabbbb"), conflict("aaaaaaaacccc")]);
        Ok(match request["operation"].as_str().unwrap() {
            "listApplications" => json!({"applications": [crate::applications::application(APPLICATION)]}),
            "listGrants" => json!({"grants": [grant("A2OTHER"), known]}),
            _ => json!({"grant": known}),
        })
    })
    .await
}

/// The operations before the last request of `words`, and that request, which goes to `administration`.
async fn sent(words: &str) -> (Vec<Value>, Value) {
    let functions = one_grant().await;
    let ran = functions.tool().succeeds(words).await;
    ran.says("A1EXAMPLE");
    let mut requests = functions.requests();
    let (function, request) = requests.pop().unwrap();
    assert_eq!(function, "administration");
    (requests.into_iter().map(|(_, request)| request["operation"].clone()).collect(), request)
}

fn request(operation: &str, more: &Value) -> Value {
    let mut request = json!({
        "operation": operation, "applicationId": APPLICATION, "sellingPartnerId": "A1EXAMPLE", "region": "na", "by": "olga",
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

#[tokio::test]
async fn disabling_and_enabling_find_the_key_of_the_grant() {
    let (before, request_sent) = sent("disable A1EXAMPLE --reason asked").await;
    assert_eq!(before, ["getGrant"]);
    assert_eq!(request_sent, request("disableGrant", &json!({"reason": "asked"})));

    let (before, request_sent) = sent("enable --account tenant-42").await;
    assert_eq!(before, ["getGrant"]);
    assert_eq!(request_sent, request("enableGrant", &json!({})));
}

#[tokio::test]
async fn a_grant_whose_key_is_given_needs_one_call() {
    let (before, request_sent) =
        sent(&format!("disable A1EXAMPLE --in na --application {APPLICATION}")).await;

    assert!(before.is_empty(), "{before:?}");
    assert_eq!(request_sent, request("disableGrant", &json!({})));
}

#[tokio::test]
async fn a_key_with_a_type_beside_it_is_compared_with_the_grant() {
    let words = format!("disable A1EXAMPLE --in na --type seller --application {APPLICATION}");

    let (before, _) = sent(&words).await;

    assert_eq!(before, ["getGrant"]);
}

#[tokio::test]
async fn a_change_says_how_long_services_may_still_get_older_access_tokens() {
    for words in [
        "disable A1EXAMPLE",
        "remove A1EXAMPLE --yes",
        "account clear A1EXAMPLE",
        "conflicts accept A1EXAMPLE aaaaaaaab",
    ] {
        let functions = one_grant().await;
        functions.tool().succeeds(words).await.says("for up to 60 seconds");
        let ran = functions.tool().succeeds(&format!("{words} --json")).await;
        assert!(!ran.stdout.contains("60 seconds"), "{words}: {}", ran.stdout);
    }
    let ran = one_grant().await.tool().succeeds("enable A1EXAMPLE").await;
    assert!(!ran.stdout.contains("60 seconds"), "{}", ran.stdout);
}

#[tokio::test]
async fn removing_requires_a_confirmation() {
    let functions = one_grant().await;
    let ran = functions.tool().run("remove A1EXAMPLE").await;
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--yes"), "{}", ran.stderr);
    assert!(functions.requests().is_empty());

    let (_, request_sent) = sent("remove A1EXAMPLE --yes --reason gone").await;
    assert_eq!(request_sent, request("removeGrant", &json!({"reason": "gone"})));
}

#[tokio::test]
async fn an_account_is_linked_and_cleared() {
    let (_, request_sent) = sent("account link A1EXAMPLE tenant-43 --in na").await;
    assert_eq!(request_sent, request("linkAccount", &json!({"account": "tenant-43"})));

    let (_, request_sent) = sent("account clear A1EXAMPLE").await;
    assert_eq!(request_sent, request("linkAccount", &json!({"account": null})));
}

#[tokio::test]
async fn a_region_is_set_by_its_name() {
    let (before, request_sent) = sent("set-region A1EXAMPLE --to eu --reason vendor").await;
    assert_eq!(before, ["getGrant"]);
    assert_eq!(request_sent, request("setRegion", &json!({"toRegion": "eu", "reason": "vendor"})));

    for wrong in ["set-region A1EXAMPLE", "set-region A1EXAMPLE --to mars", "set-region A1EXAMPLE --to EU"] {
        let functions = one_grant().await;
        assert_eq!(functions.tool().run(wrong).await.code, 2, "{wrong}");
        assert!(functions.requests().is_empty(), "{wrong}");
    }
}

#[tokio::test]
async fn conflicts_are_listed_and_resolved_by_an_unambiguous_fingerprint() {
    let functions = one_grant().await;
    let ran = functions.tool().succeeds("conflicts list").await;
    ran.says("aaaaaaaabbbb").says("aaaaaaaacccc").says("the stores");
    assert!(!ran.stdout.contains("A2OTHER"));
    let ran = functions.tool().succeeds("conflicts list --json").await;
    assert_eq!(ran.document()["sellingPartnerId"], "A1EXAMPLE");

    let (_, request_sent) = sent("conflicts accept A1EXAMPLE aaaaaaaab").await;
    let expected = json!({"fingerprint": "aaaaaaaabbbb", "resolution": "accept"});
    assert_eq!(request_sent, request("resolveConflict", &expected));
    let (_, request_sent) = sent("conflicts reject A1EXAMPLE aaaaaaaacccc").await;
    let expected = json!({"fingerprint": "aaaaaaaacccc", "resolution": "reject"});
    assert_eq!(request_sent, request("resolveConflict", &expected));

    for unclear in ["aaaaaaaa", "aaaaaaa", "bbbbbbbbb"] {
        let functions = one_grant().await;
        let ran = functions.tool().run(&format!("conflicts accept A1EXAMPLE {unclear}")).await;
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(functions.requests().iter().all(|(function, _)| function == "authorizations"));
    }
}

#[tokio::test]
async fn a_refresh_token_is_imported_from_standard_input_or_a_file() {
    let functions = one_grant().await;
    let words =
        "import A1EXAMPLE --kind oauth --authorized-at 2026-06-01 --in na --type seller --account tenant-42";
    let arguments: Vec<_> = words.split(' ').collect();

    let ran = functions.tool().run_with(&arguments, "Atzr|hunter2\n").await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let more = json!({
        "refreshToken": "Atzr|hunter2", "kind": "oauth", "authorizedAt": "2026-06-01T00:00:00Z", "partnerType": "seller",
        "account": "tenant-42",
    });
    assert_eq!(functions.last_request(), ("administration".to_owned(), request("importGrant", &more)));

    let file = std::env::temp_dir().join(format!("spapi-auth-test-{}", std::process::id()));
    std::fs::write(&file, "Atzr|hunter3").unwrap();
    let words = format!("import A1EXAMPLE --kind self --secret-file {}", file.display());
    let ran = functions.tool().run(&words).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(functions.last_request().1["refreshToken"], "Atzr|hunter3");
    assert_eq!(functions.last_request().1["kind"], "self");
}
