//! Access to the console, which has no login.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;

use crate::support::world::World;

#[tokio::test]
async fn a_command_from_another_site_is_refused_and_changes_nothing() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    let own = world.site("");
    let orders = [
        (world.grant_page("A1US"), vec![("do", "disable")]),
        (format!("/console/applications/{}", world.application()), vec![("do", "rotate")]),
        ("/console/clock".to_owned(), vec![("seconds", "300")]),
        ("/console/faults".to_owned(), vec![("do", "break"), ("endpoint", "token"), ("fault", "html")]),
        ("/console/links".to_owned(), vec![("account", "a"), ("label", "b"), ("marketplace", "US")]),
        ("/console/website-form".to_owned(), vec![("form", "4a")]),
        ("/console/nowhere".to_owned(), vec![]),
    ];
    let from: [&[(&str, &str)]; 6] = [
        &[],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site"), ("origin", own.as_str())],
        &[("sec-fetch-site", "same-site")],
        &[("host", "evil.example"), ("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
    ];
    let before = (world.history("na", "A1US").await.len(), world.stack.clock().offset_seconds());

    for (path, form) in &orders {
        for headers in from {
            let mut request = world.http().post(world.site(path)).form(form);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = request.send().await.unwrap();
            assert!(
                [403, 421].contains(&answer.status().as_u16()),
                "{path} {headers:?}: {}",
                answer.status()
            );
            assert_eq!(answer.headers()["x-frame-options"], "DENY");
        }
    }

    assert_eq!((world.history("na", "A1US").await.len(), world.stack.clock().offset_seconds()), before);
    let faults = world.look("/console/faults").await;
    assert!(!faults.body.contains("Broken:"), "{}", faults.body);
    assert!(world.look("/").await.body.contains("has form <strong>4b</strong>"));
    world.caller().token_of("A1US", "na").await.unwrap();
}

#[tokio::test]
async fn a_foreign_name_of_this_machine_shows_nothing() {
    let world = World::attended().await;
    for path in ["/", "/console/events", "/console/faults", &world.grants_page()] {
        let request = world.http().get(world.site(path)).header("host", "evil.example");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST, "{path}");
        assert!(!answer.text().await.unwrap().contains(world.application()), "{path}");
    }
    let localhost = format!("localhost:{}", world.stack.ports().gateway);
    let request = world.http().get(world.site("/")).header("host", localhost);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn no_form_redirects_to_another_site() {
    let world = World::attended().await;
    for back in ["http://evil.example/", "//evil.example", "/authorize?marketplace=US"] {
        let shown = world.press("/console/clock", &[("seconds", "1"), ("back", back)]).await;
        assert_eq!(shown.url.path(), "/", "{back}");
    }
    let shown = world.press("/console/clock", &[("seconds", "1"), ("back", "/console/events?after=3")]).await;
    assert!(shown.url.as_str().contains("/console/events?after=3&notice="), "{}", shown.url);
}

#[tokio::test]
async fn every_broken_service_can_be_repaired() {
    let world = World::attended().await;
    for service in ["dynamodb", "kms", "secretsmanager", "sqs", "token", "sp-api"] {
        world.fault(service, "hang", json!({})).await;
    }
    let started = Instant::now();

    let shown = world.look("/console/faults").await;
    assert!(shown.body.contains("Broken:"), "{}", shown.body);
    let home = world.look("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.body.contains("did not answer within"), "{}", home.body);
    let grants = world.look(&world.grants_page()).await;
    assert_eq!(grants.status, StatusCode::BAD_GATEWAY);
    let repaired = world.press("/console/faults", &[("do", "reset")]).await;

    assert!(!repaired.body.contains("Broken:"));
    assert!(started.elapsed() < Duration::from_secs(28));
    assert_eq!(world.look(&world.grants_page()).await.status, StatusCode::OK);
}
