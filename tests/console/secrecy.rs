//! Promise 7 on the console's pages: they show only the times of a token.

use serde_json::json;

use crate::support::world::World;

#[tokio::test]
async fn promise_7_no_token_secret_code_or_cookie_is_on_a_page_of_the_console() {
    let directory = std::env::temp_dir().join(format!("spapi-auth-{}", shared::secret::random_word()));
    let world = World::kept_in(&directory).await;
    let browser = world.browser();
    browser.website("US", "seller", "A1US").await;
    world.disputed_seller("A2US").await;
    let mut secrets = vec![browser.cookies().split(['=', '.']).nth(1).unwrap().to_owned()];
    let mut pages = Vec::new();
    let application = format!("/console/applications/{}", world.application());
    for (path, button) in [
        (world.grant_page("A1US"), "fetch"),
        (world.grant_page("A1US"), "invalidate"),
        (world.grant_page("A2US"), "fetch"),
        (application.clone(), "rotate"),
        (application.clone(), "invalidate"),
        (application.clone(), "request"),
    ] {
        pages.push(world.press(&path, &[("do", button)]).await);
    }
    pages.push(world.press("/console/clock", &[("seconds", "300")]).await);
    let token = world.caller().token_of("A1US", "na").await.unwrap();
    secrets.push(token["accessToken"].as_str().unwrap().to_owned());
    for path in [
        "/",
        "/console/events",
        "/console/faults",
        &application,
        &world.grants_page(),
        &world.grant_page("A1US"),
        &world.grant_page("A2US"),
    ] {
        let page = world.look(path).await;
        assert_eq!(page.status, 200, "{path}");
        pages.push(page);
    }
    let secret = world.current_secret().await["clientSecret"].as_str().unwrap().to_owned();
    secrets.push(secret);
    world.control("website-form", json!({"form": "4b"})).await;
    let books = std::fs::read_to_string(directory.join("amazon.json")).unwrap();
    let is_secret =
        |text: &&str| ["Atzr|", "Atza|", "amzn1.oa2-cs."].iter().any(|kind| text.starts_with(kind));
    secrets.extend(books.split('"').filter(is_secret).map(str::to_owned));
    for kind in ["Atzr|", "Atza|", "amzn1.oa2-cs."] {
        assert!(secrets.iter().any(|secret| secret.starts_with(kind)), "{kind} is among the canaries");
    }

    for page in &pages {
        for secret in &secrets {
            let shown = &secret[..6.min(secret.len())];
            assert!(!page.body.contains(secret.as_str()), "{shown}… is on {}", page.url);
            assert!(!page.url.as_str().contains(secret.as_str()), "{shown}… is in {}", page.url);
        }
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
