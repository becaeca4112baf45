//! Whatever is asked or opened, the answer is a page or a typed error that names the field, and nothing is lost.

use serde_json::{Value, json};

use crate::support::{
    linking::{RETURN_URL, token_of},
    world::World,
};

#[tokio::test]
async fn a_bad_link_gets_a_page_and_loses_nothing() {
    let world = World::with_integrator(false).await;
    let browser = world.browser();
    let url = world.link("tenant-1").await;
    let token = token_of(&url);
    let (id, secret) = token.split_once('.').unwrap();
    let random = shared::secret::random_word();
    for bad in [
        String::new(),
        ".".to_owned(),
        id.to_owned(),
        format!("{id}."),
        format!(".{secret}"),
        format!("{id}.{random}"),
        format!("{random}.{secret}"),
        format!("{secret}.{id}"),
        format!("{token}x"),
        format!("{token}.{secret}"),
        format!("%00{token}"),
        format!("{token}%0d%0aSet-Cookie:x=y"),
        format!("{token}&link={token}"),
        "%ff".to_owned(),
        "%".to_owned(),
        "A".repeat(8192),
    ] {
        let page = browser.open(&world.site(&format!("/authorize?link={bad}"))).await;
        assert_eq!((page.status.as_u16(), page.support_code()), (400, Some("BAD_LINK")), "{bad}");
        let kind = "application/x-www-form-urlencoded";
        let page = browser.post_body(format!("link={bad}"), kind, &[]).await;
        assert_eq!((page.status.as_u16(), page.support_code()), (400, Some("BAD_LINK")), "{bad}");
        assert!(page.headers.get("set-cookie").is_none());
    }
    let form = format!("link={token}");
    for (body, kind) in [
        (form.clone(), "text/plain"),
        (form.clone(), "application/json"),
        (form.clone(), "multipart/form-data; boundary=x"),
        (form.clone(), ""),
        (String::new(), "application/x-www-form-urlencoded"),
        (format!("LINK={token}"), "application/x-www-form-urlencoded"),
        (format!("{form}&{form}"), "application/x-www-form-urlencoded"),
        (format!("link={token}{}", "y".repeat(8192)), "application/x-www-form-urlencoded"),
    ] {
        let page = browser.post_body(body, kind, &[]).await;
        assert_eq!((page.status.as_u16(), page.support_code()), (400, Some("BAD_LINK")), "{kind}");
    }
    assert_eq!(browser.head(&world.site("/authorize?marketplace=US&type=seller")).await.status, 404);

    assert!(browser.authorize_with(&url, "A1US").await.is_connected());
}

#[tokio::test]
async fn a_bad_continuation_gets_a_page_and_loses_nothing() {
    let world = World::with_integrator(true).await;
    let browser = world.browser();
    let sign_in = browser.open(&world.appstore(&browser, "A1US").await).await;
    let request = sign_in.location_parameter("request");
    let answer =
        world.ask("completeSignIn", json!({"request": request, "account": "tenant-1"})).await.unwrap();
    let url = answer["continueUrl"].as_str().unwrap();
    let proof = url.split_once("proof=").unwrap().1;
    let random = shared::secret::random_word();
    for (query, code) in [
        (String::new(), "BAD_LINK"),
        (format!("request={request}"), "BAD_LINK"),
        (format!("proof={proof}"), "BAD_LINK"),
        (format!("request={request}&proof="), "BAD_LINK"),
        (format!("request={request}&proof=x"), "BAD_LINK"),
        (format!("request={request}&proof={proof}x"), "BAD_LINK"),
        (format!("request=%00&proof={proof}"), "BAD_LINK"),
        (format!("request={request}&request={request}&proof={proof}"), "BAD_LINK"),
        (format!("request={request}&proof={proof}&proof={proof}"), "BAD_LINK"),
        (format!("request={random}&proof={proof}"), "UNKNOWN_STATE"),
        (format!("request={request}&proof={random}"), "UNKNOWN_STATE"),
    ] {
        let page = browser.open(&world.site(&format!("/login/continue?{query}"))).await;
        assert_eq!(page.support_code(), Some(code), "{query}");
        assert!(page.status.is_client_error() && !page.body.contains(proof));
    }

    assert!(browser.follow(url).await.is_connected());
}

/// Every wrong value of every field gets an error that begins with the field's name and does not repeat the value.
#[tokio::test]
async fn a_bad_request_gets_a_typed_error_that_names_the_field() {
    let world = World::with_integrator(false).await;
    let link = json!({"account": "tenant-1", "label": "Shop", "marketplace": "US"});
    let random = shared::secret::random_word();
    let handle = format!("{random}.{random}");
    let long = "x".repeat(8192);
    let texts =
        [json!(""), json!(7), json!(true), json!([]), json!({"S": "x"}), json!("x\u{0}"), json!(long)];
    let mut asked: Vec<(&str, Value, &str)> = Vec::new();
    for field in ["account", "label", "marketplace", "type", "region", "returnUrl", "applicationId"] {
        asked.extend(texts.iter().map(|bad| ("createAuthorizationLink", with(&link, field, bad), field)));
    }
    for field in ["account", "label"] {
        asked.push(("createAuthorizationLink", with(&link, field, &Value::Null), field));
    }
    for bad in
        [json!(0), json!(-1), json!(1.5), json!("60"), json!(30 * 24 * 3600 + 1), json!(i64::MAX), json!([])]
    {
        asked.push(("createAuthorizationLink", with(&link, "validSeconds", &bad), "validSeconds"));
    }
    for bad in [json!("\u{202e}x"), json!("x".repeat(65)), json!("a\nb"), json!(7), json!(" x"), json!("")] {
        asked.push(("createAuthorizationLink", with(&link, "by", &bad), "by"));
    }
    for bad in ["\u{202e}pohS", "  ", "...", "a\u{200b}b"] {
        asked.push(("createAuthorizationLink", with(&link, "label", &json!(bad)), "label"));
    }
    for bad in [
        "https://app.example.com/amazon/return",
        "https://app.example.com/amazon/return?lang=en&x=y",
        "https://app.example.com/amazon/return?lang=en#",
        "https://app.example.com/amazon/return?lang=en ",
        "HTTPS://app.example.com/amazon/return?lang=en",
        "https://app.example.com.evil.example/amazon/return?lang=en",
        "https://evil.example/",
        "javascript:alert(1)",
        "//app.example.com/amazon/return?lang=en",
    ] {
        asked.push(("createAuthorizationLink", with(&link, "returnUrl", &json!(bad)), "returnUrl"));
        asked.push(("requestRenewal", json!({"account": "tenant-1", "returnUrl": bad}), "returnUrl"));
    }
    for bad in ["", "d", "de_DE", "de-", "-de", "1a", "de-123456789", "abcdefghi", &"de-".repeat(13)] {
        asked.push(("createAuthorizationLink", with(&link, "language", &json!(bad)), "language"));
        asked.push(("requestRenewal", json!({"account": "tenant-1", "language": bad}), "language"));
    }
    asked.extend([
        ("createAuthorizationLink", json!({"account": "tenant-1", "label": "Shop"}), "marketplace"),
        ("createAuthorizationLink", with(&link, "marketplace", &json!("XX")), "marketplace"),
        ("createAuthorizationLink", with(&link, "region", &json!("eu")), "region"),
        ("createAuthorizationLink", with(&link, "type", &json!("buyer")), "type"),
        ("createAuthorizationLink", with(&link, "secret", &json!("x")), "payload"),
        ("requestRenewal", json!({"account": "tenant-1", "validSeconds": 60}), "payload"),
        ("describeSignIn", json!({}), "request"),
        ("describeSignIn", json!({"request": random, "account": "tenant-1"}), "payload"),
        ("completeSignIn", json!({"request": random}), "account"),
        ("completeSignIn", json!({"account": "tenant-1"}), "request"),
        ("completeAuthorization", json!({"result": handle}), "account"),
        ("completeAuthorization", json!({"account": "tenant-1"}), "result"),
        ("completeAuthorization", json!({"result": handle, "account": "tenant-1", "by": "x"}), "payload"),
    ]);
    for bad in &texts {
        asked.extend([
            ("requestRenewal", json!({"account": bad}), "account"),
            ("requestRenewal", json!({"sellingPartnerId": bad}), "sellingPartnerId"),
            ("describeSignIn", json!({"request": bad}), "request"),
            ("completeSignIn", json!({"request": bad, "account": "tenant-1"}), "request"),
            ("completeSignIn", json!({"request": random, "account": bad}), "account"),
            ("completeAuthorization", json!({"result": bad, "account": "tenant-1"}), "result"),
            ("completeAuthorization", json!({"result": handle, "account": bad}), "account"),
        ]);
    }
    // An account may be any visible word.
    asked.retain(|(_, fields, _)| fields["marketplace"] != json!(""));

    for (operation, fields, field) in asked {
        let failure = world.ask(operation, fields.clone()).await.unwrap_err();
        let shown: String = fields.to_string().chars().take(160).collect();
        assert_eq!(failure.error_type, "InvalidRequest", "{operation} {shown}");
        assert!(
            failure.error_message.starts_with(&format!("{field}: ")),
            "{}: {shown}",
            failure.error_message
        );
        assert!(failure.error_message.len() < 300 && !failure.error_message.contains(&random));
    }
    let unregistered = json!("amzn1.sp.solution.00000000-2222-4333-8444-555555555555");
    let failure = world.ask("createAuthorizationLink", with(&link, "applicationId", &unregistered)).await;
    assert_eq!(failure.unwrap_err().error_type, "UnknownApplication");
    for (operation, fields) in [
        ("describeSignIn", json!({"request": random})),
        ("completeSignIn", json!({"request": random, "account": "tenant-1"})),
        ("completeAuthorization", json!({"result": handle, "account": "tenant-1"})),
    ] {
        assert_eq!(world.ask(operation, fields).await.unwrap_err().error_type, "RequestRefused");
    }
    assert!(world.ask("createAuthorizationLink", with(&link, "returnUrl", &json!(RETURN_URL))).await.is_ok());
}

fn with(fields: &Value, name: &str, value: &Value) -> Value {
    let mut fields = fields.clone();
    fields[name] = value.clone();
    fields
}
