//! A running `spapi-auth console`, and the browser that looks at it.

use reqwest::{
    Client, StatusCode,
    header::{LOCATION, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
};

use super::tool::Tool;

/// A console that runs, and a browser.
pub(crate) struct Run {
    pub(crate) origin: String,
    pub(crate) entrance: String,
    pub(crate) printed: String,
    pub(crate) browser: Client,
    _process: Child,
}

/// What the browser shows.
pub(crate) struct Shown {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) cookie: String,
    pub(crate) body: String,
}

impl Run {
    pub(crate) async fn start(tool: &Tool, words: &[&str]) -> Self {
        let mut process = tool.command(words).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        let entrance = loop {
            let line = lines.next_line().await.unwrap().expect("the console prints an address");
            printed += &line;
            if let Some(address) = line.strip_prefix("Open  ") {
                break address.to_owned();
            }
        };
        let origin = entrance.split("/enter").next().unwrap().to_owned();
        Self { origin, entrance, printed, browser: browser(), _process: process }
    }

    /// A console that was entered.
    pub(crate) async fn entered(tool: &Tool, words: &[&str]) -> Self {
        let run = Self::start(tool, words).await;
        assert_eq!(run.get("/enter").await.status, StatusCode::FORBIDDEN);
        let entered = shown(run.browser.get(&run.entrance)).await;
        assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        run
    }

    pub(crate) async fn get(&self, path: &str) -> Shown {
        shown(self.browser.get(format!("{}{path}", self.origin))).await
    }

    /// Posts a form as this console's own pages do, with the secret of the page at `path`.
    pub(crate) async fn press(&self, path: &str, form: &[(&str, &str)]) -> Shown {
        let key = form_key(&self.get(path).await.body);
        let form = [form, &[("form-key", key.as_str())]].concat();
        shown(self.browser.post(format!("{}{path}", self.origin)).header(ORIGIN, &self.origin).form(&form))
            .await
    }
}

#[expect(clippy::disallowed_methods, reason = "a browser is not one of our clients")]
pub(crate) fn browser() -> Client {
    Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap()
}

pub(crate) async fn shown(request: reqwest::RequestBuilder) -> Shown {
    let answer = request.send().await.unwrap();
    let header = |name| {
        answer
            .headers()
            .get(name)
            .map(|value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned())
    };
    let (location, cookie) = (header(LOCATION).unwrap_or_default(), header(SET_COOKIE).unwrap_or_default());
    for (name, value) in
        [("cache-control", "no-store"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")]
    {
        assert_eq!(answer.headers()[name], value);
    }
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    Shown { status: answer.status(), location, cookie, body: answer.text().await.unwrap() }
}

/// The secret of a page's forms.
pub(crate) fn form_key(page: &str) -> String {
    let (_, rest) =
        page.split_once("name=\"form-key\" value=\"").unwrap_or_else(|| panic!("no form: {page}"));
    rest.split_once('"').unwrap().0.to_owned()
}
