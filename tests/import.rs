//! Refresh tokens that were made elsewhere: validated by Amazon, stored under their grants, and never shown.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{
    caller::Failure,
    environments::token,
    secrets::CLIENT_ID,
    world::{World, attribute},
};

/// A refresh token of this partner, as a system before this one left it.
async fn exported(world: &World, country: &str, kind: &str, partner: &str) -> String {
    world.website_form("4a").await;
    let browser = world.browser();
    let callback = browser.website_until_callback(country, kind, partner).await;
    let url = url::Url::parse(&callback).unwrap();
    let code = url.query_pairs().find(|(name, _)| name == "spapi_oauth_code").unwrap().1.into_owned();
    let secret = world.current_secret().await["clientSecret"].as_str().unwrap().to_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &world.site("/callback")),
        ("client_id", CLIENT_ID),
        ("client_secret", &secret),
    ];
    let endpoint = world.amazon("api.amazon.com", "/auth/o2/token");
    let answer = world.http().post(endpoint).form(&form).send().await.unwrap();
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    answer["refresh_token"].as_str().unwrap().to_owned()
}

async fn import(world: &World, partner: &str, token: &str, more: Value) -> Result<Value, Failure> {
    let mut request = json!({
        "operation": "importGrant", "applicationId": world.application(), "sellingPartnerId": partner,
        "refreshToken": token, "kind": "self", "by": "anne",
    });
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    world.caller().invoke("administration", &request).await
}

#[tokio::test]
async fn a_self_authorized_token_is_validated_stored_and_has_no_yearly_clock() {
    let world = World::new().await;
    let own = json!({
        "applicationId": world.application(), "sellingPartnerId": "A1DE", "region": "eu", "kind": "seller",
    });
    let shown = world.control("self-authorization", own).await;
    let refresh_token = shown["refreshToken"].as_str().unwrap().to_owned();

    let imported = import(&world, "A1DE", &refresh_token, json!({"account": "tenant-1"})).await.unwrap();

    let grant = &imported["grant"];
    assert_eq!(
        (&grant["region"], &grant["kind"], &grant["status"]),
        (&json!("eu"), &json!("self"), &json!("active"))
    );
    assert_eq!((&grant["verified"], &grant["account"]), (&json!(true), &json!("tenant-1")));
    assert!(grant.get("renewalDueAt").is_none() && grant.get("manageYourAppsUrl").is_none());
    assert_eq!(grant["actions"], json!(["disable", "remove", "linkAccount"]));
    assert!(!imported.to_string().contains(&refresh_token));
    let request = json!({"account": "tenant-1"});
    token(&world.fresh().token(&request).await);
    let record = world.history("eu", "A1DE").await.pop().unwrap();
    assert_eq!((attribute(&record, "event"), attribute(&record, "by")), ("AuthorizationGranted", "anne"));

    let again = import(&world, "A1DE", &refresh_token, json!({})).await.unwrap();
    assert_eq!(again["grant"], imported["grant"], "once more, the same");
    assert_eq!((&imported["outcome"], &again["outcome"]), (&json!("imported"), &json!("present")));
    assert_eq!(world.history("eu", "A1DE").await.len(), 1);
    let due = json!({"operation": "listGrants", "renewalDueBefore": "9999-01-01T00:00:00Z"});
    assert_eq!(world.caller().invoke("authorizations", &due).await.unwrap()["grants"], json!([]));
}

#[tokio::test]
async fn a_consents_year_counts_from_the_consent() {
    let world = World::new().await;
    let refresh_token = exported(&world, "US", "seller", "A1US").await;
    let consent = world.stack.clock().now() - SignedDuration::from_hours(24 * 400);

    let oauth = json!({"kind": "oauth", "authorizedAt": consent.to_string()});
    let imported = import(&world, "A1US", &refresh_token, oauth).await.unwrap();

    let due: jiff::Timestamp = imported["grant"]["renewalDueAt"].as_str().unwrap().parse().unwrap();
    assert_eq!(due.as_second(), (consent + SignedDuration::from_hours(24 * 365)).as_second());
    assert_eq!(imported["grant"]["actions"], json!(["disable", "remove", "renew", "linkAccount"]));
}

#[tokio::test]
async fn a_consent_at_an_unknown_time_counts_from_the_import_and_says_so_until_the_partner_consents_again() {
    let world = World::new().await;
    let refresh_token = exported(&world, "US", "seller", "A1US").await;

    let unknown = json!({"kind": "oauth", "authorizedAt": "unknown", "account": "tenant-1"});
    let imported = import(&world, "A1US", &refresh_token, unknown).await.unwrap();

    let grant = &imported["grant"];
    assert_eq!(grant["authorizedAtUnknown"], json!(true));
    let due: jiff::Timestamp = grant["renewalDueAt"].as_str().unwrap().parse().unwrap();
    let left = due.duration_since(world.stack.clock().now());
    assert!((364 * 24..=365 * 24).contains(&left.as_hours()), "{left}");

    assert!(world.browser().website("US", "seller", "A1US").await.is_connected());
    let renewed = json!({"operation": "getGrant", "sellingPartnerId": "A1US", "region": "na"});
    let renewed = world.caller().invoke("authorizations", &renewed).await.unwrap();
    assert_eq!(renewed["grant"].get("authorizedAtUnknown"), None, "{renewed}");
}

#[tokio::test]
async fn a_home_marketplace_names_the_region_and_the_page_to_renew_at() {
    let world = World::new().await;
    let vendor = exported(&world, "DE", "vendor", "V1DE").await;
    let more = json!({
        "kind": "oauth", "authorizedAt": "unknown", "partnerType": "vendor", "marketplaceId": "A1PA6795UKMFR9",
    });

    let imported = import(&world, "V1DE", &vendor, more).await.unwrap();

    assert_eq!(imported["grant"]["region"], "eu");
    let page = imported["grant"]["manageYourAppsUrl"].as_str().unwrap();
    assert!(page.contains("vendorcentral.amazon.de"), "{page}");
}

#[tokio::test]
async fn what_cannot_be_imported_names_the_field_and_stores_nothing() {
    let world = World::new().await;
    let refresh_token = exported(&world, "US", "seller", "A1US").await;
    let vendor = exported(&world, "US", "vendor", "V1US").await;
    let tomorrow = (world.stack.clock().now() + SignedDuration::from_hours(24)).to_string();
    for (partner, token, more, field) in [
        ("A1US", "Atzr|hunter2", json!({}), "refreshToken"),
        ("A1US", "a b hunter2", json!({}), "refreshToken"),
        ("A1US", "", json!({}), "refreshToken"),
        ("A1US", &"h".repeat(5000), json!({}), "refreshToken"),
        ("A1US", &refresh_token, json!({"region": "eu"}), "region"),
        ("A1US", &refresh_token, json!({"kind": "oauth"}), "authorizedAt"),
        ("A1US", &refresh_token, json!({"authorizedAt": tomorrow}), "authorizedAt"),
        ("A1US", &refresh_token, json!({"kind": "oauth", "authorizedAt": "hunter2"}), "authorizedAt"),
        ("A1US", &refresh_token, json!({"marketplaceId": "A1HUNTER2"}), "marketplaceId"),
        ("A1US", &refresh_token, json!({"region": "eu", "marketplaceId": "ATVPDKIKX0DER"}), "region"),
        ("A1US", &refresh_token, json!({"marketplaceId": "A1PA6795UKMFR9"}), "region"),
        ("A1US", &refresh_token, json!({"kind": "hunter2"}), "kind"),
        ("V1US", &vendor, json!({"partnerType": "vendor"}), "region"),
        ("V1US", &vendor, json!({}), "region"),
    ] {
        let failure = import(&world, partner, token, more.clone()).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest", "{more}");
        assert!(failure.error_message.starts_with(&format!("{field}: ")), "{more}: {failure:?}");
        assert!(
            !failure.error_message.contains("hunter2") && !failure.error_message.contains(&refresh_token)
        );
    }
    let wrong_region = import(&world, "A1US", &refresh_token, json!({"region": "eu"})).await.unwrap_err();
    assert!(wrong_region.error_message.starts_with("region: expected na,"), "{wrong_region:?}");
    for (region, partner) in [("na", "A1US"), ("eu", "A1US"), ("na", "V1US")] {
        assert!(world.grant(region, partner).await.is_none());
    }
    let named =
        import(&world, "V1US", &vendor, json!({"partnerType": "vendor", "region": "na"})).await.unwrap();
    assert_eq!(
        (&named["grant"]["verified"], &named["grant"]["partnerType"]),
        (&json!(false), &json!("vendor"))
    );
}

#[tokio::test]
async fn while_amazon_does_not_answer_nothing_is_imported() {
    let world = World::new().await;
    let refresh_token = exported(&world, "US", "seller", "A1US").await;
    for (endpoint, fault, heard) in [
        ("token", "html", "AmazonUnavailable"),
        ("token", "throttle", "AmazonThrottled"),
        ("sp-api", "throttle", "AmazonThrottled"),
    ] {
        world.fault(endpoint, fault, json!({})).await;
        let failure = import(&world, "A1US", &refresh_token, json!({"region": "na"})).await.unwrap_err();
        assert_eq!(failure.error_type, heard, "{endpoint} {fault}");
        world.fault(endpoint, "none", json!({})).await;
    }
    assert!(world.grant("na", "A1US").await.is_none());
}

#[tokio::test]
async fn an_import_replaces_no_other_token_until_the_grant_is_removed() {
    let world = World::new().await;
    let refresh_token = exported(&world, "US", "seller", "A1US").await;
    assert!(world.browser().website("US", "seller", "A1US").await.is_connected());
    let before = world.grant("na", "A1US").await;

    let failure = import(&world, "A1US", &refresh_token, json!({})).await.unwrap_err();
    assert!(failure.error_message.starts_with("sellingPartnerId: "), "{failure:?}");
    assert_eq!(world.grant("na", "A1US").await, before);

    let remove = json!({
        "operation": "removeGrant", "applicationId": world.application(), "sellingPartnerId": "A1US", "region": "na",
    });
    world.caller().invoke("administration", &remove).await.unwrap();
    let imported = import(&world, "A1US", &refresh_token, json!({})).await.unwrap();
    assert_eq!(imported["grant"]["version"], 3);
}

#[tokio::test]
async fn a_token_is_imported_in_whatever_form_it_was_pasted() {
    let world = World::new().await;
    for (number, (before, after)) in [
        ("", "\n"),
        ("\r\n \t", " \r\n"),
        ("\u{feff}\"", "\","),
        ("„", "“"),
        ("export REFRESH_TOKEN='", "'"),
        ("{\"access_token\": \"Atza|x\", \"refresh_token\": \"", "\"}"),
        ("<refresh_token>", "</refresh_token>"),
        ("[\"", "\"]"),
        ("refresh_token\t", "\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let partner = format!("A{number}US");
        let token = exported(&world, "US", "seller", &partner).await;

        let imported = import(&world, &partner, &format!("{before}{token}{after}"), json!({})).await.unwrap();

        assert_eq!(imported["grant"]["status"], "active");
        let encoded = token.replace('|', "%7C");
        let again = import(&world, &partner, &encoded, json!({})).await.unwrap();
        assert_eq!(again["grant"], imported["grant"], "the same token");
        assert_eq!(again["outcome"], "present");
    }
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_before_amazon_is_asked() {
    let world = World::new().await;
    let token = exported(&world, "US", "seller", "A1US").await;
    let secret = world.current_secret().await["clientSecret"].as_str().unwrap().to_owned();
    let mut inside = token.clone();
    inside.insert(20, ' ');
    let before = world.refreshes().await;
    for (pasted, said) in [
        (token.replacen("Atzr|", "Atza|", 1), "looks like an access token"),
        (format!("Atza%7C{}", &token[5..]), "looks like an access token"),
        (secret.clone(), "looks like a client secret"),
        (format!("\"{secret}\"\n"), "looks like a client secret"),
        (CLIENT_ID.to_owned(), "looks like a client id"),
        (world.application().to_owned(), "looks like an application id"),
        ("ANBzsjhYZmNCTeAszagk".to_owned(), "looks like an authorization code"),
        (format!("{token}{token}"), "pasted twice"),
        (format!("{token}\n{token}\n"), "pasted twice"),
        (inside, "blanks or line breaks inside"),
        (format!("{token} {secret}"), "has other secrets or ids too"),
        (token[..12].to_owned() + "…", "was shortened"),
    ] {
        let failure = import(&world, "A1US", &pasted, json!({})).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest");
        assert!(failure.error_message.starts_with("refreshToken: expected a refresh token"), "{failure:?}");
        assert!(failure.error_message.contains(said), "{said}: {failure:?}");
        assert!(!failure.error_message.contains(&token[6..20]) && !failure.error_message.contains(&secret));
    }
    assert_eq!(world.refreshes().await, before, "Amazon was not asked");
    assert!(world.grant("na", "A1US").await.is_none());

    // Amazon decides about a text of no known form.
    import(&world, "A1US", "a-later-form-of-a-token", json!({})).await.unwrap_err();
    assert_eq!(world.refreshes().await, before + 1);
}

#[tokio::test]
async fn a_refused_import_says_in_which_word_amazon_refused_it() {
    let world = World::new().await;
    let token = exported(&world, "US", "seller", "A1US").await;
    for (word, status, error_type, said) in [
        ("invalid_grant", 400, "InvalidRequest", "(invalid_grant); hint: "),
        ("unauthorized_client", 401, "RequestRefused", "another application's token"),
        ("invalid_request", 400, "RequestRefused", "(invalid_request)"),
        ("access_denied", 403, "RequestRefused", "(access_denied)"),
    ] {
        let body = json!({"error": word, "error_description": "hunter2"}).to_string();
        world.fault("token", "body", json!({"status": status, "body": body})).await;

        let failure = import(&world, "A1US", &token, json!({})).await.unwrap_err();

        assert_eq!(failure.error_type, error_type, "{word}");
        assert!(failure.error_message.contains(said), "{failure:?}");
        assert!(!failure.error_message.contains("hunter2"));
    }
}
