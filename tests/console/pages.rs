//! The content of the pages, which always stays text.

use local::seed::NewApplication;
use reqwest::StatusCode;
use serde_json::json;
use shared::region::Region;

use super::html::assert_well_formed;
use crate::support::{browser::Shown, world::World};

const HOSTILE: &str = "<script>alert(1)</script>\"'><b id=x>&amp;";

#[track_caller]
fn assert_guarded(shown: &Shown, what: &str) {
    let header = |name: &str| shown.headers.get(name).unwrap().to_str().unwrap();
    let policy = header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("script"), "{what}: {policy}");
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(header(name), value, "{what}");
    }
}

#[tokio::test]
async fn every_page_is_well_formed_guarded_and_shows_hostile_names_as_text() {
    let world = World::attended().await;
    let stores = json!({
        "sellingPartnerId": "A1US", "region": "na", "kind": "seller", "storeNames": {"ATVPDKIKX0DER": HOSTILE},
    });
    world.control("partners", stores).await;
    world.disputed_seller("A1US").await;
    let grant = world.grant_page("A1US");
    world.press(&grant, &[("do", "link"), ("account", HOSTILE)]).await;
    world.press(&grant, &[("do", "disable"), ("reason", HOSTILE)]).await;
    let application = NewApplication {
        application_id: "amzn1.sp.solution.22222222-2222-4333-8444-555555555555".to_owned(),
        name: HOSTILE.to_owned(),
        draft: true,
        default_region: Region::Eu,
        scopes: vec![HOSTILE.to_owned()],
    };
    let other = world.stack.register(application).await.unwrap();
    world.advance(61).await;
    world.fault("token", "http_error", json!({"status": 503, "times": 4, "share": 0.5})).await;
    let own = format!("/console/applications/{}", world.application());

    for (path, status, hostile) in [
        ("/".to_owned(), 200, true),
        (format!("/?application={other}"), 200, true),
        ("/?application=%3Cscript%3E".to_owned(), 200, true),
        (own.clone(), 200, false),
        (format!("/console/applications/{other}"), 200, true),
        (format!("/console/applications/{other}/edit"), 200, true),
        (format!("{own}/overview"), 200, false),
        (format!("{own}/past"), 200, true),
        ("/console/register".to_owned(), 200, false),
        ("/console/consumers".to_owned(), 200, false),
        ("/console/last-day".to_owned(), 200, false),
        (world.grants_page(), 200, true),
        (format!("{}?search=%3Cscript%3E&sort=status", world.grants_page()), 200, true),
        (format!("{}?status=disabled&region=na&limit=1", world.grants_page()), 200, true),
        (format!("{}?status=%3Cscript%3E", world.grants_page()), 400, false),
        (grant.clone(), 200, true),
        (format!("{grant}?cursor=%22%3E%3Cscript%3E"), 400, false),
        ("/console/events".to_owned(), 200, true),
        ("/console/events?follow=1&after=%3Cscript%3E".to_owned(), 200, true),
        ("/console/faults".to_owned(), 200, false),
        ("/console/%3Cscript%3E".to_owned(), 404, false),
        ("/console/clock".to_owned(), 404, false),
        ("/console/faults?notice=%3Cscript%3E".to_owned(), 200, false),
    ] {
        let shown = world.look(&path).await;
        assert_eq!(shown.status.as_u16(), status, "{path}: {}", shown.body);
        assert_guarded(&shown, &path);
        assert_well_formed(&shown.body, &path);
        let escaped = "&lt;script&gt;alert(1)&lt;/script&gt;";
        assert_eq!(shown.body.contains(escaped), hostile, "{path}: {}", shown.body);
    }
    let style = world.look("/console/style.css").await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn an_unknown_thing_gets_a_page_that_says_so() {
    let world = World::attended().await;
    let grants = world.grants_page();
    for (path, status, sentence) in [
        (format!("{grants}/na/A1NOBODY"), 404, "has not authorized the application"),
        (format!("{grants}/xx/A1US"), 400, "region"),
        (format!("{grants}/na/%22%3E"), 400, "sellingPartnerId"),
        ("/console/applications/amzn1.sp.solution.none".to_owned(), 404, "not registered"),
        ("/console/applications/amzn1.sp.solution.none/grants".to_owned(), 404, "not registered"),
        ("/console".to_owned(), 404, "Home"),
    ] {
        let shown = world.look(&path).await;
        assert_eq!(shown.status.as_u16(), status, "{path}: {}", shown.body);
        assert!(shown.body.contains(sentence), "{path}: {}", shown.body);
        assert_well_formed(&shown.body, &path);
    }
}

#[tokio::test]
async fn the_first_page_starts_every_workflow() {
    let world = World::attended().await;
    let home = world.look("/").await;
    let row = home.body.split("<tr>").find(|row| row.contains(">United States</th>")).unwrap();
    let links: Vec<_> = row.split("<a href=\"").skip(1).map(|link| link.split_once('"').unwrap()).collect();
    let link = |words: &str| {
        let (href, _) = links.iter().find(|(_, rest)| rest.starts_with(&format!(">{words}<span"))).unwrap();
        href.replace("&amp;", "&")
    };

    for (words, host) in [
        ("authorize a seller", "sellercentral.amazon.com"),
        ("authorize a vendor", "vendorcentral.amazon.com"),
    ] {
        let consent = world.browser().open(&world.site(&link(words))).await;
        assert!(consent.location().contains(host), "{words}: {}", consent.location());
    }
    for words in ["Appstore", "Manage Your Apps"] {
        assert_eq!(world.browser().open(&link(words)).await.status, StatusCode::OK, "{words}");
    }
    assert_eq!(home.body.matches(">authorize a seller<span").count(), 23);
    assert!(home.body.contains("/functions/get-access-token/invocations"), "{}", home.body);
    assert!(home.body.contains("/_control/advance"), "{}", home.body);
}

#[tokio::test]
async fn grants_are_filtered_and_paged() {
    let world = World::attended().await;
    for partner in ["A1US", "A2US", "A3US"] {
        assert!(world.browser().website("US", "seller", partner).await.is_connected());
    }
    world.press(&world.grant_page("A2US"), &[("do", "disable")]).await;
    let listed = |shown: &Shown| {
        let row = |partner: &&&str| shown.body.contains(&format!("/grants/na/{partner}\""));
        ["A1US", "A2US", "A3US"].iter().filter(row).map(|partner| (*partner).to_owned()).collect::<Vec<_>>()
    };

    let mut path = format!("{}?limit=1", world.grants_page());
    let mut all = Vec::new();
    for page in 0..4 {
        let shown = world.look(&path).await;
        assert_well_formed(&shown.body, &path);
        all.extend(listed(&shown));
        assert_eq!(shown.body.contains("First page"), page > 0);
        let Some((_, next)) = shown.body.split_once("<a rel=\"next\" href=\"") else { break };
        path = next.split_once('"').unwrap().0.replace("&amp;", "&");
    }
    all.sort();
    assert_eq!(all, ["A1US", "A2US", "A3US"]);
    for (filter, expected) in [
        ("", vec!["A1US", "A2US", "A3US"]),
        ("?status=disabled", vec!["A2US"]),
        ("?status=active&partner=A3US", vec!["A3US"]),
        ("?region=eu", vec![]),
        ("?account=nobody", vec![]),
        ("?dueBefore=2020-01-01", vec![]),
    ] {
        let shown = world.look(&format!("{}{filter}", world.grants_page())).await;
        assert_eq!(shown.status, StatusCode::OK, "{filter}");
        assert_eq!(listed(&shown), expected, "{filter}");
    }
}
