//! A local stack with partners that have authorized, and whose stored tokens the benchmark can delete.

use std::{net::Ipv4Addr, sync::Arc};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use local::{
    seed::FIRST_APPLICATION,
    stack::{Options, Stack},
};
use reqwest::{
    Client, ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
};
use serde_json::{Value, json};

use crate::Fault;

/// The number of browsers that authorize at the same time.
const BROWSERS: usize = 4;

/// A stack and the partners that have authorized its application.
pub(crate) struct Partners {
    pub(crate) stack: Stack,
    ids: Vec<String>,
    dynamodb: aws_sdk_dynamodb::Client,
    http: Client,
}

impl Partners {
    /// Starts a stack in which `count` sellers authorize with the website workflow.
    pub(crate) async fn authorized(count: usize) -> Result<Self, Fault> {
        let stack = Stack::start(Options::default()).await?;
        let ids: Vec<_> = (0..count).map(|number| format!("A{number:05}BENCHMARK")).collect();
        let gateway = stack.ports().gateway;
        stream::iter(&ids)
            .map(|id| authorize(gateway, id))
            .buffer_unordered(BROWSERS)
            .try_collect::<()>()
            .await?;
        let dynamodb = aws_sdk_dynamodb::Client::new(&stack.sdk_config());
        Ok(Self { stack, ids, dynamodb, http: browser().build()? })
    }

    /// The stack's current time.
    pub(crate) fn now(&self) -> Timestamp {
        self.stack.clock().now()
    }

    /// The id of the `number`th partner.
    pub(crate) fn id(&self, number: usize) -> &str {
        &self.ids[number]
    }

    /// A request for the token of the `number`th partner.
    pub(crate) fn request(&self, number: usize) -> Value {
        let partner = &self.ids[number];
        json!({"applicationId": FIRST_APPLICATION, "sellingPartnerId": partner, "region": "na"})
    }

    /// Deletes the stored token of the `number`th partner, so that the next request calls Amazon.
    pub(crate) async fn forget(&self, number: usize) -> Result<(), Fault> {
        let partner = &self.ids[number];
        let key = AttributeValue::S(format!("partner#{FIRST_APPLICATION}#na#{partner}"));
        let delete = self.dynamodb.delete_item().table_name("spapi-auth-access-tokens");
        delete.key("token_key", key).send().await?;
        Ok(())
    }

    /// Revokes the authorization of the `number`th partner at Amazon.
    pub(crate) async fn revoke(&self, number: usize) -> Result<(), Fault> {
        let url = self.control(&format!("partner/{}/revoke", self.ids[number]));
        self.http.post(url).send().await?.error_for_status()?;
        Ok(())
    }

    /// Sets the latency of services of Amazon and AWS, in milliseconds.
    pub(crate) async fn slow_down(&self, waits: &[(&str, u64)]) -> Result<(), Fault> {
        for (endpoint, milliseconds) in waits {
            wait_at(&self.http, &self.control("faults"), endpoint, *milliseconds).await?;
        }
        Ok(())
    }

    /// Switches to form 4a of the website workflow, in which each function is called once per authorization.
    pub(crate) async fn one_leg(&self) -> Result<(), Fault> {
        let order = serde_json::to_string(&json!({"form": "4a"}))?;
        self.http.post(self.control("website-form")).body(order).send().await?.error_for_status()?;
        Ok(())
    }

    /// The number of LWA calls for an access token, without the exchanges of codes.
    pub(crate) async fn lwa_calls(&self) -> Result<u64, Fault> {
        let calls: Value = self.http.get(self.control("calls")).send().await?.json().await?;
        let count = |kind: &str| calls["token"][kind].as_u64().unwrap_or_default();
        Ok(count("refresh_token") + count("client_credentials"))
    }

    /// The number of calls to a service since the counts were reset.
    pub(crate) fn aws_calls(&self, service: &str) -> u64 {
        let calls = self.stack.aws().calls();
        calls.iter().filter(|(name, _)| name.starts_with(service)).map(|(_, count)| count).sum()
    }

    fn control(&self, call: &str) -> String {
        format!("http://127.0.0.1:{}/_control/{call}", self.stack.ports().amazon)
    }
}

/// Sets the latency of `endpoint`.
pub(crate) async fn wait_at(
    http: &Client,
    faults: &str,
    endpoint: &str,
    milliseconds: u64,
) -> Result<(), Fault> {
    let order = json!({"endpoint": endpoint, "fault": if milliseconds == 0 { "none" } else { "latency" },
        "milliseconds": milliseconds});
    let order = serde_json::to_string(&order)?;
    http.post(faults).body(order).send().await?.error_for_status()?;
    Ok(())
}

/// Authorizes as a seller with the website workflow.
pub(crate) async fn authorize(gateway: u16, partner: &str) -> Result<(), Fault> {
    let browser = browser().cookie_store(true).build()?;
    let mut url = format!("http://127.0.0.1:{gateway}/authorize?marketplace=US&type=seller");
    for _ in 0..12 {
        let answer = browser.get(&url).send().await?;
        let Some(location) = answer.headers().get("location") else {
            let page = answer.text().await?;
            return if page.contains("You are connected") { Ok(()) } else { Err(page.into()) };
        };
        location.to_str()?.clone_into(&mut url);
        if url.contains("/apps/authorize/consent") {
            url.push_str("&_as=");
            url.push_str(partner);
        }
    }
    Err("the website workflow did not end after 12 requests".into())
}

#[expect(clippy::disallowed_methods, reason = "a browser has no time limits")]
pub(crate) fn browser() -> ClientBuilder {
    Client::builder().redirect(reqwest::redirect::Policy::none()).dns_resolver(Arc::new(Loopback))
}

/// Resolves every name to this machine, as browsers resolve `*.localhost`.
struct Loopback;

impl Resolve for Loopback {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(std::iter::once((Ipv4Addr::LOCALHOST, 0).into()));
        Box::pin(std::future::ready(Ok(addresses)))
    }
}
