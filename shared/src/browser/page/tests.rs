//! What holds for every page.

use jiff::Timestamp;
use serde_json::json;

use super::{texts::tests::EVERY_MESSAGE, *};
use crate::ids::RequestId;

/// Pages have to be below 10 KB: each is there quickly on a slow connection.
const MOST: usize = 10 * 1024;

#[test]
fn every_message_makes_a_page_below_10_kb_in_every_language() {
    let long = |text: &str| text.repeat(80).chars().take(80).collect::<String>();
    let application: Application = serde_json::from_value(json!({
        "application_id": "amzn1.sp.solution.11111111-2222-4333-8444-555555555555",
        "client_id": "amzn1.application-oa2-client.1", "name": long("Uhren "), "draft": false, "default_region": "eu",
        "branding": {
            "company": long("Söhne "), "support_url": "https://support.app.example.com/contact/amazon",
            "home_url": "https://app.example.com/",
        },
    }))
    .unwrap();
    let id: RequestId = "TkifMCCnTkifMCCnTkifMC".parse().unwrap();
    let account = long("Geschäft ");
    for language in Language::ALL {
        for message in EVERY_MESSAGE {
            let page =
                Page::new(message, &HeaderMap::new(), Reference::of(id.as_str(), Timestamp::UNIX_EPOCH))
                    .application(Some(&application))
                    .in_language(Some(language), None)
                    .partner(Some("A2EXAMPLEPARTNER"))
                    .expected(Some("A1EXAMPLEPARTNER"))
                    .account(Some(&account))
                    .back(Some(format!("https://app.example.com/amazon/return?status={}", long("x"))))
                    .choices(vec![Choice::start_again(&id), Choice::other_account(&id)])
                    .switch(format!("/authorize?link={id}.{id}"))
                    .response();

            let Body::Text(body) = page.body() else { panic!("{message:?} is no text") };
            assert_eq!(page.headers()[header::CONTENT_LANGUAGE], language.tag());
            assert!(body.contains(&account) || message != Message::ConfirmLink, "{body}");
            assert!(body.len() < MOST, "{language:?} {message:?}: {} bytes", body.len());
        }
    }
}
