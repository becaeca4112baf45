//! Bad input gets a page or a typed error, never a panic or a 5xx, and loses nothing.

mod authorize;
mod callback;
mod callback_uris;
mod cookies;
mod headers;
mod hostile_bytes;
mod hostile_uris;
mod invoke;
mod language;
mod login;
mod packed_arrival;
mod strangers;
mod wire;

use reqwest::header::{CONTENT_TYPE, SET_COOKIE};
use url::form_urlencoded::byte_serialize;

use crate::support::{
    browser::{Browser, Shown},
    world::World,
};

const PARTNER: &str = "A1MIDWAY";

/// Values that no parameter may have, as a URL writes them.
const MALFORMED: [&str; 12] = [
    "%",
    "x%4",
    "%zz",
    "%ff",
    "%00",
    "x%00",
    "%0d%0aSet-Cookie:%20x=y",
    "%c0%ae",
    "%ed%a0%80",
    "%1b",
    "%7f",
    "%c2%85",
];

/// A partner in the middle of a journey, who is fed something bad and then goes on.
struct Midway {
    world: World,
    browser: Browser,
    /// Where Amazon sends the partner in the end.
    callback: String,
    cookies: String,
}

impl Midway {
    async fn new() -> Self {
        let world = World::new().await;
        world.website_form("4b").await;
        let browser = world.browser();
        let callback = browser.website_until_callback("US", "seller", PARTNER).await;
        let cookies = browser.cookies();
        Self { world, browser, callback, cookies }
    }

    /// Opens a page of the functions, which must refuse with this support code.
    async fn refused(&self, path: &str, support_code: &str) {
        let shown = self.browser.open(&self.world.site(path)).await;
        assert_refused(&shown, support_code, path);
        assert_eq!(self.browser.cookies(), self.cookies, "{path}");
    }

    /// The journey that was open all the time still completes, with the one exchange it takes.
    async fn loses_nothing(self) {
        assert_eq!(self.world.exchanges().await, 0);
        assert_eq!(self.browser.cookies(), self.cookies);

        let page = self.browser.open(&self.callback).await;

        assert!(page.is_connected(), "{}", page.body);
        assert_eq!(self.world.exchanges().await, 1);
        assert!(self.world.caller().token_of(PARTNER, "na").await.is_ok());
    }

    /// The callback's path, with the parameters of its query as it has them.
    fn callback_query(&self) -> Target {
        let (_, query) = self.callback.split_once('?').unwrap();
        Target::parse("/callback", query)
    }
}

/// A path of the website with raw parameters, which the tests make malformed one by one.
#[derive(Clone)]
struct Target {
    path: &'static str,
    parameters: Vec<(String, String)>,
}

impl Target {
    fn parse(path: &'static str, query: &str) -> Self {
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
        Self { path, parameters: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() }
    }

    fn get(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap()
    }

    /// With another value for `name`, as the URL is to have it.
    fn with(&self, name: &str, value: &str) -> String {
        let mut other = self.without(name);
        other.parameters.push((name.to_owned(), value.to_owned()));
        other.to_string()
    }

    fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.parameters.retain(|(known, _)| known != name);
        other
    }

    /// What is wrong with `name` in any case: repeated, however it is spelt; over-long; malformed.
    fn malformed_variants(&self, name: &str) -> Vec<String> {
        let value = self.get(name);
        let spelt = format!("%{:02x}{}", name.as_bytes()[0], &name[1..]);
        let mut malformed_variants = vec![
            self.with(name, &format!("{value}&{name}={value}")),
            self.with(name, &format!("{value}&{name}=")),
            self.with(name, &format!("&{name}={value}")),
            self.with(name, &format!("{value}&{spelt}={value}")),
            self.with(name, &"A".repeat(8192)),
        ];
        malformed_variants.extend(MALFORMED.map(|malformed| self.with(name, malformed)));
        malformed_variants
    }

    /// Those, and missing or empty.
    fn malformed_or_missing(&self, name: &str) -> Vec<String> {
        let mut malformed_variants = self.malformed_variants(name);
        malformed_variants.extend([
            self.without(name).to_string(),
            self.with(name, ""),
            format!("{}&{name}", self.without(name)),
        ]);
        malformed_variants
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pairs: Vec<_> = self.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        write!(out, "{}?{}", self.path, pairs.join("&"))
    }
}

/// Percent-encoded, for a query.
fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A page of the functions that sends the browser nowhere, takes nothing from it and repeats nothing of what came.
fn assert_refused(shown: &Shown, support_code: &str, input: &str) {
    assert!(shown.status.is_client_error(), "{input}: {} {}", shown.status, shown.body);
    assert_eq!(shown.location(), "", "{input}");
    assert_eq!(shown.support_code(), Some(support_code), "{input}");
    assert_eq!(shown.headers.get(SET_COOKIE), None, "{input}");
    assert_eq!(shown.headers.get(CONTENT_TYPE).unwrap(), "text/html; charset=utf-8", "{input}");
    headers::assert_guarded(shown, input);
    assert_repeats_nothing(shown, input);
}

fn assert_repeats_nothing(shown: &Shown, input: &str) {
    const SENSITIVE: [&str; 4] = ["amazon_callback_uri", "amazon_state", "spapi_oauth_code", "state"];
    for (name, value) in shown.url.query_pairs() {
        let raw = encoded(&value);
        if SENSITIVE.contains(&name.as_ref()) && value.len() >= 8 {
            assert!(!shown.body.contains(value.as_ref()), "{name} is repeated: {input}");
            assert!(!shown.body.contains(&raw), "{name} is repeated: {input}");
        }
    }
}
