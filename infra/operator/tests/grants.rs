//! `list`, `show`, `history`, `renewals`, `link` and `renew`: the requests they send, and what they print.

use serde_json::{Value, json};

use crate::{applications::APPLICATION, support::functions::Functions};

pub(crate) fn grant(partner: &str) -> Value {
    json!({
        "applicationId": APPLICATION, "region": "na", "sellingPartnerId": partner, "partnerType": "seller",
        "status": "active", "kind": "oauth", "account": "tenant-42", "draft": false, "verified": true,
        "authorizedAt": "2026-01-01T10:00:00Z", "renewalDueAt": "2027-01-01T10:00:00Z",
        "stores": [
            {"marketplaceId": "ATVPDKIKX0DER", "country": "US", "name": "Shop\u{1b}[2J\u{202e}evil", "participating": true},
            {"marketplaceId": "A2EUQ1WTGCTBG2", "country": "CA", "name": "Shop CA", "participating": false},
        ],
        "version": 3, "fingerprint": "0123456789abcdef", "conflicts": [], "actions": ["disable", "remove"],
        "manageYourAppsUrl": "https://sellercentral.amazon.com/apps/manage",
    })
}

#[tokio::test]
async fn grants_are_listed_by_the_given_filters() {
    let functions = Functions::answering(Ok(json!({"grants": [grant("A1EXAMPLE")]}))).await;

    let ran = functions
        .tool()
        .succeeds("list --account tenant-42 --status reauthorizationRequired --in eu --due-before 2027-06-01 --partner A1EXAMPLE")
        .await;

    ran.says("PARTNER").says("A1EXAMPLE").says("active").says("2027-01-01").says("US").says("tenant-42");
    let request = json!({
        "operation": "listGrants", "sellingPartnerId": "A1EXAMPLE", "account": "tenant-42",
        "status": "reauthorizationRequired", "region": "eu", "renewalDueBefore": "2027-06-01T00:00:00Z", "limit": 100,
    });
    assert_eq!(functions.only_request(), ("authorizations".to_owned(), request));

    functions.tool().succeeds("list --region-assumed --outdated").await;
    let request = json!({"operation": "listGrants", "outdated": true, "regionAssumed": true, "limit": 100});
    assert_eq!(functions.last_request().1, request);
}

#[tokio::test]
async fn a_hostile_store_name_does_not_reach_the_terminal() {
    let functions = Functions::with(|_, request| match request["operation"].as_str() {
        Some("listGrants") => Ok(json!({"grants": [grant("A1EXAMPLE")]})),
        _ => Ok(json!({"grant": grant("A1EXAMPLE")})),
    })
    .await;

    for words in ["list", "list --json", "show A1EXAMPLE", "show A1EXAMPLE --json"] {
        let ran = functions.tool().succeeds(words).await;
        let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.stdout.contains(hostile), "{words}: {:?}", ran.stdout);
        ran.says("evil");
    }
    let ran = functions.tool().succeeds("show A1EXAMPLE --json").await;
    assert_eq!(ran.document(), grant("A1EXAMPLE"), "nothing is lost");
}

#[tokio::test]
async fn a_limit_holds_across_pages() {
    let functions = Functions::with(|_, request| {
        let limit = request["limit"].as_u64().unwrap();
        let grants: Vec<_> = (0..limit).map(|n| grant(&format!("A{n}"))).collect();
        Ok(json!({"grants": grants, "cursor": format!("{limit}{}", request["cursor"].as_str().unwrap_or_default())}))
    })
    .await;

    let ran = functions.tool().succeeds("list --limit 130 --json").await;

    assert_eq!(ran.documents().len(), 130);
    let limits: Vec<_> = functions.requests().iter().map(|(_, request)| request["limit"].clone()).collect();
    assert_eq!(limits, [100, 30]);
}

#[tokio::test]
async fn a_grant_is_shown_with_its_stores_and_conflicts() {
    let mut shown = grant("A1EXAMPLE");
    shown["conflicts"] = json!([{
        "fingerprint": "fedcba9876543210", "at": "2026-05-01T10:00:00Z", "account": null, "stores": ["Other Shop"],
        "differs": ["the stores are others"],
    }]);
    let functions = Functions::answering(Ok(json!({"grant": shown}))).await;

    let ran = functions.tool().succeeds("show A1EXAMPLE --in na --application amzn1.sp.solution.x").await;
    ran.says("2027-01-01T10:00:00Z").says("active, conflict").says("Shop CA").says("not participating");
    ran.says("disable remove").says("Other Shop").says("the stores are others").says("fedcba9876543210");
    let request = json!({
        "operation": "getGrant", "applicationId": "amzn1.sp.solution.x", "sellingPartnerId": "A1EXAMPLE", "region": "na",
    });
    assert_eq!(functions.only_request(), ("authorizations".to_owned(), request));

    functions.tool().succeeds("show --account tenant-42").await;
    assert_eq!(functions.last_request().1, json!({"operation": "getGrant", "account": "tenant-42"}));
}

#[tokio::test]
async fn history_is_shown_newest_first() {
    let functions = Functions::with(|_, request| {
        if request["operation"] == "getGrant" {
            return Ok(json!({"grant": grant("A1EXAMPLE")}));
        }
        let record = |at: &str, event: &str| {
            json!({
                "at": at, "event": event, "actor": "operator", "by": "olga", "reason": "asked to", "account": "tenant-42",
                "fingerprint": "", "revision": 2, "region": "na", "sellingPartnerId": "A1EXAMPLE",
            })
        };
        Ok(match request.get("cursor") {
            None => json!({"history": [record("2026-02-01T00:00:00Z", "AuthorizationDisabled")], "cursor": "c1"}),
            Some(_) => json!({"history": [record("2026-01-01T00:00:00Z", "AuthorizationGranted")]}),
        })
    })
    .await;

    let ran = functions.tool().succeeds("history A1EXAMPLE --in na").await;
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!(
        lines[0].starts_with("AT") && lines[1].contains("Disabled") && lines[2].contains("Granted"),
        "{lines:?}"
    );
    ran.says("operator olga").says("asked to");
    let requests: Vec<_> = functions.requests().into_iter().map(|(_, request)| request).collect();
    let first =
        json!({"operation": "getHistory", "sellingPartnerId": "A1EXAMPLE", "region": "na", "limit": 100});
    assert_eq!(requests[0], first);
    assert_eq!(requests[1]["cursor"], "c1");

    functions.tool().succeeds("history --account tenant-42 --limit 1").await;
    let request = json!({"operation": "getHistory", "account": "tenant-42", "limit": 1});
    assert_eq!(functions.last_request().1, request);

    functions.tool().succeeds("history --json").await;
    assert_eq!(functions.requests()[3].1, json!({"operation": "getHistory", "limit": 100}));
}

#[tokio::test]
async fn one_of_several_grants_of_an_account_is_chosen_by_marketplace_and_type() {
    let answer = json!({
        "grant": grant("A1EXAMPLE"), "history": [], "url": "https://auth.example/authorize?link=l1.x",
        "expiresAt": "2026-12-01T00:00:00Z", "manageYourAppsUrl": "https://sellercentral.amazon.com/apps/manage",
        "accessToken": "Atza|x", "expiresIn": 3599, "expiresAt": "2026-12-01T00:00:00Z",
    });
    let functions = Functions::answering(Ok(answer)).await;
    let chosen = "--account tenant-42 --marketplace A1VC38T7YXB528 --type vendor";

    for (command, operation) in [
        ("show", json!("getGrant")),
        ("history", json!("getHistory")),
        ("renew", json!("requestRenewal")),
        ("disable", json!("getGrant")),
        ("enable", json!("getGrant")),
        ("token --show", json!(null)),
    ] {
        let before = functions.requests().len();
        functions.tool().succeeds(&format!("{command} {chosen}")).await;

        let (_, request) = &functions.requests()[before];
        assert_eq!(request["operation"], operation, "{command}");
        let said = (&request["account"], &request["marketplaceId"], &request["partnerType"]);
        let expected = (&json!("tenant-42"), &json!("A1VC38T7YXB528"), &json!("vendor"));
        assert_eq!(said, expected, "{command}");
    }

    let ambiguous = "several authorizations fit; add partnerType";
    let functions = Functions::answering(Err(("AmbiguousSellingPartner", ambiguous))).await;
    let ran = functions.tool().run("show --account tenant-42").await;
    assert_eq!(ran.code, 1);
    for said in
        [ambiguous, "spapi-auth list --account tenant-42", "--in REGION", "--marketplace ID", "--type TYPE"]
    {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[tokio::test]
async fn renewals_are_the_grants_that_lapse_before_a_day() {
    let functions = Functions::answering(Ok(json!({"grants": [grant("A1EXAMPLE")]}))).await;

    let ran = functions.tool().succeeds("renewals --until 2027-02-01 --in na").await;

    ran.says("A1EXAMPLE").says("2027-01-01").says("https://sellercentral.amazon.com/apps/manage");
    let request = json!({"operation": "listGrants", "renewalDueBefore": "2027-02-01T00:00:00Z", "region": "na", "limit": 100});
    assert_eq!(functions.only_request().1, request);
}

#[tokio::test]
async fn links_are_created_for_an_account_and_for_a_renewal() {
    let answer = json!({
        "linkId": "l1", "url": "https://auth.example/authorize?link=l1.x", "expiresAt": "2026-12-01T00:00:00Z",
        "manageYourAppsUrl": "https://sellercentral.amazon.com/apps/manage",
    });
    let functions = Functions::answering(Ok(answer.clone())).await;

    let words = "link --account tenant-42 --label Tenant --marketplace US --type seller --return-url https://s.example/ --valid 3d --language de";
    functions
        .tool()
        .succeeds(words)
        .await
        .says("https://auth.example/authorize?link=l1.x")
        .says("2026-12-01T00:00:00Z");
    let request = json!({
        "operation": "createAuthorizationLink", "account": "tenant-42", "label": "Tenant", "marketplace": "US",
        "type": "seller", "returnUrl": "https://s.example/", "validSeconds": 259_200, "language": "de", "by": "olga",
    });
    assert_eq!(functions.only_request(), ("authorizations".to_owned(), request));

    let ran =
        functions.tool().succeeds("renew A1EXAMPLE --in eu --label Tenant --language pt-PT --json").await;
    assert_eq!(ran.document(), answer);
    let request = json!({
        "operation": "requestRenewal", "sellingPartnerId": "A1EXAMPLE", "region": "eu", "label": "Tenant",
        "language": "pt-PT", "by": "olga",
    });
    assert_eq!(functions.last_request().1, request);
}
