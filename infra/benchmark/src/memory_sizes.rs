//! Measures each function with several memory sizes. A function needs little memory, but its share of a processor grows with it.
//!
//! Each real binary runs as one environment with the share of a processor that belongs to its size. As AWS describes for functions
//! on demand, it starts on a whole processor (<https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting>), and
//! is limited to its share from its first request for an event on. Services answer with about the latency of AWS ([`WAITS`]) and
//! over TLS, because waits and handshakes change the effect of a share; Login with Amazon and SP-API are called without TLS.
//! Invocations run one at a time with pauses, like those of callers. The sizes take turns.

use std::{
    collections::{BTreeMap, HashMap},
    future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use local::{
    functions::{Function, FunctionError},
    ports::Numbers,
};
use serde_json::{Value, json};

use crate::{
    Fault,
    binaries::Binary,
    crowd::{Crowd, Sealing},
    environment::Environment,
    partners::{Partners, authorize},
    processor_share::WHOLE,
    refresher,
    sample::Sample,
    tls::Tls,
};

/// The sizes in MB. The last one has a whole processor.
pub(crate) const SIZES: [u32; 5] = [128, 256, 512, 1024, WHOLE];

/// The latency of each service in milliseconds. These are inputs and not measured: about the latency of AWS within a region, and of
/// Amazon over the internet.
pub(crate) const WAITS: [(&str, u64); 5] =
    [("dynamodb", 4), ("kms", 6), ("secretsmanager", 10), ("token", 100), ("sp-api", 100)];

/// The measured functions, at least one for each memory parameter of the template.
pub(crate) const FUNCTIONS: [&str; 5] =
    ["get-access-token", "login-uri", "code-exchange", "authorizations", "token-refresher"];

/// The functions that a browser uses to authorize.
const PAGES: [&str; 2] = ["login-uri", "code-exchange"];

/// The number of counted rounds. One more round before them fills the caches.
const ROUNDS: usize = 4;

/// The number of requests in a round: to new environments, to one environment, and to one environment with slow answers.
const COLD: usize = 5;
const WARM: usize = 25;
const SLOW: usize = 8;

/// The number of partners: those requested in turn, those whose tokens are deleted, and enough for a list.
const PARTNERS: usize = 50;

/// The number of due tokens for the refresher, and its limit of LWA calls in flight: the default of the template.
const DUE: u16 = 500;
const AT_ONCE: u16 = 16;

/// The time limit of `code-exchange`, which exchanges no code without time to save the grant.
const PAGES_TIMEOUT: Duration = Duration::from_secs(90);

/// The measurements of one kind of invocation, by size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) took: [Sample; SIZES.len()],
    /// The billed times. For a first invocation they include the start.
    pub(crate) billed: [Sample; SIZES.len()],
}

/// All measurements of memory sizes.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// By function, in the order of [`FUNCTIONS`], and kind.
    pub(crate) rows: BTreeMap<(usize, &'static str), Row>,
    /// The times from the spawn to the first request for an event, on a whole processor.
    pub(crate) starts: Sample,
    /// The refresher's times per token, by size.
    pub(crate) refreshed: [Sample; SIZES.len()],
}

/// Measures every function at every size.
pub(crate) async fn measure(binaries: &HashMap<&'static str, Binary>) -> Result<Figures, Fault> {
    let partners = Partners::authorized(PARTNERS).await?;
    partners.one_leg().await?;
    partners.slow_down(&WAITS).await?;
    let crowd = Crowd::gathered(DUE.into(), 0, Sealing::Together).await?;
    for (endpoint, milliseconds) in WAITS {
        crowd.wait_at(endpoint, milliseconds).await?;
    }
    let tls = Tls::in_front_of(partners.stack.ports().aws).await?;
    let crowds_tls = Tls::in_front_of(crowd.stack.ports().aws).await?;
    let mut figures = Figures::default();
    for round in 0..=ROUNDS {
        for size in 0..SIZES.len() {
            let mut bench =
                Bench { binaries, partners: &partners, round, size, tls: &tls, figures: &mut figures };
            bench.tokens().await?;
            bench.pages().await?;
            bench.lists().await?;
            let bench = Bench { tls: &crowds_tls, ..bench };
            bench.refreshes(&crowd).await?;
        }
        eprintln!("round {round} of {ROUNDS} measured");
        if round == 0 {
            figures = Figures::default();
        }
    }
    // This ends the last processes behind the gateway, so that their control groups can be removed.
    for function in PAGES {
        let ended: Function = Arc::new(|_| Box::pin(future::ready(Err(failed("the measurement has ended")))));
        partners.stack.functions().register(function, ended);
    }
    Ok(figures)
}

/// One size in one round.
struct Bench<'a> {
    binaries: &'a HashMap<&'static str, Binary>,
    partners: &'a Partners,
    round: usize,
    /// The index in [`SIZES`].
    size: usize,
    tls: &'a Tls,
    figures: &'a mut Figures,
}

/// The times of invocations by the gateway.
type Taken = Arc<Mutex<Sample>>;

impl Bench<'_> {
    async fn tokens(&mut self) -> Result<(), Fault> {
        const FUNCTION: &str = "get-access-token";
        self.partners.stack.aws().reset_calls();
        for number in 0..COLD {
            let environment = self.environment(FUNCTION).await?;
            let took = self.invoke(&environment, &self.partners.request(number)).await?;
            self.add_first(FUNCTION, "first invocation: from the table", &environment, took);
        }
        self.check("reads", self.partners.aws_calls("DynamoDB"), COLD)?;

        let environment = self.environment(FUNCTION).await?;
        let same = self.partners.request(0);
        self.invoke(&environment, &same).await?;
        self.partners.stack.aws().reset_calls();
        for _ in 0..WARM {
            let took = self.invoke(&environment, &same).await?;
            self.add(FUNCTION, "cached", took);
        }
        self.check("reads", self.partners.aws_calls("DynamoDB"), 0)?;

        for number in 1..=WARM {
            let took = self.invoke(&environment, &self.partners.request(number)).await?;
            self.add(FUNCTION, "from the table", took);
        }
        self.check("reads", self.partners.aws_calls("DynamoDB"), WARM)?;

        let before = self.partners.lwa_calls().await?;
        for number in WARM + 1..=WARM + SLOW {
            self.partners.forget(number).await?;
            let took = self.invoke(&environment, &self.partners.request(number)).await?;
            self.add(FUNCTION, "from Amazon", took);
        }
        self.check("calls to Amazon", self.partners.lwa_calls().await? - before, SLOW)
    }

    /// Authorizes partners, each in a browser that uses both functions.
    async fn pages(&mut self) -> Result<(), Fault> {
        for function in PAGES {
            for number in 0..COLD {
                let environment = Arc::new(self.environment(function).await?);
                let taken = self.stand_in(function, &environment);
                self.authorize(&format!("FIRST{number}{function}")).await?;
                let took = self.only(&taken, 1)?.median();
                self.add_first(function, "first invocation", &environment, took);
            }
            let environment = Arc::new(self.environment(function).await?);
            let taken = self.stand_in(function, &environment);
            self.authorize(&format!("WARMED{function}")).await?;
            self.only(&taken, 1)?;
            for number in 0..SLOW {
                self.authorize(&format!("LATER{number}{function}")).await?;
                let took = self.only(&taken, 1)?.median();
                self.add(function, "later", took);
            }
        }
        Ok(())
    }

    async fn lists(&mut self) -> Result<(), Fault> {
        const FUNCTION: &str = "authorizations";
        let request = json!({"operation": "listGrants", "limit": 50});
        for _ in 0..COLD {
            let environment = self.environment(FUNCTION).await?;
            let took = self.list(&environment, &request).await?;
            self.add_first(FUNCTION, "first invocation: list of 50 grants", &environment, took);
        }
        let environment = self.environment(FUNCTION).await?;
        self.list(&environment, &request).await?;
        for _ in 0..SLOW {
            let took = self.list(&environment, &request).await?;
            self.add(FUNCTION, "list of 50 grants", took);
        }
        Ok(())
    }

    async fn list(&self, environment: &Environment, request: &Value) -> Result<Duration, Fault> {
        pause().await;
        let answer = environment.process.invoke(request, self.partners.now()).await?;
        let listed: Value = serde_json::from_slice(&answer.body)?;
        self.check("grants", listed["grants"].as_array().map_or(0, Vec::len) as u64, PARTNERS)?;
        Ok(answer.took)
    }

    async fn refreshes(self, crowd: &Crowd) -> Result<(), Fault> {
        crowd.make_due(DUE.into(), SignedDuration::ZERO)?;
        let at_once = [("REFRESH_CONCURRENCY", AT_ONCE.to_string())];
        let environment = self.environment_at("token-refresher", crowd.stack.ports(), &at_once).await?;
        let took = refresher::refresh_all(&environment.process, crowd, DUE.into()).await?;
        self.figures.refreshed[self.size].push(took / u32::from(DUE));
        Ok(())
    }

    async fn environment(&self, function: &str) -> Result<Environment, Fault> {
        self.environment_at(function, self.partners.stack.ports(), &[]).await
    }

    async fn environment_at(
        &self,
        function: &str,
        stack: Numbers,
        more: &[(&str, String)],
    ) -> Result<Environment, Fault> {
        let size = SIZES[self.size];
        let mut variables = Vec::from(self.tls.variables());
        variables.extend([
            ("AWS_LAMBDA_FUNCTION_NAME", function.to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", size.to_string()),
        ]);
        variables.extend_from_slice(more);
        Environment::start(&self.binaries[function], stack, &variables, size).await
    }

    /// Measures one invocation after a pause of more than one period.
    async fn invoke(&self, environment: &Environment, request: &Value) -> Result<Duration, Fault> {
        pause().await;
        Ok(environment.process.invoke(request, self.partners.now()).await?.took)
    }

    /// Makes the gateway invoke this environment. The returned sample collects the times of the invocations.
    fn stand_in(&self, function: &str, environment: &Arc<Environment>) -> Taken {
        let taken = Taken::default();
        let (clock, added, environment) =
            (self.partners.stack.clock().clone(), Arc::clone(&taken), Arc::clone(environment));
        let invoked: Function = Arc::new(move |event| {
            let (environment, added, now) = (Arc::clone(&environment), Arc::clone(&added), clock.now());
            Box::pin(async move {
                let process = &environment.process;
                let answer = process.invoke_within(&event, now, PAGES_TIMEOUT).await;
                let answer = answer.map_err(|fault| failed(&fault))?;
                added.lock().unwrap_or_else(PoisonError::into_inner).push(answer.took);
                serde_json::from_slice(&answer.body).map_err(|error| failed(&error))
            })
        });
        self.partners.stack.functions().register(function, invoked);
        taken
    }

    async fn authorize(&self, name: &str) -> Result<(), Fault> {
        pause().await;
        let name = name.to_uppercase().replace('-', "");
        authorize(self.partners.stack.ports().gateway, &format!("A{}R{}{name}", SIZES[self.size], self.round))
            .await
    }

    /// Returns the collected times. Fails unless there are `expected` times.
    fn only(&self, taken: &Taken, expected: usize) -> Result<Sample, Fault> {
        let taken = std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner));
        self.check("invocations", taken.len() as u64, expected)?;
        Ok(taken)
    }

    fn check(&self, what: &str, made: u64, expected: usize) -> Result<(), Fault> {
        if made == expected as u64 {
            return Ok(());
        }
        Err(format!("{} MB: expected {expected} {what}, found {made}", SIZES[self.size]).into())
    }

    fn add(&mut self, function: &str, kind: &'static str, took: Duration) {
        self.add_billed(function, kind, took, took);
    }

    fn add_first(&mut self, function: &str, kind: &'static str, environment: &Environment, took: Duration) {
        self.figures.starts.push(environment.start);
        self.add_billed(function, kind, took, environment.start + took);
    }

    fn add_billed(&mut self, function: &str, kind: &'static str, took: Duration, billed: Duration) {
        let function = FUNCTIONS.iter().position(|known| *known == function).unwrap_or_default();
        let row = self.figures.rows.entry((function, kind)).or_default();
        row.took[self.size].push(took);
        row.billed[self.size].push(billed);
    }
}

fn failed(fault: &(impl ToString + ?Sized)) -> FunctionError {
    FunctionError { error_type: "Benchmark".to_owned(), error_message: fault.to_string() }
}

/// Waits for two to four periods, so that invocations begin at any point of a period.
async fn pause() {
    tokio::time::sleep(Duration::from_micros(rand::random_range(40_000..80_000))).await;
}
