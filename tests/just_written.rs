//! What was just written is found, although indexes and reads that are not consistent lag behind the tables.

use std::{collections::BTreeMap, time::Instant};

use serde_json::{Value, json};
use shared::secret::Fingerprint;

use crate::support::{
    crowd::crowd_id,
    environments::{error_type, token},
    linking::RETURN_URL,
    operator::operate,
    world::World,
};

async fn reads_lag(world: &World, milliseconds: u32) {
    world.control("reads", json!({"milliseconds": milliseconds})).await;
}

fn reads(world: &World) -> BTreeMap<String, u64> {
    let short = |name: String| name.rsplit('.').next().unwrap().to_owned();
    let calls = world.stack.aws().calls().into_iter().map(|(name, count)| (short(name), count));
    calls.filter(|(name, _)| ["Query", "GetItem", "BatchGetItem"].contains(&name.as_str())).collect()
}

#[tokio::test]
async fn an_account_is_found_at_once_after_a_link_an_import_and_a_change_of_account() {
    let world = World::with_integrator(false).await;
    reads_lag(&world, 400).await;
    let of = |account: &str| json!({"account": account});

    let page = world.browser().authorize_with(&world.link("linked").await, "A1LINKED").await;
    assert!(page.is_connected(), "{}", page.body);
    assert_eq!(world.fresh().token(&of("linked")).await.unwrap()["sellingPartnerId"], "A1LINKED");

    let browser = world.browser();
    let back = browser.authorize_with(&world.returning_link("completed").await, "A1DONE").await;
    assert!(back.location().starts_with(RETURN_URL.split('?').next().unwrap()));
    world.complete(&back.location_parameter("result"), "completed").await.unwrap();
    let shown = world.ask("getGrant", of("completed")).await.unwrap();
    assert_eq!(shown["grant"]["sellingPartnerId"], "A1DONE");

    operate(&world, "linkAccount", "A1LINKED", json!({"account": "moved"})).await.unwrap();
    token(&world.fresh().token(&of("moved")).await);
    assert_eq!(error_type(&world.fresh().token(&of("linked")).await), "UnknownSellingPartner");

    let authorized = json!({
        "applicationId": world.application(), "sellingPartnerId": "A1OWN", "region": "na", "kind": "seller",
    });
    let copied = world.control("self-authorization", authorized).await["refreshToken"].clone();
    let import = json!({"refreshToken": copied, "kind": "self", "account": "imported"});
    operate(&world, "importGrant", "A1OWN", import).await.unwrap();
    token(&world.fresh().token(&of("imported")).await);
    let history = world.ask("getHistory", of("imported")).await.unwrap();
    assert_eq!(history["history"][0]["event"], "AuthorizationGranted");

    operate(&world, "linkAccount", "A1LINKED", json!({"account": "renewed"})).await.unwrap();
    world.ask("requestRenewal", of("renewed")).await.unwrap();
    operate(&world, "linkAccount", "A1LINKED", json!({"account": "disabled"})).await.unwrap();
    let disabled = world.ask("disableGrant", of("disabled")).await.unwrap();
    assert_eq!(disabled["grant"]["status"], "disabled");
}

#[tokio::test]
async fn a_partner_is_found_without_a_region_whatever_its_index_shows() {
    let world = World::new().await;
    reads_lag(&world, 3_600_000).await;
    world.browser().website("DE", "seller", "A1DE").await;
    let partner = json!({"sellingPartnerId": "A1DE"});

    assert_eq!(world.fresh().token(&partner).await.unwrap()["region"], "eu");
    assert_eq!(world.ask("getGrant", partner.clone()).await.unwrap()["grant"]["region"], "eu");
    // The row decides which marketplaces it covers, too.
    let beyond_the_table = json!({"sellingPartnerId": "A1DE", "marketplaceId": "A0NEWCOUNTRY00"});
    assert_eq!(error_type(&world.fresh().token(&beyond_the_table).await), "InvalidRequest");

    reads_lag(&world, 0).await;
    assert_eq!(world.fresh().token(&partner).await.unwrap()["region"], "eu");
}

#[tokio::test]
async fn a_second_seller_of_an_account_is_found_by_its_marketplace_while_the_index_shows_the_first_alone() {
    let world = World::new().await;
    for (index, (country, id)) in [("JP", "A1VC38T7YXB528"), ("AU", "A39IBJ37TRP1C6")].iter().enumerate() {
        if index == 1 {
            reads_lag(&world, 400).await;
        }
        let partner = format!("A1{country}");
        let stores = json!({*id: "Shop"});
        let new =
            json!({"sellingPartnerId": partner, "region": "fe", "kind": "seller", "storeNames": stores});
        world.control("partners", new).await;
        let link = json!({"account": "acme", "label": partner, "marketplace": country});
        let page = world.browser().authorize_with(&world.link_with(link).await, &partner).await;
        assert!(page.is_connected(), "{}", page.body);
    }

    let request = json!({"account": "acme", "marketplaceId": "A39IBJ37TRP1C6"});
    let shown = world.ask("getGrant", request.clone()).await.unwrap();
    assert_eq!(shown["grant"]["sellingPartnerId"], "A1AU");
    assert_eq!(world.fresh().token(&request).await.unwrap()["sellingPartnerId"], "A1AU");
}

#[tokio::test]
async fn what_does_not_exist_costs_no_more_than_its_bound() {
    let world = World::new().await;
    let environment = world.fresh();
    world.browser().website("DE", "seller", "A1DE").await;
    // The environment learns which application is the only one.
    token(&environment.token(&json!({"sellingPartnerId": "A1DE"})).await);
    for (request, cost) in [
        (json!({"account": "nobody"}), [("Query", 4)].as_slice()),
        (json!({"account": "nobody", "region": "na"}), &[("Query", 4)]),
        (json!({"sellingPartnerId": "A1NOBODY"}), &[("BatchGetItem", 1), ("Query", 1)]),
        // The rows of grant and token, and then those of the three regions.
        (json!({"sellingPartnerId": "A1NOBODY", "region": "na"}), &[("BatchGetItem", 2)]),
        (json!({"sellingPartnerId": "A1DE", "region": "na"}), &[("BatchGetItem", 2)]),
    ] {
        world.stack.aws().reset_calls();
        let began = Instant::now();

        assert_eq!(error_type(&environment.token(&request).await), "UnknownSellingPartner", "{request}");

        let expected: BTreeMap<_, _> =
            cost.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        assert_eq!(reads(&world), expected, "{request}");
        let waits = request.get("account").is_some();
        assert_eq!(began.elapsed().as_millis() >= 1_200, waits, "{request}: {:?}", began.elapsed());
    }
    let shown = world.ask("getGrant", json!({"account": "nobody"})).await.unwrap_err();
    assert_eq!(shown.error_type, "UnknownSellingPartner");
}

#[tokio::test]
async fn a_grant_that_is_found_costs_no_second_look() {
    let world = World::new().await;
    let page = world.browser().authorize_with(&world.link("acme").await, "A1US").await;
    assert!(page.is_connected(), "{}", page.body);
    let environment = world.fresh();
    let queries = |request: Value| {
        let (world, environment) = (&world, &environment);
        async move {
            world.stack.aws().reset_calls();
            let _ = environment.token(&request).await;
            reads(world).get("Query").copied().unwrap_or_default()
        }
    };

    for request in [json!({"account": "acme"}), json!({"sellingPartnerId": "A1US"})] {
        assert_eq!(queries(request).await, 1);
    }
    // What is found but gives no token is no reason to look again.
    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    world.advance(61).await;
    for request in [json!({"account": "acme"}), json!({"sellingPartnerId": "A1US"})] {
        assert_eq!(queries(request).await, 1);
    }
}

/// A partner whose tokens are read from rows that show nothing of what is written from now on.
async fn with_old_rows() -> World {
    let world = World::new().await;
    world.crowd(1).await;
    reads_lag(&world, 3_600_000).await;
    world
}

#[tokio::test]
async fn promise_8_tokens_that_their_rows_do_not_show_yet_cost_no_second_call() {
    let world = with_old_rows().await;
    let partner = crowd_id(0);
    let first = world.fresh().token_of(&partner).await.unwrap();
    for _ in 0..3 {
        assert_eq!(world.fresh().token_of(&partner).await.unwrap()["accessToken"], first["accessToken"]);
    }
    assert_eq!(world.refreshes().await, 1);

    let fingerprint = Fingerprint::of(first["accessToken"].as_str().unwrap());
    let rejected =
        json!({"sellingPartnerId": partner, "region": "na", "rejectedToken": fingerprint.as_str()});
    world.advance(61).await;
    let second = world.fresh().token(&rejected).await.unwrap();
    assert_ne!(second["accessToken"], first["accessToken"]);
    assert_eq!(world.fresh().token(&rejected).await.unwrap()["accessToken"], second["accessToken"]);
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn promise_13_a_run_that_reads_old_rows_refreshes_nothing_twice() {
    let world = with_old_rows().await;
    for _ in 0..3 {
        world.refresh_all_due().await;
    }
    assert_eq!(world.refreshes().await, 1);
}

#[tokio::test]
async fn promise_15_a_token_that_an_old_row_shows_is_handed_out_for_no_other_version_of_its_grant() {
    let world = World::new().await;
    world.crowd(1).await;
    let partner = crowd_id(0);
    let first = world.fresh().token_of(&partner).await.unwrap();
    reads_lag(&world, 3_600_000).await;

    operate(&world, "invalidateTokens", &partner, json!({})).await.unwrap();
    let second = world.fresh().token_of(&partner).await.unwrap();
    assert_ne!(second["accessToken"], first["accessToken"]);
    operate(&world, "disableGrant", &partner, json!({})).await.unwrap();
    assert_eq!(world.fresh().token_of(&partner).await.unwrap_err().error_type, "AuthorizationDisabled");
    assert_eq!(world.refreshes().await, 2);
}

#[tokio::test]
async fn a_failure_that_an_old_row_shows_is_not_answered_after_a_token_has_come() {
    let world = World::new().await;
    world.crowd(1).await;
    let partner = crowd_id(0);
    world.control(&format!("partner/{partner}/revoke"), json!({})).await;
    assert_eq!(world.fresh().token_of(&partner).await.unwrap_err().error_type, "ReauthorizationRequired");
    world.control(&format!("partner/{partner}/restore"), json!({})).await;
    reads_lag(&world, 3_600_000).await;
    world.advance(1200).await;
    world.refresh_all_due().await;

    world.fresh().token_of(&partner).await.unwrap();
}
