//! Attacks on the users of the demo: it is sample code, so each of its protections is one that is copied.

use reqwest::StatusCode;

use super::{Visitor, hidden_fields};
use crate::support::world::World;

const FORMS: [&str; 8] =
    ["/sign-in", "/sign-out", "/set-up", "/connect", "/renew", "/disconnect", "/check", "/amazon/sign-in"];

#[tokio::test]
async fn a_form_without_the_key_of_its_own_session_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let carol = Visitor::signed_in(&world, "carol").await;
    carol.browser.open(&carol.connected("A1US").await).await;
    let walter = Visitor::signed_in(&world, "walter").await;
    let of_walter = &hidden_fields(&walter.open("/").await, "/connect")[0].1;
    let of_carol = &hidden_fields(&carol.open("/").await, "/connect")[0].1;
    let stranger = Visitor::new(&world);
    for path in FORMS {
        let fields = [
            ("partner", "A1US"),
            ("region", "na"),
            ("user", "carol"),
            ("marketplace", "US"),
            ("do", "withdraw"),
            ("request", "x"),
        ];
        for (browser, key) in [(&carol, ""), (&carol, of_walter), (&stranger, of_carol), (&stranger, "")] {
            let form: Vec<_> = fields.iter().copied().chain([("form-key", key)]).collect();
            let answer = browser.browser.submit(&carol.url(path), &form).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {key}: {}", answer.body);
            assert!(answer.headers.get("set-cookie").is_none(), "{path}");
        }
    }
    assert!(carol.open("/").await.body.contains("<strong>connected</strong>"));
}

#[tokio::test]
async fn a_user_reaches_no_connection_of_another_tenant() {
    let world = World::new().await;
    let carol = Visitor::signed_in(&world, "carol").await;
    carol.browser.open(&carol.connected("A1US").await).await;
    let walter = Visitor::signed_in(&world, "walter").await;
    walter.browser.open(&walter.connected("A2US").await).await;
    let key = hidden_fields(&walter.open("/").await, "/connect")[0].1.clone();
    for path in ["/renew", "/disconnect", "/check"] {
        let form =
            [("form-key", key.as_str()), ("partner", "A1US"), ("region", "na"), ("account", "demo-clocks")];
        let answer = walter.browser.submit(&walter.url(path), &form).await;
        assert!(answer.body.contains("this tenant has no such connection"), "{path}: {}", answer.body);
    }
    world.advance(61).await;
    for partner in ["A1US", "A2US"] {
        world.caller().token_of(partner, "na").await.unwrap();
    }
}

#[tokio::test]
async fn a_result_that_another_tenant_brought_is_completed_by_its_own_user_alone() {
    let world = World::new().await;
    let (carol, walter) =
        (Visitor::signed_in(&world, "carol").await, Visitor::signed_in(&world, "walter").await);
    let back = carol.connected("A1US").await;

    let unasked = walter.browser.open(&back).await;
    assert!(unasked.body.contains("<h1>Nothing to complete</h1>"), "{}", unasked.body);
    walter.press(&walter.open("/").await, "/connect", &[("marketplace", "US")]).await;
    let tricked = walter.browser.open(&back).await;
    assert!(tricked.body.contains("<code>RequestRefused</code>"), "{}", tricked.body);
    assert_eq!(world.account_of("A1US").await, None);

    let own = carol.browser.open(&back).await;
    assert!(own.body.contains("<h1>Amazon is connected</h1>"), "{}", own.body);
    assert_eq!(world.account_of("A1US").await.as_deref(), Some("demo-clocks"));
}

#[tokio::test]
async fn after_the_sign_in_no_browser_is_sent_elsewhere_and_the_session_is_a_new_one() {
    let world = World::new().await;
    for then in ["//evil.example", "https://evil.example/", "/\\evil.example", "/amazon/ x"] {
        let visitor = Visitor::new(&world);
        let page = visitor.open("/").await;
        let key = hidden_fields(&page, "/sign-in")[0].1.clone();
        let form = [("form-key", key.as_str()), ("user", "carol"), ("then", then)];
        let before = page.headers["set-cookie"].to_str().unwrap().to_owned();
        let answer = visitor.browser.submit(&visitor.url("/sign-in"), &form).await;

        assert_eq!(answer.location(), "/", "{then}");
        let after = answer.headers["set-cookie"].to_str().unwrap();
        assert!(after.ends_with("; Path=/; HttpOnly; SameSite=Lax") && after != before, "{after}");
        let old = before.split(';').next().unwrap();
        let page = world.browser().open_with(&visitor.url("/"), ("cookie", old)).await;
        assert!(page.body.contains("Sign in as Carol"), "the session of before has ended: {}", page.body);
    }
}

#[tokio::test]
async fn the_demo_answers_under_its_own_name_alone_and_every_answer_is_guarded() {
    let world = World::new().await;
    let visitor = Visitor::signed_in(&world, "carol").await;
    for path in [
        "/",
        "/style.css",
        "/nowhere",
        "/amazon/return?status=%3Cscript%3E",
        "/amazon/sign-in",
        "/amazon/sign-in?request=%3Cscript%3E",
    ] {
        let page = visitor.open(path).await;
        assert!(!page.body.contains("<script"), "{path}: {}", page.body);
        assert!(
            page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'; ")
        );
        assert_eq!(
            (&page.headers["cache-control"], &page.headers["referrer-policy"]),
            (&"no-store".parse().unwrap(), &"no-referrer".parse().unwrap())
        );
    }
    for name in ["integrator.localhost.evil.example", "integrator.localhost:1", "evil.example"] {
        let page = visitor.browser.open_with(&visitor.url("/amazon/return"), ("host", name)).await;
        assert!(!page.body.contains("Demo integrator"), "{name}: {}", page.body);
    }
}
