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
async fn the_page_at_the_end_speaks_the_browsers_language_too() {
    let world = World::new().await;
    let browser = world.browser();
    let callback = browser.website_until_callback("DE", "seller", "A1DE").await;

    let page = browser.open_with(&callback, ("accept-language", "de-DE")).await;

    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-language"], "de");
    assert_eq!(page.support_code(), None, "{}", page.body);
}
