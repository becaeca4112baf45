//! What reads bytes that others have written, each with the rule that must hold for any bytes. Property tests and fuzzing call these.
//!
//! A check fails by a panic: in the parser, or because what was accepted breaks its rule, or an error repeats what came.

use std::{fmt::Debug, str::FromStr};

use lambda_http::http::{HeaderMap, HeaderValue, header};

use crate::{
    amazon::{
        lwa,
        marketplace::{Marketplace, Marketplaces, PartnerType},
    },
    aws::sealing,
    browser::{
        cookie::{BrowserCookie, chosen_language},
        integrator_url::{is_integrator_url, with_parameters},
        query::Query,
    },
    consumer::Policy,
    env::Env,
    grant::{Grant, GrantKey, store::Place},
    ids::{
        Account, ApplicationId, ClientId, ConsumerName, LanguageTag, LinkId, Malformed, MarketplaceId,
        RequestId, SellingPartnerId,
    },
    journey::{link::LinkToken, request::State},
    lambda::cursor,
    region::Region,
    secret::Fingerprint,
    site_origin::SiteOrigin,
};

/// A check of any bytes.
pub type Check = fn(&[u8]);

/// All checks of this crate, by name.
pub const CHECKS: [(&str, Check); 13] = [
    ("ids", ids),
    ("keys", keys),
    ("cursor", list_cursor),
    ("cookie", cookie),
    ("query", query),
    ("marketplaces", marketplaces),
    ("lwa_answer", lwa::check_any_bytes),
    ("policy", policy),
    ("link", link),
    ("return_url", return_url),
    ("site_origin", site_origin),
    ("grant_row", grant_row),
    ("sealed", sealing::check_any_bytes),
];

/// Asserts that an error does not repeat what came. A short text, or one of plain words, may be in it by chance.
pub fn says_nothing_of(text: &str, error: &str) {
    let is_by_chance =
        text.len() < 12 || text.bytes().all(|b| b.is_ascii_lowercase() || b" .:-/0".contains(&b));
    assert!(is_by_chance || !error.contains(text), "an error repeats what came");
}

/// Asserts that a text that is accepted reads back as the same value. [`Malformed`] cannot repeat a text that is refused.
fn reads_back<T: FromStr<Err = Malformed> + ToString + Debug + PartialEq>(text: &str) -> Option<T> {
    let value = text.parse::<T>().ok()?;
    assert_eq!(value.to_string().parse::<T>().as_ref(), Ok(&value));
    Some(value)
}

fn ids(bytes: &[u8]) {
    fn id<T: FromStr<Err = Malformed> + ToString + Debug + PartialEq>(text: &str) {
        if let Some(value) = reads_back::<T>(text) {
            assert_eq!(value.to_string(), text);
            assert!(!text.contains('#') && text.len() <= 128 && text.bytes().all(|b| b.is_ascii_graphic()));
        }
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    for check in [
        id::<ApplicationId>,
        id::<ClientId>,
        id::<SellingPartnerId>,
        id::<Account>,
        id::<RequestId>,
        id::<LinkId>,
        id::<MarketplaceId>,
        id::<ConsumerName>,
        id::<LanguageTag>,
        id::<Region>,
    ] {
        check(text);
    }
    let _ = text.parse::<Fingerprint>().map(|fingerprint| assert_eq!(fingerprint.as_str(), text));
}

fn keys(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Some(key) = reads_back::<GrantKey>(text) {
        assert_eq!(key.to_string(), text);
    }
    reads_back::<Place>(text);
}

fn list_cursor(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match cursor::read("a query", text) {
        Ok(place) => {
            assert_eq!(cursor::written("a query", &place), text, "a place has one cursor");
            assert!(cursor::read("another query", text).is_err());
        }
        Err(error) => says_nothing_of(text, &error.to_string()),
    }
    // A place of any text comes back, as long as a cursor may be.
    if text.len() < 700 {
        assert_eq!(cursor::read(text, &cursor::written(text, text)).ok().as_deref(), Some(text));
    }
}

fn cookie(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
    for site in ["https://auth.example", "http://localhost"] {
        let cookie = BrowserCookie::of_site(site);
        let Some(browser) = cookie.read(&headers) else {
            let _ = cookie.read_or_offered(&headers);
            continue;
        };
        assert!(browser.open_requests.len() <= 8);
        let written = cookie.write(&browser);
        let first = written.as_bytes().split(|b| *b == b';').next().unwrap_or_default();
        let again = HeaderValue::from_bytes(first).expect("the beginning of a header");
        let again = cookie.read(&HeaderMap::from_iter([(header::COOKIE, again)])).expect("our own cookie");
        assert_eq!(again.id.expose(), browser.id.expose());
        assert_eq!(again.open_requests, browser.open_requests);
        let shown = format!("{:?}", browser.id);
        assert!(!shown.contains(browser.id.expose()), "a cookie is a secret");
    }
    let _ = chosen_language(&headers);
}

fn query(bytes: &[u8]) {
    let Ok(raw) = str::from_utf8(bytes) else { return };
    let query = Query::parse(raw);
    for name in ["state", "spapi_oauth_code", "selling_partner_id", "amazon_callback_uri", "link", "a"] {
        match query.text(name) {
            Ok(Some(text)) => {
                assert!(query.has(name) && !text.chars().any(char::is_control));
                let value = query.find(name).ok().flatten().expect("it was found before").raw();
                assert!(value.is_ascii() && value.len() <= 6 * 1024);
            }
            Ok(None) => {}
            Err(bad) => says_nothing_of(raw, &bad.to_string()),
        }
        let _ = query.required::<SellingPartnerId>(name);
        if let Ok(Some(state)) = query.optional::<State>(name) {
            assert!(!format!("{:?}", state.secret).contains(state.secret.expose()), "a state is a secret");
        }
    }
}

fn marketplaces(bytes: &[u8]) {
    let Ok(rows) = serde_json::from_slice::<Vec<Marketplace>>(bytes) else { return };
    let Ok(extended) = Marketplaces::extended_by(rows) else { return };
    assert!(extended.iter().count() >= 23);
    for row in extended.iter() {
        for partner_type in [PartnerType::Seller, PartnerType::Vendor] {
            let host = row.central_host(partner_type);
            assert!(host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b)));
            assert!(extended.central_host(host).is_some());
        }
        assert_eq!(extended.by_id(&row.id), Some(row));
    }
}

fn policy(bytes: &[u8]) {
    let Ok(policy) = serde_json::from_slice::<Policy>(bytes) else { return };
    let text = serde_json::to_string(&policy).expect("a policy is JSON");
    assert_eq!(serde_json::from_str::<Policy>(&text).ok(), Some(policy.clone()), "a policy reads back");
    let (Ok(application), Ok(partner), Ok(account)) = (
        "amzn1.sp.solution.1".parse::<ApplicationId>(),
        "A1".parse::<SellingPartnerId>(),
        "tenant-1".parse::<Account>(),
    ) else {
        return;
    };
    for region in Region::ALL {
        for account in [None, Some(&account)] {
            if policy.covers(&application, region, &partner, account) {
                assert!(policy.covers_place(&application, Some(region)));
                assert!(policy.may_cover(&application, region, &partner));
                assert!(policy.names_partners() || policy.names_accounts());
            }
        }
    }
}

fn link(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok(token) = text.parse::<LinkToken>() {
        assert_eq!(token.expose(), text);
        assert!(!format!("{:?}", token.secret).contains(token.secret.expose()), "a link is a secret");
    }
}

fn return_url(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if !is_integrator_url(text) {
        return;
    }
    let with = with_parameters(text, &[("result", "x-1"), ("state", "y")]);
    let (before, after) = (url::Url::parse(text), url::Url::parse(&with));
    let (Ok(before), Ok(after)) = (before, after) else { panic!("an address that is accepted is one") };
    assert_eq!(before.origin(), after.origin(), "parameters change no origin");
    assert_eq!(before.path(), after.path());
    let has = |name: &str, value: &str| after.query_pairs().any(|(known, of)| known == name && of == value);
    assert!(has("result", "x-1") && has("state", "y"), "both parameters arrive");
    assert!(HeaderValue::from_str(&with).is_ok());
}

fn site_origin(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match SiteOrigin::from_env(&Env::from_pairs([("SITE_ORIGIN", text)])) {
        Ok(site) => assert!(HeaderValue::from_str(&site.redirect_uri()).is_ok()),
        Err(error) => says_nothing_of(text, &error.to_string()),
    }
}

/// A row of a backup, or of another release, is read or refused.
fn grant_row(bytes: &[u8]) {
    let Ok(grant) = serde_json::from_slice::<Grant>(bytes) else { return };
    let _ = (grant.version_id(), grant.is_region_assumed(), grant.points_to(), grant.lapses_at());
}

#[cfg(test)]
mod tests;
