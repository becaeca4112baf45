//! Pages over all grants of an application, questions, and the forms of applications.

use reqwest::StatusCode;
use serde_json::json;

use super::{html::assert_well_formed, notice};
use crate::support::{browser::Shown, world::World};

/// The partners of the rows, in their order.
fn listed(shown: &Shown) -> Vec<&str> {
    let rows = shown.body.split("<th class=\"id\" scope=\"row\"><a href=\"").skip(1);
    rows.map(|row| row.split_once("<bdi>").unwrap().1.split_once("</bdi>").unwrap().0).collect()
}

#[tokio::test]
async fn grants_are_found_by_a_part_of_store_partner_or_account_and_sorted_by_columns() {
    let world = World::attended().await;
    for (partner, store) in [("A1US", "Clocks & More"), ("A2US", "Watches"), ("A3US", "clockwork")] {
        let names = json!({"ATVPDKIKX0DER": store});
        let seller =
            json!({"sellingPartnerId": partner, "region": "na", "kind": "seller", "storeNames": names});
        world.control("partners", seller).await;
        assert!(world.browser().website("US", "seller", partner).await.is_connected());
        world.advance(86_400).await;
    }
    world.press(&world.grant_page("A2US"), &[("do", "link"), ("account", "tenant-42")]).await;
    let list = world.grants_page();

    for (query, expected) in [
        ("?search=clock", vec!["A1US", "A3US"]),
        ("?search=CLOCKS+%26", vec!["A1US"]),
        ("?search=nant-4", vec!["A2US"]),
        ("?search=a3u", vec!["A3US"]),
        ("?search=nobody", vec![]),
        ("?search=us&region=eu", vec![]),
        ("?search=us&account=tenant-42", vec!["A2US"]),
        ("?sort=partner", vec!["A1US", "A2US", "A3US"]),
        ("?sort=-authorized", vec!["A3US", "A2US", "A1US"]),
        ("?sort=expires&limit=2", vec!["A1US", "A2US"]),
        ("?sort=expires&limit=2&page=1", vec!["A3US"]),
        ("?sort=expires&limit=2&page=99999999999999999999", vec!["A1US", "A2US"]),
        ("?sort=%3Cscript%3E&limit=0&page=7", vec![]),
    ] {
        let shown = world.look(&format!("{list}{query}")).await;
        assert_well_formed(&shown.body, query);
        assert_eq!(listed(&shown), expected, "{query}");
    }
    let sorted = world.look(&format!("{list}?sort=authorized&search=us")).await;
    assert!(sorted.body.contains("aria-sort=\"ascending\""), "{}", sorted.body);
    assert!(
        sorted.body.contains("sort=-authorized") && sorted.body.contains("<strong>3</strong> of 3 grants")
    );
}

#[tokio::test]
async fn the_overview_counts_by_status_region_and_week() {
    let world = World::attended().await;
    for (country, partner) in [("US", "A1US"), ("US", "A2US"), ("DE", "A1DE")] {
        assert!(world.browser().website(country, "seller", partner).await.is_connected());
    }
    world.press(&world.grant_page("A2US"), &[("do", "disable")]).await;

    let shown = world.look(&format!("/console/applications/{}/overview", world.application())).await;
    assert_well_formed(&shown.body, "overview");
    assert!(
        shown.body.contains("<th scope=\"row\">na</th><td>1</td><td>0</td><td>1</td><td>2</td>"),
        "{}",
        shown.body
    );
    assert!(
        shown.body.contains("<th scope=\"row\">eu</th><td>1</td><td>0</td><td>0</td><td>1</td>"),
        "{}",
        shown.body
    );
    assert!(
        shown.body.contains("2 due within a year, at most 2 in a week. 0 overdue, 0 later."),
        "{}",
        shown.body
    );
    assert!(shown.body.contains("<svg class=\"picture\" role=\"img\""));
}

#[tokio::test]
async fn past_permissions_are_one_table_across_partners() {
    let world = World::attended().await;
    for partner in ["A1US", "A2US", "A3US"] {
        assert!(world.browser().website("US", "seller", partner).await.is_connected());
    }
    world.press(&world.grant_page("A2US"), &[("do", "disable"), ("reason", "contract ended")]).await;
    world.press(&world.grant_page("A3US"), &[("do", "remove")]).await;

    let shown = world.look(&format!("/console/applications/{}/past", world.application())).await;
    assert_well_formed(&shown.body, "past");
    let mut partners = listed(&shown);
    partners.sort_unstable();
    assert_eq!(partners, ["A2US", "A3US"]);
    assert!(
        shown.body.contains("contract ended") && shown.body.contains("AuthorizationRemoved"),
        "{}",
        shown.body
    );
}

#[tokio::test]
async fn what_cannot_be_undone_happens_only_after_a_question() {
    let world = World::attended().await;
    world.browser().website("US", "seller", "A1US").await;
    let application = format!("/console/applications/{}", world.application());
    let before = world.history("na", "A1US").await.len();
    for (path, button, says) in [
        (world.grant_page("A1US"), "remove", "Only the partner can restore"),
        (world.grant_page("A1US"), "accept", "old one is deleted"),
        (world.grant_page("A1US"), "reject", "token is deleted"),
        (application.clone(), "disable", "This hits 1 grants"),
        (application.clone(), "invalidate", "This hits 1 grants"),
    ] {
        let form = [("do", button), ("reason", "<b>x"), ("back", "http://evil.example"), ("sure", "no")];
        let sent = world.http().post(world.site(&path)).header("origin", world.site("")).form(&form);
        let question = sent.send().await.unwrap();
        assert_eq!(question.status(), StatusCode::OK, "{button}");
        let body = question.text().await.unwrap();
        assert_well_formed(&body, button);
        assert!(body.contains(says) && body.contains("value=\"&lt;b&gt;x\""), "{button}: {body}");
        assert!(!body.contains("href=\"http://evil.example"), "{button}");
    }
    assert_eq!(world.history("na", "A1US").await.len(), before);
    world.fresh().token_of("A1US").await.unwrap();
}

#[tokio::test]
async fn an_application_is_edited_without_undoing_what_another_has_changed() {
    let world = World::attended().await;
    let page = format!("/console/applications/{}/edit", world.application());
    let shown = world.look(&page).await;
    assert_well_formed(&shown.body, "edit");
    let was = |name: &str| {
        let (_, rest) = shown.body.split_once(&format!("name=\"was-{name}\" value=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    // Another operator changes the company meanwhile.
    let other = json!({"operation": "updateApplication", "applicationId": world.application(), "company": "Example GmbH"});
    world.caller().invoke("administration", &other).await.unwrap();

    let (name, region) = (was("name"), was("defaultRegion"));
    let mut form = vec![
        ("name", "Renamed <b>"),
        ("was-name", name.as_str()),
        ("defaultRegion", &region),
        ("was-defaultRegion", &region),
    ];
    form.push(("returnUrls", "https://one.example/a\r\nhttps://two.example/b\r\n"));
    let done = world.press(&page, &form).await;
    assert!(notice(&done).starts_with("Changed"), "{}", notice(&done));
    for text in ["Renamed &lt;b&gt;", "Example GmbH", "https://one.example/a, https://two.example/b"] {
        assert!(done.body.contains(text), "{text}: {}", done.body);
    }

    let marked = world.press(&page, &[("rolesChangedAt", "now")]).await;
    assert!(notice(&marked).starts_with("Changed") && marked.body.contains("<dt>Roles changed</dt>"));
    let wrong = [("company", "a\u{202e}b")];
    let sent = world
        .http()
        .post(world.site(&page))
        .header("origin", world.site(""))
        .form(&wrong)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let body = sent.text().await.unwrap();
    assert_well_formed(&body, "wrong");
    assert!(body.contains("company: ") && body.contains("a\u{202e}b"), "{body}");
}

#[tokio::test]
async fn an_application_is_registered_and_shows_what_doctor_finds() {
    let world = World::attended().await;
    let form = world.look("/console/register").await;
    assert_well_formed(&form.body, "register");
    let id = "amzn1.sp.solution.99999999-2222-4333-8444-555555555555";
    let fields = [
        ("applicationId", id),
        ("clientId", "amzn1.application-oa2-client.9"),
        ("name", "Ninth"),
        ("defaultRegion", "eu"),
        ("draft", "yes"),
    ];
    let done = world.press("/console/register", &fields).await;
    assert!(notice(&done).contains("/callback"), "{}", notice(&done));
    assert_eq!(done.url.path(), format!("/console/applications/{id}"));
    for text in [
        "no client secret is stored",
        "none is stored",
        "<dd>draft</dd>",
        "<dd>eu</dd>",
        "spapi-auth secret set",
    ] {
        assert!(done.body.contains(text), "{text}: {}", done.body);
    }
    assert!(world.look("/console/consumers").await.body.contains("There are none."));
    let policy = json!({"operation": "putConsumer", "consumer": "orders", "applicationIds": "all", "regions": ["na"],
        "accounts": {"prefix": "tenant-<"}, "may": ["read"]});
    world.caller().invoke("administration", &policy).await.unwrap();
    let consumers = world.look("/console/consumers").await;
    assert_well_formed(&consumers.body, "consumers");
    assert!(
        consumers.body.contains("orders") && consumers.body.contains("tenant-&lt;…"),
        "{}",
        consumers.body
    );
}
