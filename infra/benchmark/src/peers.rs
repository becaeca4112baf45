//! Measures `get-access-token` beside what a team would write instead: functions in Python and Node under AWS's own runtime interface
//! clients, which keep a partner's refresh token in a table and its access tokens in their memory (`infra/benchmark/peers`).
//!
//! All take turns. DynamoDB, Secrets Manager and Login with Amazon are those of one local stack, without TLS.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use local::seed::FIRST_APPLICATION;
use serde_json::Value;

use crate::{Fault, binaries::Binary, partners::Partners, process::Process, sample::Sample};

/// What is measured, in the order of the columns.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Peer {
    /// `get-access-token` itself.
    Function,
    /// Python with python-amazon-sp-api.
    PythonLibrary,
    /// Python with requests and a dictionary.
    PythonByHand,
    /// Node with fetch and a Map.
    NodeByHand,
}

impl Peer {
    pub(crate) const ALL: [Self; 4] =
        [Self::Function, Self::PythonLibrary, Self::PythonByHand, Self::NodeByHand];
}

/// The measurements of one peer.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// The times from the spawn of an environment to its first answer, for a partner whose token another environment has.
    pub(crate) first_answer: Sample,
    /// Repeated requests for one partner.
    pub(crate) repeated: Sample,
    /// The peak memory after the repeated requests, in KiB.
    pub(crate) peak_memory: u64,
    /// The calls to Amazon of a new environment that is asked for [`KNOWN`] partners whose tokens another environment has.
    pub(crate) calls_for_known: u64,
    /// The calls to Amazon when [`AT_ONCE`] environments are asked for one cold token at once.
    pub(crate) calls_at_once: u64,
    /// The time until the last of these answers.
    pub(crate) last_answer: Duration,
}

/// The number of cold starts of each peer.
const COLD_STARTS: usize = 30;
/// The number of blocks of repeated requests, in which the peers take turns, and the requests in a block.
const BLOCKS: usize = 10;
const BLOCK: usize = 100;
/// The number of partners that a second environment is asked for.
pub(crate) const KNOWN: usize = 20;
/// The number of environments that are asked at once.
pub(crate) const AT_ONCE: usize = 50;
/// The latency of Amazon meanwhile, in milliseconds.
pub(crate) const AMAZON_TAKES: u64 = 300;
/// How many environments start at once. On two cores, more of them only wait for each other.
const STARTING: usize = 4;

/// The table of the peers' refresh tokens.
const TABLE: &str = "peers";

/// Measures all of them. `function` is the binary of `get-access-token`.
pub(crate) async fn measure(function: &Binary) -> Result<[Measured; 4], Fault> {
    let folder = installed()?;
    // The last partner is the one whose token is cold.
    let partners = Partners::authorized(KNOWN + 1).await?;
    store_refresh_tokens(&partners).await?;
    let run = Run { function, folder, partners };
    let mut measured: [Measured; 4] = Default::default();
    for round in 0..=COLD_STARTS {
        for peer in Peer::ALL {
            let mut environment = run.environment(peer)?;
            let request = run.partners.request(round % KNOWN);
            let (cold_start, answer) = environment.cold_start(&request, run.partners.now()).await?;
            token(&answer.body)?;
            // The first round is not counted: it loads the files into the page cache.
            if round > 0 {
                measured[peer as usize].first_answer.push(cold_start.first_answer);
            }
        }
    }
    run.repeated(&mut measured).await?;
    for peer in Peer::ALL {
        measured[peer as usize].calls_for_known = run.known(peer).await?;
        let (calls, last) = run.at_once(peer).await?;
        measured[peer as usize].calls_at_once = calls;
        measured[peer as usize].last_answer = last;
    }
    Ok(measured)
}

struct Run<'a> {
    function: &'a Binary,
    folder: PathBuf,
    partners: Partners,
}

impl Run<'_> {
    /// Starts an environment of a peer.
    fn environment(&self, peer: Peer) -> Result<Process, Fault> {
        let python = |handler: &str| {
            let mut command = Command::new(self.folder.join("python/bin/python"));
            command.args(["-m", "awslambdaric", handler]).current_dir(self.folder.join("python"));
            (command, self.folder.join("python"), handler.to_owned())
        };
        let (command, root, handler) = match peer {
            Peer::Function => {
                return Process::spawn(self.function, self.partners.stack.ports(), &[]);
            }
            Peer::PythonLibrary => python("library.handler"),
            Peer::PythonByHand => python("by_hand.handler"),
            Peer::NodeByHand => {
                let root = self.folder.join("node");
                let mut command = Command::new(root.join("node"));
                // The settings of AWS's own runtime for 256 MB.
                command.args(["--max-semi-space-size=12", "--max-old-space-size=231"]);
                command.arg(root.join("node_modules/aws-lambda-ric/bin/index.mjs")).arg("index.handler");
                command.current_dir(&root);
                (command, root, "index.handler".to_owned())
            }
        };
        let ports = self.partners.stack.ports();
        let variables = [
            ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
            ("LAMBDA_TASK_ROOT", root.display().to_string()),
            ("LWA_ENDPOINT", format!("http://127.0.0.1:{}", ports.amazon)),
            ("SECRET_ID", format!("spapi-auth/{FIRST_APPLICATION}")),
            ("TABLE", TABLE.to_owned()),
            ("_HANDLER", handler),
        ];
        Process::spawn_command(command, ports, &variables)
    }

    async fn repeated(&self, measured: &mut [Measured; 4]) -> Result<(), Fault> {
        let environments = Peer::ALL.map(|peer| self.environment(peer));
        let request = self.partners.request(0);
        for _ in 0..BLOCKS {
            for (environment, measured) in environments.iter().zip(measured.iter_mut()) {
                let environment = environment.as_ref().map_err(ToString::to_string)?;
                // Not counted: it is a start, or follows a pause.
                environment.invoke(&request, self.partners.now()).await?;
                for _ in 0..BLOCK {
                    measured.repeated.push(environment.invoke(&request, self.partners.now()).await?.took);
                }
            }
        }
        for (environment, measured) in environments.iter().zip(measured) {
            measured.peak_memory = environment.as_ref().map_err(ToString::to_string)?.peak_memory()?;
        }
        Ok(())
    }

    /// One environment is asked for partners, and then a new one for the same.
    async fn known(&self, peer: Peer) -> Result<u64, Fault> {
        let mut before = 0;
        for _ in 0..2 {
            before = self.partners.lwa_calls().await?;
            let environment = self.environment(peer)?;
            for number in 0..KNOWN {
                token(&environment.invoke(&self.partners.request(number), self.partners.now()).await?.body)?;
            }
        }
        Ok(self.partners.lwa_calls().await? - before)
    }

    /// Environments that are all up are asked at once for the token of a partner that none of them was asked for.
    async fn at_once(&self, peer: Peer) -> Result<(u64, Duration), Fault> {
        let start = async |_| {
            let mut environment = self.environment(peer)?;
            environment.started().await?;
            Ok::<_, Fault>(environment)
        };
        let environments: Vec<_> =
            stream::iter(0..AT_ONCE).map(start).buffered(STARTING).try_collect().await?;
        self.partners.forget(KNOWN).await?;
        let request = self.partners.request(KNOWN);
        self.partners.slow_down(&[("token", AMAZON_TAKES)]).await?;
        let (before, asked_at) = (self.partners.lwa_calls().await?, Instant::now());
        let asked = environments.iter().map(|environment| environment.invoke(&request, self.partners.now()));
        let answers = try_join_all(asked).await?;
        let last = answers.iter().map(|answer| answer.at - asked_at).max().unwrap_or_default();
        let calls = self.partners.lwa_calls().await? - before;
        self.partners.slow_down(&[("token", 0)]).await?;
        answers.iter().try_for_each(|answer| token(&answer.body))?;
        Ok((calls, last))
    }
}

/// Installs the peers into `target/peers`.
fn installed() -> Result<PathBuf, Fault> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../../target/peers");
    let installed = Command::new(here.join("peers/install")).arg(&folder).status()?;
    if !installed.success() {
        return Err("the peers were not installed: they need python3, node and npm, the tools that peers/install names, and a network".into());
    }
    Ok(folder.canonicalize()?)
}

/// Stores refresh tokens of all partners as the peers read them.
async fn store_refresh_tokens(partners: &Partners) -> Result<(), Fault> {
    let ids: Vec<_> = (0..=KNOWN).map(|number| partners.id(number).to_owned()).collect();
    let tokens = partners.stack.amazon().self_authorize(FIRST_APPLICATION, ids.clone())?;
    let dynamodb = aws_sdk_dynamodb::Client::new(&partners.stack.sdk_config());
    let attribute = AttributeDefinition::builder().attribute_name("partner");
    let key = KeySchemaElement::builder().attribute_name("partner").key_type(KeyType::Hash).build()?;
    dynamodb
        .create_table()
        .table_name(TABLE)
        .attribute_definitions(attribute.attribute_type(ScalarAttributeType::S).build()?)
        .key_schema(key)
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await?;
    for (id, token) in ids.into_iter().zip(tokens) {
        let put = dynamodb.put_item().table_name(TABLE).item("partner", AttributeValue::S(id));
        put.item("refresh_token", AttributeValue::S(token)).send().await?;
    }
    Ok(())
}

fn token(body: &[u8]) -> Result<(), Fault> {
    let answer: Value = serde_json::from_slice(body)?;
    let is_token = answer["accessToken"].as_str().is_some_and(|token| token.starts_with("Atza|"));
    if is_token { Ok(()) } else { Err(format!("no access token: {answer}").into()) }
}
