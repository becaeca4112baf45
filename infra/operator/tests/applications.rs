//! `applications`: the requests it sends, and what it prints.

use serde_json::json;

use crate::support::{folder::Folder, functions::Functions};

pub(crate) const APPLICATION: &str = "amzn1.sp.solution.11111111-2222-4333-8444-555555555555";

pub(crate) fn application(id: &str) -> serde_json::Value {
    json!({
        "applicationId": id, "clientId": "amzn1.application-oa2-client.1", "name": "Shop Tool", "draft": true,
        "vendorsNeedBeta": false, "defaultRegion": "na", "scopes": ["sellingpartnerapi::notifications"],
        "returnUrls": ["https://shop.example/done"],
    })
}

#[tokio::test]
async fn applications_are_listed() {
    let functions = Functions::answering(Ok(json!({"applications": [application(APPLICATION)]}))).await;

    let ran = functions.tool().succeeds("applications list").await;
    ran.says("APPLICATION").says(APPLICATION).says("draft").says("Shop Tool");
    assert_eq!(
        functions.only_request(),
        ("authorizations".to_owned(), json!({"operation": "listApplications"}))
    );

    let ran = functions.tool().succeeds("applications list --json").await;
    assert_eq!(ran.document(), application(APPLICATION));
}

#[tokio::test]
async fn an_application_is_registered_and_its_uris_are_printed_exactly() {
    let answer = json!({
        "application": application(APPLICATION),
        "loginUri": "https://auth.shop.example/login", "redirectUri": "https://auth.shop.example/callback",
    });
    let functions = Functions::answering(Ok(answer.clone())).await;
    let arguments = [
        "applications",
        "register",
        APPLICATION,
        "--client-id",
        "amzn1.application-oa2-client.1",
        "--name",
        "Shop Tool",
        "--draft",
        "--default-region",
        "na",
        "--scope",
        "sellingpartnerapi::notifications",
        "--return-url",
        "https://shop.example/done",
        "--by",
        "olga@example.com",
    ];

    let ran = functions.tool().run_with(&arguments, "").await;

    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!(lines.contains(&"OAuth Login URI     https://auth.shop.example/login"), "{}", ran.stdout);
    assert!(lines.contains(&"OAuth Redirect URI  https://auth.shop.example/callback"), "{}", ran.stdout);
    let request = json!({
        "operation": "registerApplication", "applicationId": APPLICATION, "clientId": "amzn1.application-oa2-client.1",
        "name": "Shop Tool", "draft": true, "vendorsNeedBeta": false, "defaultRegion": "na",
        "scopes": ["sellingpartnerapi::notifications"], "returnUrls": ["https://shop.example/done"],
        "by": "olga@example.com",
    });
    assert_eq!(functions.only_request(), ("administration".to_owned(), request));

    let ran = functions.tool().run_with(&[&arguments[..], &["--json"]].concat(), "").await;
    assert_eq!(ran.document(), answer);
}

#[tokio::test]
async fn an_update_sends_only_what_changes() {
    let answer = json!({"application": application(APPLICATION), "loginUri": "l", "redirectUri": "r"});
    let functions = Functions::answering(Ok(answer)).await;
    let request_of = async |words: &str| {
        functions.tool().succeeds(&format!("applications update {APPLICATION} {words}")).await;
        let (function, mut request) = functions.last_request();
        assert_eq!(function, "administration");
        for (field, value) in
            [("operation", "updateApplication"), ("applicationId", APPLICATION), ("by", "olga")]
        {
            assert_eq!(request.as_object_mut().unwrap().remove(field).unwrap(), value);
        }
        request
    };

    assert_eq!(request_of("--draft false").await, json!({"draft": false}));
    assert_eq!(request_of("--no-sign-in-url --no-scopes").await, json!({"signInUrl": null, "scopes": []}));
    let urls =
        "--sign-in-url https://a.example/ --return-url https://b.example/ --return-url https://c.example/";
    let expected = json!({"signInUrl": "https://a.example/", "returnUrls": ["https://b.example/", "https://c.example/"]});
    assert_eq!(request_of(urls).await, expected);

    let folder = Folder::new("logo");
    let logo = folder.path("logo.png");
    std::fs::write(&logo, b"\x89PNG").unwrap();
    let branding = format!(
        "--company Clocks --support-url mailto:a@b.example --no-home-url --language de --logo {logo}"
    );
    let expected = json!({
        "company": "Clocks", "supportUrl": "mailto:a@b.example", "homeUrl": null, "language": "de", "logo": "iVBORw==",
    });
    assert_eq!(request_of(&branding).await, expected);
    std::fs::write(&logo, vec![0; 16 * 1024 + 1]).unwrap();
    let update = format!("applications update {APPLICATION} --logo {logo}");
    let ran = functions.tool().run(&update).await;
    std::fs::remove_file(&logo).unwrap();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("too large") && ran.stderr.contains("16384 bytes"), "{}", ran.stderr);
    let ran = functions.tool().run(&update).await;
    assert!(ran.code == 2 && ran.stderr.contains("cannot be read"), "{}", ran.stderr);
}
