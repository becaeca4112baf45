//! What a consumer gets of `get-access-token`.

use local::stack::{Options, Stack};
use serde_json::{Value, json};
use shared::{
    aws::Aws,
    consumer::Invoked,
    deadline::{Clock, Deadline},
    env::Env,
};

use super::{NOT_COVERED, consumer, is_refused, of, put, restricted};
use crate::support::{
    environments::{error_type, token},
    log::Log,
    operator::{authorized, operate},
    world::World,
};

#[tokio::test]
async fn promise_17_a_consumer_gets_tokens_of_nothing_but_what_its_policy_names() {
    let world = World::new().await;
    for partner in ["A1US", "A2US", "A3US"] {
        authorized(&world, partner).await;
    }
    operate(&world, "linkAccount", "A2US", json!({"account": "tenant-2"})).await.unwrap();
    operate(&world, "linkAccount", "A3US", json!({"account": "tenant-3"})).await.unwrap();
    // Whatever is in the memory of the environment, and in the tables, the policy is asked first.
    let everyone = world.fresh();
    for partner in ["A1US", "A2US", "A3US"] {
        token(&everyone.token(&of(partner)).await);
        token(&everyone.token(&restricted(partner, None)).await);
    }
    put(&world, &json!({"partners": ["A1US"], "accounts": ["tenant-2", "tenant-9"]})).await;
    let calls = world.calls().await;

    for environment in [everyone.by("orders"), world.fresh().by("orders")] {
        assert_eq!(token(&environment.token(&of("A1US")).await), token(&everyone.token(&of("A1US")).await));
        assert_eq!(token(&environment.token(&of("A2US")).await), token(&everyone.token(&of("A2US")).await));
        token(&environment.token(&json!({"account": "tenant-2"})).await);
        token(&environment.token(&json!({"sellingPartnerId": "A2US"})).await);
        for uncovered in [
            of("A3US"),
            of("A9US"),
            json!({"sellingPartnerId": "A3US"}),
            json!({"sellingPartnerId": "A9US"}),
            json!({"account": "tenant-3"}),
            json!({"account": "tenant-4"}),
            json!({"sellingPartnerId": "A1US", "region": "eu"}),
            json!({"sellingPartnerId": "A1US", "marketplaceId": "A1PA6795UKMFR9"}),
            json!({"sellingPartnerId": "A1US", "region": "na", "applicationId": "amzn1.sp.solution.7"}),
            json!({"sellingPartnerId": "A3US", "region": "na", "mintedAfter": "2020-01-01T00:00:00Z"}),
            json!({"sellingPartnerId": "A3US", "region": "na", "marketplaceId": "ATVPDKIKX0DER"}),
            json!({"scope": "sellingpartnerapi::notifications"}),
            restricted("A1US", None),
            restricted("A2US", None),
            restricted("A3US", None),
        ] {
            is_refused(&environment.token(&uncovered).await, &uncovered.to_string());
        }
        // That a partner or account which it lists has no grant is no secret.
        assert_eq!(
            error_type(&environment.token(&json!({"account": "tenant-9"})).await),
            "UnknownSellingPartner"
        );
        let other = environment.by("nobody");
        is_refused(&other.token(&of("A1US")).await, "an alias without a policy");
        is_refused(&environment.by("7").token(&of("A1US")).await, "a version");
    }
    assert_eq!(world.calls().await, calls, "Amazon is not asked");
}

#[tokio::test]
async fn promise_17_scopes_restricted_tokens_and_delegates_are_named_one_by_one() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let application = world.application();
    let everything = json!({
        "partners": "all", "accounts": "all", "regions": "all", "applicationIds": "all", "scopes": "all", "restricted": true,
        "delegates": "all",
    });
    let scope = json!({"scope": "sellingpartnerapi::notifications"});
    let delegated = restricted("A1US", Some(application));
    for (field, value, refused) in [
        ("scopes", json!("all"), None),
        ("scopes", json!(["sellingpartnerapi::notifications"]), None),
        ("scopes", json!(["sellingpartnerapi::other"]), Some(&scope)),
        ("restricted", json!(false), Some(&delegated)),
        ("restricted", json!([{"operation": "orders.v0.getOrders", "dataElements": ["buyerInfo"]}]), None),
        ("restricted", json!([{"operation": "orders.v0.getOrders"}]), Some(&delegated)),
        (
            "restricted",
            json!([{"operation": "orders.v0.getOrder", "dataElements": ["buyerInfo"]}]),
            Some(&delegated),
        ),
        ("delegates", json!([application]), None),
        ("delegates", json!([]), Some(&delegated)),
        ("delegates", json!(["amzn1.sp.solution.7"]), Some(&delegated)),
        ("regions", json!([]), Some(&delegated)),
        ("applicationIds", json!([]), Some(&scope)),
    ] {
        let mut policy = everything.clone();
        policy[field] = value.clone();
        let environment = consumer(&world, &policy).await;
        for request in [&scope, &delegated] {
            let outcome = environment.token(request).await;
            let expected =
                if field == "applicationIds" || refused == Some(request) { "refused" } else { "token" };
            match expected {
                "refused" => is_refused(&outcome, &format!("{field} {value} {request}")),
                _ => _ = token(&outcome),
            }
        }
        if value.is_array() && field == "restricted" {
            let unknown = json!({"method": "GET", "path": "/unknown/v1/operation"});
            let of_operation =
                |path: &str| json!({"method": "GET", "path": path, "dataElements": ["buyerInfo"]});
            let both = [of_operation("/orders/v0/orders"), of_operation("/orders/v0/orders/1")];
            for resources in [json!([unknown]), json!(both)] {
                let mut request = of("A1US");
                request["restrictedResources"] = resources;
                is_refused(&environment.token(&request).await, "not every resource is listed");
            }
        }
    }
}

#[tokio::test]
async fn promise_17_grants_that_a_policy_does_not_cover_are_not_counted() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    assert!(world.browser().website("DE", "seller", "A1US").await.is_connected());
    authorized(&world, "A2US").await;
    for partner in ["A1US", "A2US"] {
        operate(&world, "linkAccount", partner, json!({"account": "tenant-1"})).await.unwrap();
    }
    let (partner, account) = (json!({"sellingPartnerId": "A1US"}), json!({"account": "tenant-1"}));
    let everyone = world.fresh();
    assert_eq!(error_type(&everyone.token(&partner).await), "AmbiguousSellingPartner");
    assert_eq!(error_type(&everyone.token(&account).await), "AmbiguousSellingPartner");

    assert!(world.browser().website("DE", "seller", "A4EU").await.is_connected());
    let by_partner = consumer(&world, &json!({"partners": ["A1US", "A4EU"]})).await;

    assert_eq!(by_partner.token(&partner).await.unwrap()["region"], "na");
    assert_eq!(by_partner.token(&account).await.unwrap()["sellingPartnerId"], "A1US");
    let only_in_europe = by_partner.token(&json!({"sellingPartnerId": "A4EU"})).await;
    assert_eq!(error_type(&only_in_europe), "UnknownSellingPartner", "its region is not listed");
    let by_account = consumer(&world, &json!({"accounts": ["tenant-1"]})).await;
    assert_eq!(
        by_account.token(&partner).await.unwrap()["region"],
        "na",
        "the grant in Europe has no account"
    );
    assert_eq!(error_type(&by_account.token(&account).await), "AmbiguousSellingPartner", "both are covered");
    let within = consumer(&world, &json!({"accounts": {"prefix": "enant-"}})).await;
    is_refused(&within.token(&account).await, "a prefix is the beginning");
}

#[tokio::test]
async fn promise_17_a_policy_changes_within_a_minute_and_a_new_one_counts_immediately() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let environment = world.fresh().by("orders");
    is_refused(&environment.token(&of("A1US")).await, "no policy yet");
    put(&world, &json!({"partners": ["A1US"]})).await;
    token(&environment.token(&of("A1US")).await);

    put(&world, &json!({"partners": ["A2US"]})).await;

    token(&environment.token(&of("A1US")).await);
    is_refused(&world.fresh().by("orders").token(&of("A1US")).await, "another environment");
    world.advance(60).await;
    is_refused(&environment.token(&of("A1US")).await, "after a minute");
    put(&world, &json!({"partners": ["A1US"]})).await;
    let remove = json!({"operation": "removeConsumer", "consumer": "orders"});
    world.caller().invoke("administration", &remove).await.unwrap();
    world.advance(60).await;
    is_refused(&environment.token(&of("A1US")).await, "removed");
}

#[tokio::test]
async fn promise_17_where_consumers_are_required_an_invocation_without_one_gets_nothing() {
    let stack = Stack::start(Options {
        without_refresher: true,
        variables: vec![("CONSUMERS".to_owned(), "required".to_owned())],
        ..Options::default()
    });
    let stack = stack.await.unwrap();
    let caller = crate::support::caller::Caller::new(&stack.sdk_config());
    for (function, request) in
        [("get-access-token", of("A1US")), ("authorizations", json!({"operation": "listApplications"}))]
    {
        let failure = caller.invoke(function, &request).await.unwrap_err();
        assert_eq!(failure.error_type, "RequestRefused");
        for said in ["CONSUMERS", "hint: ", "get-access-token:orders"] {
            assert!(failure.error_message.contains(said), "{failure:?}");
        }
    }
    let policy = json!({
        "operation": "putConsumer", "consumer": "orders", "applicationIds": "all", "partners": "all", "regions": "all",
    });
    caller.invoke("administration", &policy).await.unwrap();
    let variables = local::environment::environment(stack.ports())
        .into_iter()
        .chain([("CONSUMERS", "required".to_owned())]);
    let function = get_access_token::GetAccessToken::from_env(
        &Env::from_pairs(variables),
        &Aws::new(stack.sdk_config()),
    )
    .unwrap();
    let clock = Clock::starting_at(stack.clock().now(), Deadline::after(std::time::Duration::from_secs(10)));
    let invoked = Invoked::By("orders".parse().unwrap());
    let outcome = Box::pin(function.handle(&of("A1US"), &invoked, clock)).await;
    assert_eq!(outcome.err().unwrap().error_type(), "UnknownSellingPartner", "its policy covers the partner");
    let wrong = Env::from_pairs(
        local::environment::environment(stack.ports()).into_iter().chain([("CONSUMERS", "on".to_owned())]),
    );
    let unset =
        get_access_token::GetAccessToken::from_env(&wrong, &Aws::new(stack.sdk_config())).unwrap_err();
    assert!(unset.to_string().starts_with("CONSUMERS is malformed: "), "{unset}");
}

#[tokio::test]
async fn the_log_names_the_consumer_of_an_invocation() {
    use tracing::Instrument;

    let log = Log::captured();
    let world = World::new().await;
    let environment = consumer(&world, &json!({})).await.by("consumer-in-the-log");
    let span = shared::lambda::log::invocation_span("id-of-the-invocation", None);

    is_refused(&environment.token(&of("A1US")).instrument(span).await, "no policy");

    let lines = log.lines_with("id-of-the-invocation");
    let line: &Value = lines.first().expect("a line about the missing policy");
    assert_eq!(line["consumer"], "consumer-in-the-log", "{line}");
    assert!(line.to_string().contains("putConsumer") && !line.to_string().contains(NOT_COVERED), "{line}");
}
