use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    marketplaces::Central,
    testing::{DRAFT, LOGIN_URI, PUBLISHED, US, World, application, consent},
};

#[tokio::test]
async fn every_central_host_has_a_consent_page_that_names_its_partners() {
    let world = World::new();
    for central in Central::all() {
        let url = consent(central.host, &[("application_id", PUBLISHED), ("state", "s"), ("_as", "")]);
        let partner = format!("{}.{:?}", central.region, central.kind);
        assert_eq!(world.get(&format!("{url}{partner}")).await.status, StatusCode::FOUND);

        let page = world.get(&url).await;

        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Ledger &amp; Sons &lt;3"));
        assert_eq!(page.body.matches(r#"type="radio""#).count(), 1, "{}", central.host);
        assert!(page.body.contains(&format!(r#"value="{partner}""#)));
    }
}

#[tokio::test]
async fn the_form_of_the_consent_page_leads_to_the_login_uri() {
    let world = World::new();
    let url = format!("http://{US}.localhost:9001/apps/authorize/consent");
    let fields = [("application_id", PUBLISHED), ("state", "s"), ("_as", "A1"), ("_other", "A2")];

    let page = world.post_form(&url, &fields).await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Login to Ledger &amp; Sons &lt;3 now"));
    assert!(page.body.contains("&amp;selling_partner_id=A2"));
    world.use_form_4a().await;
    assert_eq!(world.post_form(&url, &fields).await.parameter("selling_partner_id"), "A2");
}

#[tokio::test]
async fn a_seller_cannot_sign_in_to_vendor_central() {
    let world = World::new();
    world.begin("A1").await;

    let parameters = [("application_id", PUBLISHED), ("state", "s"), ("_as", "A1")];
    let reply = world.get(&consent("vendorcentral.amazon.com", &parameters)).await;

    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_appstore_lists_published_applications_and_goes_through_the_login_uri() {
    let world = World::new();
    world.use_form_4a().await;
    let at = |id: &str| format!("http://{US}.localhost:9001/appstore/{id}");

    assert_eq!(world.get(&at(DRAFT)).await.status, StatusCode::NOT_FOUND);
    assert!(world.get(&at(PUBLISHED)).await.body.contains("Authorize Now"));
    let login = world.get(&format!("{}?_as=A1", at(PUBLISHED))).await;

    assert!(login.location().starts_with(LOGIN_URI));
    assert_eq!(world.return_from_login(&login, &[]).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn manage_your_apps_disables_enables_and_reauthorizes() {
    let world = World::new();
    let (_, refresh_token) = world.authorize("A1").await;
    let manage = format!("http://{US}.localhost:9001/apps/manage");
    let action = |action: &str| format!("{manage}/{PUBLISHED}/{action}");
    let me = [("_as", "A1")];

    assert!(world.get(&manage).await.body.contains("Sign in"));
    assert!(world.get(&format!("{manage}?_as=A1")).await.body.contains("<td>active</td>"));
    assert_eq!(world.post_form(&action("disable"), &me).await.status, StatusCode::SEE_OTHER);
    assert!(world.get(&format!("{manage}?_as=A1")).await.body.contains("<td>disabled</td>"));
    assert_eq!(world.refresh(&refresh_token).await.text("error"), "invalid_grant");
    assert_eq!(world.post_form(&action("enable"), &me).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.refresh(&refresh_token).await.status, StatusCode::OK);

    world.clock.advance(366 * 86_400);
    // The client secret has ended by now, too.
    world.amazon.backend().ledger_mut().applications.clear();
    world.amazon.register(application(PUBLISHED, false));
    assert!(world.get(&format!("{manage}?_as=A1")).await.body.contains("<td>expired</td>"));
    assert_eq!(world.refresh(&refresh_token).await.text("error"), "invalid_grant");
    let login = world.get(&format!("{}?_as=A1", action("reauthorize"))).await;
    let code = world.return_from_login(&login, &[]).await.parameter("spapi_oauth_code");
    assert_eq!(world.exchange(&code).await.status, StatusCode::OK);
    assert!(world.get(&format!("{manage}?_as=A1")).await.body.contains("<td>active</td>"));
    assert_eq!(world.refresh(&refresh_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn manage_your_apps_shows_dates_that_a_disable_hides_an_enable_brings_back_and_a_renewal_moves() {
    let world = World::new();
    world.authorize("A1").await;
    let manage = format!("http://{US}.localhost:9001/apps/manage");
    let (year, hour) = (SignedDuration::from_hours(365 * 24), 3600);
    let dates = async || {
        let page = world.get(&format!("{manage}?_as=A1")).await.body;
        let cells: Vec<_> =
            page.split("<td>").skip(3).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        (cells[0].clone(), cells[1].clone())
    };
    let shown = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let act = async |action: &str| {
        world.post_form(&format!("{manage}/{PUBLISHED}/{action}"), &[("_as", "A1")]).await
    };
    let (begun, ends) = dates().await;
    let at: Timestamp = begun.replace(' ', "T").replace("TUTC", "Z").parse().unwrap();
    assert_eq!(ends, shown(at + year));

    world.clock.advance(hour);
    act("disable").await;
    assert_eq!(dates().await, (begun.clone(), String::new()));
    act("enable").await;
    assert_eq!(dates().await, (begun, ends), "the same authorization goes on");

    let login = act("reauthorize").await;
    let code = world.return_from_login(&login, &[]).await.parameter("spapi_oauth_code");
    world.exchange(&code).await;
    let later = at + SignedDuration::from_secs(hour.into());
    let (renewed, ends) = dates().await;
    let renewed: Timestamp = renewed.replace(' ', "T").replace("TUTC", "Z").parse().unwrap();
    assert!(renewed >= later && ends == shown(renewed + year), "{renewed} {ends}");

    // Once more, which changes nothing.
    act("enable").await;
    let page = world.get(&format!("{manage}?_as=A1")).await.body;
    let (_, history) = page.split_once("History of permissions").unwrap();
    let changes: Vec<_> = history
        .split("<td>")
        .skip(1)
        .map(|cell| cell.split('<').next().unwrap())
        .skip(2)
        .step_by(3)
        .collect();
    assert_eq!(changes, ["authorized again", "enabled", "disabled", "authorized"]);
    assert!(!world.get(&format!("{manage}?_as=A2")).await.body.contains("History"), "of A1 alone");
}

#[tokio::test]
async fn manage_your_apps_shows_no_end_of_a_self_authorization() {
    let world = World::new();
    let order =
        json!({"applicationId": PUBLISHED, "sellingPartnerId": "A1", "region": "na", "kind": "seller"});
    assert_eq!(world.control("self-authorization", order).await.status, StatusCode::OK);

    let page = world.get(&format!("http://{US}.localhost:9001/apps/manage?_as=A1")).await;

    assert!(
        page.body.contains("<td>active</td>") && page.body.contains(" UTC</td><td></td>"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn an_application_that_is_not_authorized_cannot_be_managed() {
    let world = World::new();
    for action in ["reauthorize", "disable", "enable"] {
        let url = format!("http://{US}.localhost:9001/apps/manage/{PUBLISHED}/{action}");
        assert_eq!(world.post_form(&url, &[("_as", "A1")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.post_form(&url, &[("_x", "A1")]).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn parameters_from_the_browser_are_escaped() {
    let world = World::new();

    let page = world.consent(&[("application_id", PUBLISHED), ("state", "\"><script>")]).await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script>"));
}

#[tokio::test]
async fn every_site_has_an_index_page() {
    let world = World::new();
    for host in ["127.0.0.1:9001", "localhost:9001", "[::1]:9001", "sellercentral.amazon.com.localhost:9001"]
    {
        assert!(world.get(&format!("http://{host}/")).await.body.contains("Simulated Amazon"), "{host}");
    }
    assert_eq!(world.get("http://amazon.evil.localhost:9001/").await.status, StatusCode::NOT_FOUND);
}
