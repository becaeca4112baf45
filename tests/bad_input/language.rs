//! A page speaks the browser's language.

use crate::support::world::World;

#[tokio::test]
async fn accept_language_picks_the_language_of_every_page() {
    let world = World::new().await;
    for (accepted, language, direction) in [
        ("de", "de", "ltr"),
        ("de-AT,de;q=0.9,en;q=0.5", "de", "ltr"),
        ("da, fr;q=0.3, ja;q=0.8", "ja", "ltr"),
        ("ar", "ar", "rtl"),
        ("es-419", "es", "ltr"),
        ("hi-IN,en-IN;q=0.8", "hi", "ltr"),
        ("ko-KR", "ko", "ltr"),
        ("zh-CN", "zh-Hans", "ltr"),
        ("zh-HK,zh;q=0.9", "zh-Hant", "ltr"),
        ("pt", "pt-BR", "ltr"),
        ("pt-PT,pt;q=0.9", "pt-PT", "ltr"),
        ("tlh", "en", "ltr"),
        ("*", "en", "ltr"),
        ("", "en", "ltr"),
        (";;q=,,=%", "en", "ltr"),
        ("nl;q=0, it;q=0.001", "it", "ltr"),
    ] {
        for path in ["/login", "/authorize", "/callback", "/callback?error=access_denied"] {
            let shown = world.browser().open_with(&world.site(path), ("accept-language", accepted)).await;

            let html = format!("<html lang=\"{language}\" dir=\"{direction}\">");
            assert!(shown.body.contains(&html), "{accepted} {path}: {}", shown.body);
            assert_eq!(shown.headers["content-language"], language, "{accepted} {path}");
        }
    }
}

#[tokio::test]
async fn every_page_of_a_link_is_short_and_names_application_and_account_in_every_language() {
    let world = World::new().await;
    let browser = world.browser();
    let link = world.link("tenant-1").await;
    for language in LANGUAGES {
        for url in [&link, &world.site("/callback?error=access_denied")] {
            let page = browser.open_with(url, ("accept-language", language)).await;

            assert_eq!(page.headers["content-language"], language);
            assert!(page.body.len() < 10_000, "{language} {url}: {} bytes", page.body.len());
            let text = page.body.split_once("</h1>").unwrap().1;
            assert!(text.contains("<bdi>Example Application</bdi>"), "{language} {url}: {text}");
            assert!(!text.contains(['{', '[']), "{language} {url}: {text}");
            if url == &link {
                assert!(text.contains("<bdi>Shop of tenant-1</bdi>"), "{language}: {text}");
            }
        }
    }
}

const LANGUAGES: [&str; 17] = [
    "ar", "zh-Hans", "zh-Hant", "nl", "en", "fr", "de", "hi", "it", "ja", "ko", "pl", "pt-BR", "pt-PT", "es",
    "sv", "tr",
];

#[tokio::test]
async fn the_page_at_the_end_speaks_the_browsers_language_too() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("DE", "seller", "A1DE").await;

    let page = browser.open_with(&callback, ("accept-language", "de-DE")).await;

    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-language"], "de");
    assert_eq!(page.support_code(), None, "{}", page.body);
}
