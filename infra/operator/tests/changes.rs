//! What changes a grant: what is asked of `administration`, and with whose name.

use serde_json::{Value, json};

use crate::{applications::APPLICATION, grants::grant, support::functions::Functions};

/// Functions that know one grant, with two conflicts.
async fn one_grant() -> Functions {
    Functions::playing(|_, request| {
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

/// What `administration` is asked for `words`, and the operations that came before.
async fn asked(words: &str) -> (Vec<Value>, Value) {
    let functions = one_grant().await;
    let ran = functions.tool().succeeds(words).await;
    ran.says("A1EXAMPLE");
    let mut asked = functions.asked();
    let (function, request) = asked.pop().unwrap();
    assert_eq!(function, "administration");
    (asked.into_iter().map(|(_, request)| request["operation"].clone()).collect(), request)
}

fn request(operation: &str, more: &Value) -> Value {
    let mut request = json!({
        "operation": operation, "applicationId": APPLICATION, "sellingPartnerId": "A1EXAMPLE", "region": "na", "by": "olga",
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

#[tokio::test]
async fn disabling_and_enabling_find_the_whole_name_of_the_grant() {
    let (before, asked_for) = asked("disable A1EXAMPLE --reason asked").await;
    assert_eq!(before, ["getGrant"]);
    assert_eq!(asked_for, request("disableGrant", &json!({"reason": "asked"})));

    let (before, asked_for) = asked("enable --account tenant-42").await;
    assert_eq!(before, ["getGrant"]);
    assert_eq!(asked_for, request("enableGrant", &json!({})));
}

#[tokio::test]
async fn a_grant_that_is_named_in_full_costs_one_call() {
    let (before, asked_for) = asked(&format!("disable A1EXAMPLE --in na --application {APPLICATION}")).await;

    assert!(before.is_empty(), "{before:?}");
    assert_eq!(asked_for, request("disableGrant", &json!({})));
}

#[tokio::test]
async fn removing_wants_to_be_confirmed() {
    let functions = one_grant().await;
    let ran = functions.tool().run("remove A1EXAMPLE").await;
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--yes"), "{}", ran.stderr);
    assert!(functions.asked().is_empty());

    let (_, asked_for) = asked("remove A1EXAMPLE --yes --reason gone").await;
    assert_eq!(asked_for, request("removeGrant", &json!({"reason": "gone"})));
}

#[tokio::test]
async fn an_account_is_linked_and_cleared() {
    let (_, asked_for) = asked("account link A1EXAMPLE tenant-43 --in na").await;
    assert_eq!(asked_for, request("linkAccount", &json!({"account": "tenant-43"})));

    let (_, asked_for) = asked("account clear A1EXAMPLE").await;
    assert_eq!(asked_for, request("linkAccount", &json!({"account": null})));
}

#[tokio::test]
async fn conflicts_are_listed_and_resolved_by_a_fingerprint_that_is_meant() {
    let functions = one_grant().await;
    let ran = functions.tool().succeeds("conflicts list").await;
    ran.says("aaaaaaaabbbb").says("aaaaaaaacccc").says("the stores");
    assert!(!ran.stdout.contains("A2OTHER"));
    let ran = functions.tool().succeeds("conflicts list --json").await;
    assert_eq!(ran.document()["sellingPartnerId"], "A1EXAMPLE");

    let (_, asked_for) = asked("conflicts accept A1EXAMPLE aaaaaaaab").await;
    let expected = json!({"fingerprint": "aaaaaaaabbbb", "resolution": "accept"});
    assert_eq!(asked_for, request("resolveConflict", &expected));
    let (_, asked_for) = asked("conflicts reject A1EXAMPLE aaaaaaaacccc").await;
    let expected = json!({"fingerprint": "aaaaaaaacccc", "resolution": "reject"});
    assert_eq!(asked_for, request("resolveConflict", &expected));

    for unclear in ["aaaaaaaa", "aaaaaaa", "bbbbbbbbb"] {
        let functions = one_grant().await;
        let ran = functions.tool().run(&format!("conflicts accept A1EXAMPLE {unclear}")).await;
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(functions.asked().iter().all(|(function, _)| function == "authorizations"));
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
    assert_eq!(functions.asked_last(), ("administration".to_owned(), request("importGrant", &more)));

    let file = std::env::temp_dir().join(format!("spapi-auth-test-{}", std::process::id()));
    std::fs::write(&file, "Atzr|hunter3").unwrap();
    let words = format!("import A1EXAMPLE --kind self --secret-file {}", file.display());
    let ran = functions.tool().run(&words).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(functions.asked_last().1["refreshToken"], "Atzr|hunter3");
    assert_eq!(functions.asked_last().1["kind"], "self");
}
