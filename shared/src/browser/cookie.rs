//! The cookie of this service: a random name for the browser, and its open requests.

use lambda_http::http::{HeaderMap, HeaderValue, header};

use crate::{ids::RequestId, journey::request::FIRST_LEG_STORED_FOR, secret::BrowserId};

/// How many open requests the cookie lists. The oldest is removed first.
const OPEN_REQUESTS: usize = 8;

/// How long a browser keeps the cookie after its last visit: as long as a journey of a link is stored.
const MAX_AGE_SECONDS: i64 = FIRST_LEG_STORED_FOR.as_secs();

/// The cookie with the language that a partner has chosen. It is no secret, and another host that set it would change a language.
const LANGUAGE: &str = "spapi-auth-language";

/// A browser, as its cookie describes it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Its random name.
    pub id: BrowserId,
    /// The requests that it started, newest last.
    pub open_requests: Vec<RequestId>,
}

/// The cookie that identifies a browser. The prefix `__Host-` keeps other hosts from setting it, and needs https.
#[derive(Clone, Copy, Debug)]
pub struct BrowserCookie {
    secure: bool,
}

impl BrowserCookie {
    /// Returns the cookie of a site at `base_url`. On http, which only a loopback address may use, it has no prefix
    /// and is not `Secure`.
    pub fn of_site(base_url: &str) -> Self {
        Self { secure: base_url.starts_with("https://") }
    }

    fn name(self) -> &'static str {
        if self.secure { "__Host-spapi-auth" } else { "spapi-auth" }
    }

    /// The cookie that a page with a button offers to a browser without one. It has another name, so that a page that
    /// arrives late does not replace the name under which another tab has begun a journey.
    fn offer_name(self) -> &'static str {
        if self.secure { "__Host-spapi-auth-offer" } else { "spapi-auth-offer" }
    }

    /// Returns the browser that sent these headers, if they have its cookie.
    pub fn read(self, headers: &HeaderMap) -> Option<Browser> {
        let mut words = only(headers, self.name())?.split('.').map(str::parse::<RequestId>);
        let id = words.next()?.ok()?;
        let open_requests = words.collect::<Result<Vec<_>, _>>().ok()?;
        let within = open_requests.len() <= OPEN_REQUESTS;
        within.then(|| Browser { id: BrowserId::new(id.into()), open_requests })
    }

    /// Returns the browser that sent these headers, if they have its cookie or an offered one.
    pub fn read_or_offered(self, headers: &HeaderMap) -> Option<Browser> {
        let offered = || only(headers, self.offer_name())?.parse::<RequestId>().ok();
        let as_offered = |id: RequestId| Browser { id: BrowserId::new(id.into()), open_requests: Vec::new() };
        self.read(headers).or_else(|| offered().map(as_offered))
    }

    /// Returns the header that offers a name to a browser, for the button that it may press, even twice.
    pub fn offer(self) -> HeaderValue {
        self.header(self.offer_name(), BrowserId::random().expose())
    }

    /// Returns the header that stores `browser` in its cookie.
    pub fn write(self, browser: &Browser) -> HeaderValue {
        let mut value = browser.id.expose().to_owned();
        for request in &browser.open_requests {
            value.push('.');
            value.push_str(request.as_str());
        }
        self.header(self.name(), &value)
    }

    /// Returns the header that stores the language with this tag, until a week after it was chosen.
    pub fn language(self, tag: &str) -> HeaderValue {
        self.header(LANGUAGE, tag)
    }

    fn header(self, name: &str, value: &str) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax{secure}");
        let mut header = HeaderValue::try_from(cookie).expect("the cookie is made of URL-safe words");
        header.set_sensitive(true);
        header
    }
}

/// Returns the tag of the language that the partner in this browser has chosen, if one was.
pub fn chosen_language(headers: &HeaderMap) -> Option<&str> {
    only(headers, LANGUAGE)
}

/// Returns the value of the cookie of this name. Cookies of other sites may contain any bytes; this one must be text.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    let mut values = lines
        .flat_map(|line| line.split(|b| *b == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.trim().split_once('='))
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value);
    // Two cookies have this name, so another host has set one of them. It is unknown which one is valid.
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

impl Browser {
    /// Returns a browser with a new name.
    pub fn unknown() -> Self {
        Self { id: BrowserId::random(), open_requests: Vec::new() }
    }

    /// Adds an open request.
    #[must_use]
    pub fn opening(mut self, request: RequestId) -> Self {
        self.open_requests.push(request);
        let surplus = self.open_requests.len().saturating_sub(OPEN_REQUESTS);
        self.open_requests.drain(..surplus);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookie).unwrap())])
    }

    #[test]
    fn a_browser_is_read_back_and_its_oldest_requests_are_forgotten() {
        let cookie = BrowserCookie::of_site("https://auth.example");
        let newest = crate::journey::request::new_request_id();
        let browser = (0..20)
            .fold(Browser::unknown(), |browser, _| browser.opening(crate::journey::request::new_request_id()))
            .opening(newest.clone());

        let header = cookie.write(&browser);
        let text = header.to_str().unwrap();
        assert!(text.starts_with("__Host-spapi-auth="));
        assert!(text.ends_with("; HttpOnly; SameSite=Lax; Secure"));

        let read = cookie.read(&headers(text.split(';').next().unwrap())).unwrap();
        assert_eq!(read.id.expose(), browser.id.expose());
        assert_eq!(read.open_requests.len(), OPEN_REQUESTS);
        assert_eq!(read.open_requests.last(), Some(&newest));
    }

    #[test]
    fn a_foreign_or_planted_cookie_names_no_browser() {
        let cookie = BrowserCookie::of_site("https://auth.example");
        let word = crate::secret::random_word();

        for line in [
            "spapi-auth=x".to_owned(),
            "__Host-spapi-auth=".to_owned(),
            "__Host-spapi-auth=short".to_owned(),
            format!("__Host-spapi-auth={word}.x"),
            format!("__Host-spapi-auth={word}; __Host-spapi-auth={word}"),
        ] {
            assert!(cookie.read(&headers(&line)).is_none(), "{line}");
        }
    }
}
