//! The form that imports one partner's refresh token.

use reqwest::{StatusCode, header::LOCATION};
use serde_json::json;

use super::{html::assert_well_formed, notice};
use crate::support::world::World;

#[tokio::test]
async fn a_refresh_token_is_imported_by_a_form_that_never_shows_it() {
    let world = World::attended().await;
    let path = format!("/console/applications/{}/import", world.application());
    let form = world.look(&path).await;
    assert_well_formed(&form.body, "import");
    assert!(
        form.body.contains("name=\"refreshToken\" type=\"password\" autocomplete=\"off\""),
        "{}",
        form.body
    );
    assert!(form.body.contains("spapi-auth import --file"), "many tokens are imported on the command line");
    let own = json!({"applicationId": world.application(), "sellingPartnerId": "A1OWN", "region": "na", "kind": "seller"});
    let token = world.control("self-authorization", own).await["refreshToken"].as_str().unwrap().to_owned();
    let post = async |fields: &[(&str, &str)]| {
        let sent = world.http().post(world.site(&path)).header("origin", world.site("")).form(fields);
        sent.send().await.unwrap()
    };

    let wrong = [
        ("sellingPartnerId", "A1OWN"),
        ("refreshToken", token.as_str()),
        ("kind", "oauth"),
        ("authorizedAt", "yester<day"),
        ("account", "tenant-42"),
    ];
    let refused = post(&wrong).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let body = refused.text().await.unwrap();
    assert_well_formed(&body, "refused import");
    assert!(!body.contains(&token), "the token is shown");
    assert!(body.contains("value=\"yester&lt;day\" aria-describedby=\"authorizedAt-hint authorizedAt-wrong\" aria-invalid=\"true\""), "{body}");
    assert!(body.contains("value=\"tenant-42\"") && body.contains("value=\"A1OWN\""), "{body}");
    assert_eq!(body.matches("class=\"wrong\"").count(), 1, "{body}");

    let misplaced =
        [("sellingPartnerId", "A1OWN"), ("refreshToken", &*token), ("kind", "self"), ("account", &*token)];
    let body = post(&misplaced).await.text().await.unwrap();
    assert!(body.contains("this one holds a refresh token") && !body.contains(&token), "{body}");

    let other = [
        ("sellingPartnerId", "A1OWN"),
        ("refreshToken", "Atzr|never-issued-by-Amazon-00000"),
        ("kind", "self"),
    ];
    let body = post(&other).await.text().await.unwrap();
    assert!(body.contains("Not imported: ") && !body.contains("never-issued"), "{body}");

    let right = [
        ("sellingPartnerId", "A1OWN"),
        ("refreshToken", token.as_str()),
        ("kind", "self"),
        ("account", "tenant-42"),
    ];
    for says in ["Imported: Amazon has accepted", "was imported before"] {
        let sent = post(&right).await;
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
        let to = sent.headers()[LOCATION].to_str().unwrap().to_owned();
        assert!(to.contains("/grants/na/A1OWN?notice=") && !to.contains("Atzr"), "{to}");
        let shown = world.look(&to).await;
        assert!(notice(&shown).contains(says), "{}", notice(&shown));
        assert!(!shown.body.contains(&token));
    }
    let history = world.history("na", "A1OWN").await;
    assert_eq!(history.len(), 1, "the second import changed nothing");
}
