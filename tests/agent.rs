//! The agent against the whole system: an SDK gets its tokens on loopback, from the real `get-access-token`.

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use ::agent::{Environment, Options};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use local::environment::aws_endpoint;
use serde_json::{Value, json};
use shared::secret::Fingerprint;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use crate::support::{
    built::folder_of_spapi_auth,
    operator::{authorized, operate},
    port::free_port,
    world::World,
};

const KEY: &str = "the-key-of-this-machine";

/// An agent beside a service.
struct Agent {
    port: u16,
    /// `spapi-auth agent`, if it is a process of its own.
    _process: Option<Child>,
    /// The seconds by which its clock is ahead, if it runs in this process.
    ahead: Arc<AtomicI64>,
}

impl Agent {
    async fn beside(world: &World) -> Self {
        let port = free_port();
        let process = Command::new(folder_of_spapi_auth().await.join("spapi-auth"))
            .args(["agent", "--listen", &format!("127.0.0.1:{port}")])
            .env_clear()
            .env("AWS_ENDPOINT_URL", aws_endpoint(world.stack.ports()))
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("SPAPI_AUTH_AGENT_KEY", KEY)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        until_open(port).await;
        Self { port, _process: Some(process), ahead: Arc::default() }
    }

    /// In this process, with a clock that the test moves.
    async fn with_clock(world: &World) -> Self {
        let port = free_port();
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = {
            let ahead = Arc::clone(&ahead);
            move || Timestamp::UNIX_EPOCH + SignedDuration::from_secs(ahead.load(Ordering::Relaxed))
        };
        let options = Options {
            listen: ([127, 0, 0, 1], port).into(),
            unix: None,
            function: "get-access-token".to_owned(),
            confirm_every: Duration::from_mins(15),
            key_file: None,
            no_key: false,
        };
        let environment = Environment { key: Some(KEY.to_owned()), session_token: None, runtime_api: None };
        let config = world.stack.sdk_config();
        tokio::spawn(::agent::run(Ok(options), environment, Some(config), Arc::new(clock)));
        until_open(port).await;
        Self { port, _process: None, ahead }
    }

    /// Moves the clock of this agent alone.
    fn advance(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }

    /// What an SDK gets for this body, in JSON or as a form.
    async fn answer(&self, world: &World, body: &str) -> (u16, Value) {
        let content_type =
            if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        let url = format!("http://127.0.0.1:{}/auth/o2/token", self.port);
        let request = world.http().post(url).header("content-type", content_type);
        let answer = request.body(body.replace("KEY", KEY)).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// The status and the token or error for a partner.
    async fn refresh(&self, world: &World, partner: &str) -> (u16, String) {
        let body = format!("grant_type=refresh_token&refresh_token={partner}&client_id=x&client_secret=KEY");
        let (status, answer) = self.answer(world, &body).await;
        let text = answer["access_token"].as_str().or(answer["error"].as_str());
        (status, text.unwrap_or_else(|| panic!("{answer}")).to_owned())
    }

    /// `GET /access-token`.
    async fn get(&self, world: &World, query: &str) -> (u16, Value) {
        let url = format!("http://127.0.0.1:{}/access-token?{query}", self.port);
        let answer = world.http().get(url).bearer_auth(KEY).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

async fn until_open(port: u16) {
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The status with which SP-API answers to the token of a partner in North America.
async fn participations(world: &World, token: &str) -> u16 {
    let url = world.amazon("sellingpartnerapi-na.amazon.com", "/sellers/v1/marketplaceParticipations");
    let request = world.http().get(url).header("x-amz-access-token", token).header("user-agent", "test/1");
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_body_that_an_sdk_sends_gets_a_token_that_amazon_accepts() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let agent = Agent::beside(&world).await;

    for body in [
        // C# of Amazon and of abuzuhri (nulls), PHP of Amazon, Java of Amazon (an empty scope), and forms.
        r#"{"grant_type":"refresh_token","client_id":"x","client_secret":"KEY","refresh_token":"na:A1US","scope":null}"#,
        r#"{"refresh_token":"na:A1US","code":null,"redirect_uri":null,"grant_type":"refresh_token","scope":null,"client_id":"x","client_secret":"KEY"}"#,
        r#"{"scope":"","grant_type":"refresh_token","client_secret":"KEY","client_id":"x","refresh_token":"na:A1US"}"#,
        "grant_type=refresh_token&client_id=x&client_secret=KEY&refresh_token=na%3AA1US",
        "grant_type=refresh_token&client_id=x&client_secret=KEY&refresh_token=na:A1US&scope=",
    ] {
        let (status, answer) = agent.answer(&world, body).await;
        assert_eq!((status, answer["expires_in"].as_u64()), (200, Some(300)), "{answer}");
        assert_eq!(participations(&world, answer["access_token"].as_str().unwrap()).await, 200);
    }
    let grantless = r#"{"grant_type":"client_credentials","scope":"sellingpartnerapi::notifications","refresh_token":null,"client_id":"x","client_secret":"KEY"}"#;
    let (status, answer) = agent.answer(&world, grantless).await;
    assert_eq!((status, answer["access_token"].as_str().unwrap().starts_with("Atc|")), (200, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_is_found_by_region_marketplace_country_and_account() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    operate(&world, "linkAccount", "A1US", json!({"account": "tenant&42"})).await.unwrap();
    let agent = Agent::beside(&world).await;

    let (status, token) = agent.refresh(&world, "A1US").await;
    assert_eq!(status, 200, "{token}");
    for partner in
        ["na:A1US", "US:A1US", "ATVPDKIKX0DER:A1US", "account:tenant%2642", "na:account64:dGVuYW50JjQy"]
    {
        assert_eq!(agent.refresh(&world, partner).await, (200, token.clone()), "{partner}");
    }
    assert_eq!(agent.refresh(&world, "eu:A1US").await, (400, "invalid_grant".to_owned()));
    assert_eq!(agent.refresh(&world, "A1NEVER").await, (400, "invalid_grant".to_owned()));
    let (status, answer) = agent.get(&world, "account=tenant%2642&region=na&minValidSeconds=600").await;
    assert_eq!((status, answer["accessToken"].as_str()), (200, Some(token.as_str())));
    assert!(answer["expiresIn"].as_u64().unwrap() > 3000 && answer["endpoint"].is_string(), "{answer}");
    let (status, answer) = agent.get(&world, "sellingPartnerId=A1US&colour=red").await;
    assert_eq!((status, answer["errorType"].as_str()), (400, Some("InvalidRequest")));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_callers_of_one_cold_token_cost_one_call_to_amazon() {
    let world = World::new().await;
    world.cold_seller("A1US").await;
    let agent = Agent::beside(&world).await;

    let answers = join_all((0..200).map(|_| agent.refresh(&world, "na:A1US"))).await;

    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200), "{:?}", answers[0]);
    assert_eq!(world.refreshes().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_sp_api_refused_is_replaced_through_the_agent() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let agent = Agent::beside(&world).await;
    let (_, first) = agent.refresh(&world, "na:A1US").await;
    world.advance(61).await;

    let digest = Fingerprint::of(&first);
    let (status, answer) = agent
        .get(&world, &format!("sellingPartnerId=A1US&region=na&rejectedToken={}", digest.as_str()))
        .await;

    assert_eq!(status, 200, "{answer}");
    assert_ne!(answer["accessToken"], first);
    let (_, again) = agent.refresh(&world, "na:A1US").await;
    assert_eq!(answer["accessToken"], again, "the agent does not hand out the refused token");
}

#[tokio::test(flavor = "multi_thread")]
async fn promise_15_a_disabled_grant_stops_in_an_agent_at_its_next_confirmation() {
    let world = World::new().await;
    authorized(&world, "A1US").await;
    let agent = Agent::with_clock(&world).await;
    let (_, token) = agent.refresh(&world, "na:A1US").await;

    operate(&world, "disableGrant", "A1US", json!({})).await.unwrap();
    // The functions have stopped.
    world.advance(61).await;

    agent.advance(14 * 60 + 59);
    let body = "grant_type=refresh_token&refresh_token=na:A1US&client_secret=KEY";
    let (status, answer) = agent.answer(&world, body).await;
    assert_eq!((status, answer["access_token"].as_str()), (200, Some(token.as_str())));
    assert!(answer["expires_in"].as_u64().unwrap() <= 300, "{answer}");

    agent.advance(1);
    assert_eq!(agent.refresh(&world, "na:A1US").await, (400, "invalid_grant".to_owned()));
    // Enabled again, it is there at the next request.
    operate(&world, "enableGrant", "A1US", json!({})).await.unwrap();
    assert_eq!(agent.refresh(&world, "na:A1US").await.0, 200);
}

#[tokio::test]
async fn the_key_is_printed_to_a_terminal_only() {
    let tool = folder_of_spapi_auth().await.join("spapi-auth");
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).env("SPAPI_AUTH_AGENT_KEY", "it's-secret").stdin(Stdio::null());
        command.output()
    };
    let tool = tool.to_str().unwrap();

    let piped = run(tool, &["agent", "env"]).await.unwrap();
    assert_eq!((piped.status.code(), piped.stdout.as_slice()), (Some(2), &b""[..]));
    assert!(!String::from_utf8(piped.stderr).unwrap().contains("it's-secret"));

    // `script` of util-linux runs a command at a terminal of its own.
    let shown = run("script", &["-qec", &format!("{tool} agent env"), "/dev/null"]).await.unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap().replace("\r\n", "\n");
    let expected =
        "export SPAPI_AUTH_AGENT_URL=http://127.0.0.1:2774\nexport SPAPI_AUTH_AGENT_KEY='it'\\''s-secret'\n";
    assert_eq!(shown, expected);
}
