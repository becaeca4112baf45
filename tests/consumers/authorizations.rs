//! What a consumer may do with `authorizations`, and see of it.

use serde_json::{Value, json};

use super::{NOT_COVERED, put};
use crate::support::{
    invocation::{authorizations_as, invoked_by},
    linking::RETURN_URL,
    operator::{authorized, operate},
    world::World,
};

async fn ask(world: &World, operation: &str, fields: Value) -> Result<Value, (String, String)> {
    let mut request = fields;
    request["operation"] = json!(operation);
    let answer = authorizations_as(world, &invoked_by("authorizations", "orders"), &request).await;
    answer.map_err(|error| (error.error_type().to_owned(), error.to_string()))
}

fn not_covered<T>() -> Result<T, (String, String)> {
    Err(("RequestRefused".to_owned(), NOT_COVERED.to_owned()))
}

fn partners(answer: &Value) -> Vec<String> {
    let grants = answer["grants"].as_array().unwrap().iter();
    grants.map(|grant| grant["sellingPartnerId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn promise_17_a_consumer_does_what_its_policy_names_and_nothing_else() {
    let world = World::with_integrator(false).await;
    authorized(&world, "A1US").await;
    operate(&world, "linkAccount", "A1US", json!({"account": "tenant-1"})).await.unwrap();
    let link = json!({"account": "tenant-1", "label": "Shop", "marketplace": "US"});
    let request = "A".repeat(22);
    let result = format!("{request}.{}", "B".repeat(22));
    for (may, operation, fields, is_done) in [
        ("read", "listApplications", json!({}), true),
        ("read", "listGrants", json!({}), true),
        ("read", "getGrant", json!({"sellingPartnerId": "A1US"}), true),
        ("read", "getHistory", json!({"account": "tenant-1"}), true),
        ("link", "createAuthorizationLink", link, true),
        ("link", "requestRenewal", json!({"account": "tenant-1"}), true),
        ("link", "describeSignIn", json!({"request": request}), false),
        ("link", "completeSignIn", json!({"request": request, "account": "tenant-1"}), false),
        ("link", "completeAuthorization", json!({"result": result, "account": "tenant-1"}), false),
        ("disable", "disableGrant", json!({"account": "tenant-1"}), true),
        ("remove", "removeGrant", json!({"account": "tenant-1"}), true),
    ] {
        for given in ["read", "link", "disable", "remove"] {
            // An environment reads a policy once a minute.
            world.advance(60).await;
            put(&world, &json!({"accounts": ["tenant-1"], "may": [given]})).await;

            let answer = ask(&world, operation, fields.clone()).await;

            match answer {
                Ok(_) => assert!(given == may && is_done, "{operation} with {given}"),
                Err((_, message)) if given == may => {
                    assert!(!is_done && message != NOT_COVERED, "{operation} with {given}: {message}");
                }
                refused => assert_eq!(refused, not_covered(), "{operation} with {given}"),
            }
        }
    }
}

#[tokio::test]
async fn promise_17_what_a_consumer_may_not_have_looks_as_if_it_did_not_exist() {
    let world = World::with_integrator(false).await;
    for partner in ["A1US", "A2US", "A3US", "A4US"] {
        authorized(&world, partner).await;
    }
    assert!(world.browser().website("DE", "seller", "A1US").await.is_connected());
    operate(&world, "linkAccount", "A3US", json!({"account": "tenant-3"})).await.unwrap();
    operate(&world, "linkAccount", "A4US", json!({"account": "tenant-4"})).await.unwrap();
    put(&world, &json!({"partners": ["A1US"], "accounts": ["tenant-3"], "may": ["read", "link", "disable"]}))
        .await;

    let query = json!(["listGrants", world.application(), null, null, null, null, null, null, null, null])
        .to_string();
    for limit in [1, 2, 50] {
        let (mut found, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let answer = ask(&world, "listGrants", json!({"limit": limit, "cursor": cursor})).await.unwrap();
            found.extend(partners(&answer));
            match answer.get("cursor") {
                Some(next) => cursor = next.clone(),
                None => break,
            }
            let text = shared::lambda::cursor::read(&query, cursor.as_str().unwrap()).unwrap();
            assert!(!text.contains("A2US") && !text.contains("A4US"), "{text}");
        }
        found.sort();
        assert_eq!(found, ["A1US", "A3US"], "by {limit}");
    }
    for foreign in ["A2US", "A4US", "A9US"] {
        let answer = ask(&world, "listGrants", json!({"sellingPartnerId": foreign})).await.unwrap();
        assert_eq!(answer, json!({"grants": []}), "{foreign}");
        for operation in ["getGrant", "getHistory", "requestRenewal", "disableGrant", "removeGrant"] {
            let answer = ask(&world, operation, json!({"sellingPartnerId": foreign})).await;
            assert_eq!(answer, not_covered(), "{operation} {foreign}");
        }
    }
    assert_eq!(ask(&world, "getGrant", json!({"account": "tenant-4"})).await, not_covered());
    assert_eq!(
        ask(&world, "getGrant", json!({"sellingPartnerId": "A1US", "region": "eu"})).await,
        not_covered()
    );
    let grant = ask(&world, "getGrant", json!({"sellingPartnerId": "A1US"})).await.unwrap();
    assert_eq!(grant["grant"]["region"], "na", "the one in Europe is not counted");
    assert_eq!(
        ask(&world, "listGrants", json!({"applicationId": "amzn1.sp.solution.7"})).await,
        not_covered()
    );
    assert_eq!(
        ask(&world, "listApplications", json!({})).await.unwrap()["applications"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn promise_17_no_link_and_no_completion_gives_a_consumer_another_account() {
    let world = World::with_integrator(false).await;
    put(&world, &json!({"accounts": ["tenant-1"], "may": ["link"]})).await;
    let link = |more: Value| {
        let mut link = json!({"account": "tenant-1", "label": "Shop", "marketplace": "US"});
        link.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        link
    };
    for more in [
        json!({"account": "tenant-2"}),
        json!({"marketplace": "DE"}),
        json!({"applicationId": "amzn1.sp.solution.7"}),
    ] {
        assert_eq!(ask(&world, "createAuthorizationLink", link(more.clone())).await, not_covered(), "{more}");
    }
    let made = ask(&world, "createAuthorizationLink", link(json!({"returnUrl": RETURN_URL}))).await.unwrap();
    let (browser, url) = (world.browser(), made["url"].as_str().unwrap().to_owned());
    let back = browser.authorize_with(&url, "A1US").await;
    let result = back.location_parameter("result");

    let other = ask(&world, "completeAuthorization", json!({"result": result, "account": "tenant-2"})).await;

    assert_eq!(other, not_covered());
    assert_eq!(world.account_of("A1US").await, None);
    world.advance(60).await;
    put(&world, &json!({"accounts": ["tenant-1"], "may": ["link"], "regions": ["eu"]})).await;
    let elsewhere =
        ask(&world, "completeAuthorization", json!({"result": result, "account": "tenant-1"})).await;
    assert_eq!(elsewhere, not_covered(), "the grant is in North America");
    world.advance(60).await;
    put(&world, &json!({"accounts": ["tenant-1"], "may": ["link"]})).await;
    ask(&world, "completeAuthorization", json!({"result": result, "account": "tenant-1"})).await.unwrap();
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("tenant-1"));
}

#[tokio::test]
async fn promise_17_a_sign_in_is_shown_and_completed_for_listed_applications_and_accounts_alone() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let login = world.appstore(&browser, "A1US").await;
    let request = browser.open(&login).await.location_parameter("request");
    for (policy, account, expected) in [
        (json!({"accounts": ["tenant-1"], "applicationIds": ["amzn1.sp.solution.7"]}), "tenant-1", false),
        (json!({"accounts": ["tenant-1"]}), "tenant-2", false),
        (json!({"accounts": ["tenant-1"]}), "tenant-1", true),
    ] {
        world.advance(60).await;
        let mut policy = policy;
        policy["may"] = json!(["link"]);
        put(&world, &policy).await;

        let shown = ask(&world, "describeSignIn", json!({"request": request})).await;
        let signed = ask(&world, "completeSignIn", json!({"request": request, "account": account})).await;

        assert_eq!(shown.is_ok(), policy.get("applicationIds").is_none(), "{shown:?}");
        assert_eq!(signed.is_ok(), expected, "{signed:?}");
        assert!(expected || signed == not_covered(), "{signed:?}");
    }
    ask(&world, "completeSignIn", json!({"request": request, "account": "tenant-1"})).await.unwrap();
}

#[tokio::test]
async fn promise_17_an_application_that_a_policy_does_not_list_is_not_shown() {
    let world = World::new().await;
    let other = json!({"applicationIds": ["amzn1.sp.solution.7"], "accounts": "all", "may": ["read"]});
    put(&world, &other).await;

    let shown = ask(&world, "listApplications", json!({})).await.unwrap();

    assert_eq!(shown["applications"], json!([]));
}
