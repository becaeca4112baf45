//! A local stack of a test's own, and the simulated Amazon's controls.

use std::path::Path;

use get_access_token::GetAccessToken;
use local::{
    environment::environment,
    seed::FIRST_APPLICATION,
    stack::{Options, Stack},
};
use serde_json::{Value, json};
use shared::{aws::Aws, env::Env};

use super::{browser::Browser, caller::Caller};

/// A whole system that no other test uses.
pub struct World {
    pub stack: Stack,
    first_application: &'static str,
    http: reqwest::Client,
}

impl World {
    /// A system that keeps nothing, and in which nothing is refreshed unasked: most tests look at what callers alone bring
    /// about.
    pub async fn new() -> Self {
        Self::start(Options { without_refresher: true, ..Options::default() }).await
    }

    /// A whole system that keeps nothing.
    pub async fn attended() -> Self {
        Self::with_variables(&[]).await
    }

    /// A system whose functions have these variables too.
    pub async fn with_variables(variables: &[(&str, &str)]) -> Self {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self::start(Options { variables, ..Options::default() }).await
    }

    /// A system that keeps everything in `directory`.
    pub async fn kept_in(directory: &Path) -> Self {
        Self::start(Options { data: Some(directory.to_owned()), ..Options::default() }).await
    }

    async fn start(options: Options) -> Self {
        let stack = Stack::start(options).await.unwrap();
        Self { stack, first_application: FIRST_APPLICATION, http: super::browser::plain_client() }
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(self.stack.ports())
    }

    /// A service that invokes functions.
    pub fn caller(&self) -> Caller {
        Caller::new(&self.stack.sdk_config())
    }

    /// One more environment of `get-access-token`, with clients and a memory of its own, as Lambda starts many.
    pub fn environment(&self) -> GetAccessToken {
        let env = Env::from_pairs(environment(self.stack.ports()));
        GetAccessToken::from_env(&env, &Aws::new(self.stack.sdk_config())).unwrap()
    }

    /// The application that is registered from the start.
    pub fn application(&self) -> &'static str {
        self.first_application
    }

    /// A client without cookies, for what no browser does.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// A page of one of Amazon's hosts.
    pub fn amazon(&self, host: &str, path: &str) -> String {
        format!("http://{host}.localhost:{}{path}", self.stack.ports().amazon)
    }

    /// The URL of a page of the functions.
    pub fn site(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.stack.ports().gateway)
    }

    /// Orders the simulated Amazon about.
    pub async fn control(&self, call: &str, body: Value) -> Value {
        let url = format!("http://127.0.0.1:{}/_control/{call}", self.stack.ports().amazon);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{call} {body}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Breaks an endpoint; see DESIGN's table of faults.
    pub async fn fault(&self, endpoint: &str, fault: &str, more: Value) {
        let mut order = json!({"endpoint": endpoint, "fault": fault});
        order.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.control("faults", order).await;
    }

    /// Which form the website workflow takes: `4a` or `4b`.
    pub async fn website_form(&self, form: &str) {
        self.control("website-form", json!({"form": form})).await;
    }

    /// Moves the clock of everything.
    pub async fn advance(&self, seconds: u32) {
        self.control("advance", json!({"seconds": seconds})).await;
    }

    /// How often Amazon was called.
    pub async fn calls(&self) -> Value {
        let url = format!("http://127.0.0.1:{}/_control/calls", self.stack.ports().amazon);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// How often a code was exchanged.
    pub async fn exchanges(&self) -> u64 {
        self.calls().await["token"]["authorization_code"].as_u64().unwrap()
    }

    /// How often a refresh token was used.
    pub async fn refreshes(&self) -> u64 {
        self.calls().await["token"]["refresh_token"].as_u64().unwrap()
    }

    /// A row of a table, as plain JSON-like text of its attributes.
    pub async fn row(&self, table: &str, key: (&str, &str)) -> Option<Row> {
        let client = aws_sdk_dynamodb::Client::new(&self.stack.sdk_config());
        let key_value = aws_sdk_dynamodb::types::AttributeValue::S(key.1.to_owned());
        let read = client.get_item().table_name(table).key(key.0, key_value).consistent_read(true);
        read.send().await.unwrap().item
    }

    /// The row of a partner's grant for the first application.
    pub async fn grant(&self, region: &str, partner: &str) -> Option<Row> {
        let key = format!("{}#{region}#{partner}", self.application());
        self.row("spapi-auth-grants", ("grant_key", &key)).await
    }

    /// The records of a grant's history, oldest first.
    pub async fn history(&self, region: &str, partner: &str) -> Vec<Row> {
        self.history_of(&format!("{}#{region}#{partner}", self.application())).await
    }

    /// The records of a subject's history, oldest first.
    pub async fn history_of(&self, subject: &str) -> Vec<Row> {
        let client = aws_sdk_dynamodb::Client::new(&self.stack.sdk_config());
        let subject = subject.to_owned();
        let query = client
            .query()
            .table_name("spapi-auth-history")
            .key_condition_expression("subject = :subject")
            .expression_attribute_values(":subject", aws_sdk_dynamodb::types::AttributeValue::S(subject));
        query.send().await.unwrap().items.unwrap_or_default()
    }
}

/// The attributes of a row.
pub type Row = std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>;

/// An attribute as text: a string or a number.
pub fn attribute<'r>(row: &'r Row, name: &str) -> &'r str {
    let value = row.get(name).unwrap_or_else(|| panic!("{name} is missing"));
    value.as_s().or_else(|_| value.as_n()).unwrap()
}
