//! Addresses that no partner is sent to.

use reqwest::Method;

use super::between;
use crate::support::{browser::plain_client, world::World};

#[tokio::test]
async fn every_unknown_path_and_method_gets_a_page_of_ours() {
    let world = World::new().await;
    let client = plain_client();
    for (method, path) in [
        (Method::GET, "/nowhere"),
        (Method::GET, "/nowhere/"),
        (Method::GET, "/.well-known/security.txt"),
        (Method::GET, "/login/x"),
        (Method::POST, "/login"),
        (Method::POST, "/callback"),
        (Method::HEAD, "/callback"),
        (Method::HEAD, "/login"),
        (Method::PUT, "/authorize"),
        (Method::DELETE, "/callback/"),
        (Method::OPTIONS, "/login"),
    ] {
        let answer = client.request(method.clone(), world.site(path)).send().await.unwrap();

        assert_eq!(answer.status(), 404, "{method} {path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "{method} {path}");
        assert!(
            answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'")
        );
        let body = answer.text().await.unwrap();
        if method == Method::HEAD {
            assert_eq!(body, "");
        } else {
            assert!(body.contains("<code dir=\"ltr\">NOT_FOUND</code>"), "{method} {path}: {body}");
        }
    }
}

#[tokio::test]
async fn icon_and_robots_are_answered_and_may_be_stored() {
    let world = World::new().await;
    let browser = world.browser();

    let icon = browser.open(&world.site("/favicon.ico")).await;
    let robots = browser.open(&world.site("/robots.txt")).await;

    assert_eq!((icon.status.as_u16(), icon.body.as_str()), (204, ""));
    assert_eq!((robots.status.as_u16(), robots.body.as_str()), (200, "User-agent: *\nDisallow: /\n"));
    for answer in [icon, robots] {
        assert_eq!(answer.headers["cache-control"], "public, max-age=86400");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn amazons_error_codes_are_explained_in_every_language_and_every_page_of_trouble_leads_there() {
    let world = World::new().await;
    let browser = world.browser();
    let trouble = world.site("/callback?error=access_denied");

    let english = browser.open(&world.site("/help")).await;

    let languages: Vec<_> =
        english.body.split("href=\"?language=").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(languages.len(), 16, "{}", english.body);
    for language in languages.into_iter().chain(["en"]) {
        let page = browser.open_with(&trouble, ("accept-language", language)).await;
        let link = between(&page, "<a class=\"help\" href=\"", "\"");
        let help = browser.open(&world.site(link)).await;

        assert_eq!(help.status, 200);
        assert_eq!(help.headers["content-language"], language);
        assert!(help.body.contains(&format!("<html lang=\"{language}\" ")), "{}", help.body);
        for code in [
            "MD1000", "MD4010", "MD5100", "MD5101", "MD5110", "MD9100", "MD9999", "SPDC8143", "SPSA0404",
            "SPSA2043",
        ] {
            assert!(help.body.contains(code), "{language} {code}");
        }
        let sentence = "nothing was authorized";
        assert_eq!(help.body.contains(sentence), language == "en", "{}", help.body);
        assert!(help.body.len() < 10_000, "{language}: {} bytes", help.body.len());
        assert!(!help.headers.contains_key("set-cookie"), "who follows a link has not chosen a language");
        let again = browser.open_with(&world.site("/help"), ("accept-language", language)).await;
        assert_eq!(again.body, help.body);
    }
    assert_eq!(browser.head(&world.site("/help")).await.body, "");
    let question = browser.open(&world.link("tenant-1").await).await;
    assert!(!question.body.contains("/help"), "{}", question.body);
}
