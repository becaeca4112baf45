use crate::testing::{PUBLISHED, US, World, application, client_id, consent};

#[tokio::test]
async fn a_published_application_refuses_version_beta() {
    let world = World::new();
    let beta = ("version", "beta");

    world.consent(&[("application_id", PUBLISHED), ("state", "s"), beta]).await.assert_shows("MD1000");
    let login = world.begin("A1").await;
    world.return_from_login(&login, &[beta]).await.assert_shows("MD1000");
}

#[tokio::test]
async fn consent_requires_an_application_id() {
    let world = World::new();
    let state = ("state", "s");

    world.consent(&[("application_id", client_id(PUBLISHED).as_str()), state]).await.assert_shows("MD1000");
    world.consent(&[("application_id", "amzn1.sp.solution.unknown"), state]).await.assert_shows("MD1000");
    world.consent(&[("application_id", "my-app"), state]).await.assert_shows("MD4010");
    world.consent(&[("application_id", ""), state]).await.assert_shows("MD4010");
    world.consent(&[state]).await.assert_shows("MD4010");
}

#[tokio::test]
async fn a_redirect_uri_must_equal_a_registered_one_exactly() {
    let world = World::new();
    let login = world.begin("A1").await;

    for uri in ["https://app.example/callback/", "https://APP.example/callback", ""] {
        let asked = ("redirect_uri", uri);
        world.consent(&[("application_id", PUBLISHED), ("state", "s"), asked]).await.assert_shows("MD5101");
        world.return_from_login(&login, &[asked]).await.assert_shows("MD5101");
    }
    let fragment = ("redirect_uri", "https://app.example/callback#x");
    world.consent(&[("application_id", PUBLISHED), ("state", "s"), fragment]).await.assert_shows("MD5110");
}

#[tokio::test]
async fn a_registration_needs_both_uris() {
    let world = World::new();
    let url = consent(US, &[("application_id", PUBLISHED), ("state", "s")]);
    let registered = application(PUBLISHED, false);

    world.amazon.register(crate::Application { login_uri: String::new(), ..registered.clone() });
    world.get(&url).await.assert_shows("MD9100");
    world.amazon.register(crate::Application { redirect_uris: Vec::new(), ..registered.clone() });
    world.get(&url).await.assert_shows("MD9100");
    world.amazon.register(crate::Application { login_uri: "https://a.example/#x".to_owned(), ..registered });
    world.get(&url).await.assert_shows("MD5110");
}

#[tokio::test]
async fn a_malformed_url_is_refused() {
    let world = World::new();
    let url = consent(US, &[("application_id", PUBLISHED), ("state", "s")]);

    world.get(&format!("{url}?version=beta")).await.assert_shows("MD9999");
    world.get(&format!("{url}&state=s")).await.assert_shows("MD9999");
    let login = world.begin("A1").await;
    let callback_uri = login.parameter("amazon_callback_uri");
    world.get(&format!("{callback_uri}?state=s&state=s&amazon_state=x")).await.assert_shows("MD9999");
}

#[tokio::test]
async fn both_ends_of_a_journey_require_a_state() {
    let world = World::new();

    world.consent(&[("application_id", PUBLISHED)]).await.assert_shows("MD5100");
    let login = world.begin("A1").await;
    world.return_from_login(&login, &[("state", "")]).await.assert_shows("MD5100");
}
