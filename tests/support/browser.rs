//! A browser: keeps cookies, follows redirects when asked to, and reaches `*.localhost` on this machine.

use std::{net::Ipv4Addr, sync::Arc};

use local::ports::Numbers;
use reqwest::{
    Client, StatusCode, Url,
    cookie::{CookieStore, Jar},
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, LOCATION},
    redirect::Policy,
};

/// A person's browser.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    jar: Arc<Jar>,
    ports: Numbers,
}

/// What the browser shows in the end.
#[derive(Clone, Debug)]
pub struct Shown {
    pub status: StatusCode,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: String,
}

impl Shown {
    /// The code for support on one of our pages.
    pub fn support_code(&self) -> Option<&str> {
        let (_, rest) = self.body.split_once("<code dir=\"ltr\">")?;
        rest.split_once("</code>").map(|(code, _)| code)
    }

    /// Where the browser would be sent.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// A parameter of the URL where the browser would be sent.
    pub fn location_parameter(&self, name: &str) -> String {
        let url = Url::parse(self.location()).unwrap();
        url.query_pairs()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// The links of the page: where each leads, and its words.
    pub fn choices(&self) -> Vec<(String, String)> {
        let links = self.body.split("<a href=\"").skip(1);
        links
            .map(|rest| {
                let (href, rest) = rest.split_once("\">").unwrap();
                (href.replace("&amp;", "&"), rest.split_once("</a>").unwrap().0.to_owned())
            })
            .collect()
    }

    /// Where the link with these words leads.
    pub fn choice(&self, words: &str) -> String {
        let choices = self.choices();
        let found = choices.iter().find(|(_, known)| known.contains(words));
        found.unwrap_or_else(|| panic!("no link says {words}: {choices:?} {}", self.body)).0.clone()
    }

    /// Where the form of Amazon's sites leads if the site is chosen whose words end with these.
    pub fn site(&self, words: &str) -> String {
        let (_, rest) = self.body.split_once("name=\"arrival\" value=\"").expect("a form with sites");
        let (arrival, rest) = rest.split_once('"').unwrap();
        let sites = rest.split("<option value=\"").skip(1);
        let mut sites = sites.map(|rest| rest.split_once("</option>").unwrap().0.split_once("\">").unwrap());
        let found = sites.find(|(_, known)| known.ends_with(words));
        let (host, _) = found.unwrap_or_else(|| panic!("no site says {words}: {}", self.body));
        format!("/login?arrival={arrival}&central={host}")
    }

    /// Whether this is the page that says the application is connected.
    pub fn is_connected(&self) -> bool {
        self.status == StatusCode::OK && self.body.contains("You are connected")
    }

    /// Whether this is the page that looks again by itself.
    pub fn looks_again(&self) -> bool {
        self.status == StatusCode::OK && self.body.contains("http-equiv=\"refresh\"")
    }
}

impl Browser {
    pub fn new(ports: Numbers) -> Self {
        Self::sending(ports, HeaderMap::new())
    }

    /// A browser whose requests all have these headers, as those have that come through a distribution.
    pub fn sending(ports: Numbers, headers: HeaderMap) -> Self {
        let jar = Arc::new(Jar::default());
        let client = builder().cookie_provider(Arc::clone(&jar)).default_headers(headers).build().unwrap();
        Self { client, jar, ports }
    }

    /// Opens `url` and does not follow a redirect.
    pub async fn open(&self, url: &str) -> Shown {
        shown(self.client.get(url).send().await.unwrap()).await
    }

    /// Opens `url` with one more header.
    pub async fn open_with(&self, url: &str, header: (&str, &str)) -> Shown {
        shown(self.client.get(url).header(header.0, header.1).send().await.unwrap()).await
    }

    /// Asks for the head of `url` alone.
    pub async fn head(&self, url: &str) -> Shown {
        shown(self.client.head(url).send().await.unwrap()).await
    }

    /// Sends a form to any address and does not follow a redirect.
    pub async fn submit(&self, url: &str, form: &[(&str, &str)]) -> Shown {
        shown(self.client.post(url).form(form).send().await.unwrap()).await
    }

    /// Posts the link of this URL with more headers.
    pub async fn post_link_with(&self, url: &str, headers: &[(&str, &str)]) -> Shown {
        self.post_form(&[("link", &super::linking::token_of(url))], headers).await
    }

    /// Posts a form to `/authorize`.
    pub async fn post_form(&self, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Shown {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.post_body(body, "application/x-www-form-urlencoded", headers).await
    }

    /// Posts a body to `/authorize`.
    pub async fn post_body(&self, body: String, kind: &str, headers: &[(&str, &str)]) -> Shown {
        let url = format!("http://127.0.0.1:{}/authorize", self.ports.gateway);
        let request = self.client.post(url).header("content-type", kind).body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        shown(request.send().await.unwrap()).await
    }

    /// Follows redirects from `url` until `stop_before` would be opened, which is returned instead.
    pub async fn follow_until(&self, url: &str, stop_before: &str) -> String {
        let mut next = url.to_owned();
        for _ in 0..12 {
            if next.contains(stop_before) {
                return next;
            }
            let answer = self.open(&next).await;
            assert!(answer.status.is_redirection(), "{next}: {} {}", answer.status, answer.body);
            answer.location().clone_into(&mut next);
        }
        panic!("{url} never leads to {stop_before}");
    }

    /// Follows redirects from `url` to the page at their end.
    pub async fn follow(&self, url: &str) -> Shown {
        let mut answer = self.open(url).await;
        for _ in 0..12 {
            if !answer.status.is_redirection() {
                return answer;
            }
            answer = self.open(answer.location()).await;
        }
        panic!("{url} redirects without end");
    }

    /// The whole website workflow as this partner, up to the callback URL, which is not opened.
    pub async fn website_until_callback(
        &self,
        marketplace: &str,
        partner_type: &str,
        partner: &str,
    ) -> String {
        let start = format!(
            "http://127.0.0.1:{}/authorize?marketplace={marketplace}&type={partner_type}",
            self.ports.gateway
        );
        let consent = self.open(&start).await;
        assert_eq!(consent.status, StatusCode::FOUND, "{}", consent.body);
        self.follow_until(&format!("{}&_as={partner}", consent.location()), "/callback?").await
    }

    /// The whole website workflow as this partner.
    pub async fn website(&self, marketplace: &str, partner_type: &str, partner: &str) -> Shown {
        let callback = self.website_until_callback(marketplace, partner_type, partner).await;
        self.open(&callback).await
    }

    /// Takes one more cookie of our site.
    pub fn keep_cookie(&self, cookie: &str) {
        let site = Url::parse(&format!("http://127.0.0.1:{}/", self.ports.gateway)).unwrap();
        self.jar.add_cookie_str(cookie, &site);
    }

    /// What the `Cookie` header to our site would be.
    pub fn cookies(&self) -> String {
        let site = Url::parse(&format!("http://127.0.0.1:{}/", self.ports.gateway)).unwrap();
        self.jar.cookies(&site).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

/// A client without cookies.
pub fn plain_client() -> Client {
    builder().build().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a browser is not one of our clients")]
fn builder() -> reqwest::ClientBuilder {
    Client::builder().redirect(Policy::none()).dns_resolver(Arc::new(Loopback))
}

async fn shown(answer: reqwest::Response) -> Shown {
    Shown {
        status: answer.status(),
        url: answer.url().clone(),
        headers: answer.headers().clone(),
        body: answer.text().await.unwrap(),
    }
}

/// Every name is this machine, as browsers take `*.localhost` to be.
struct Loopback;

impl Resolve for Loopback {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(std::iter::once((Ipv4Addr::LOCALHOST, 0).into()));
        Box::pin(std::future::ready(Ok(addresses)))
    }
}
