//! How much memory each function should have: it needs little, and memory buys its share of a processor.
//!
//! Each real binary runs as one environment with the share of a processor that a size comes with. It starts on a whole one, as AWS
//! says that functions on demand do (<https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting>),
//! and is held to its share from its first request for an event on. Services answer after about
//! as long as they take in AWS ([`WAITS`]), over TLS, since both waiting and handshakes decide what a share amounts to; Login with
//! Amazon and SP-API are spoken to without TLS. Invocations come one at a time with pauses, as callers' do. Sizes take turns.

use std::{
    collections::{BTreeMap, HashMap},
    future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

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

/// The sizes in MB; the last has a whole processor.
pub(crate) const SIZES: [u32; 5] = [128, 256, 512, 1024, WHOLE];

/// How long each service takes for an answer, in milliseconds. They are inputs and not measured: about what AWS takes within a
/// region, and Amazon over the internet.
pub(crate) const WAITS: [(&str, u64); 5] =
    [("dynamodb", 4), ("kms", 6), ("secretsmanager", 10), ("token", 100), ("sp-api", 100)];

/// The functions that are measured, at least one for each of the template's parameters.
pub(crate) const FUNCTIONS: [&str; 5] =
    ["get-access-token", "login-uri", "code-exchange", "authorizations", "token-refresher"];

/// Those that a browser goes through to authorize.
const PAGES: [&str; 2] = ["login-uri", "code-exchange"];

/// How often the sizes take turns; the first round, in which caches fill, is not counted.
const ROUNDS: usize = 4;

/// How often in a round something is asked of new environments, of one environment, and of one for which it takes long.
const COLD: usize = 5;
const WARM: usize = 25;
const SLOW: usize = 8;

/// How many partners there must be: those asked for in turn, those whose tokens are forgotten, and enough for a list.
const PARTNERS: usize = 50;

/// How many tokens are due for the refresher, and how many may be at Amazon at once: the template's default.
const DUE: u16 = 500;
const AT_ONCE: u16 = 16;

/// The time-out of `code-exchange`, which exchanges no code without time to save what it brings.
const PAGES_TIMEOUT: Duration = Duration::from_secs(90);

/// What was measured of one kind of invocation, by size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) took: [Sample; SIZES.len()],
    /// What is paid for: of a first invocation the start as well.
    pub(crate) billed: [Sample; SIZES.len()],
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// By function, in the order of [`FUNCTIONS`], and kind.
    pub(crate) rows: BTreeMap<(usize, &'static str), Row>,
    /// From the spawn to the first request for an event, on a whole processor.
    pub(crate) starts: Sample,
    /// How long the refresher took for each token, by size.
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
    // The last processes behind the gateway end, so that their groups can be removed.
    for function in PAGES {
        let ended: Function = Arc::new(|_| Box::pin(future::ready(Err(failed("everything is measured")))));
        partners.stack.functions().register(function, ended);
    }
    Ok(figures)
}

/// One size in one round.
struct Bench<'a> {
    binaries: &'a HashMap<&'static str, Binary>,
    partners: &'a Partners,
    round: usize,
    /// Which of [`SIZES`].
    size: usize,
    tls: &'a Tls,
    figures: &'a mut Figures,
}

/// Times of invocations that the gateway makes.
type Taken = Arc<Mutex<Sample>>;

impl Bench<'_> {
    async fn tokens(&mut self) -> Result<(), Fault> {
        const FUNCTION: &str = "get-access-token";
        self.partners.stack.aws().reset_calls();
        for number in 0..COLD {
            let environment = self.environment(FUNCTION).await?;
            let took = self.invoke(&environment, &self.partners.request(number)).await?;
            self.add_first(FUNCTION, "an environment's first: from the table", &environment, took);
        }
        self.check("reads", self.partners.aws_calls("DynamoDB"), COLD)?;

        let environment = self.environment(FUNCTION).await?;
        let same = self.partners.request(0);
        self.invoke(&environment, &same).await?;
        self.partners.stack.aws().reset_calls();
        for _ in 0..WARM {
            let took = self.invoke(&environment, &same).await?;
            self.add(FUNCTION, "remembered", took);
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

    /// Partners authorize, each in a browser that goes through both functions.
    async fn pages(&mut self) -> Result<(), Fault> {
        for function in PAGES {
            for number in 0..COLD {
                let environment = Arc::new(self.environment(function).await?);
                let taken = self.stand_in(function, &environment);
                self.authorize(&format!("FIRST{number}{function}")).await?;
                let took = self.only(&taken, 1)?.median();
                self.add_first(function, "an environment's first", &environment, took);
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
            self.add_first(FUNCTION, "an environment's first: 50 grants listed", &environment, took);
        }
        let environment = self.environment(FUNCTION).await?;
        self.list(&environment, &request).await?;
        for _ in 0..SLOW {
            let took = self.list(&environment, &request).await?;
            self.add(FUNCTION, "50 grants listed", took);
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
        crowd.make_due(DUE.into())?;
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

    /// How long one invocation takes, after a pause in which a period ends and others begin.
    async fn invoke(&self, environment: &Environment, request: &Value) -> Result<Duration, Fault> {
        pause().await;
        Ok(environment.process.invoke(request, self.partners.now()).await?.took)
    }

    /// The gateway invokes this environment from now on, and each invocation's time is added to what this returns.
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

    /// The times that were taken, if they are so many.
    fn only(&self, taken: &Taken, expected: usize) -> Result<Sample, Fault> {
        let taken = std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner));
        self.check("invocations", taken.len() as u64, expected)?;
        Ok(taken)
    }

    fn check(&self, what: &str, made: u64, expected: usize) -> Result<(), Fault> {
        if made == expected as u64 {
            return Ok(());
        }
        Err(format!("{} MB: {made} {what}, where there should be {expected}", SIZES[self.size]).into())
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

/// Between two periods and four, so that invocations begin anywhere in one.
async fn pause() {
    tokio::time::sleep(Duration::from_micros(rand::random_range(40_000..80_000))).await;
}
