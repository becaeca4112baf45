//! A local stack for one test, and the actions of a developer and of a partner at Amazon.

use local::{
    environment::{aws_endpoint, site_origin},
    stack::{Options, Stack},
};
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, HOST, LOCATION},
    redirect::Policy,
};
use serde_json::{Value, json};
use url::Position;

use super::tool::Tool;

/// The whole system, used by one test.
pub(crate) struct TestStack {
    stack: Stack,
    http: Client,
}

impl TestStack {
    /// Starts a stack that stores nothing on disk.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts one whose functions have these variables too.
    #[expect(clippy::disallowed_methods, reason = "this client plays a person at Amazon")]
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let stack = Stack::start(Options { variables, ..Options::default() }).await.unwrap();
        Self { stack, http: Client::builder().redirect(Policy::none()).build().unwrap() }
    }

    /// `spapi-auth`, configured for the stack.
    pub(crate) fn tool(&self) -> Tool {
        Tool::at(&aws_endpoint(self.stack.ports()))
    }

    /// A page of the console.
    pub(crate) async fn console(&self, path: &str) -> String {
        let answer = self.http.get(self.site(path)).send().await.unwrap();
        answer.text().await.unwrap()
    }

    /// The configuration of an AWS client.
    pub(crate) fn sdk_config(&self) -> aws_types::SdkConfig {
        self.stack.sdk_config()
    }

    /// A client of the stack's DynamoDB.
    pub(crate) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.sdk_config())
    }

    /// The stack's time.
    pub(crate) fn now(&self) -> String {
        self.stack.clock().now().to_string()
    }

    /// An address of the browser routes.
    pub(crate) fn site(&self, path: &str) -> String {
        site_origin(self.stack.ports()) + path
    }

    /// The client id of an application that [`Self::register`] registers.
    pub(crate) fn client_id(application: &str) -> String {
        format!("amzn1.application-oa2-client.{}", application.rsplit('.').next().unwrap().replace('-', ""))
    }

    /// Registers an application at Amazon.
    pub(crate) async fn register(&self, application: &str, secret: &str) {
        let registration = json!({
            "applicationId": application, "clientId": Self::client_id(application), "name": "Second", "draft": false,
            "loginUri": self.site("/login"), "redirectUris": [self.site("/callback")], "clientSecret": secret,
        });
        self.control("applications", registration).await;
    }

    /// Calls a control of the simulated Amazon.
    pub(crate) async fn control(&self, call: &str, body: Value) {
        let url = self.amazon(&format!("/_control/{call}"));
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{call}: {}", answer.text().await.unwrap());
    }

    /// A refresh token of this partner, as the portal's self-authorization shows it.
    pub(crate) async fn self_authorized(&self, application: &str, partner: &str) -> String {
        let own = json!({"applicationId": application, "sellingPartnerId": partner, "region": "na", "kind": "seller"});
        let url = self.amazon("/_control/self-authorization");
        let shown: Value = self.http.post(url).json(&own).send().await.unwrap().json().await.unwrap();
        shown["refreshToken"].as_str().unwrap_or_else(|| panic!("{shown}")).to_owned()
    }

    /// A refresh token that another system obtained: the partner consents, and the code is exchanged without the functions.
    pub(crate) async fn refresh_token(&self, application: &str, secret: &str, partner: &str) -> String {
        self.control("website-form", json!({"form": "4a"})).await;
        let consent = format!("/apps/authorize/consent?application_id={application}&state=s&_as={partner}");
        let page = self.http.get(self.amazon(&consent)).header(HOST, "sellercentral.amazon.com.localhost");
        let answer = page.send().await.unwrap();
        let location = answer.headers().get(LOCATION).unwrap().to_str().unwrap().to_owned();
        let code =
            location.split(['?', '&']).find_map(|pair| pair.strip_prefix("spapi_oauth_code=")).unwrap();
        let exchange = json!({
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.site("/callback"),
            "client_id": Self::client_id(application), "client_secret": secret,
        });
        let answer = self.http.post(self.amazon("/auth/o2/token")).json(&exchange).send().await.unwrap();
        let tokens: Value = answer.json().await.unwrap();
        tokens["refresh_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
    }

    /// Opens a link in a browser, consents as this partner, and returns the last page.
    #[expect(clippy::disallowed_methods, reason = "this client plays a browser")]
    pub(crate) async fn authorize_with(&self, link: &str, partner: &str) -> String {
        let browser = Client::builder().redirect(Policy::none()).cookie_store(true).build().unwrap();
        browser.get(link).send().await.unwrap().error_for_status().unwrap();
        let (_, secret) = link.split_once("link=").unwrap();
        let pressed = browser.post(self.site("/authorize")).body(format!("link={secret}"));
        let pressed = pressed.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let mut answer = pressed.send().await.unwrap();
        let mut consented = false;
        while let Some(location) = answer.headers().get(LOCATION) {
            let mut next = Url::parse(location.to_str().unwrap()).unwrap();
            if !consented {
                next.query_pairs_mut().append_pair("_as", partner);
                consented = true;
            }
            // Not every resolver knows `*.localhost`.
            let host = next[Position::BeforeHost..Position::AfterPort].to_owned();
            next.set_host(Some("127.0.0.1")).unwrap();
            answer = browser.get(next).header(HOST, host).send().await.unwrap();
        }
        answer.text().await.unwrap()
    }

    /// A seller of the United States authorizes the application that is registered from the start.
    pub(crate) async fn authorize(&self, partner: &str) {
        let words = [
            "link",
            "--account",
            "tenant-1",
            "--label",
            "Shop",
            "--marketplace",
            "US",
            "--type",
            "seller",
            "--json",
        ];
        let link = self.tool().run_with(&words, "").await.document();
        let page = self.authorize_with(link["url"].as_str().unwrap(), partner).await;
        assert!(page.contains("You are connected"), "{page}");
    }

    /// How often Lambda was asked to invoke a function.
    pub(crate) fn invocations(&self) -> u64 {
        self.stack.aws().calls().get("Lambda.Invoke").copied().unwrap_or_default()
    }

    fn amazon(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.stack.ports().amazon)
    }
}
