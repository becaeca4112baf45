//! Which language a page is in, and how a partner changes it.

use serde_json::{Value, json};

use super::{arrival_without_host, between, update};
use crate::support::world::World;

const KOREAN_SHOP: &str = "tenant-1";

/// A link for a user who reads Korean.
async fn korean_link(world: &World) -> String {
    let fields = json!({"account": KOREAN_SHOP, "label": "Shop", "marketplace": "US", "language": "ko-KR"});
    world.link_with(fields).await
}

#[tokio::test]
async fn the_application_names_a_language_for_browsers_that_ask_for_none_of_ours() {
    let world = World::new().await;
    let shown = async |accepted| {
        let page = world.browser().open_with(&world.site("/callback"), ("accept-language", accepted)).await;
        page.headers["content-language"].to_str().unwrap().to_owned()
    };
    assert_eq!(shown("da").await, "en");
    update(&world, json!({"language": "pl"})).await;
    world.advance(61).await;
    assert_eq!(
        (shown("da").await, shown("nl").await, shown("en").await),
        ("pl".into(), "nl".into(), "en".into())
    );
    // A language in which there are no pages may be named, and is passed over.
    update(&world, json!({"language": "da-DK"})).await;
    world.advance(61).await;
    assert_eq!(shown("da").await, "en");
    update(&world, json!({"language": Value::Null})).await;
}

#[tokio::test]
async fn the_language_of_a_link_is_that_of_every_page_of_its_journey() {
    let world = World::new().await;
    for form in ["4a", "4b"] {
        world.website_form(form).await;
        let browser = world.browser();
        let link = korean_link(&world).await;
        let page = browser.open_with(&link, ("accept-language", "nl")).await;
        assert_eq!(page.headers["content-language"], "ko");
        assert!(
            !page.headers.contains_key("set-cookie")
                || !page.headers["set-cookie"].to_str().unwrap().contains("language")
        );
        let consent = browser.open_link(&link).await;
        let callback = browser.consent(&consent, "A1US").await;

        let refused = callback.replace("spapi_oauth_code=", "error=access_denied&code=");
        for url in [&refused, &callback, &callback, &link] {
            let page = browser.open_with(url, ("accept-language", "nl")).await;
            assert_eq!(page.headers["content-language"], "ko", "{form} {url}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn a_language_that_the_partner_chooses_stays_until_the_end_and_uses_nothing_up() {
    let world = World::new().await;
    let browser = world.browser();
    let link = korean_link(&world).await;
    let page = browser.open(&link).await;
    let list = between(&page, "<nav class=\"languages\" aria-label=\"언어\">", "</nav>");
    let ways: Vec<_> = list
        .split(" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        .collect();
    assert_eq!(ways.len(), 16, "{list}");
    assert!(list.contains("<a lang=\"ar\" dir=\"rtl\" ") && list.contains(">العربية</a>"), "{list}");
    assert!(list.contains("<a lang=\"de\" ") && !list.contains("한국어"), "{list}");
    for way in &ways {
        let tag = way.rsplit_once("language=").unwrap().1;
        let page = browser.open(&world.site(way)).await;
        assert_eq!((page.status.as_u16(), &page.headers["content-language"]), (200, &tag.parse().unwrap()));
        assert!(
            page.body.contains("<bdi>Shop</bdi>") && page.body.contains("<form "),
            "{way}: {}",
            page.body
        );
        assert!(page.body.len() < 10_000, "{way}: {} bytes", page.body.len());
    }
    let cookie = "; HttpOnly; SameSite=Lax";
    let german = browser.open(&format!("{link}&language=de")).await;
    let set: Vec<_> =
        german.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(
        set.iter().any(|set| set.starts_with("spapi-auth-language=de; ") && set.contains(cookie)),
        "{set:?}"
    );

    let again = browser.open(&link).await;
    assert_eq!(again.headers["content-language"], "de");
    let consent = browser.press(&again).await;
    let callback = browser.consent(&consent, "A1US").await;
    for _ in 0..2 {
        let end = browser.open(&callback).await;
        assert_eq!(end.headers["content-language"], "de", "{}", end.body);
        assert!(!end.body.contains("<nav"), "a callback is not opened again for a language: {}", end.body);
    }
    assert!(world.account_of("A1US").await.is_some());
}

#[tokio::test]
async fn a_parameter_that_names_no_language_of_the_pages_is_ignored() {
    let world = World::new().await;
    let link = korean_link(&world).await;
    for odd in [
        "language=da",
        "language=",
        "language=%zz",
        "language=de&language=fr",
        "language=%3Cscript%3E",
        "Language=de",
    ] {
        let page = world.browser().open(&format!("{link}&{odd}")).await;
        assert_eq!(
            (page.status.as_u16(), &page.headers["content-language"]),
            (200, &"ko".parse().unwrap()),
            "{odd}"
        );
        assert!(
            !page.headers.get_all("set-cookie").iter().any(|set| set.to_str().unwrap().contains("language")),
            "{odd}"
        );
    }
    let browser = world.browser();
    for (path, language) in [
        ("/login?language=ja", "ja"),
        ("/authorize?language=zh-TW", "zh-Hant"),
        ("/login/continue?language=pt-AO", "pt-PT"),
        ("/callback?language=sv", "sv"),
        ("/nowhere?language=tr", "tr"),
        // The last choice at a route of the Login URI.
        ("/callback", "tr"),
    ] {
        let page = browser.open(&world.site(path)).await;
        assert_eq!(page.headers["content-language"], language, "{path}");
        assert!(!page.body.contains("<nav"), "{path}");
    }
    let robots = browser.open(&world.site("/robots.txt?language=de")).await;
    assert!(!robots.headers.contains_key("set-cookie"), "an answer that is stored is for all browsers");
    // Another site may have planted a cookie.
    for planted in
        ["spapi-auth-language=xx", "spapi-auth-language=de; spapi-auth-language=fr", "spapi-auth-language="]
    {
        let page = world.browser().open_with(&link, ("cookie", planted)).await;
        assert_eq!(page.headers["content-language"], "ko", "{planted}");
    }
}

#[tokio::test]
async fn the_sites_of_amazon_are_listed_by_the_countries_of_the_pages_language() {
    let world = World::new().await;
    let login = arrival_without_host(&world, "x");
    for (language, sellers, vendors, first, last) in [
        ("en", "Seller Central", "Vendor Central", "Australia", "United States"),
        ("de", "Seller Central", "Vendor Central", "Ägypten", "Vereinigtes Königreich"),
        ("ja", "セラーセントラル", "ベンダーセントラル", "アイルランド", "メキシコ"),
        ("ar", "Seller\u{a0}Central", "Vendor\u{a0}Central", "إسبانيا", "هولندا"),
    ] {
        let page = world.browser().open_with(&login, ("accept-language", language)).await;

        assert_eq!(page.headers["content-language"], language);
        let groups: Vec<_> = page.body.split("<optgroup label=\"").skip(1).collect();
        assert_eq!(groups.len(), 2, "{}", page.body);
        for (group, heading) in groups.into_iter().zip([sellers, vendors]) {
            let list = group.strip_prefix(heading).unwrap().split("</optgroup>").next().unwrap();
            let sites = list.split("<option value=\"").skip(1).map(|rest| rest.split_once("\">").unwrap());
            let countries: Vec<_> =
                sites.map(|(host, said)| said.split_once(&format!(" – {host}<")).unwrap().0).collect();
            assert_eq!((countries.len(), countries[0], countries[22]), (23, first, last), "{countries:?}");
        }
    }
}
