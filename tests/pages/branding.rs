//! Whose page it is, and where to ask.

use serde_json::json;

use super::{HOME, LOGO, between, reference, update, way_back};
use crate::support::{log::Log, world::World};

#[tokio::test]
async fn every_page_says_whose_it_is_and_has_a_reference_that_the_log_has_too() {
    let log = Log::captured();
    let world = World::new().await;
    let branding = json!({"company": "Clocks & Söhne GmbH", "supportUrl": "mailto:help@app.example.com", "homeUrl": HOME});
    update(&world, branding).await;
    let browser = world.browser();
    let link = world.link("tenant-1").await;
    let consent = browser.open_link(&link).await;
    let callback = browser.consent(&consent, "A1US").await;
    let mut references = Vec::new();
    for url in [
        link.clone(),
        world.site("/login"),
        world.site("/authorize?marketplace=XX&type=seller"),
        world.site("/callback"),
        world.site("/callback?error=access_denied"),
        callback.replace("spapi_oauth_code=", "error=access_denied&code="),
        world.site("/login/continue?request=x"),
        world.site("/nowhere"),
        callback.clone(),
        callback.clone(),
        link.clone(),
    ] {
        let page = browser.open(&url).await;

        assert_eq!(between(&page, "<header>", "</header>"), HEADER, "{url}");
        assert!(between(&page, "<title>", "</title>").ends_with(" – Example Application"), "{}", page.body);
        assert!(page.body.contains(SUPPORT), "{url}: {}", page.body);
        assert_eq!(way_back(&page).as_deref(), Some(HOME), "{url}");
        assert!(page.body.len() < 10_000, "{url}: {} bytes", page.body.len());
        let csp = page.headers["content-security-policy"].to_str().unwrap();
        assert!(!csp.contains("img-src"), "{url}: {csp}");
        let lines = log.lines_with(reference(&page));
        assert!(!lines.is_empty(), "{url}: {}", reference(&page));
        assert!(lines.iter().all(|line| line["fields"]["reference"] == reference(&page)), "{lines:?}");
        references.push(reference(&page).to_owned());
    }
    assert_eq!(references[8], references[9], "a page that is loaded again has the same reference");
    assert_eq!(references[5], references[8], "and so has every page of a journey");
    let journey = log.lines_with(&references[8]);
    let ids: Vec<_> = journey.iter().map(|line| line["fields"]["request.id"].as_str().unwrap()).collect();
    assert!(callback.contains(ids[0]) && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_ne!(references[1], references[3], "two browsers that nothing is known of are not taken for one");
}

const HEADER: &str =
    "<div><b><bdi>Example Application</bdi></b><span><bdi>Clocks &amp; Söhne GmbH</bdi></span></div>";

const SUPPORT: &str = "<p>Support: <a class=\"support\" href=\"mailto:help@app.example.com\" dir=\"ltr\">help@app.example.com</a></p>";

#[tokio::test]
async fn only_a_page_with_a_logo_may_show_an_image_and_it_is_part_of_the_page() {
    let world = World::new().await;
    update(&world, json!({"logo": LOGO})).await;

    let page = world.browser().open(&world.link("tenant-1").await).await;

    let image = format!("<img src=\"data:image/png;base64,{LOGO}\" width=\"1\" height=\"1\" alt=\"\">");
    assert!(page.body.contains(&image), "{}", page.body);
    let csp = page.headers["content-security-policy"].to_str().unwrap();
    assert!(csp.ends_with("; img-src data:") && csp.starts_with("default-src 'none'"), "{csp}");
    assert_eq!(way_back(&page), None, "no home page is registered");
    assert!(!page.body.contains("class=\"support\""), "{}", page.body);
}

#[tokio::test]
async fn hostile_names_stay_text_in_their_own_direction() {
    let world = World::new().await;
    let long = "Donaudampfschifffahrtsgesellschaft".repeat(3)[..80].to_owned();
    let company = "\"><script>alert(1)</script>' onload='x";
    let name = "Über {partner} </title><b>";
    update(&world, json!({"company": company, "name": name})).await;
    let marketplace = json!({"account": "t", "label": long, "marketplace": "US"});
    let browser = world.browser();

    let page = browser.open(&world.link_with(marketplace).await).await;

    assert!(!page.body.contains("<script") && !page.body.contains("<b>\""), "{}", page.body);
    assert!(page.body.contains("<bdi>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;' onload='x</bdi>"));
    assert!(page.body.contains("<bdi>Über {partner} &lt;/title&gt;&lt;b&gt;</bdi>"), "{}", page.body);
    assert!(page.body.contains(&format!("<bdi>{long}</bdi>")), "{}", page.body);
    assert!(between(&page, "<style>", "</style>").contains("overflow-wrap: anywhere"));

    // Amazon's names of stores come from outside and are not checked.
    let stores = json!({"ATVPDKIKX0DER": "\u{202e}<img src=x>\"", "A2EUQ1WTGCTBG2": long});
    let seller = json!({"sellingPartnerId": "A9US", "region": "na", "kind": "seller", "storeNames": stores});
    world.control("partners", seller).await;
    let page = browser.website("US", "seller", "A9US").await;
    assert!(page.is_connected(), "{}", page.body);
    assert!(
        page.body.contains("<div><bdi>\u{202e}&lt;img src=x&gt;&quot;</bdi> – United States</div>"),
        "{}",
        page.body
    );
    assert!(page.body.contains(&format!("<div><bdi>{long}</bdi> – Canada</div>")), "{}", page.body);
}
